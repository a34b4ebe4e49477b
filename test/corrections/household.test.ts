/** Disputed values of households: from the dispute to the recall that was acted on, whatever becomes of the members meanwhile. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { carryOut } from '../../src/corrections/carry-out.ts';
import { mergeInto } from '../../src/matching/move-persons.ts';
import { inTransaction } from '../../src/platform/database.ts';
import type { PoolClient } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { recall } from '../../src/registry/index.ts';
import { openCorrectionsWorld, registrar, system } from './world.ts';
import type { CorrectionsWorld } from './world.ts';

let world: CorrectionsWorld;
beforeAll(async () => {
  world = await openCorrectionsWorld();
}, 60_000);
afterAll(() => world.close());

const DEPARTMENTS = ['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'HOUSING', 'LABOUR', 'MEDICAL_SECURITY'] as const;
const SIZE = 'query($id: ID!) { household(id: $id) { memberCount } }';
const PLACE = 'query($id: ID!) { household(id: $id) { countyCode } }';

interface Home {
  readonly householdId: string;
  readonly personId: string;
  readonly enrolmentId: string;
  readonly idNumber: string;
}

let homes = 0;
/** A household that is enrolled, with one member, whom every department has a case about. */
async function aHome(): Promise<Home> {
  const recorded_at = '2026-08-01T00:00:00Z';
  const { rows } = world;
  const householdId = await rows.household({ member_count: 3, address: '某村一社', recorded_at });
  const personId = await rows.person({ recorded_at });
  const idNumber = await rows.residentId(personId, '1970-02-03', (homes += 1));
  await rows.membership({ household_id: householdId, person_id: personId });
  const enrolmentId = await rows.enrolment({ household_id: householdId, applicant_id: personId, recorded_at });
  await rows.recipient({ household_id: householdId, person_id: personId, enrolment_id: enrolmentId });
  for (const department of DEPARTMENTS)
    await rows.insert('caseload', {
      ...{ department, person_id: personId, household_id: householdId },
      ...{ case_no: `${department}-1`, opened_on: '2026-01-01' },
    });
  return { householdId, personId, enrolmentId, idNumber };
}

const asks = (query: string, on: string, caller: Bound, { householdId: id }: Home) =>
  world.read(query, on, caller, { id });

const claimOf = ({ householdId }: Home, change: object = {}) => ({
  key: newId(),
  householdId,
  coordinate: 'Household.memberCount',
  claimed: '4',
  evidence: '入户核查记录',
  ...change,
});

const RECALLS = `query($open: Boolean) { recalls(open: $open, first: 500) { nodes {
  id personId householdId client caseNo cause reference coordinates outcome } } }`;
type Listed = Readonly<Record<string, unknown>> & { readonly id: string };
async function recallsTo(caller: Bound, number: string, on = '2026-09-11'): Promise<readonly Listed[]> {
  const { recalls } = await world.read<{ recalls: { nodes: readonly Listed[] } }>(RECALLS, on, caller);
  return recalls.nodes.filter(({ reference }) => reference === number);
}

const recalled = async (number: string): Promise<readonly string[]> =>
  (
    await world.db.owner.query<{ department: string; told: string[]; of: string }>(
      `select department, coordinates as told, case when household_id is null then 'person' else 'household' end as of
       from recall where reference = $1`,
      [number],
    )
  ).rows
    .map(({ department, told, of }) => `${department} ${of} ${told.join(' ')}`)
    .sort();

