/** Writes what is new of a call, derives what it and its neighbours are, and refuses what would be granted twice. */
import type { PoolClient } from '../platform/database.ts';
import { AidCode } from './aid-item.ts';
import { Restart, findSettled, insertVersions, settle } from './grant-versions.ts';
import type { Author, HeldVersion, NewVersion, SettledVersion } from './grant-versions.ts';
import { findClashing, lockOnceKeys } from './once-keys.ts';
import type { ItemFault } from './parse-item.ts';
import { recogniseResent } from './resent-versions.ts';
import { judge } from './verdicts.ts';
import type { Judged, Matched } from './verdicts.ts';

/** What became of the items of a call. */
export interface RecordedVersions {
  readonly judged: readonly Judged[];
  readonly settled: ReadonlyMap<string, SettledVersion>;
  /** Items that would have been in force twice, by their position. */
  readonly refused: ReadonlyMap<number, ItemFault>;
}

const NONE: ReadonlyMap<string, 'item' | 'reversalOf'> = new Map();

/** A refusal may free what another item took over; so deep and no deeper is that followed in one call. */
const MOST_ROUNDS = 8;

/**
 * Records the items, in the transaction that is open and under its locks.
 * @throws Restart where another call wrote one of the keys meanwhile
 */
export async function recordVersions(
  tx: PoolClient,
  author: Author,
  sent: readonly Matched[],
  held: readonly HeldVersion[],
): Promise<RecordedVersions> {
  const matched = await recogniseResent(tx, sent, held);
  const once = await lockOnceKeys(tx, author.department, matched, held);
  const refused = faultsOf(matched, held);
  if (once) await tx.query('savepoint once');
  for (let round = 0; ; round += 1) {
    const { judged, fresh } = judge(
      matched.filter(({ index }) => !refused.has(index)),
      held,
    );
    await insert(tx, author, fresh, held);
    const clashing = once && fresh.length > 0 ? await findClashing(tx, author.department, fresh, held) : NONE;
    if (clashing.size === 0) return { judged, settled: await settled(tx, author, fresh, once), refused };
    await tx.query('rollback to savepoint once');
    for (const { index, id, is } of judged) {
      const field = clashing.get(id);
      if (field !== undefined && is !== 'CONTRADICTING') refused.set(index, { code: AidCode.ALREADY_GRANTED, field });
    }
    if (round === MOST_ROUNDS) for (const [index, fault] of allThatMayClash(matched, held)) refused.set(index, fault);
  }
}

/** What rules refuse; but what is held already was taken when it came, and is told so whatever the rules say today. */
function faultsOf(matched: readonly Matched[], held: readonly HeldVersion[]): Map<number, ItemFault> {
  const slots = new Map(held.map(({ sourceKey, version, digest }) => [`${version} ${sourceKey}`, digest]));
  const isHeld = ({ aid, digest }: Matched): boolean =>
    slots.get(`${aid.version} ${aid.sourceKey}`)?.equals(digest) === true;
  return new Map(
    matched.flatMap((one): [number, ItemFault][] =>
      one.fault === undefined || isHeld(one) ? [] : [[one.index, one.fault]],
    ),
  );
}

async function insert(
  tx: PoolClient,
  author: Author,
  fresh: readonly NewVersion[],
  held: readonly HeldVersion[],
): Promise<void> {
  if (fresh.length === 0) return;
  if ((await insertVersions(tx, author, fresh, held)) < fresh.length) throw new Restart();
}

async function settled(
  tx: PoolClient,
  { department }: Author,
  fresh: readonly NewVersion[],
  once: boolean,
): Promise<ReadonlyMap<string, SettledVersion>> {
  if (fresh.length === 0) return new Map();
  await settle(tx, department, [...new Set(fresh.map(({ aid }) => aid.sourceKey))], { once });
  const versions = await findSettled(
    tx,
    fresh.map(({ id }) => id),
  );
  return new Map(versions.map((version) => [version.id, version]));
}

/** Without these nothing of the call can come into force under a once-key. */
function allThatMayClash(matched: readonly Matched[], held: readonly HeldVersion[]): ReadonlyMap<number, ItemFault> {
  const reversing = new Set(
    [...matched.map(({ aid }) => aid), ...held].flatMap(({ reversalOf, sourceKey }) =>
      reversalOf === null ? [] : sourceKey,
    ),
  );
  return new Map(
    matched.flatMap(({ index, aid, onceKey }): [number, ItemFault][] => {
      if (onceKey !== null) return [[index, { code: AidCode.ALREADY_GRANTED, field: 'item' }]];
      return reversing.has(aid.sourceKey) ? [[index, { code: AidCode.ALREADY_GRANTED, field: 'reversalOf' }]] : [];
    }),
  );
}
