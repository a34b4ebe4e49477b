/** Statistics against an oracle written apart from the hub: exact for whom everything is told, cells of tens for analysts. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { publishPolicy, readPolicyFiles } from '../../src/access/index.ts';
import type { Bound } from '../../src/access/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { AID, answerOf, ENROLMENTS, RECIPIENTS } from './oracle.ts';
import type { Asked, Row, Statistic } from './oracle.ts';
import { DAYS, MONTHS, REGIONS, TOWNSHIPS, writeWorld } from './world.ts';

const SEED = 20261122;
const ANALYST = { role: 'ANALYST', least: 10 } as const;
const SYSTEM = { role: 'SYSTEM', least: 0 } as const;

let database: TestDatabase;
let hub: TestEngine;
let rows: Readonly<Record<'recipient' | 'enrolment' | 'aid', readonly Row[]>>;

beforeAll(async () => {
  database = await testDatabase();
  await writeWorld(database.owner, SEED);
  hub = await openEngine(database);
  const read = async (table: string, where: string): Promise<readonly Row[]> =>
    (await database.owner.query<Row>(`select * from ${table} where ${where}`)).rows;
  rows = {
    recipient: await read('recipient', 'true'),
    enrolment: await read('enrolment', 'true'),
    aid: await read('aid_grant', `state = 'CURRENT'`),
  };
}, 60_000);
afterAll(() => database.drop());

const inRegions = (role: 'ANALYST' | 'SYSTEM', regions: readonly string[]): Bound =>
  callerOf('CIVIL_AFFAIRS', role, { regions, caseNo: 'T-1', purpose: 'DYNAMIC_MONITORING' });

/** A question as GraphQL, and as the oracle takes it. */
interface Question {
  readonly root: string;
  readonly statistic: Statistic;
  readonly rows: readonly Row[];
  readonly args: readonly string[];
  readonly asked: Omit<Asked, 'least' | 'regions'>;
}

const isValidOn = (day: string) => (row: Row) =>
  String(row['valid_from']) <= day && (row['valid_to'] === null || String(row['valid_to']) >= day);

const filters = (of: Readonly<Record<string, readonly [arg: string, values: readonly string[]]>>) =>
  fc.subarray(Object.keys(of)).chain((names) =>
    fc.tuple(...names.map((name) => fc.constantFrom(...(of[name]?.[1] ?? [])))).map((values) => ({
      only: Object.fromEntries(names.map((name, i) => [name, values[i]])),
      args: names.map((name, i) => {
        const value = values[i] ?? '';
        return `${of[name]?.[0] ?? ''}: ${name === 'CATEGORY' ? JSON.stringify(value) : value}`;
      }),
    })),
  );

const recipientQuestions = (dimensions: readonly string[], regions: readonly string[]): fc.Arbitrary<Question> =>
  fc
    .record({
      region: fc.constantFrom(...regions),
      day: fc.constantFrom(...DAYS),
      groupBy: fc.shuffledSubarray([...dimensions]),
      filter: filters({
        PROGRAMME: ['programme', ['DIBAO', 'TEKUN', 'TEMPORARY_AID']],
        URBAN_RURAL: ['urbanRural', ['URBAN', 'RURAL']],
        CATEGORY: ['category', ['A', 'B']],
      }),
    })
    .map(({ region, day, groupBy, filter }) => ({
      root: 'recipientStatistics',
      statistic: RECIPIENTS,
      rows: rows.recipient,
      args: [`region: "${region}"`, `onDate: "${day}"`, `groupBy: [${groupBy.join()}]`, ...filter.args],
      asked: { region, groupBy, only: filter.only, concerns: isValidOn(day) },
    }));

const enrolmentQuestions = (regions: readonly string[]): fc.Arbitrary<Question> =>
  fc
    .record({
      region: fc.constantFrom(...regions),
      day: fc.constantFrom(...DAYS),
      groupBy: fc.shuffledSubarray(ENROLMENTS.cell.slice()),
      filter: filters({
        PROGRAMME: ['programme', ['DIBAO', 'TEKUN']],
        STATUS: ['status', ['ACTIVE', 'SUSPENDED']],
      }),
    })
    .map(({ region, day, groupBy, filter }) => ({
      root: 'enrolmentStatistics',
      statistic: ENROLMENTS,
      rows: rows.enrolment,
      args: [`region: "${region}"`, `onDate: "${day}"`, `groupBy: [${groupBy.join()}]`, ...filter.args],
      asked: { region, groupBy, only: filter.only, concerns: isValidOn(day) },
    }));

