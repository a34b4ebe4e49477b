/**
 * The versions of a department's grants as a set. What a version *is* (current, superseded, reversed, a reversal,
 * pending) is derived from the set of versions held, never from the order in which they came:
 *
 * - of one key the highest version is the head; the others are SUPERSEDED by the next higher one held;
 * - a head that reverses nothing is REVERSED when a head names it in `reversal_of` for the same person, else CURRENT;
 * - a head that reverses something is a REVERSAL when the key it names is held as a grant of the same person (any
 *   version), else PENDING. A slip in `reversal_of` therefore never undoes another person's aid.
 */
import { DEPARTMENTS } from '../access/index.ts';
import type { Department } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import type { PersonFound } from './find-persons.ts';
import type { ParsedAid } from './parse-item.ts';

/** A version that is about to be written. */
export interface NewVersion {
  readonly id: string;
  /** Position of its item in the call. */
  readonly index: number;
  readonly aid: ParsedAid;
  readonly person: PersonFound;
  readonly digest: Buffer;
  readonly onceKey: string | null;
}

/** Thrown to roll back and begin anew: a key turned out to need another lock, or another call wrote it meanwhile. */
export class Restart extends Error {}

/** A version that the hub holds. */
export interface HeldVersion {
  readonly id: string;
  readonly sourceKey: string;
  readonly version: number;
  readonly digest: Buffer;
  readonly reversalOf: string | null;
  readonly onceKey: string | null;
  readonly state: string;
}

/** What became of a version that was written. */
export interface SettledVersion {
  readonly id: string;
  readonly state: 'CURRENT' | 'SUPERSEDED' | 'REVERSED' | 'REVERSAL' | 'PENDING';
  /** The original was already reversed by another key, which stands. */
  readonly reversedBefore: boolean;
}

/** Who writes, and when. */
export interface Author {
  readonly department: Department;
  readonly client: string;
  readonly at: Date;
}

/** Advisory locks that keys share: few enough for one lock table, enough that small calls seldom meet. */
const STRIPES = 128;
/** 'aid' in ASCII with room for the departments: keeps these advisory locks apart from others'. */
const LOCK_SPACE = 0x61696400;

/** The stripe of a key (FNV-1a). */
export function stripeOf(sourceKey: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < sourceKey.length; i += 1) hash = Math.imul(hash ^ sourceKey.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % STRIPES;
}

/**
 * Until the transaction ends no reversal comes near these stripes' keys: calls that reverse nothing share a stripe, one
 * that reverses (or lost to another call before) has it alone. In ascending order, so that two calls never wait for each
 * other; each later statement sees what earlier holders wrote.
 */
export async function lockStripes(
  client: PoolClient,
  department: Department,
  stripes: Iterable<number>,
  alone: boolean,
): Promise<void> {
  const ascending = [...new Set(stripes)].sort((a, b) => a - b);
  const lock = alone ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await client.query(`select ${lock}($1::int, stripe) from unnest($2::int[]) as stripe`, [
    LOCK_SPACE + DEPARTMENTS.indexOf(department),
    ascending,
  ]);
}

/**
 * Until the transaction ends nobody else gives a version to those of these keys that have one. Whether any has. A key
 * that has none is guarded by its unique indexes: `insertVersions` finds out who was second.
 */
