/** Random callers with random operations over a random world: what the hub answers against what the oracle says. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import type { Bound, Department, Purpose, Role } from '../../../src/access/index.ts';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { NOW, openEngine } from '../../harness/engine.ts';
import type { Outcome, TestEngine } from '../../harness/engine.ts';
import type { World } from './nouns.ts';
import { CURSOR, decide, expected } from './oracle.ts';
import type { Expected } from './oracle.ts';
import { print, selections } from './operations.ts';
import type { Choices, Selection } from './operations.ts';
import { inScope } from './scopes.ts';
import type { Agreement, Asker } from './scopes.ts';
import { readAgreements, readTables } from './tables.ts';
import { CASES, TODAY, makeWorld } from './world.ts';

/** The policy that is published in a test database. */
export const POLICY = 'schema/policy';

/** A hub over a random world, and the rows and agreements that the oracle judges by. */
export interface Reading {
  readonly database: TestDatabase;
  readonly hub: TestEngine;
  readonly world: World;
  readonly agreements: readonly Agreement[];
  readonly choices: Omit<Choices, 'weight'>;
}

/** What a run has seen. */
export interface Tally {
  readonly cases: number;
  /** Cases in which a scope took a row out. */
  readonly narrowed: number;
  /** Cases whose answer told of somebody. */
  readonly told: number;
  /** `<role> <allow|mask|deny> <root|nested>` and `answer <code>`, with how often. */
  readonly counts: ReadonlyMap<string, number>;
}

/** A database of its own with a world drawn by the seed. */
export async function openReading(seed: number): Promise<Reading> {
  const database = await testDatabase();
  const made = await makeWorld(database.owner, seed);
  const hub = await openEngine(database);
  const tables = await readTables(database.owner);
  const idsOf = (table: string): string[] => (tables[table] ?? []).map(({ id }) => String(id));
  return {
    database,
    hub,
    world: { tables, today: TODAY, now: new Date(NOW) },
    agreements: readAgreements(POLICY),
    choices: { ...made, persons: idsOf('person'), households: idsOf('household') },
  };
}

/** One case: who asks, how, and what. */
interface Case {
  readonly caller: Bound;
  readonly onDenied: 'refuse' | 'null';
  readonly roots: readonly Selection[];
}

function cases({ hub, agreements, choices, world }: Reading): fc.Arbitrary<Case> {
  /** The rows that the caller may see, several times, and all of them once. */
  const mostlyVisible = (type: string, table: string, agreement: Agreement, asker: Asker): string[] => {
    const rows = world.tables[table] ?? [];
    const scope = agreement.rows[type] ?? 'everything';
    const visible = rows.filter((row) => inScope(type, row, scope, asker, world));
    const times = Math.ceil((3 * rows.length) / Math.max(visible.length, 1));
    return [...Array.from({ length: times }, () => visible).flat(), ...rows].map(({ id }) => String(id));
  };
  // By role first: most agreements are of systems.
  const ofRole = [...new Set(agreements.map(({ role }) => role))].map((role) =>
    fc.constantFrom(...agreements.filter((agreement) => agreement.role === role)),
  );
  const asked = fc.record({
    agreement: fc.oneof(...ofRole),
    regions: fc.uniqueArray(fc.constantFrom(...choices.regions), { minLength: 1, maxLength: 3 }),
    caseNo: fc.oneof(
      { arbitrary: fc.constantFrom(...CASES.slice(0, 3)), weight: 9 },
      { arbitrary: fc.constantFrom(...CASES, undefined), weight: 1 },
    ),
    purposeOf: fc.oneof(
      { arbitrary: fc.constant('own'), weight: 20 },
      { arbitrary: fc.constantFrom('none', 'other'), weight: 1 },
    ),
    onDenied: fc.constantFrom('refuse' as const, 'refuse' as const, 'null' as const),
    reckless: fc.oneof({ arbitrary: fc.constant(false), weight: 3 }, { arbitrary: fc.constant(true), weight: 1 }),
  });
  return asked.chain(({ agreement, regions, caseNo, purposeOf, onDenied, reckless }) => {
    const purpose = purposeOf === 'own' ? agreement.purposes[0] : purposeOf === 'other' ? 'STATISTICS' : undefined;
    const caller = {
      client: `${agreement.department}.test`,
      department: agreement.department as Department,
      role: agreement.role as Role,
      regions,
      purposes: ['AID_ELIGIBILITY', 'DYNAMIC_MONITORING', 'CASE_HANDLING', 'STATISTICS', 'AUDIT'] as const,
      tokenId: 'test',
      ...(purpose === undefined ? {} : { purpose: purpose as Purpose }),
      ...(caseNo === undefined ? {} : { caseNo }),
    };
    // A field that the caller may not have refuses nearly every operation, so most keep to what is open.
    const wild = reckless || onDenied === 'null';
    const weight = (type: string, field: string): number => {
      if (type === 'Query')
        return agreement.operations.includes(field) || ['region', 'regions', 'feeds'].includes(field) || wild ? 1 : 0;
      const decision = decide(hub.schema, agreement, type, field);
      if (decision.kind === 'deny') return wild ? 2 : 0;
      return decision.kind === 'masked' || decision.scope !== undefined ? 4 : 1;
    };
    const persons = mostlyVisible('Person', 'person', agreement, caller);
    const households = mostlyVisible('Household', 'household', agreement, caller);
    return selections({ ...choices, persons, households, weight }).map((roots) => ({ caller, onDenied, roots }));
  });
}