test('a household’s value is disputed, corrected, recalled from those who were told it, acknowledged and acted on', async () => {
  const [home, other] = [await aHome(), await aHome()];
  await asks(SIZE, '2026-09-01', system('HEALTH'), home);
  await asks(SIZE, '2026-09-02', system('HOUSING'), home);
  await asks(SIZE, '2026-09-02', system('MEDICAL_SECURITY'), home);
  // Something else of it, the same of another household, and nothing but a member.
  await asks(PLACE, '2026-09-02', system('EDUCATION'), home);
  await asks(SIZE, '2026-09-02', system('LABOUR'), other);
  await world.read('query($id: ID!) { person(id: $id) { name } }', '2026-09-02', system('LABOUR'), {
    id: home.personId,
  });

  const opened = await world.act('open', '2026-09-07', system('HOUSING'), claimOf(home));
  expect(opened).toMatchObject({ state: 'OPEN', owner: 'CIVIL_AFFAIRS', dueOn: '2026-09-20', unchanged: false });
  const { number } = opened;
  const { corrections } = await world.read<{ corrections: unknown }>(
    `{ corrections(list: AWAITING_US) { nodes { number department personId householdId coordinate record recordId claimed
      workingDaysLeft } } }`,
    '2026-09-07',
    registrar('CIVIL_AFFAIRS'),
  );
  expect(corrections).toEqual({
    nodes: [
      {
        ...{ number, department: 'HOUSING', personId: null, householdId: home.householdId },
        ...{ coordinate: 'Household.memberCount', record: 'ENROLMENT', recordId: null, claimed: '4' },
        workingDaysLeft: 10,
      },
    ],
  });

  // The first who was told, was told what was right; who is told afterwards, is told what holds.
  const answer = { number, verdict: 'CORRECTED', recordId: home.householdId, wrongSince: '2026-09-02' } as const;
  expect(await world.act('answer', '2026-09-10', registrar('CIVIL_AFFAIRS'), answer)).toMatchObject({ recalled: 2 });
  await asks(SIZE, '2026-09-11', system('LABOUR'), home);
  const recaller = world.recallerOn('2026-09-12');
  await recaller.run();
  await recaller.close();
  expect(await recalled(number)).toEqual([
    'HOUSING household Household.memberCount',
    'MEDICAL_SECURITY household Household.memberCount',
  ]);

  const [found] = await recallsTo(registrar('HOUSING'), number);
  expect(found).toMatchObject({ personId: null, householdId: home.householdId, client: 'housing.test' });
  for (const department of DEPARTMENTS.filter((one) => !['HOUSING', 'MEDICAL_SECURITY'].includes(one)))
    expect(await recallsTo(registrar(department), number)).toEqual([]);
  const id = found?.id ?? '';
  await world.act('acknowledge', '2026-09-12', registrar('HOUSING'), id);
  await world.act('act', '2026-09-12', registrar('HOUSING'), { id, outcome: 'ADJUSTED', note: '按四人核定面积' });
  expect(await recallsTo(registrar('HOUSING'), number)).toMatchObject([{ outcome: 'ADJUSTED' }]);
  const { rows } = await world.db.owner.query<{ coordinates: string[] }>(
    `select coordinates from household_access where household_id = $1 and kind = 'WRITE' order by id`,
    [home.householdId],
  );
  expect(rows.flatMap(({ coordinates }) => coordinates)).toEqual(
    ['open', 'answer', 'acknowledge', 'act'].map(
      (act) =>
        `Mutation.${act}${['open', 'answer'].includes(act) ? 'Correction' : ''}${act === 'acknowledge' ? 'Recall' : ''}${act === 'act' ? 'OnRecall' : ''}`,
    ),
  );
});

test('whose value it is, is said once; what is not told of that household cannot be disputed, in the same words', async () => {
  const [home, other] = [await aHome(), await aHome()];
  await asks(SIZE, '2026-09-02', system('HOUSING'), home);
  const refused = async (change: object) =>
    (await world.refusal('open', '2026-09-03', system('HOUSING'), claimOf(home, change))).message;
  expect(await refused({ personId: home.personId })).toMatch(/^personId, householdId: .*one of them/);
  expect(await refused({ householdId: null })).toMatch(/^personId, householdId: .*one of them/);
  expect(await refused({ personId: home.personId, householdId: undefined })).toMatch(/householdId/);
  expect(await refused({ coordinate: 'Person.name' })).toMatch(/personId/);
  const notTold = await refused({ householdId: newId() });
  expect(notTold).toMatch(/was not told this value/);
  expect(await refused({ householdId: other.householdId })).toBe(notTold);
  expect(await refused({ householdId: 'x' })).toBe(notTold);
  expect(await refused({ recordId: other.householdId })).toBe(notTold);
  expect(await refused({ coordinate: 'Household.urbanRural' })).toBe(notTold);
  await world.act('open', '2026-09-03', system('HOUSING'), claimOf(home));
  expect(await refused({})).toMatch(/disputes this value already/);
});

test('a corrected enrolment is recalled from who was told it of the household, and from who had a member’s status checked', async () => {
  const [home, other] = [await aHome(), await aHome()];
  const query = 'query($id: ID!) { household(id: $id) { enrolments { validFrom } } }';
  await asks(query, '2026-09-02', system('HOUSING'), home);
  const check = (caller: Bound, { idNumber }: Home) =>
    world.read('query($n: String!) { checkStatus(checks: [{ idNumber: $n }]) { result } }', '2026-09-02', caller, {
      n: idNumber,
    });
  await check(system('MEDICAL_SECURITY'), home);
  await check(system('HEALTH'), other);
  const claim = claimOf(home, { coordinate: 'Enrolment.validFrom', recordId: home.enrolmentId, claimed: '2026-03-01' });
  const { number } = await world.act('open', '2026-09-03', system('HOUSING'), claim);
  // Who was told as a member left since.
  await world.db.owner.query(`update membership set valid_to = '2026-09-04' where household_id = $1`, [
    home.householdId,
  ]);
  const refused = await world.refusal('answer', '2026-09-07', registrar('CIVIL_AFFAIRS'), {
    ...{ number, verdict: 'CORRECTED', recordId: other.enrolmentId },
  });
  expect(refused.message).toMatch(/household has no such record/);
  await world.act('answer', '2026-09-07', registrar('CIVIL_AFFAIRS'), {
    ...{ number, verdict: 'CORRECTED', recordId: home.enrolmentId },
  });
  expect(await recalled(number)).toEqual([
    'HOUSING household Enrolment.validFrom',
    'MEDICAL_SECURITY person StatusCheck.result',
  ]);
});

