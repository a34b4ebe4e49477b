/** Where what the hub answered and recorded is not what the oracle expects. */
import { isDeepStrictEqual } from 'node:util';
import { CURSOR } from './answering.ts';
import type { Expected } from './oracle.ts';

/** An answer of the hub, as far as it is compared. */
export interface Answered {
  readonly data?: unknown;
  readonly errors: readonly {
    readonly code: unknown;
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Somebody in an entry; `node` is the number of the list of coordinates that they were told of by. */
interface Subject {
  readonly id: string;
  readonly node: number;
}

/** An entry of the ledger, as far as it is compared. */
export interface Recorded {
  readonly decision: string;
  readonly coordinates: readonly (readonly string[])[];
  readonly persons: readonly Subject[];
  readonly households: readonly Subject[];
  readonly misses: readonly unknown[];
}

/** One line for each difference; none when answer and record are the expected ones. */
export function differences(wanted: Expected, got: Answered, entries: readonly Recorded[]): string[] {
  const found: string[] = [];
  const compare = (what: string, a: unknown, b: unknown): void => {
    if (!isDeepStrictEqual(a, b)) found.push(`${what}: expected ${show(a)}, got ${show(b)}`);
  };
  const codes = got.errors.map(({ code }) => code);
  const denied = got.errors.flatMap(({ extensions }) =>
    ((extensions['denied'] ?? []) as { coordinate: string }[]).map(({ coordinate }) => coordinate),
  );
  const decisions = entries.map(({ decision }) => decision);
  const persons = entries.flatMap((entry) => entry.persons.map(({ id }) => id));
  const households = entries.flatMap((entry) => entry.households.map(({ id }) => id));
  if (wanted.refused !== undefined) {
    compare('data', undefined, got.data);
    compare('codes', [wanted.refused.code], codes);
    compare('denied', sorted(wanted.refused.denied), sorted(denied));
    compare('decisions on record', ['REFUSED'], decisions);
    compare('persons on record of a refusal', [], [...persons, ...households]);
    return found;
  }
  compare('codes', [...wanted.nulled].fill('FIELD_DENIED'), codes);
  found.push(...treeDifferences(wanted.data, got.data, 'data'));
  compare('nulled', sorted(wanted.nulled), denied.sort());
  compare('masked', sorted(wanted.masked), sorted((got.extensions?.['masked'] ?? []) as string[]));
  compare(
    'decisions on record',
    [],
    decisions.filter((decision) => decision !== 'ALLOWED'),
  );
  compare('persons on record', sorted(wanted.persons), sorted(persons));
  compare('households on record', sorted(wanted.households), sorted(households));
  compare('misses on record', wanted.misses, entries.flatMap(({ misses }) => misses).length);
  compare('an entry', wanted.personal, entries.length > 0);
  if (entries.length > 0) {
    const coordinates = entries.flatMap((entry) => entry.coordinates.flat());
    compare('coordinates on record', sorted(wanted.coordinates), sorted(coordinates));
    const recorded = new Set(
      entries.flatMap((entry) =>
        [...entry.persons, ...entry.households].flatMap(({ id, node }) =>
          (entry.coordinates[node] ?? []).map((coordinate) => `${id} ${coordinate}`),
        ),
      ),
    );
    // An entry may say more of somebody: one list of coordinates is of all rows that stand in one place.
    compare(
      'told and not on record',
      [],
      sorted(wanted.told).filter((one) => !recorded.has(one)),
    );
  }
  return found;
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

const LONGEST = 300;

const show = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

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