/** Runs cases until one is not answered as the oracle says, which throws with all that is needed to see why. */
export async function runCases(reading: Reading, { seed, runs }: { seed: number; runs: number }): Promise<Tally> {
  const { hub, agreements, world } = reading;
  const counts = new Map<string, number>();
  const count = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  let ran = 0;
  let narrowed = 0;
  let disclosed = 0;
  const property = fc.asyncProperty(cases(reading), async ({ caller, onDenied, roots }) => {
    const { text, variables } = print(hub.schema, roots);
    fc.pre(validate(hub.schema, parse(text)).length === 0);
    const wanted = expected(hub.schema, agreements, world, { text, variables, asker: caller, onDenied });
    hub.entries.length = 0;
    const got = await hub.ask(text, caller, { variables, onDenied });
    ran += 1;
    if (wanted.removed > 0) narrowed += 1;
    if (wanted.persons.size + wanted.households.size > 0) disclosed += 1;
    for (const { how, where } of wanted.touched) count(`${caller.role} ${how} ${where}`);
    count(`answer ${wanted.refused?.code ?? 'data'}`);
    const difference = differences(wanted, got, hub);
    if (difference.length === 0) return;
    const who = `${caller.department}/${caller.role} in ${caller.regions.join()}, case ${caller.caseNo ?? 'none'}`;
    throw new Error(
      [`${who}, on denied ${onDenied}, asked`, text, JSON.stringify(variables), ...difference].join('\n'),
    );
  });
  const shrink = process.env['HUB_TEST_SHRINK'] !== undefined;
  const report = await fc.check(property, { seed, numRuns: runs, endOnFailure: !shrink });
  if (report.failed) throw new Error(`seed ${seed}: ${String(report.errorInstance)}`);
  return { cases: ran, narrowed, told: disclosed, counts };
}

/** Where the answer or the record is not the expected one; empty when both are. */
function differences(wanted: Expected, got: Outcome, { entries }: TestEngine): string[] {
  const found: string[] = [];
  const compare = (what: string, a: unknown, b: unknown): void => {
    if (!isDeepStrictEqual(a, b)) found.push(`${what}: expected ${show(a)}, got ${show(b)}`);
  };
  const codes = got.errors.map(({ code }) => code);
  const denied = got.errors.flatMap(({ extensions }) =>
    ((extensions['denied'] ?? []) as { coordinate: string }[]).map(({ coordinate }) => coordinate),
  );
  const persons = entries.flatMap((entry) => entry.persons.map(({ id }) => id));
  const households = entries.flatMap((entry) => entry.households.map(({ id }) => id));
  if (wanted.refused !== undefined) {
    compare('data', undefined, got.data);
    compare('codes', [wanted.refused.code], codes);
    compare('denied', sorted(wanted.refused.denied), sorted(denied));
    compare(
      'decisions on record',
      ['REFUSED'],
      entries.map(({ decision }) => decision),
    );
    compare('persons on record of a refusal', [], [...persons, ...households]);
    return found;
  }
  found.push(...treeDifferences(wanted.data, got.data, 'data'));
  compare('codes', [...wanted.nulled].fill('FIELD_DENIED'), codes);
  compare('nulled', sorted(wanted.nulled), denied.sort());
  compare('masked', sorted(wanted.masked), sorted((got.extensions?.['masked'] ?? []) as string[]));
  compare(
    'decisions on record',
    [],
    entries.map(({ decision }) => decision).filter((decision) => decision !== 'ALLOWED'),
  );
  compare('persons on record', sorted(wanted.persons), sorted(persons));
  compare('households on record', sorted(wanted.households), sorted(households));
  compare('misses on record', wanted.misses, entries.flatMap(({ misses }) => misses).length);
  compare('an entry', wanted.personal, entries.length > 0);
  if (entries.length > 0) {
    const coordinates = entries.flatMap((entry) => entry.coordinates.flat());
    compare('coordinates on record', sorted(wanted.coordinates), sorted(coordinates));
  }
  return found;
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function treeDifferences(wanted: unknown, got: unknown, at: string): string[] {
  if (wanted === CURSOR)
    return typeof got === 'string' && got !== '' ? [] : [`${at}: expected a cursor, got ${show(got)}`];
  if (Array.isArray(wanted) && Array.isArray(got) && wanted.length === got.length)
    return wanted.flatMap((item, i) => treeDifferences(item, got[i], `${at}[${i}]`));
  if (isRecord(wanted) && isRecord(got) && isDeepStrictEqual(Object.keys(wanted), Object.keys(got)))
    return Object.keys(wanted).flatMap((key) => treeDifferences(wanted[key], got[key], `${at}.${key}`));
  return isDeepStrictEqual(wanted, got) ? [] : [`${at}: expected ${show(wanted)}, got ${show(got)}`];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The tally as one line. */
export const toLine = ({ cases: ran, narrowed, told, counts }: Tally, seed: number): string => {
  const lines = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, times]) => `${key} ${times}`);
  return `seed ${seed}: ${ran} cases, ${narrowed} narrowed by a scope, ${told} told of somebody; ${lines.join(', ')}\n`;
};