const aidQuestions = (regions: readonly string[]): fc.Arbitrary<Question> =>
  fc
    .record({
      region: fc.constantFrom(...regions),
      months: fc.tuple(fc.constantFrom('2026-01', ...MONTHS), fc.constantFrom(...MONTHS)),
      groupBy: fc.shuffledSubarray(AID.cell.slice()),
      filter: filters({ PROGRAMME: ['programme', ['EDUCATION_AID', 'RENT_SUBSIDY']] }),
    })
    .map(({ region, months: [from, to], groupBy, filter }) => ({
      root: 'aidStatistics',
      statistic: AID,
      rows: rows.aid,
      args: [`region: "${region}"`, `from: "${from}"`, `to: "${to}"`, `groupBy: [${groupBy.join()}]`, ...filter.args],
      asked: {
        region,
        groupBy,
        only: filter.only,
        concerns: (row) => String(row['decided_on']) >= from && String(row['decided_on']).slice(0, 7) <= to,
      },
    }));

/** Asks the hub and the oracle; they must agree. The numbers of the answer. */
async function agreed(
  { root, statistic, rows: all, args, asked }: Question,
  { role, least }: { readonly role: 'ANALYST' | 'SYSTEM'; readonly least: number },
  regions: readonly string[],
): Promise<number[]> {
  const counts = Object.keys(statistic.counts);
  const fields = [...asked.groupBy.map((name) => statistic.fields[name] ?? ''), ...counts];
  const text = `{ ${root}(${args.join(', ')}) { ${fields.join(' ')} } }`;
  const { data, errors } = await hub.ask(text, inRegions(role, regions));
  const wanted = answerOf(statistic, all, { ...asked, least, regions });
  expect({ text, regions, errors, answer: (data as Record<string, unknown> | undefined)?.[root] }).toEqual({
    text,
    regions,
    errors: [],
    answer: wanted,
  });
  return wanted.flatMap((group) => counts.map((name) => Number(group[name])));
}

/** Callers of a province, a prefecture, a county, several, and of nothing but a township. */
const regionsOfCallers = fc.oneof(
  { arbitrary: fc.constant(['620000000000', '360000000000']), weight: 3 },
  { arbitrary: fc.subarray(REGIONS, { minLength: 1, maxLength: 3 }), weight: 3 },
  { arbitrary: fc.constant([TOWNSHIPS[0] ?? '']), weight: 1 },
);

test('whatever an analyst asks, twice, comes from one table of cells, and no difference is one to nine', async () => {
  let told = 0;
  let small = 0;
  const question = fc.oneof(
    recipientQuestions(RECIPIENTS.cell, REGIONS),
    enrolmentQuestions(REGIONS),
    aidQuestions(REGIONS),
  );
  const property = fc.asyncProperty(question, question, regionsOfCallers, async (one, other, regions) => {
    const numbers = [...(await agreed(one, ANALYST, regions)), ...(await agreed(other, ANALYST, regions))];
    told += numbers.length;
    const total = numbers.reduce((sum, number) => sum + number, 0);
    for (const a of [...numbers, total, 0])
      for (const b of [...numbers, total, 0]) if (Math.abs(a - b) % 10 !== 0) small += 1;
  });
  await fc.assert(property, { seed: SEED, numRuns: 150, endOnFailure: true });
  expect(small).toBe(0);
  expect(told).toBeGreaterThan(500);
}, 60_000);

test('who is told every count is told the exact one, township by township', async () => {
  let told = 0;
  const question = fc.oneof(
    recipientQuestions(Object.keys(RECIPIENTS.fields), [...REGIONS, ...TOWNSHIPS]),
    enrolmentQuestions([...REGIONS, ...TOWNSHIPS]),
    aidQuestions([...REGIONS, ...TOWNSHIPS]),
  );
  const property = fc.asyncProperty(question, regionsOfCallers, async (one, regions) => {
    told += (await agreed(one, SYSTEM, regions)).length;
  });
  await fc.assert(property, { seed: SEED, numRuns: 150, endOnFailure: true });
  expect(told).toBeGreaterThan(500);
}, 60_000);

test('with another smallest count all is the same, in steps of that', async () => {
  const { groups, agreements, digest } = readPolicyFiles('schema/policy');
  const changed = agreements.map((one) => (one.role === 'ANALYST' ? { ...one, smallestCount: 7 } : one));
  await publishPolicy(database.owner, { groups, agreements: changed, digest: Buffer.concat([digest, digest]) });
  const question = fc.oneof(recipientQuestions(RECIPIENTS.cell, REGIONS), aidQuestions(REGIONS));
  const property = fc.asyncProperty(question, regionsOfCallers, async (one, regions) => {
    await agreed(one, { role: 'ANALYST', least: 7 }, regions);
  });
  await fc.assert(property, { seed: SEED, numRuns: 40, endOnFailure: true });
  await publishPolicy(database.owner, readPolicyFiles('schema/policy'));
}, 60_000);

