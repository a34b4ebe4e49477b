/** What departments are told, and that they have seen it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound, Department } from '../../src/access/index.ts';
import { notify } from '../../src/governance/index.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { WHO, openEmergenciesWorld } from './emergencies-world.ts';
import type { EmergenciesWorld } from './emergencies-world.ts';

let world: EmergenciesWorld;
beforeAll(async () => {
  world = await openEmergenciesWorld();
});
afterAll(() => world.close());

const tell = (reference: string, departments: readonly Department[], text = '协议已暂停 · suspended') =>
  inTransaction(world.db.server, (tx) =>
    notify(tx, { departments, kind: 'AGREEMENT_SUSPENDED', reference, text, at: world.clock.now() }),
  );

interface Notice {
  readonly id: string;
  readonly department: string;
  readonly reference: string;
  readonly acknowledgedBy: string | null;
}

async function noticesOf(asker: Bound, args = ''): Promise<readonly Notice[]> {
  const { data, message } = await world.hub(
    `{ notices${args} { nodes { id department kind reference text createdAt acknowledgedBy acknowledgedAt } } }`,
    asker,
  );
  if (data === undefined) throw new Error(message);
  return (data?.['notices'] as { nodes: Notice[] }).nodes;
}

const ACKNOWLEDGE =
  'mutation A($id: ID!) { acknowledgeNotice(id: $id) { id acknowledgedBy acknowledgedAt unchanged } }';

test('each department is told once, and reads its own notices alone', async () => {
  await tell('AG-1', ['HOUSING', 'HEALTH', 'HOUSING']);
  expect(await noticesOf(WHO.housingSteward)).toMatchObject([{ reference: 'AG-1', department: 'HOUSING' }]);
  expect(await noticesOf(WHO.healthSteward)).toMatchObject([{ reference: 'AG-1', department: 'HEALTH' }]);
  for (const asker of [WHO.civilSteward, WHO.auditor]) expect(await noticesOf(asker)).toEqual([]);
});

test('the newest comes first, and a page goes on where the last one ended', async () => {
  const { clock } = world;
  for (const n of [1, 2, 3]) {
    clock.set(`2026-11-23T09:0${String(n)}:00+08:00`);
    await tell(`PAGE-${String(n)}`, ['EDUCATION']);
  }
  const references = (notices: readonly Notice[]) => notices.map(({ reference }) => reference);
  expect(references(await noticesOf(WHO.educationSteward))).toEqual(['PAGE-3', 'PAGE-2', 'PAGE-1']);
  const { data } = await world.hub('{ notices(first: 2) { pageInfo { endCursor } } }', WHO.educationSteward);
  const { endCursor } = (data?.['notices'] as { pageInfo: { endCursor: string } }).pageInfo;
  expect(references(await noticesOf(WHO.educationSteward, `(first: 2, after: "${endCursor}")`))).toEqual(['PAGE-1']);
});

test('the first acknowledgement stands, and is told from the second', async () => {
  await tell('AG-2', ['HOUSING']);
  const [notice] = await noticesOf(WHO.housingSteward, '(acknowledged: false)');
  const id = notice?.id ?? '';
  expect(notice).toMatchObject({ reference: 'AG-2', acknowledgedBy: null });
  const first = await world.hub(ACKNOWLEDGE, WHO.housingSteward, { id });
  expect(first.data?.['acknowledgeNotice']).toMatchObject({
    acknowledgedBy: WHO.housingSteward.client,
    unchanged: false,
  });
  const colleague: Bound = { ...WHO.housingSteward, client: 'housing.steward-b.test' };
  expect((await world.hub(ACKNOWLEDGE, colleague, { id })).data?.['acknowledgeNotice']).toMatchObject({
    acknowledgedBy: WHO.housingSteward.client,
    unchanged: true,
  });
  expect((await noticesOf(WHO.housingSteward, '(acknowledged: true)')).map(({ reference }) => reference)).toEqual([
    'AG-2',
  ]);
});

test('another department’s notice cannot be acknowledged, and looks as if there were none', async () => {
  await tell('AG-3', ['HOUSING']);
  const [notice] = await noticesOf(WHO.housingSteward, '(acknowledged: false)');
  const foreign = await world.hub(ACKNOWLEDGE, WHO.healthSteward, { id: notice?.id });
  const nobodys = await world.hub(ACKNOWLEDGE, WHO.healthSteward, { id: '01920000-0000-7000-8000-000000000000' });
  expect(foreign.code).toBe('BAD_USER_INPUT');
  expect(foreign).toEqual(nobodys);
  expect(await world.hub(ACKNOWLEDGE, WHO.healthSteward, { id: 'no id' })).toEqual(nobodys);
});

test('a notice of what was rolled back is not there', async () => {
  const failed = inTransaction(world.db.server, async (tx) => {
    await notify(tx, {
      departments: ['LABOUR'],
      kind: 'GUESSING_SUSPECTED',
      reference: 'ROLLED-BACK',
      text: '疑似猜测 · guessing',
      at: world.clock.now(),
    });
    throw new Error('The power went');
  });
  await expect(failed).rejects.toThrow('The power went');
  const { rows } = await world.db.owner.query(`select from notice where reference = 'ROLLED-BACK'`);
  expect(rows).toEqual([]);
});

test('a business system has no notices: they are for stewards and auditors', async () => {
  const { code } = await world.hub('{ notices { nodes { id } } }', { ...WHO.hospital, purpose: 'CASE_HANDLING' });
  expect(code).toBe('OPERATION_DENIED');
});

test('nobody changes a notice, and nobody removes one', async () => {
  await tell('AG-4', ['HOUSING']);
  for (const statement of [`update notice set text = 'x'`, 'delete from notice', 'delete from emergency_access'])
    await expect(world.db.server.query(statement)).rejects.toThrow('permission denied');
  await expect(world.db.server.query(`update emergency_access set reason = reason || 'x'`)).rejects.toThrow(
    'permission denied',
  );
});
