/** Carries recalls out in the background: whoever ends a status orders one, and does not wait for the ledger to be read. */
import type { Graph } from '../graph/index.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import { carryOut } from './carry-out.ts';

/** What the recaller works with. */
export interface RecallerParts {
  readonly pool: Pool;
  readonly graph: Graph;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A recaller at work. Every process may have one: an order that one has in hand the others pass by. */
export interface Recaller {
  /** Carries out all that waits now. @returns how many recalls were written */
  run(): Promise<number>;
  /** Ends it, after the round under way. */
  close(): Promise<void>;
}

const EVERY_MS = 3_000;
const WAITING = 'select from recall_order where done_at is null limit 1';

/** Starts it. */
export function openRecaller({ pool, graph, clock, log }: RecallerParts): Recaller {
  let underWay: Promise<unknown> = Promise.resolve();
  const run = async (): Promise<number> => {
    let written = 0;
    while (((await pool.query(WAITING)).rowCount ?? 0) > 0) {
      const { orders, recalls } = await inTransaction(pool, (tx) => carryOut(tx, { graph, at: clock.now() }));
      written += recalls;
      // What is left is in the hands of another process.
      if (orders === 0) break;
    }
    return written;
  };
  const tick = (): void => {
    underWay = run()
      .catch((err: unknown) => {
        log.warn({ err }, 'recalls could not be carried out; they are tried again');
      })
      .then(() => {
        timer = setTimeout(tick, EVERY_MS).unref();
      });
  };
  let timer = setTimeout(tick, EVERY_MS).unref();
  return {
    run,
    close: async () => {
      clearTimeout(timer);
      await underWay;
      clearTimeout(timer);
    },
  };
}
