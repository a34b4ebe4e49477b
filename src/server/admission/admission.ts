/** Admission of operations: they run at once while there is room, wait their turn for a while, or are turned away. */
import type { Bounds } from '../../platform/bounds.ts';
import type { Asker } from '../../platform/cancel.ts';
import { cancelled, overloaded, tooManyRequests } from '../../platform/errors.ts';
import { FairQueue } from './fair-queue.ts';

/** The door of a hub. */
export interface Admission {
  /**
   * Lets an operation of the client in: at once (undefined), or when its turn comes. Whoever is in leaves again. Rejects
   * with TOO_MANY_REQUESTS, OVERLOADED (too many wait, or it waited too long) and, when the asker has gone, CANCELLED.
   */
  enter(client: string, asker: Asker): Promise<void> | undefined;
  leave(client: string): void;
  /** Operations that run, and that wait. */
  readonly running: number;
  readonly waiting: number;
}

interface Waiter {
  readonly admit: () => void;
}

/** When one who was turned away does well to come back; in s. */
const RETRY = { line: 1, crowd: 2 } as const;

/** A door with nobody in. */
export function openAdmission(bounds: Bounds): Admission {
  const queue = new FairQueue<Waiter>(bounds);

  const turn = (client: string, asker: Asker): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        asker.onGone = undefined;
      };
      const giveUp = (reason: Error): void => {
        done();
        queue.withdraw(client, waiter);
        reject(reason);
      };
      const waiter: Waiter = {
        admit: () => {
          done();
          resolve();
        },
      };
      const timer = setTimeout(() => {
        giveUp(overloaded(RETRY.crowd, 'wait'));
      }, bounds.wait);
      asker.onGone = () => {
        giveUp(cancelled());
      };
      const verdict = asker.gone ? 'gone' : queue.wait(client, waiter);
      if (verdict === 'gone') giveUp(cancelled());
      if (verdict === 'client full') giveUp(tooManyRequests(RETRY.line));
      if (verdict === 'full') giveUp(overloaded(RETRY.crowd, 'waiting'));
    });

  return {
    enter: (client, asker) => (queue.enter(client) ? undefined : turn(client, asker)),
    leave: (client) => queue.leave(client)?.admit(),
    get running() {
      return queue.running;
    },
    get waiting() {
      return queue.waiting;
    },
  };
}
