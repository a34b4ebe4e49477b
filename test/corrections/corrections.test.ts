/** Disputed values: who may open and answer, who sees what of it, and what an answer does. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/id.ts';
import { COORDINATE, DISPUTED } from './example.ts';
import { openCorrectionsWorld, registrar, system } from './world.ts';
import type { CorrectionsWorld, Someone } from './world.ts';

let world: CorrectionsWorld;
beforeAll(async () => {
  world = await openCorrectionsWorld();
}, 60_000);
afterAll(() => world.close());

const DAY = '2026-09-07';
const CLAIM = '四年级第二学期';
const EVIDENCE = '家长提供的学籍卡';

/** Civil affairs is told the value, which its owner answers for. */
const isTold = (someone: Someone, on = DAY, caller = system('CIVIL_AFFAIRS')) =>
  world.read(
    `query($id: ID!) { person(id: $id) { ${DISPUTED.relation} { ${DISPUTED.field} ${DISPUTED.beside} } } }`,
    on,
    caller,
    { id: someone.personId },
  );

const claimOf = (someone: Someone, change: object = {}) => ({
  key: newId(),
  personId: someone.personId,
  coordinate: COORDINATE,
  recordId: someone.recordId,
  claimed: CLAIM,
  evidence: EVIDENCE,
  ...change,
});

const LIST = `query($list: CorrectionList) { corrections(list: $list, first: 100) { nodes {
  number department owner personId coordinate record recordId claimed evidence caseNo state dueOn overdue workingDaysLeft reason } } }`;

type Listed = Readonly<Record<string, unknown>>;
async function listed(
  caller: Parameters<CorrectionsWorld['ask']>[2],
  on = DAY,
  list?: string,
): Promise<readonly Listed[]> {
  const { corrections } = await world.read<{ corrections: { nodes: readonly Listed[] } }>(LIST, on, caller, { list });
  return corrections.nodes;
}

async function opened(on = DAY): Promise<{ readonly someone: Someone; readonly number: string }> {
  const someone = await world.someone();
  await isTold(someone, on);
  const { number } = await world.act('open', on, system('CIVIL_AFFAIRS'), claimOf(someone));
  return { someone, number };
}

test('a department disputes what it was told; the owner has ten working days, and both see it', async () => {
  const someone = await world.someone();
  await isTold(someone);
  const receipt = await world.act('open', DAY, system('CIVIL_AFFAIRS'), claimOf(someone));
  // A Sunday that is worked in exchange for the national day.
  expect(receipt).toMatchObject({ state: 'OPEN', owner: DISPUTED.owner, dueOn: '2026-09-20', unchanged: false });
  expect(receipt.number).toMatch(/^JH-2026-\d{6}$/);
  const seen = {
    number: receipt.number,
    department: 'CIVIL_AFFAIRS',
    owner: DISPUTED.owner,
    personId: someone.personId,
    coordinate: COORDINATE,
    record: DISPUTED.record,
    claimed: CLAIM,
    evidence: EVIDENCE,
    caseNo: 'CIVIL_AFFAIRS-1',
    overdue: false,
    workingDaysLeft: 10,
  };
  for (const caller of [system('CIVIL_AFFAIRS'), registrar(DISPUTED.owner), system(DISPUTED.owner)])
    expect(await listed(caller)).toContainEqual(expect.objectContaining(seen));
  expect(await listed(registrar(DISPUTED.owner), DAY, 'AWAITING_US')).toContainEqual(expect.objectContaining(seen));
  expect(await listed(registrar(DISPUTED.owner), DAY, 'OURS')).toEqual([]);
});

/** All but civil affairs, which disputes, and the owner. */
const THIRD = (['EDUCATION', 'HOUSING', 'HEALTH', 'LABOUR', 'MEDICAL_SECURITY'] as const).filter(
  (department) => department !== DISPUTED.owner,
);

test('no third department sees it, nor that there is one', async () => {
  const { number } = await opened();
  for (const department of THIRD)
    for (const caller of [system(department), registrar(department)]) {
      expect(await listed(caller)).toEqual([]);
      expect((await world.refusal('withdraw', DAY, caller, { number, reason: '误报' })).message).toBe(
        (await world.refusal('withdraw', DAY, caller, { number: 'JH-2026-999999', reason: '误报' })).message,
      );
    }
  expect(
    (await world.refusal('answer', DAY, registrar('HOUSING'), { number, verdict: 'UPHELD', reason: '无误' })).message,
  ).toBe(
    (
      await world.refusal('answer', DAY, registrar('HOUSING'), {
        number: 'JH-2026-999999',
        verdict: 'UPHELD',
        reason: '无误',
      })
    ).message,
  );
});

test('what is claimed is guarded as the field: the registrar of the department that opened it sees no claim', async () => {
  const { number } = await opened();
  const [own] = (await listed(registrar('CIVIL_AFFAIRS'))).filter((one) => one['number'] === number);
  expect(own).toMatchObject({ number, coordinate: COORDINATE, claimed: null, evidence: null });
});

