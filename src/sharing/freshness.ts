/**
 * The feeds behind an answer, for whoever asks with `Hub-Freshness: include`: by the types that the operation read and the
 * caller's own regions. Kept for a few seconds, so that a busy caller costs one reading of a small table.
 */
import { LRUCache } from 'lru-cache';
import type { Graph } from '../graph/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pool } from '../platform/database.ts';
import { recordBehind } from '../registry/index.ts';

/** How fresh one source is, beside an answer. */
export interface AnswerFreshness {
  /** Null where nobody delivers that kind of record. */
  readonly department: string | null;
  readonly sourceSystem: string | null;
  readonly record: string;
  /** Division covered; null: everywhere. */
  readonly regionCode: string | null;
  readonly asOf: string | null;
  readonly rhythmHours: number | null;
  readonly stale: boolean;
}

/** Tells the feeds behind types of the graph. */
export type TellFreshness = (
  types: readonly string[],
  caller: { readonly regions: readonly string[] },
) => Promise<readonly AnswerFreshness[]>;

/** What the feeds are told from. */
export interface FreshnessParts {
  readonly pool: Pool;
  readonly graph: Graph;
  readonly clock: Clock;
}

interface HeldFeed {
  readonly department: string;
  readonly sourceSystem: string;
  readonly record: string;
  readonly regionCode: string | null;
  readonly asOf: Date | null;
  readonly rhythmHours: number;
}

const KEPT_MS = 5_000;
const MOST_CALLERS = 200;
const HOUR_MS = 3_600_000;

// Feeds of everywhere, of a region of the caller, above one, and below one.
const FEEDS = `
  select feed.department, feed.source_system as "sourceSystem", feed.record, feed.region_code as "regionCode",
    feed.as_of as "asOf", feed.rhythm_hours as "rhythmHours"
  from feed left join region covered on covered.code = feed.region_code
  where feed.ended_at is null and (feed.region_code is null or exists (select from region own where own.code = any($1::text[])
    and (own.code in (covered.code, covered.township_code, covered.county_code, covered.prefecture_code, covered.province_code)
      or feed.region_code in (own.township_code, own.county_code, own.prefecture_code, own.province_code))))
  order by feed.record, feed.department, feed.source_system, feed.region_code nulls first`;

/** Opens the cache; nothing is read before somebody asks. */
export function openFreshness({ pool, graph, clock }: FreshnessParts): TellFreshness {
  const kept = new LRUCache<string, Promise<readonly HeldFeed[]>>({ max: MOST_CALLERS, ttl: KEPT_MS });
  const feedsOf = (regions: readonly string[]): Promise<readonly HeldFeed[]> => {
    const key = regions.join(' ');
    const known = kept.get(key);
    if (known !== undefined) return known;
    const read = pool.query<HeldFeed>(FEEDS, [regions]).then(({ rows }) => rows);
    kept.set(key, read);
    // A failure is told to those who wait for it, and not kept.
    read.catch(() => kept.delete(key));
    return read;
  };
  return async (types, { regions }) => {
    const records = new Set(
      types.flatMap((type) => {
        const noun = graph.nouns.get(type);
        return (noun && recordBehind(noun)) ?? [];
      }),
    );
    if (records.size === 0) return [];
    const feeds = await feedsOf(regions);
    const now = clock.now().getTime();
    return [...records].sort().flatMap((record) => {
      const found = feeds.filter((feed) => feed.record === record);
      return found.length === 0 ? [missing(record)] : found.map((feed) => told(feed, now));
    });
  };
}

const told = ({ asOf, ...feed }: HeldFeed, now: number): AnswerFreshness => ({
  ...feed,
  asOf: asOf?.toISOString() ?? null,
  stale: asOf === null || asOf.getTime() + feed.rhythmHours * HOUR_MS < now,
});

/** Nobody delivers it there: as stale as can be. */
const missing = (record: string): AnswerFreshness => ({
  department: null,
  sourceSystem: null,
  record,
  regionCode: null,
  asOf: null,
  rhythmHours: null,
  stale: true,
});
