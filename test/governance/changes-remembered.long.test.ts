/** A caller who comes again with the same token: what is remembered about it never outlives what it rests on. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { publishPolicy, readPolicyFiles } from '../../src/access/index.ts';
import type { Agreement, Bound } from '../../src/access/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { dateInChina } from '../../src/platform/dates.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW, callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

let database: TestDatabase;
let engines: readonly TestEngine[];
let instant = new Date(NOW);
const clock: Clock = { now: () => instant, today: () => dateInChina(instant) };
beforeAll(async () => {
  database = await testDatabase();
  engines = [await openEngine(database, { clock }), await openEngine(database, { clock })];
});
afterAll(() => database.drop());
beforeEach(() => {
  instant = new Date(NOW);
});

// The same list of divisions each time, as a token hands it out that is remembered.
const analyst = callerOf('CIVIL_AFFAIRS', 'ANALYST', {
  purposes: ['DYNAMIC_MONITORING', 'STATISTICS'],
  caseNo: 'CA-2026-000001',
});
const LIST = '{ recipients(first: 1) { nodes { programme person { name } } } }';

/** What each process says: what is masked, or the code of the refusal. */
const seen = (caller: Bound): Promise<unknown[]> =>
  Promise.all(
    engines.map(async ({ ask }) => {
      const { errors, extensions } = await ask(LIST, caller);
      return errors[0]?.code ?? extensions?.['masked'] ?? 'full';
    }),
  );

/** Publishes the shipped policy with these in place of the analysts' agreement. */
async function publish(...agreements: readonly Partial<Agreement>[]): Promise<void> {
  const files = readPolicyFiles('schema/policy');
  const own = files.agreements.find(({ number }) => number === 'civil-affairs-analyst');
  if (own === undefined) throw new Error('Analysts have no agreement');
  await publishPolicy(database.owner, {
    ...files,
    digest: randomBytes(32),
    agreements: [
      ...files.agreements.filter((one) => one !== own),
      ...agreements.map((change) => ({ ...own, ...change })),
    ],
  });
}

const MASKED = [['Person.name'], ['Person.name']];
const DENIED = ['OPERATION_DENIED', 'OPERATION_DENIED'];

test('midnight ends an agreement for a caller who was answered a moment before', async () => {
  await publish({ validUntil: '2026-11-22' });
  instant = new Date('2026-11-22T23:59:59.999+08:00');
  expect(await seen(analyst)).toEqual(MASKED);
  instant = new Date('2026-11-23T00:00:00+08:00');
  expect(await seen(analyst)).toEqual(DENIED);
  instant = new Date('2026-11-22T23:59:59.999+08:00');
  expect(await seen(analyst)).toEqual(MASKED);
});

test('midnight begins one for a caller who was refused a moment before', async () => {
  await publish({ validFrom: '2026-11-23' });
  expect(await seen(analyst)).toEqual(DENIED);
  instant = new Date('2026-11-23T00:00:00+08:00');
  expect(await seen(analyst)).toEqual(MASKED);
});

test('one token with two purposes stands on two agreements, whichever it asked for before', async () => {
  const files = readPolicyFiles('schema/policy');
  const fields = new Map(files.agreements.find(({ number }) => number === 'civil-affairs-analyst')?.fields);
  fields.set('name', { access: 'full', scope: undefined });
  await publish(
    { number: 'monitoring', purposes: ['DYNAMIC_MONITORING'] },
    { number: 'statistics', purposes: ['STATISTICS'], fields },
  );
  const counting: Bound = { ...analyst, purpose: 'STATISTICS' };
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await seen(analyst)).toEqual(MASKED);
    expect(await seen(counting)).toEqual(['full', 'full']);
  }
  await publish({ number: 'monitoring', purposes: ['DYNAMIC_MONITORING'] });
  expect(await seen(counting)).toEqual(['PURPOSE_NOT_ALLOWED', 'PURPOSE_NOT_ALLOWED']);
  expect(await seen(analyst)).toEqual(MASKED);
});

test('an emergency agreement never stands in for a purpose that nobody shares for', async () => {
  const emergency = { number: 'a-emergency', purposes: ['EMERGENCY'], emergency: true } as const;
  await publish({ ...emergency });
  expect(await seen(analyst)).toEqual(DENIED);
  const urgent: Bound = { ...analyst, purposes: ['EMERGENCY'], purpose: 'EMERGENCY' };
  expect(await seen(urgent)).toEqual(['EMERGENCY_REQUIRED', 'EMERGENCY_REQUIRED']);
});

test('a suspended, a revoked and an expired agreement decide nothing, and each refusal says which it is', async () => {
  const refusal = async (change: Partial<Agreement>) => {
    await publish(change);
    const { errors } = (await engines[0]?.ask(LIST, analyst)) ?? { errors: [] };
    return errors[0];
  };
  const code = 'OPERATION_DENIED';
  expect(await refusal({ state: 'SUSPENDED', stateReason: '核查' })).toMatchObject({
    code,
    message: expect.stringContaining('civil-affairs-analyst is suspended: 核查'),
  });
  expect(await refusal({ state: 'REVOKED', stateReason: '终止' })).toMatchObject({
    code,
    message: expect.stringContaining('is revoked: 终止'),
  });
  expect(await refusal({ validUntil: '2026-11-21' })).toMatchObject({
    code,
    message: expect.stringContaining('ended on 2026-11-21'),
  });
});

test('two agreements that would decide the same request let nobody in: nothing is planned under such a policy', async () => {
  await publish({ number: 'one' }, { number: 'two' });
  await expect(seen(analyst)).rejects.toThrow('one: two decides DYNAMIC_MONITORING, STATISTICS at the same time');
});