const COUNT = '{ recipientStatistics(region: "620102", groupBy: [COUNTY]) { persons } }';

test('sums are told to the fen, null where nothing was in money, and to no analyst', async () => {
  const text = `{ aidStatistics(region: "62", from: "2026-05", to: "2026-08", groupBy: [PROGRAMME]) { programme amount }
    enrolmentStatistics(region: "62", groupBy: [STATUS]) { status amount topUp } }`;
  const caller = inRegions('SYSTEM', ['620000000000']);
  const here = (row: Row): boolean => row['province_code'] === '620000000000';
  const sums = (all: readonly Row[], by: string): Record<string, string> => {
    const fen: Record<string, number> = {};
    for (const row of all) fen[String(row[by])] = (fen[String(row[by])] ?? 0) + Number(row['amount_fen'] ?? 0);
    return Object.fromEntries(Object.entries(fen).map(([key, sum]) => [key, (sum / 100).toFixed(2)]));
  };
  const { data, errors } = await hub.ask(text, caller);
  expect(errors).toEqual([]);
  const told = data as Record<string, { amount: string; topUp?: string; programme?: string; status?: string }[]>;
  expect(Object.fromEntries((told['aidStatistics'] ?? []).map((one) => [one.programme, one.amount]))).toEqual(
    sums(rows.aid.filter(here), 'programme'),
  );
  expect(Object.fromEntries((told['enrolmentStatistics'] ?? []).map((one) => [one.status, one.amount]))).toEqual(
    sums(
      rows.enrolment.filter((row) => here(row) && isValidOn('2026-11-22')(row)),
      'status',
    ),
  );
  await database.owner.query(`update aid_grant set amount_fen = null where county_code = '620302000000'`);
  const inKind = '{ aidStatistics(region: "620302", from: "2026-05", to: "2026-08") { amount } }';
  expect((await hub.ask(inKind, caller)).data).toEqual({ aidStatistics: [{ amount: null }] });

  const refused = await hub.ask(inKind, inRegions('ANALYST', ['620000000000']));
  expect(refused.errors[0]).toMatchObject({
    code: 'FIELD_DENIED',
    extensions: { denied: [{ coordinate: 'AidStatistic.amount' }] },
  });
});

test('an analyst’s groups and divisions end at the county', async () => {
  const analyst = inRegions('ANALYST', ['620000000000']);
  for (const [text, coordinate] of [
    ['{ recipientStatistics(region: "620102", groupBy: [TOWNSHIP]) { persons } }', 'RecipientDimension.TOWNSHIP'],
    ['{ recipientStatistics(region: "620102001") { persons } }', 'Query.recipientStatistics(region:)'],
    [
      '{ aidStatistics(region: "620102001", from: "2026-01", to: "2026-02") { grants } }',
      'Query.aidStatistics(region:)',
    ],
  ] as const) {
    for (const onDenied of ['refuse', 'null'] as const) {
      const { data, errors } = await hub.ask(text, analyst, { onDenied });
      expect(data).toBeUndefined();
      expect(errors[0]?.extensions['denied']).toMatchObject([{ coordinate }]);
    }
  }
});

test('counts need an operation, a purpose and a case, and are on record without anybody', async () => {
  const analyst = inRegions('ANALYST', ['620000000000']);
  expect((await hub.ask(COUNT, callerOf('EDUCATION', 'SYSTEM', { caseNo: 'T-1' }))).errors[0]?.code).toBe(
    'OPERATION_DENIED',
  );
  const { purpose: _, ...purposeless } = analyst;
  expect((await hub.ask(COUNT, purposeless)).errors[0]?.code).toBe('PURPOSE_REQUIRED');
  const { caseNo: __, ...caseless } = analyst;
  expect((await hub.ask(COUNT, caseless)).errors[0]?.code).toBe('CASE_REQUIRED');

  hub.entries.length = 0;
  const { extensions } = await hub.ask(COUNT, analyst);
  expect(extensions).toEqual({ masked: ['RecipientStatistic.persons'] });
  expect(hub.entries).toMatchObject([
    {
      decision: 'ALLOWED',
      coordinates: [['RecipientStatistic.persons', 'RecipientStatistic.countyCode']],
      persons: [],
      households: [],
    },
  ]);
});

test('what is grouped by is part of the plan, however it is written', async () => {
  const text = `query($by: [RecipientDimension!]!) { recipientStatistics(region: "62", groupBy: $by) { countyCode programme } }`;
  const caller = inRegions('SYSTEM', ['620000000000']);
  const asked = async (by: readonly string[]): Promise<unknown> =>
    ((await hub.ask(text, caller, { variables: { by } })).data as { recipientStatistics: unknown[] })
      .recipientStatistics[0];
  expect(await asked(['COUNTY'])).toEqual({ countyCode: '620102000000', programme: null });
  expect(await asked(['PROGRAMME'])).toEqual({ countyCode: null, programme: 'DIBAO' });
  expect(await asked(['PROGRAMME', 'COUNTY', 'PROGRAMME'])).toEqual({ countyCode: '620102000000', programme: 'DIBAO' });
  expect(await asked([])).toEqual({ countyCode: null, programme: null });
});

