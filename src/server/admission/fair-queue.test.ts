import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue } from './fair-queue.ts';
import type { QueueBounds } from './fair-queue.ts';

const bounds: QueueBounds = { running: 2, runningPerClient: 2, waiting: 100, waitingPerClient: 50 };

/** Fills every place with operations of the client. */
const full = (change: Partial<QueueBounds> = {}): FairQueue<string> => {
  const queue = new FairQueue<string>({ ...bounds, ...change });
  while (queue.enter('first'));
  return queue;
};

describe('a queue', () => {
  test('lets in at once while there is a free place', () => {
    const queue = new FairQueue<string>(bounds);
    expect([queue.enter('a'), queue.enter('b'), queue.enter('c')]).toEqual([true, true, false]);
    expect(queue.leave('a')).toBeUndefined();
    expect(queue.enter('c')).toBe(true);
    expect([queue.running, queue.waiting]).toEqual([2, 0]);
  });

  test('serves a single operation after at most one of the client that sent a crowd', () => {
    const queue = full();
    for (let i = 0; i < 40; i += 1) queue.wait('crowd', `crowd ${String(i)}`);
    queue.wait('single', 'single');
    const served = [queue.leave('first'), queue.leave('first'), queue.leave('crowd'), queue.leave('single')];
    expect(served).toEqual(['crowd 0', 'single', 'crowd 1', 'crowd 2']);
  });

  test('keeps a client to its share while places are free, and serves others past it', () => {
    const queue = new FairQueue<string>({ ...bounds, running: 3, runningPerClient: 1 });
    expect([queue.enter('a'), queue.enter('a')]).toEqual([true, false]);
    queue.wait('a', 'a1');
    expect(queue.enter('b')).toBe(true);
    expect(queue.leave('b')).toBeUndefined();
    expect(queue.leave('a')).toBe('a1');
  });

  test('tells whose line is full', () => {
    const queue = full({ waiting: 3, waitingPerClient: 2 });
    expect([1, 2, 3].map((i) => queue.wait('a', `a${String(i)}`))).toEqual(['waits', 'waits', 'client full']);
    expect([queue.wait('b', 'b1'), queue.wait('c', 'c1')]).toEqual(['waits', 'full']);
    expect(queue.waiting).toBe(3);
  });

  test('never serves an item that was withdrawn', () => {
    const queue = full();
    queue.wait('a', 'a1');
    queue.wait('a', 'a2');
    expect([queue.withdraw('a', 'a1'), queue.withdraw('a', 'a1')]).toEqual([true, false]);
    expect([queue.leave('first'), queue.leave('first')]).toEqual(['a2', undefined]);
    expect([queue.running, queue.waiting]).toEqual([1, 0]);
  });
});

/**
 * A slow and obvious account of who runs and waits, beside the queue, fed with the same events: it knows nothing of
 * turns, only what must hold of any fair order.
 */
class Account {
  readonly runs: string[] = [];
  readonly waits: { readonly client: string; readonly item: number; passedBy: string[] }[] = [];
  readonly #bounds: QueueBounds;

  constructor(limits: QueueBounds) {
    this.#bounds = limits;
  }

  of(client: string, list: readonly (string | { readonly client: string })[]): number {
    return list.filter((entry) => (typeof entry === 'string' ? entry : entry.client) === client).length;
  }

  mayRun(client: string): boolean {
    return this.of(client, this.runs) < this.#bounds.runningPerClient;
  }

  /** The item was served: it was the oldest of its client, and passed nobody by twice. */
  serve(item: number): void {
    const at = this.waits.findIndex((waiting) => waiting.item === item);
    const [served] = this.waits.splice(at, at < 0 ? 0 : 1);
    if (served === undefined) throw new Error('somebody was served who does not wait');
    const { client } = served;
    if (this.waits.slice(0, at).some((other) => other.client === client))
      throw new Error('not the oldest of its client');
    for (const other of this.waits) {
      if (other.client === client || !this.mayRun(other.client)) continue;
      if (other.passedBy.includes(client)) throw new Error('served twice while another waited');
      other.passedBy.push(client);
    }
    for (const other of this.waits) if (other.client === client) other.passedBy = [];
    this.runs.push(client);
  }

  check(queue: FairQueue<number>): void {
    expect([queue.running, queue.waiting]).toEqual([this.runs.length, this.waits.length]);
    expect(this.runs.length).toBeLessThanOrEqual(this.#bounds.running);
    expect(this.waits.length).toBeLessThanOrEqual(this.#bounds.waiting);
    const idle = this.runs.length < this.#bounds.running;
    expect(idle && this.waits.some(({ client }) => this.mayRun(client))).toBe(false);
  }
}

const clients = fc.constantFrom('a', 'b', 'c', 'd');
const events = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('come' as const), client: clients }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('done' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('go' as const), which: fc.nat() }) },
  ),
  { maxLength: 200 },
);
const anyBounds = fc.record({
  running: fc.integer({ min: 1, max: 4 }),
  runningPerClient: fc.integer({ min: 1, max: 4 }),
  waiting: fc.integer({ min: 0, max: 20 }),
  waitingPerClient: fc.integer({ min: 0, max: 8 }),
});

test('whatever comes, ends and goes away: no place is idle while somebody may run, nobody is passed by twice, all are served', () => {
  fc.assert(
    fc.property(anyBounds, events, (limits, happening) => {
      const queue = new FairQueue<number>(limits);
      const account = new Account(limits);
      const finish = (which: number): void => {
        const [client] = account.runs.splice(which % account.runs.length, 1);
        const next = queue.leave(String(client));
        if (next !== undefined) account.serve(next);
      };
      happening.forEach((event, item) => {
        if (event.kind === 'come') {
          const { client } = event;
          if (queue.enter(client)) account.runs.push(client);
          else {
            const verdict = queue.wait(client, item);
            const clientFull = account.of(client, account.waits) >= limits.waitingPerClient;
            const allFull = account.waits.length >= limits.waiting;
            expect(verdict).toBe(clientFull ? 'client full' : allFull ? 'full' : 'waits');
            if (verdict === 'waits') account.waits.push({ client, item, passedBy: [] });
          }
        } else if (event.kind === 'done' && account.runs.length > 0) {
          finish(event.which);
        } else if (event.kind === 'go' && account.waits.length > 0) {
          const [gone] = account.waits.splice(event.which % account.waits.length, 1);
          expect(queue.withdraw(String(gone?.client), gone?.item ?? -1)).toBe(true);
        }
        account.check(queue);
      });
      while (account.runs.length > 0) finish(0);
      expect([queue.running, queue.waiting, account.waits]).toEqual([0, 0, []]);
    }),
    { numRuns: 500, seed: 20261122 },
  );
});