test('what the ledger does not show to have been told cannot be disputed, and nothing tells why', async () => {
  const someone = await world.someone();
  const other = await world.someone();
  await isTold(someone);
  const refused = async (change: object) =>
    (await world.refusal('open', DAY, system('CIVIL_AFFAIRS'), claimOf(someone, change))).message;
  const notTold = await refused({ personId: newId() });
  expect(notTold).toMatch(/was not told this value/);
  // Somebody else's record, somebody never asked about, another field, a record that is none.
  expect(await refused({ recordId: other.recordId })).toBe(notTold);
  expect(await refused({ personId: other.personId, recordId: other.recordId })).toBe(notTold);
  expect(await refused({ coordinate: `${DISPUTED.type}.${DISPUTED.untold}` })).toBe(notTold);
  expect(await refused({ recordId: 'x' })).toBe(notTold);
  expect(await refused({ coordinate: COORDINATE.slice(0, -1) })).toMatch(/no field/);
  expect(await refused({ coordinate: 'Region.name' })).toMatch(/no field/);
  expect((await world.refusal('open', DAY, system('HOUSING'), claimOf(someone))).message).toBe(notTold);
});

test('sent again with its key it is the same; with other content it is refused; the value is disputed once at a time', async () => {
  const someone = await world.someone();
  await isTold(someone);
  const claim = claimOf(someone);
  const first = await world.act('open', DAY, system('CIVIL_AFFAIRS'), claim);
  const again = await world.act('open', DAY, system('CIVIL_AFFAIRS'), claim);
  expect(again).toEqual({ ...first, unchanged: true });
  const refused = async (given: typeof claim) =>
    (await world.refusal('open', DAY, system('CIVIL_AFFAIRS'), given)).message;
  expect(await refused({ ...claim, claimed: '五年级' })).toMatch(/says something else/);
  expect(await refused(claimOf(someone))).toMatch(/already/);
  expect(await refused({ ...claim, key: ' ' })).toMatch(/^key:/);
  expect(await refused(claimOf(someone, { claimed: '字'.repeat(501) }))).toMatch(/^claimed:/);
});

test('twenty at once under one key are one correction', async () => {
  const someone = await world.someone();
  await isTold(someone);
  const claim = claimOf(someone);
  const all = await Promise.all(
    Array.from({ length: 20 }, () => world.act('open', DAY, system('CIVIL_AFFAIRS'), claim)),
  );
  expect(new Set(all.map(({ number }) => number)).size).toBe(1);
  expect(all.filter(({ unchanged }) => !unchanged)).toHaveLength(1);
});

test('of a grant the department that granted it answers, and its record must be named', async () => {
  const someone = await world.someone();
  const query = 'query($id: ID!) { person(id: $id) { aidGrants { nodes { id amount } } } }';
  await world.read(query, DAY, system('CIVIL_AFFAIRS'), { id: someone.personId });
  const claim = claimOf(someone, { coordinate: 'AidGrant.amount', recordId: someone.grantId });
  expect(await world.act('open', DAY, system('CIVIL_AFFAIRS'), claim)).toMatchObject({ owner: 'HOUSING' });
  const without = claimOf(someone, { coordinate: 'AidGrant.amount', recordId: null });
  expect((await world.refusal('open', DAY, system('CIVIL_AFFAIRS'), without)).message).toMatch(/name the record/);
});

test('a department does not dispute what it answers for itself', async () => {
  const someone = await world.someone();
  await isTold(someone, DAY, system(DISPUTED.owner));
  const refused = await world.refusal('open', DAY, system(DISPUTED.owner), claimOf(someone));
  expect(refused.message).toMatch(/your own department answers/);
});

test('only the registrar of the owner answers, for the quality of data, and once', async () => {
  const { number } = await opened();
  const upheld = { number, verdict: 'UPHELD', reason: '学籍卡为上学年' } as const;
  expect((await world.refusal('answer', DAY, system(DISPUTED.owner), upheld)).code).toBe('OPERATION_DENIED');
  const supplying = registrar(DISPUTED.owner, { purpose: 'DATA_SUPPLY' });
  expect((await world.refusal('answer', DAY, supplying, upheld)).code).toBe('PURPOSE_NOT_ALLOWED');
  expect((await world.refusal('answer', DAY, registrar('CIVIL_AFFAIRS'), upheld)).code).toBe('BAD_USER_INPUT');
  const without = await world.refusal('answer', DAY, registrar(DISPUTED.owner), { number, verdict: 'UPHELD' });
  expect(without.message).toMatch(/needs a reason/);

  expect(await world.act('answer', DAY, registrar(DISPUTED.owner), upheld)).toMatchObject({
    state: 'UPHELD',
    recalled: 0,
  });
  expect(await world.act('answer', DAY, registrar(DISPUTED.owner), upheld)).toMatchObject({ unchanged: true });
  const second = { number, verdict: 'UPHELD', reason: '另一理由' } as const;
  expect((await world.refusal('answer', DAY, registrar(DISPUTED.owner), second)).message).toMatch(
    /answer is given once/,
  );
  const withdrawn = await world.refusal('withdraw', DAY, system('CIVIL_AFFAIRS'), { number, reason: '误报' });
  expect(withdrawn.message).toMatch(/what was answered stays/);
  expect((await listed(system('CIVIL_AFFAIRS'))).filter((one) => one['number'] === number)).toEqual([
    expect.objectContaining({ state: 'UPHELD', reason: '学籍卡为上学年', overdue: false, workingDaysLeft: null }),
  ]);
});