test('lists tell an analyst no count: not in all, and not by pages of which nobody is on record', async () => {
  const analyst = inRegions('ANALYST', ['620000000000']);
  const { errors } = await hub.ask('{ recipients { totalCount } }', analyst);
  expect(errors[0]?.extensions['denied']).toMatchObject([
    {
      coordinate: 'RecipientConnection.totalCount',
      reason: expect.stringContaining('ask recipientStatistics') as unknown,
    },
  ]);
  expect((await hub.ask('{ recipients { totalCount } }', inRegions('SYSTEM', ['620000000000']))).errors).toEqual([]);

  hub.entries.length = 0;
  const { data } = await hub.ask('{ recipients(first: 7) { pageInfo { hasNextPage } } }', analyst);
  expect(data).toEqual({ recipients: { pageInfo: { hasNextPage: true } } });
  expect(hub.entries[0]?.persons).toHaveLength(7);
  await hub.ask('{ recipients(first: 7) { pageInfo { hasNextPage } } }', inRegions('SYSTEM', ['620000000000']));
  expect(hub.entries[1]?.persons).toEqual([]);
});

describe('a dimension, a filter and a count ask the policy like a field that is read', () => {
  const withFields = async (change: Readonly<Record<string, string | null>>): Promise<void> => {
    const { groups, agreements, digest } = readPolicyFiles('schema/policy');
    const amended = agreements.map((agreement) => {
      if (agreement.role !== 'SYSTEM' || agreement.department !== 'CIVIL_AFFAIRS') return agreement;
      const fields = new Map(agreement.fields);
      for (const [group, grant] of Object.entries(change)) {
        if (grant === null) fields.delete(group);
        else
          fields.set(group, {
            access: grant === 'masked' ? 'masked' : 'full',
            scope: grant === 'case' ? 'case' : undefined,
          });
      }
      return { ...agreement, fields };
    });
    const changed = createHash('sha256').update(digest).update(JSON.stringify(change)).digest();
    await publishPolicy(database.owner, { groups, agreements: amended, digest: changed });
  };
  afterAll(() => publishPolicy(database.owner, readPolicyFiles('schema/policy')));

  const byCounty = '{ recipientStatistics(region: "62", groupBy: [COUNTY]) { persons } }';
  const inCounty = '{ recipientStatistics(region: "620102") { persons } }';
  const byProgramme = '{ recipientStatistics(region: "62", groupBy: [PROGRAMME]) { __typename } }';
  const ofProgramme = '{ recipientStatistics(region: "62", programme: DIBAO) { __typename } }';
  const grants = '{ aidStatistics(region: "62", from: "2026-01", to: "2026-08") { grants } }';
  const amounts = '{ enrolmentStatistics(region: "62") { amount } }';

  test.each([
    [{ 'region-county': null }, byCounty, 'RecipientDimension.COUNTY'],
    [{ 'region-county': null }, inCounty, 'Query.recipientStatistics(region:)'],
    [{ 'region-county': 'case' }, byCounty, 'RecipientDimension.COUNTY'],
    [
      { 'region-township': 'masked' },
      '{ recipientStatistics(region: "62", groupBy: [TOWNSHIP]) { persons } }',
      'RecipientDimension.TOWNSHIP',
    ],
    [{ status: null }, byProgramme, 'RecipientDimension.PROGRAMME'],
    [{ status: 'case' }, ofProgramme, 'Query.recipientStatistics(programme:)'],
    [{ status: 'case' }, inCounty, 'RecipientStatistic.persons'],
    [{ aid: 'case' }, grants, 'AidStatistic.grants'],
    [{ 'dibao-amount': 'masked' }, amounts, 'EnrolmentStatistic.amount'],
    [{ 'dibao-amount': 'case' }, amounts, 'EnrolmentStatistic.amount'],
  ] as const)('with %j: %s', async (change, text, coordinate) => {
    const caller = inRegions('SYSTEM', ['620000000000']);
    await withFields({});
    expect((await hub.ask(text, caller)).errors).toEqual([]);
    await withFields(change);
    const { data, errors } = await hub.ask(text, caller);
    expect(data).toBeUndefined();
    const denied = (errors[0]?.extensions['denied'] ?? []) as { coordinate: string }[];
    expect(denied.map((one) => one.coordinate)).toContain(coordinate);
  });
});
