/** Seals the entries of business transactions once those have committed. No lock spans any of them. */
import type { Clock } from '../../platform/clock.ts';
import type { PoolClient } from '../../platform/database.ts';
import { ledgerUnavailable } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { Adoption } from './adoption.ts';
import type { Anchors } from './anchors.ts';
import { appendSeal, insertWrite } from './chain.ts';
import type { GroupCommit } from './group-commit.ts';
import type { PreparedEntry } from './prepared-entry.ts';
import type { Session } from './session.ts';

/** What the sealer works with. */
export interface SealerParts {
  readonly commit: GroupCommit;
  readonly adoption: Adoption;
  readonly anchors: Anchors;
  readonly clock: Clock;
  readonly log: Logger;
}

const INTERVAL = 200; // ms between two looks, so that a write is sealed well within a second of its commit
const MOST_ENTRIES = 1_000; // in one seal

/** An entry whose transaction had not ended when we last looked. */
interface Pending {
  readonly id: string;
  readonly chain: number;
  /** 64-bit number of the transaction. */
  readonly xid: string;
  readonly digest: Buffer;
}

/** Writes of this process that wait for their seal. */
export class WriteSealer {
  readonly #parts: SealerParts;
  readonly #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SealerParts) {
    this.#parts = parts;
  }

  /** How many entries wait. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Writes the entry in the transaction that the client is in. */
  async recordIn(client: PoolClient, entry: PreparedEntry): Promise<void> {
    const { chain, operationNumber } = await this.#place(entry);
    const xid = await insertWrite(client, chain, { ...entry, operationNumber });
    this.#pending.set(entry.id, { id: entry.id, chain, xid, digest: entry.digest });
    this.#schedule();
  }

  /** Looks at once instead of in a while. */
  async look(): Promise<void> {
    this.stop();
    if (this.#pending.size === 0) return;
    try {
      await this.#parts.commit.exclusively((session) => this.#sealEnded(session));
    } catch (err) {
      this.#parts.log.warn({ err, entries: this.#pending.size }, 'writes could not be sealed yet');
    }
    if (this.#pending.size > 0) this.#schedule();
  }

  /** Looks no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.look(), INTERVAL);
  }

  /** Chain and operation of an entry; nearly always known, and then without a word to the database. */
  async #place({ operation }: PreparedEntry): Promise<{ chain: number; operationNumber: number }> {
    const { commit } = this.#parts;
    let [chain, operationNumber] = [commit.chain, commit.operations.numberOf(operation)];
    if (chain === undefined || operationNumber === undefined) {
      try {
        [chain, operationNumber] = await commit.exclusively(async (session) => {
          const numbers = await commit.operations.register(session.client, [operation]);
          return [session.head.chain, numbers.get(operation.key)];
        });
      } catch (error) {
        throw ledgerUnavailable(error);
      }
    }
    if (operationNumber === undefined) throw ledgerUnavailable(new Error('The operation was not registered'));
    return { chain, operationNumber };
  }

  async #sealEnded(session: Session): Promise<void> {
    const { client } = session;
    const pending = [...this.#pending.values()];
    const { rows } = await client.query<{ id: string }>(
      `select p.id from unnest($1::text[], $2::text[]) as p (id, xid)
       where pg_xact_status(p.xid::xid8) is distinct from 'in progress'`,
      [pending.map(({ id }) => id), pending.map(({ xid }) => xid)],
    );
    const ids = new Set(rows.map(({ id }) => id));
    const ended = pending.filter(({ id }) => ids.has(id));
    const own = ended.filter(({ chain }) => chain === session.head.chain);
    for (let from = 0; from < own.length; from += MOST_ENTRIES)
      await this.#seal(session, own.slice(from, from + MOST_ENTRIES));
    const left = new Set<number>();
    for (const chain of new Set(ended.map((one) => one.chain))) {
      // Of a chain that broke under us: what it left is taken up like anybody's.
      if (chain !== session.head.chain && !(await this.#parts.adoption.adopt(session, chain))) left.add(chain);
    }
    for (const one of ended) {
      // The same entry may have been written anew by a transaction that was tried again.
      if (!left.has(one.chain) && this.#pending.get(one.id) === one) this.#pending.delete(one.id);
    }
  }

  /** Seals those that committed: the others were rolled back and are not there. */
  async #seal(session: Session, ended: readonly Pending[]): Promise<void> {
    const { rows } = await session.client.query<{ id: string }>(
      `select r.id from access_record r
       where r.chain = $1 and r.seal = 0 and r.id = any($2::uuid[])
         and not exists (select from ledger_sealed_write w where w.chain = r.chain and w.entry_id = r.id)`,
      [session.head.chain, ended.map(({ id }) => id)],
    );
    const there = new Set(rows.map(({ id }) => id));
    // The digest is the one computed from the entry, not the one in the table.
    const writes = ended.filter(({ id }) => there.has(id));
    if (writes.length === 0) return;
    session.head = await appendSeal(session.client, session.head, { at: this.#parts.clock.now(), writes });
    this.#parts.anchors.note(session.head);
  }
}