test('two answers at once: one stands, the other is refused', async () => {
  const { number } = await opened();
  const outcomes = await Promise.allSettled(
    ['甲', '乙'].map((reason) =>
      world.act('answer', DAY, registrar(DISPUTED.owner), { number, verdict: 'UPHELD', reason: `${reason}说无误` }),
    ),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('what was corrected is named: a record of the person, or an own delivery that was applied', async () => {
  const { someone, number } = await opened();
  const other = await world.someone();
  const refused = async (change: object) =>
    (await world.refusal('answer', DAY, registrar(DISPUTED.owner), { number, verdict: 'CORRECTED', ...change }))
      .message;
  expect(await refused({})).toMatch(/name the record or the delivery/);
  expect(await refused({ recordId: other.recordId })).toMatch(/no such record/);
  expect(await refused({ deliveryId: newId() })).toMatch(/no such delivery/);
  const corrected = { number, verdict: 'CORRECTED', recordId: someone.recordId } as const;
  // Civil affairs alone was told.
  expect(await world.act('answer', DAY, registrar(DISPUTED.owner), corrected)).toMatchObject({
    state: 'CORRECTED',
    recalled: 1,
  });
});

test('a correction is withdrawn by who opened it, and the value may be disputed anew', async () => {
  const { someone, number } = await opened();
  const taken = { number, reason: '已核实' };
  expect(await world.act('withdraw', DAY, system('CIVIL_AFFAIRS'), taken)).toMatchObject({ state: 'WITHDRAWN' });
  expect(await world.act('withdraw', DAY, system('CIVIL_AFFAIRS'), taken)).toMatchObject({ unchanged: true });
  expect(await world.act('open', DAY, system('CIVIL_AFFAIRS'), claimOf(someone))).toMatchObject({ state: 'OPEN' });
});

test('those who may read the field see that it is disputed, neither by whom nor what is claimed; others see nothing', async () => {
  const { someone, number } = await opened();
  const query = 'query($id: ID!) { person(id: $id) { openCorrections { coordinate openedAt state } } }';
  const seen = async (caller: Parameters<CorrectionsWorld['ask']>[2]) =>
    (await world.read<{ person: { openCorrections: unknown } }>(query, DAY, caller, { id: someone.personId })).person
      .openCorrections;
  const disputed = [{ coordinate: COORDINATE, openedAt: '2026-09-07T01:00:00.000Z', state: 'OPEN' }];
  expect(await seen(system(DISPUTED.owner))).toEqual(disputed);
  expect(await seen(system('CIVIL_AFFAIRS'))).toEqual(disputed);
  // Housing is not told the value.
  expect(await seen(system('HOUSING'))).toEqual([]);
  await world.act('withdraw', DAY, system('CIVIL_AFFAIRS'), { number, reason: '已核实' });
  expect(await seen(system(DISPUTED.owner))).toEqual([]);
});

test('every act stands in the ledger with the person, and refusals do', async () => {
  const { someone, number } = await opened();
  await world.act('withdraw', DAY, system('CIVIL_AFFAIRS'), { number, reason: '已核实' });
  const { rows } = await world.db.owner.query<{ coordinates: string[]; decision: string }>(
    `select coordinates, decision from person_access where person_id = $1 and kind = 'WRITE' order by id`,
    [someone.personId],
  );
  expect(rows).toEqual([
    { coordinates: ['Mutation.openCorrection'], decision: 'ALLOWED' },
    { coordinates: ['Mutation.withdrawCorrection'], decision: 'ALLOWED' },
  ]);
  const count = async () =>
    Number(
      (await world.db.owner.query<{ n: string }>(`select count(*) as n from access_record where decision = 'REFUSED'`))
        .rows[0]?.n,
    );
  const before = await count();
  await world.refusal('withdraw', DAY, system('HOUSING'), { number, reason: '误报' });
  expect(await count()).toBe(before + 1);
});

test('both departments are told by notices that name no person', async () => {
  const { someone, number } = await opened();
  await world.act('answer', DAY, registrar(DISPUTED.owner), { number, verdict: 'UPHELD', reason: '核对无误' });
  const { rows } = await world.db.owner.query<{ department: string; kind: string; text: string }>(
    'select department, kind, text from notice where reference = $1 order by kind',
    [number],
  );
  expect(rows.map(({ department, kind }) => `${department} ${kind}`)).toEqual([
    'CIVIL_AFFAIRS CORRECTION_ANSWERED',
    `${DISPUTED.owner} CORRECTION_OPENED`,
  ]);
  for (const { text } of rows) {
    expect(text).not.toContain(someone.personId);
    expect(text).not.toContain(CLAIM);
  }
});
