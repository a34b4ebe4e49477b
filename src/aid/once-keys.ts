/**
 * What is granted once: of the versions with one once-key only one is in force. The unique index of the table is the last
 * word; here is found out which items of a call would break it, so that they are refused and the others are recorded.
 */
import type { Department } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { DERIVED, stripeOf } from './grant-versions.ts';
import type { HeldVersion, NewVersion } from './grant-versions.ts';
import type { Matched } from './verdicts.ts';

/** 'onc' in ASCII: keeps these advisory locks apart from those of the departments' keys. */
const LOCK_SPACE = 0x6f6e6300;

/**
 * Until the transaction ends nobody else grants under the once-keys that these items bear on: their own, those of the
 * versions held, and those of what they reverse or reversed. In ascending order, and after every other lock.
 * @returns whether there are any
 */
export async function lockOnceKeys(
  tx: PoolClient,
  department: Department,
  matched: readonly Matched[],
  held: readonly HeldVersion[],
): Promise<boolean> {
  const reversed = [...matched.map(({ aid }) => aid), ...held].flatMap(({ reversalOf }) => reversalOf ?? []);
  const { rows } =
    reversed.length === 0
      ? { rows: [] }
      : await tx.query<{ onceKey: string }>(
          `select distinct once_key as "onceKey" from aid_grant
           where department = $1 and source_key = any($2::text[]) and once_key is not null`,
          [department, reversed],
        );
  const stripes = [...matched, ...held, ...rows].flatMap(({ onceKey }) => (onceKey === null ? [] : stripeOf(onceKey)));
  if (stripes.length === 0) return false;
  await tx.query('select pg_advisory_xact_lock($1::int, stripe) from unnest($2::int[]) as stripe', [
    LOCK_SPACE,
    [...new Set(stripes)].sort((a, b) => a - b),
  ]);
  return true;
}

/** A version that would be in force under a once-key. */
interface Standing {
  readonly id: string;
  readonly sourceKey: string;
  readonly onceKey: string;
  /** It is in force already. */
  readonly stands: boolean;
  /** Another one is, on which the call does not bear. */
  readonly taken: boolean;
}

// After a merge a person has grants whose once-keys still name the other id: there the person decides, who stands last.
const STANDING = `${DERIVED}
  select g.id, g.source_key as "sourceKey", g.once_key as "onceKey", g.state = 'CURRENT' as stands,
    exists (select from aid_grant o where o.once_key = g.once_key and o.state = 'CURRENT' and o.id <> g.id
              and not exists (select from derived where derived.id = o.id))
    or g.once_key ~ '/[0-9a-f-]{36}$' and exists (
      select from aid_grant o where o.person_id = g.person_id and o.state = 'CURRENT' and o.once_key <> g.once_key
        and o.once_key ~ '/[0-9a-f-]{36}$' and left(o.once_key, -36) = left(g.once_key, -36)
        and not exists (select from derived where derived.id = o.id)) as taken
  from derived d join aid_grant g on g.id = d.id
  where d.state = 'CURRENT' and g.once_key is not null`;

/**
 * The new versions without which nothing would be in force twice; they are written, and not settled yet. Who was in force
 * stays so; then its correction; then whoever comes first in the call. Where a grant would come back because its reversal
 * is taken back, that is what is refused.
 */
export async function findClashing(
  tx: PoolClient,
  department: Department,
  fresh: readonly NewVersion[],
  held: readonly HeldVersion[],
): Promise<ReadonlyMap<string, 'item' | 'reversalOf'>> {
  const keys = [...new Set(fresh.map(({ aid }) => aid.sourceKey))];
  const { rows } = await tx.query<Standing>(STANDING, [department, keys]);
  const byKey = new Map<string, Standing[]>();
  for (const row of rows) byKey.set(row.onceKey, [...(byKey.get(row.onceKey) ?? []), row]);
  const byId = new Map(fresh.map((version) => [version.id, version]));
  const before = new Set(
    held.flatMap(({ sourceKey, onceKey, state }) => (state === 'CURRENT' ? `${onceKey ?? ''} ${sourceKey}` : [])),
  );
  const clashing = new Map<string, 'item' | 'reversalOf'>();
  for (const [onceKey, standing] of byKey) {
    if (standing.length === 1 && standing[0]?.taken !== true) continue;
    const ranked = standing
      .filter(({ stands }) => !stands)
      .map(({ id, sourceKey }) => {
        const own = byId.get(id);
        const cause = own ?? takenBack(sourceKey, fresh, held);
        const corrects = own !== undefined && before.has(`${onceKey} ${sourceKey}`);
        return { cause, field: own === undefined ? 'reversalOf' : 'item', corrects } as const;
      })
      .sort((a, b) => Number(b.corrects) - Number(a.corrects) || a.cause.index - b.cause.index);
    const free = !standing.some(({ stands, taken }) => stands || taken);
    for (const { cause, field } of ranked.slice(free ? 1 : 0)) clashing.set(cause.id, field);
  }
  return clashing;
}

/** The last version of the call that lets go of this grant. */
function takenBack(sourceKey: string, fresh: readonly NewVersion[], held: readonly HeldVersion[]): NewVersion {
  const reversers = new Set(held.flatMap((one) => (one.reversalOf === sourceKey ? one.sourceKey : [])));
  for (const { aid } of fresh) if (aid.reversalOf === sourceKey) reversers.add(aid.sourceKey);
  const [last] = fresh.filter(({ aid }) => reversers.has(aid.sourceKey)).sort((a, b) => b.index - a.index);
  if (last === undefined) throw new Error('A grant comes back into force and nothing in the call is the cause');
  return last;
}