export async function lockHeld(
  client: PoolClient,
  department: Department,
  sourceKeys: readonly string[],
): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from aid_grant where department = $1 and source_key = any($2::text[])
     order by source_key, version for no key update`,
    [department, sourceKeys],
  );
  return rowCount !== 0;
}

/** All versions held of these keys. */
export async function findHeld(
  client: PoolClient,
  department: Department,
  sourceKeys: readonly string[],
): Promise<readonly HeldVersion[]> {
  const { rows } = await client.query<HeldVersion>(
    `select id, source_key as "sourceKey", version, digest, reversal_of as "reversalOf",
       once_key as "onceKey", state
     from aid_grant where department = $1 and source_key = any($2::text[])`,
    [department, sourceKeys],
  );
  return rows;
}

/** What a version is when nothing but its own key is looked at; `settle` looks at the rest. */
interface Placed {
  readonly state: 'CURRENT' | 'SUPERSEDED' | 'PENDING';
  readonly supersededBy: number | null;
}

/**
 * Writes versions that are not held yet. Heads that they outdate step down first, since a key has one head at any time.
 * Returns how many were written: fewer than were given means that another call wrote one of them meanwhile; where it wrote
 * another version of the same key, the statement fails, since a key has one head.
 */
export async function insertVersions(
  client: PoolClient,
  author: Author,
  fresh: readonly NewVersion[],
  held: readonly HeldVersion[],
): Promise<number> {
  const ordered = [...fresh].sort((a, b) => compare(a.aid.sourceKey, b.aid.sourceKey) || a.aid.version - b.aid.version);
  const next = nextVersions([...held, ...ordered.map(({ aid }) => aid)]);
  const outdated = held.filter((one) => next(one) !== null);
  if (outdated.length > 0) {
    await client.query(
      `update aid_grant g set state = 'SUPERSEDED', superseded_by_version = o.next, reversed_by_key = null
       from unnest($1::uuid[], $2::int[]) as o (id, next) where g.id = o.id and g.state <> 'SUPERSEDED'`,
      [outdated.map(({ id }) => id), outdated.map((one) => next(one))],
    );
  }
  const placed = ordered.map(({ aid, onceKey }): Placed => {
    const supersededBy = next(aid);
    if (supersededBy !== null) return { state: 'SUPERSEDED', supersededBy };
    // What is granted once comes into force by `settle`, after what it replaces has stepped down.
    return { state: aid.reversalOf === null && onceKey === null ? 'CURRENT' : 'PENDING', supersededBy };
  });
  const columns = columnsOf(ordered, placed);
  const { rowCount } = await client.query(
    `insert into aid_grant (department, reported_by, source_system, reported_at, as_of, recorded_at,
       ${columns.map(([name]) => name).join(', ')})
     select $1, $2, $2, $3, $3, $3, new.*
     from unnest(${columns.map(([, type], i) => `$${i + 4}::${type}[]`).join(', ')}) as new
     on conflict (department, source_key, version) do nothing`,
    [author.department, author.client, author.at, ...columns.map(([, , values]) => values)],
  );
  return rowCount ?? 0;
}

/**
 * `derived`: what each version is that may depend on the versions of $2, keys of department $1: the keys themselves, what they
 * reverse (now or in an older version), and what reverses them. Only heads of those keys are looked up, by index.
 */
export const DERIVED = `
  with own as (
    select source_key, reversal_of from aid_grant where department = $1 and source_key = any($2::text[])
  ), touched as (
    select source_key from own
    union select reversal_of from own where reversal_of is not null
    union select source_key from aid_grant where department = $1 and reversal_of = any($2::text[])
  ), version as (
    select g.id, g.source_key, g.person_id, g.reversal_of,
           lead(g.version) over (partition by g.source_key order by g.version) as next
    from touched join aid_grant g on g.department = $1 and g.source_key = touched.source_key
  ), derived as (
    select version.id, next,
      case when next is not null then 'SUPERSEDED'
           when reversal_of is null then case when reverser.key is null then 'CURRENT' else 'REVERSED' end
           when exists (select from aid_grant o where o.department = $1 and o.source_key = version.reversal_of
                          and o.reversal_of is null and o.person_id = version.person_id) then 'REVERSAL'
           else 'PENDING' end as state,
      reverser.key as reversed_by
    from version left join lateral (
      select min(r.source_key collate "C") as key from aid_grant r
      where r.department = $1 and r.reversal_of = version.source_key and r.state <> 'SUPERSEDED'
        and exists (select from aid_grant o where o.department = $1 and o.source_key = r.reversal_of
                      and o.reversal_of is null and o.person_id = r.person_id)
    ) reverser on version.next is null and version.reversal_of is null
  )`;

// $3: only what is in force no longer.
const SETTLE = `${DERIVED}
  update aid_grant g set state = d.state, superseded_by_version = d.next, reversed_by_key = d.reversed_by
  from derived d
  where g.id = d.id and (d.state <> 'CURRENT' or not $3::boolean)
    and (g.state, g.superseded_by_version, g.reversed_by_key) is distinct from (d.state, d.next, d.reversed_by)`;

/**
 * Derives the three bookkeeping columns anew for everything that the versions of these keys bear on. Where some of it is
 * granted once, what steps down does so first: at no moment are two in force.
 */
export async function settle(
  client: PoolClient,
  department: Department,
  sourceKeys: readonly string[],
  { once = false }: { readonly once?: boolean } = {},
): Promise<void> {
  if (once) await client.query(SETTLE, [department, sourceKeys, true]);
  await client.query(SETTLE, [department, sourceKeys, false]);
}

/** What became of the versions with these ids. */
export async function findSettled(client: PoolClient, ids: readonly string[]): Promise<readonly SettledVersion[]> {
  const { rows } = await client.query<SettledVersion>(
    `select g.id, g.state, coalesce(o.reversed_by_key <> g.source_key, false) as "reversedBefore"
     from aid_grant g left join aid_grant o
       on g.state = 'REVERSAL' and o.department = g.department and o.source_key = g.reversal_of and o.state = 'REVERSED'
     where g.id = any($1::uuid[])`,
    [ids],
  );
  return rows;
}

/** The next higher version of the same key among these; null for the highest. */
function nextVersions(all: readonly { readonly sourceKey: string; readonly version: number }[]) {
  const byKey = new Map<string, number[]>();
  for (const { sourceKey, version } of all) {
    const versions = byKey.get(sourceKey);
    if (versions === undefined) byKey.set(sourceKey, [version]);
    else versions.push(version);
  }
  for (const versions of byKey.values()) versions.sort((a, b) => a - b);
  return (one: { readonly sourceKey: string; readonly version: number }): number | null =>
    byKey.get(one.sourceKey)?.find((version) => version > one.version) ?? null;
}

/** One parameter per column: name, element type, values in the order of the rows. */
function columnsOf(
  rows: readonly NewVersion[],
  placed: readonly Placed[],
): readonly (readonly [name: string, type: string, values: readonly unknown[]])[] {
  const aid = (read: (aid: ParsedAid) => unknown) => rows.map((row) => read(row.aid));
  const person = (read: (person: PersonFound) => unknown) => rows.map((row) => read(row.person));
  return [
    ['id', 'uuid', rows.map(({ id }) => id)],
    ['source_key', 'text', aid((a) => a.sourceKey)],
    ['version', 'int', aid((a) => a.version)],
    ['digest', 'bytea', rows.map(({ digest }) => digest)],
    ['programme', 'text', aid((a) => a.programme)],
    ['mode', 'text', aid((a) => a.mode)],
    ['person_id', 'uuid', person((p) => p.personId)],
    ['household_id', 'uuid', person((p) => p.householdId)],
    ['amount_fen', 'bigint', aid((a) => a.amountFen?.toString())],
    ['kind_description', 'text', aid((a) => a.kindDescription)],
    ['period_from', 'text', aid((a) => a.periodFrom)],
    ['period_to', 'text', aid((a) => a.periodTo)],
    ['decided_on', 'date', aid((a) => a.decidedOn)],
    ['paid_on', 'date', aid((a) => a.paidOn)],
    ['fund_source', 'text', aid((a) => a.fundSource)],
    ['reversal_of', 'text', aid((a) => a.reversalOf)],
    ['item', 'text', aid((a) => a.item)],
    ['reference', 'text', aid((a) => a.reference)],
    ['once_key', 'text', rows.map(({ onceKey }) => onceKey)],
    ['state', 'text', placed.map(({ state }) => state)],
    ['superseded_by_version', 'int', placed.map(({ supersededBy }) => supersededBy)],
    ['region_code', 'text', person((p) => p.place.regionCode)],
    ['township_code', 'text', person((p) => p.place.townshipCode)],
    ['county_code', 'text', person((p) => p.place.countyCode)],
    ['prefecture_code', 'text', person((p) => p.place.prefectureCode)],
    ['province_code', 'text', person((p) => p.place.provinceCode)],
  ];
}

/** Code-unit order, the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
