/** Who runs and who waits: first come first served within a client, and clients take turns. Counts only, no clock. */

/** How many may run and wait, in all and of one client. */
export interface QueueBounds {
  readonly running: number;
  readonly runningPerClient: number;
  readonly waiting: number;
  readonly waitingPerClient: number;
}

interface Client<T> {
  readonly name: string;
  running: number;
  /** In the order in which they came. */
  readonly waiting: Set<T>;
}

/**
 * The queue. A place that comes free goes to the client whose turn it is and that may run one more; then it is the
 * others' turn, so a thousand operations of one client delay the single one of another by one round. No place stays free
 * while somebody who may run waits.
 */
export class FairQueue<T> {
  readonly #bounds: QueueBounds;
  readonly #clients = new Map<string, Client<T>>();
  /** Clients of whom something waits; the first one is next. */
  readonly #turns = new Set<Client<T>>();
  #running = 0;
  #waiting = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a place where one is free; `leave` gives it back. */
  enter(name: string): boolean {
    const client = this.#clientOf(name);
    if (this.#running >= this.#bounds.running || !this.#mayRun(client)) return false;
    client.running += 1;
    this.#running += 1;
    return true;
  }

  /** Puts the item at the end of its client's line, or tells which of the two lines is full. */
  wait(name: string, item: T): 'waits' | 'client full' | 'full' {
    const client = this.#clientOf(name);
    const verdict =
      client.waiting.size >= this.#bounds.waitingPerClient
        ? 'client full'
        : this.#waiting >= this.#bounds.waiting
          ? 'full'
          : 'waits';
    if (verdict === 'waits') {
      client.waiting.add(item);
      this.#turns.add(client);
      this.#waiting += 1;
    }
    this.#forget(client);
    return verdict;
  }

  /** Gives a place back. The item that gets it is out of the line and has entered. */
  leave(name: string): T | undefined {
    const client = this.#clientOf(name);
    client.running -= 1;
    this.#running -= 1;
    const next = this.#turns.size === 0 ? undefined : this.#next();
    this.#forget(client);
    return next;
  }

  /** Takes an item that waits out of the line; false when it does not wait. */
  withdraw(name: string, item: T): boolean {
    const client = this.#clientOf(name);
    const waited = client.waiting.delete(item);
    if (waited) this.#waiting -= 1;
    if (client.waiting.size === 0) this.#turns.delete(client);
    this.#forget(client);
    return waited;
  }

  #next(): T | undefined {
    for (const client of this.#turns) {
      if (!this.#mayRun(client)) continue;
      this.#turns.delete(client);
      for (const item of client.waiting) {
        client.waiting.delete(item);
        client.running += 1;
        this.#running += 1;
        this.#waiting -= 1;
        if (client.waiting.size > 0) this.#turns.add(client);
        return item;
      }
    }
    return undefined;
  }

  #mayRun(client: Client<T>): boolean {
    return client.running < this.#bounds.runningPerClient;
  }

  #clientOf(name: string): Client<T> {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const client: Client<T> = { name, running: 0, waiting: new Set() };
    this.#clients.set(name, client);
    return client;
  }

  /** Nothing is kept of a client of whom nothing runs or waits. */
  #forget(client: Client<T>): void {
    if (client.running === 0 && client.waiting.size === 0) this.#clients.delete(client.name);
  }
}
