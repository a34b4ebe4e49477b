/** The turn of one operation: a place that it gives up for as long as it waits on purpose. */
import type { Asker } from '../../platform/cancel.ts';
import { cancelled } from '../../platform/errors.ts';
import type { Admission } from './admission.ts';

/** A turn that has begun. */
export interface Turn {
  /**
   * Waits with neither a place here nor a connection of the database, and lines up anew. Rejects as `Admission.enter` does,
   * and with CANCELLED as soon as the asker goes; the turn is over then.
   */
  readonly pause: (ms: number) => Promise<void>;
  /** Gives the place back, where it still has one. */
  readonly end: () => void;
}

/** Lines up, does the work and gives the place back, however that ends. Rejects as `Admission.enter` and the work do. */
export async function inTurn<T>(
  admission: Admission,
  client: string,
  asker: Asker,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const entering = admission.enter(client, asker);
  // Where there is a place, nothing is waited for.
  if (entering !== undefined) await entering;
  const turn = beginTurn(admission, client, asker);
  try {
    return await work(turn);
  } finally {
    turn.end();
  }
}

/** The turn of an operation that was let in. */
export function beginTurn(admission: Admission, client: string, asker: Asker): Turn {
  let inside = true;
  const end = (): void => {
    if (!inside) return;
    inside = false;
    admission.leave(client);
  };
  return {
    end,
    async pause(ms) {
      end();
      await rest(ms, asker);
      const turn = admission.enter(client, asker);
      if (turn !== undefined) await turn;
      inside = true;
    },
  };
}

const rest = (ms: number, asker: Asker): Promise<void> =>
  new Promise((resolve, reject) => {
    if (asker.gone) {
      reject(cancelled());
      return;
    }
    const timer = setTimeout(() => {
      asker.onGone = undefined;
      resolve();
    }, ms);
    asker.onGone = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
  });
