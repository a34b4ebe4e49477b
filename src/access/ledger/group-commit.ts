/** One batch at a time: whatever arrives while one is being written goes out with the next, in one commit. */
import type { Clock } from '../../platform/clock.ts';
import type { Pool } from '../../platform/database.ts';
import { sqlState } from '../../platform/database.ts';
import { ledgerUnavailable } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { Anchors } from './anchors.ts';
import { appendSeal } from './chain.ts';
import type { Head } from './chain.ts';
import { Operations } from './operations.ts';
import type { PreparedEntry } from './prepared-entry.ts';
import { STATEMENT_TIMEOUT, Session } from './session.ts';

/** Bounds of the queue. */
export interface CommitLimits {
  /** Most entries in one commit. */
  readonly batch: number;
  /** Most entries that wait; the next one is refused. */
  readonly waiting: number;
}

/** Bounds that a hub works with. */
export const COMMIT_LIMITS: CommitLimits = { batch: 256, waiting: 10_000 };

const MOST_SUBJECTS = 50_000; // persons and households of one commit, about 2 MB
const DEADLINE = STATEMENT_TIMEOUT + 2_000; // ms; for a network that swallows everything

/** What the writer works with. */
export interface CommitParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly anchors: Anchors;
  readonly log: Logger;
  readonly limits: CommitLimits;
  /** Told when a chain begins. */
  readonly onChain?: () => void;
}

interface Waiting {
  readonly entry: PreparedEntry;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** The chain was lost to somebody else once already. */
  again: boolean;
}

interface Job {
  readonly run: (session: Session) => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** The only writer of this process's chain. */
export class GroupCommit {
  readonly operations = new Operations();
  readonly #parts: CommitParts;
  #session: Session | undefined;
  #waiting: Waiting[] = [];
  #jobs: Job[] = [];
  #running: Promise<void> | undefined;

  constructor(parts: CommitParts) {
    this.#parts = parts;
  }

  /** The chain that entries go to at this moment; undefined while there is no connection. */
  get chain(): number | undefined {
    return this.#session?.broken === false ? this.#session.head.chain : undefined;
  }

  /** The last seal of that chain. */
  get head(): Head | undefined {
    return this.#session?.broken === false ? this.#session.head : undefined;
  }

  /** Resolves when the entry is durable; rejects with LEDGER_UNAVAILABLE. */
  record(entry: PreparedEntry): Promise<void> {
    if (this.#waiting.length >= this.#parts.limits.waiting) {
      return Promise.reject(ledgerUnavailable(new Error('too many entries wait for the ledger')));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject, again: false });
      this.#start();
    });
  }

  /** Runs the work between two batches, with the connection to itself. */
  exclusively<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async (session: Session): Promise<void> => resolve(await work(session));
      this.#jobs.push({ run, reject });
      this.#start();
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Gives up the connection. */
  end(): void {
    this.#session?.end();
    this.#session = undefined;
  }

  #start(): void {
    this.#running ??= Promise.resolve()
      .then(() => this.#run())
      .finally(() => {
        this.#running = undefined;
        if (this.#waiting.length > 0 || this.#jobs.length > 0) this.#start();
      });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 || this.#jobs.length > 0) {
      let session: Session;
      try {
        session = await this.#connected();
      } catch (error) {
        // Nobody is kept waiting for a database that is away: the next request tries again.
        this.#parts.log.error({ err: error }, 'the ledger has no connection');
        const refused = [...this.#jobs.splice(0), ...this.#waiting.splice(0)];
        for (const { reject } of refused) reject(ledgerUnavailable(error));
        return;
      }
      const job = this.#jobs.shift();
      if (job)
        await this.#guarded(session, () => job.run(session)).catch((error: unknown) => job.reject(toError(error)));
      if (!session.broken && this.#waiting.length > 0) await this.#commit(session, this.#takeBatch());
    }
  }

  async #connected(): Promise<Session> {
    if (this.#session && !this.#session.broken) return this.#session;
    const { pool, clock, anchors, log } = this.#parts;
    const session = await Session.open(pool, clock);
    this.#session = session;
    anchors.note(session.head);
    log.info({ chain: session.head.chain }, 'a chain of the ledger begins');
    this.#parts.onChain?.();
    return session;
  }

  #takeBatch(): Waiting[] {
    let subjects = 0;
    let count = 0;
    for (const { entry } of this.#waiting) {
      subjects += (entry.persons?.ids.length ?? 0) + (entry.households?.ids.length ?? 0) + (entry.misses?.length ?? 0);
      if (count > 0 && (count >= this.#parts.limits.batch || subjects > MOST_SUBJECTS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(session: Session, batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#guarded(session, () => this.#write(session, batch));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (isForeignSeal(error) && batch.some(({ again }) => !again)) {
        this.#parts.log.error({ chain: session.head.chain }, 'somebody else wrote into this chain; another one begins');
        session.end();
        for (const one of batch) one.again = true;
        this.#waiting.unshift(...batch);
      } else if (!session.broken && isDataFault(error) && batch.length > 1) {
        // One entry is to blame, the others must not be lost with it.
        for (const one of batch) await this.#commit(session, [one]);
      } else {
        this.#parts.log.error({ err: error, entries: batch.length }, 'a batch of the ledger failed');
        for (const { reject } of batch) reject(ledgerUnavailable(error));
      }
    }
  }

  async #write(session: Session, batch: readonly Waiting[]): Promise<void> {
    const entries = batch.map(({ entry }) => entry);
    const numbers = await this.operations.register(
      session.client,
      entries.map(({ operation }) => operation),
    );
    const reads = entries.map((entry) => {
      const operationNumber = numbers.get(entry.operation.key);
      if (operationNumber === undefined) throw new Error('The operation of an entry was not registered');
      return { ...entry, operationNumber };
    });
    session.head = await appendSeal(session.client, session.head, { at: this.#parts.clock.now(), reads });
    this.#parts.anchors.note(session.head);
  }

  /** Ends the session when the work outlasts the deadline or the connection broke under it. */
  async #guarded(session: Session, work: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the database did not answer the ledger in time')), DEADLINE);
    });
    try {
      await Promise.race([work(), late]);
    } catch (error) {
      // Only an error that PostgreSQL named leaves the connection, and the head of the chain, in a known state.
      if (sqlState(error) === undefined || endsConnection(error)) session.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Connection lost (08), server going down (57P), read-only after a failover (25006). */
const endsConnection = (error: unknown): boolean => /^(08|57P|25006)/.test(sqlState(error) ?? '');

/** What the entry itself caused: a value out of range (22), a broken constraint (23). */
const isDataFault = (error: unknown): boolean => /^2[23]/.test(sqlState(error) ?? '');

const isForeignSeal = (error: unknown): boolean =>
  sqlState(error) === '23505' &&
  error instanceof Error &&
  'constraint' in error &&
  error.constraint === 'pk_ledger_seal';
