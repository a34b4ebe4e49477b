/** Reported aid keeps the feed of a department's grants fresh: who reports is not "never heard of". */
import { LRUCache } from 'lru-cache';
import type { Bound } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { noteReported } from '../registry/index.ts';

/** How exact the time of the last report is. Rhythms are hours; so a busy system writes to its feed once a minute. */
const EXACT_MS = 60_000;
const MOST_REPORTERS = 1_000;

/** Moves the feeds of those who report. */
export interface ReportFeed {
  /** In the transaction of a report of that instant; @returns what to call once it is committed. */
  note(tx: PoolClient, caller: Bound, at: Date): Promise<() => void>;
}

/** Keeps in mind whom it noted when; another process or a restart notes once more. */
export function createReportFeed(): ReportFeed {
  const noted = new LRUCache<string, number>({ max: MOST_REPORTERS });
  return {
    async note(tx, { client, department, regions }, at) {
      const key = [client, department, ...regions].join(' ');
      const last = noted.get(key);
      const now = at.getTime();
      if (last !== undefined && now >= last && now - last < EXACT_MS) return () => undefined;
      await noteReported(tx, { sourceSystem: client, department, record: 'AID_GRANT', asOf: at, regions });
      return () => void noted.set(key, now);
    },
  };
}