test('a member who is merged into another, or moves, takes no dispute of the household along', async () => {
  const [home, kept] = [await aHome(), await world.rows.person()];
  await asks(SIZE, '2026-09-02', system('HOUSING'), home);
  const { number } = await world.act('open', '2026-09-03', system('HOUSING'), claimOf(home));
  await world.db.owner.query('update household set head_person_id = $2 where id = $1', [
    home.householdId,
    home.personId,
  ]);
  await inTransaction(world.db.owner, (tx) =>
    mergeInto(tx, kept, home.personId, {
      ...{ by: 'test', regions: ['620000000000'], at: new Date('2026-09-04T00:00:00Z'), reason: '同一人' },
    }),
  );
  await world.db.owner.query(`update membership set valid_to = '2026-09-05' where household_id = $1`, [
    home.householdId,
  ]);
  const answer = { number, verdict: 'CORRECTED', recordId: home.householdId } as const;
  expect(await world.act('answer', '2026-09-07', registrar('CIVIL_AFFAIRS'), answer)).toMatchObject({ recalled: 1 });
  expect(await recallsTo(registrar('HOUSING'), number)).toMatchObject([{ householdId: home.householdId }]);
});

test('those who may read the field see that it is disputed, of households of theirs; others see nothing', async () => {
  const home = await aHome();
  await asks(SIZE, '2026-09-02', system('HOUSING'), home);
  await world.act('open', '2026-09-03', system('HOUSING'), claimOf(home));
  const seen = async (caller: Bound) =>
    (
      await world.read<{ household: { openCorrections: unknown } | null }>(
        'query($id: ID!) { household(id: $id) { openCorrections { coordinate state } } }',
        '2026-09-03',
        caller,
        { id: home.householdId },
      )
    ).household?.openCorrections;
  const disputed = [{ coordinate: 'Household.memberCount', state: 'OPEN' }];
  expect(await seen(system('HOUSING'))).toEqual(disputed);
  expect(await seen(system('CIVIL_AFFAIRS'))).toEqual(disputed);
  // Behind a mask.
  expect(await seen(system('MEDICAL_SECURITY'))).toEqual(disputed);
  await world.db.owner.query('delete from caseload where household_id = $1', [home.householdId]);
  expect(await seen(system('HOUSING'))).toBeUndefined();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}
const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

test('who was told of a household is found by an index, among any number of entries', async () => {
  const home = await aHome();
  await asks(SIZE, '2026-09-02', system('HOUSING'), home);
  const tx = await world.db.owner.connect();
  try {
    await tx.query('begin');
    await tx.query(
      `insert into access_record (id, at, chain, seal, operation, client, decision, households, household_nodes, digest)
       select gen_random_uuid(), '2026-09-01', 1, 1, number, 'test', 'ALLOWED', array[gen_random_uuid()], '1:0', sha256('')
       from generate_series(1, 50000), (select min(number) as number from access_operation) operation`,
    );
    await tx.query('analyze access_record');
    await recall(tx, [
      {
        ...{ householdId: home.householdId, told: ['Household.memberCount'], cause: 'CORRECTED', reference: 'plan' },
        at: new Date('2026-09-10T00:00:00Z'),
      },
    ]);
    const plans: PlanNode[] = [];
    const explaining: PoolClient = new Proxy(tx, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name) as unknown;
        return async (text: string, values?: unknown[]) => {
          if (text.includes('household_access')) {
            const { rows } = await target.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
              `explain (format json) ${text}`,
              values,
            );
            plans.push(...(rows[0]?.['QUERY PLAN'].map(({ Plan }) => Plan) ?? []));
          }
          return target.query(text, values);
        };
      },
    });
    expect(await carryOut(explaining, { graph: world.graph, at: new Date('2026-09-10T00:00:00Z') })).toEqual({
      ...{ orders: 1, recalls: 1 },
    });
    // Random ids lie beyond the months, which are all but empty.
    const looked = plans.flatMap(nodesOf).filter((node) => node['Relation Name'] === 'access_record_default');
    expect(new Set(looked.map((node) => node['Node Type']))).toEqual(new Set(['Bitmap Heap Scan']));
  } finally {
    await tx.query('rollback');
    tx.release();
  }
});
