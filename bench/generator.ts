/** The load generator as a process: started once, given one order after the other. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './places.ts';

/** What is to be fired. */
export interface Order {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** File with a body in each line; the load goes round and round through them. */
  readonly bodies: string;
  readonly connections: number;
  readonly seconds: number;
  /** Every body once instead of so many seconds. */
  readonly once: boolean;
  /** What stands in a body for the number of its request, where every request must be another one. */
  readonly marker?: string;
  /** What that number begins with, so that the requests of two orders differ as well. */
  readonly run: string;
}

/** What was seen. Times in milliseconds unless said, sizes in bytes. */
export interface Shots {
  readonly requests: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly failed: number;
  /** CPU of the generator itself, microseconds. */
  readonly cpu: number;
}

/** A generator that waits for orders. */
export interface Generator {
  fire(order: Order): Promise<Shots>;
  stop(): void;
}

interface Reply {
  readonly number: number;
  readonly shots?: Shots;
  readonly fault?: string;
}

/** Starts the generator; an order under way is given up with the signal. */
export function startGenerator(signal: AbortSignal): Generator {
  // Detached: Ctrl-C in the terminal reaches the benchmark alone, which ends everything in its order.
  const child = fork(join(ROOT, 'bench/load/generator.js'), { cwd: ROOT, execArgv: [], detached: true });
  let orders = 0;
  return {
    fire: async (order) => {
      signal.throwIfAborted();
      const number = (orders += 1);
      const reply = await new Promise<Reply>((resolve, reject) => {
        const answered = (message: unknown): void => {
          if ((message as Reply).number === number) settle(() => resolve(message as Reply));
        };
        const ended = (): void => settle(() => reject(new Error('The load generator ended.')));
        const aborted = (): void => settle(() => reject(signal.reason as Error));
        const settle = (how: () => void): void => {
          child.off('message', answered).off('exit', ended);
          signal.removeEventListener('abort', aborted);
          how();
        };
        child.on('message', answered).once('exit', ended);
        signal.addEventListener('abort', aborted, { once: true });
        child.send({ number, order });
      });
      if (reply.shots === undefined) throw new Error(`The load generator failed: ${reply.fault ?? 'unknown'}`);
      return reply.shots;
    },
    stop: () => child.kill('SIGKILL'),
  };
}
