/** So many at a time, the others in the order in which they came, as long as they wait at all. */

/** Places at a source. */
export interface Slots {
  readonly waiting: number;
  /** Resolves with a place; rejects with the signal's reason as soon as it aborts. */
  take(signal: AbortSignal): Promise<void>;
  give(): void;
}

/** That many places. */
export function openSlots(most: number): Slots {
  let free = most;
  const queue = new Set<() => void>();
  return {
    get waiting() {
      return queue.size;
    },
    take: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(reasonOf(signal));
          return;
        }
        if (free > 0) {
          free -= 1;
          resolve();
          return;
        }
        const onAbort = (): void => {
          queue.delete(enter);
          reject(reasonOf(signal));
        };
        const enter = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        signal.addEventListener('abort', onAbort, { once: true });
        queue.add(enter);
      }),
    give() {
      const [next] = queue;
      if (next === undefined) {
        free += 1;
        return;
      }
      queue.delete(next);
      next();
    },
  };
}

const reasonOf = ({ reason }: AbortSignal): Error => (reason instanceof Error ? reason : new Error('Aborted'));
