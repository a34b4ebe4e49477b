/** Whether all contestants answer the same. What one of them shows in another form is brought into the hub's first. */
import { isDeepStrictEqual } from 'node:util';
import { UNMASKED } from './contestants.ts';
import type { Contestant } from './contestants.ts';
import type { OperationName } from './operations.ts';
import { toHubForm } from './postgraphile-dialect.ts';
import type { Running } from './processes.ts';

/** Asks one question. Throws when the answer is none. */
export async function ask({ url }: Running, headers: Readonly<Record<string, string>>, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`status ${String(response.status)}: ${text.slice(0, 500)}`);
  const answer = JSON.parse(text) as { readonly data?: unknown; readonly errors?: unknown };
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors).slice(0, 500));
  return answer.data;
}

/** The data in the form in which answers are compared. */
export function comparable(data: unknown, { name, dialect }: Contestant, operation: OperationName): unknown {
  const inHubForm = dialect === 'postgraphile' ? toHubForm(data) : data;
  const mask = operation === 'page-50-caseload' && UNMASKED.includes(name);
  return walk(inHubForm, (key, value) => {
    if (key === 'birthDate' && mask && typeof value === 'string') return `${value.slice(0, 3)}0-01-01`;
    // Cursors are opaque: each contestant has its own.
    if (key === 'endCursor') return typeof value;
    // Every contestant reported under keys of its own.
    if (key === 'sourceKey') return String(value).replace(/^(\w+-)\w+-/, '$1');
    return value;
  });
}

/**
 * Where two answers differ first; undefined where they do not. Whoever knows no nested scope shows more below the root than
 * the expected answer has: a person instead of nothing, further rows of a list. That is how it is, and no fault.
 */
export function difference(
  expected: unknown,
  found: unknown,
  contestant: Pick<Contestant, 'nestedScope'>,
  path = 'data',
): string | undefined {
  if (isDeepStrictEqual(expected, found)) return undefined;
  const shows = (more: boolean): boolean => more && !contestant.nestedScope;
  if (shows(expected === null && isObject(found))) return undefined;
  if (Array.isArray(expected) && Array.isArray(found) && shows(found.length > expected.length)) {
    const kept = inOrder(expected, found, (a, b) => difference(a, b, contestant) === undefined);
    return kept ? undefined : `${path}: rows are missing`;
  }
  if (isObject(expected) && isObject(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const deeper = difference(expected[key], found[key], contestant, `${path}.${key}`);
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  }
  return `${path}: ${shown(expected)} against ${shown(found)}`;
}

/** Counts in tens, of cells of ten or more, may lie that far from the exact ones: each of so many cells by less than ten. */
const ROUGHLY = 10 * 24;

/** Where exact counts cannot be those that the suppressed ones were made of; undefined where they can. */
export function roughDifference(expected: unknown, found: unknown, path = 'data'): string | undefined {
  if (typeof expected === 'number' && typeof found === 'number') {
    return Math.abs(expected - found) < ROUGHLY ? undefined : `${path}: ${String(expected)} against ${String(found)}`;
  }
  if (isRows(expected) && isRows(found)) {
    for (const row of expected) {
      const same = found.find((one) => isDeepStrictEqual(keysOf(one), keysOf(row)));
      if (same === undefined) return `${path}: a row is missing`;
      const differs = roughDifference(row, same, path);
      if (differs !== undefined) return differs;
    }
    return undefined;
  }
  if (isObject(expected) && isObject(found)) {
    return Object.keys(expected)
      .map((key) => roughDifference(expected[key], found[key], `${path}.${key}`))
      .find((differs) => differs !== undefined);
  }
  return difference(expected, found, { nestedScope: true }, path);
}

const isRows = (value: unknown): value is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) && value.every(isObject);
/** What a row of counts is about: whatever is no count. */
const keysOf = (row: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'number'));

/** Whether all of some are found among others, in their order. */
function inOrder(some: readonly unknown[], others: readonly unknown[], same: (a: unknown, b: unknown) => boolean) {
  let next = 0;
  for (const other of others) if (next < some.length && same(some[next], other)) next += 1;
  return next === some.length;
}

/** Whether an answer holds anything: equal nothings prove nothing. */
export function holdsRows(data: unknown): boolean {
  if (Array.isArray(data)) return data.length > 0;
  return isObject(data) && Object.values(data).some((value) => holdsRows(value));
}

function walk(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => walk(one, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(change(key, one), change)]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Synthetic as the persons are, their numbers are not to be printed or kept. */
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').replace(/\d{6,}/g, '…').slice(0, 200);
