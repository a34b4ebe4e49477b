/** What a process left behind when it died: its unsealed writes, and a chain without an end. */
import type { Clock } from '../../platform/clock.ts';
import type { PoolClient } from '../../platform/database.ts';
import type { Logger } from '../../platform/log.ts';
import type { Anchors } from './anchors.ts';
import { appendSeal, holdsSeal, lockChain, unlockChain } from './chain.ts';
import type { Head } from './chain.ts';
import type { Session } from './session.ts';
import { removeVouchedFor } from './vouched-anchors.ts';

/** What adoption works with. */
export interface AdoptionParts {
  readonly clock: Clock;
  readonly anchors: Anchors;
  readonly log: Logger;
  /** Signs the end of a chain that the session holds. */
  readonly signEnd: (session: Session, head: Head) => Promise<void>;
}

/** A chain as it was found, or as it is left. */
interface Found extends Head {
  readonly closing: boolean;
}

const MOST_ENTRIES = 1_000; // in one seal

/** Continues the chains of processes that are gone until everything in them is sealed, then closes them. */
export class Adoption {
  readonly #parts: AdoptionParts;
  /** By chain: a transaction of the dead process that was under way when we found it has a lower number than this. */
  readonly #horizons = new Map<number, bigint>();

  constructor(parts: AdoptionParts) {
    this.#parts = parts;
  }

  /** Takes over every chain that is open, or whose end nobody signed, and that no process holds. */
  async sweep(session: Session): Promise<void> {
    const { rows } = await session.client.query<{ number: number }>(
      `select c.number from ledger_chain c
       cross join lateral (select seq, closing from ledger_seal s where s.chain = c.number order by seq desc limit 1) head
       left join lateral (
         select seq from ledger_checkpoint k where k.chain = c.number order by k.number desc limit 1
       ) signed on true
       where (not head.closing or signed.seq is distinct from head.seq) and c.number <> $1 order by c.number`,
      [session.head.chain],
    );
    for (const { number } of rows) await this.adopt(session, number);
    await removeVouchedFor(session, this.#parts.anchors);
  }

  /** Takes over one chain. False when its process, or its last breath in the database, still holds it. */
  async adopt(session: Session, chain: number): Promise<boolean> {
    const { client } = session;
    if (!(await lockChain(client, chain))) return false;
    const head = await this.#findHead(client, chain);
    if (head) {
      const ended = await this.#finish(client, head);
      if (ended.seq > head.seq) {
        this.#parts.anchors.note(ended);
        this.#parts.log.info({ chain, seals: ended.seq - head.seq }, 'a chain of a process that is gone was continued');
      }
      if (ended.closing) await this.#parts.signEnd(session, ended);
    }
    await unlockChain(client, chain);
    return true;
  }

  /** The head, unless the anchor says that the chain was longer: then it stays as it is, for `verify` to find. */
  async #findHead(client: PoolClient, chain: number): Promise<Found | undefined> {
    const { rows } = await client.query<Found>(
      `select c.number as chain, c.id, s.seq, s.digest, s.closing, (coalesce(k.entries, 0) + coalesce((
         select sum(octet_length(entries)) / 16 from ledger_seal where chain = $1 and seq > coalesce(k.seq, 0)
       ), 0))::float8 as entries
       from ledger_chain c
       join ledger_seal s on s.chain = c.number
       left join lateral (
         select seq, entries from ledger_checkpoint where chain = c.number order by number desc limit 1
       ) k on true
       where c.number = $1 order by s.seq desc limit 1`,
      [chain],
    );
    const head = rows[0];
    if (!head) return undefined;
    const anchor = await this.#parts.anchors.read(head.id).catch((err: unknown) => {
      this.#parts.log.error({ err, chain }, 'the anchor of a chain cannot be read');
      return null;
    });
    if (anchor === undefined) return head;
    if (anchor !== null && (await holdsSeal(client, anchor))) return head;
    this.#parts.log.error({ chain }, 'a chain does not fit its anchor and is not continued; run: hub ledger verify');
    return undefined;
  }

  async #finish(client: PoolClient, found: Found): Promise<Found> {
    // Looked up before the entries are: a transaction that ends in between is then seen by the look-up that follows.
    const quiet = await this.#isQuiet(client, found.chain);
    let head = found;
    for (;;) {
      const { rows: writes } = await client.query<{ id: string; digest: Buffer }>(
        `select r.id, r.digest from access_record r
         where r.chain = $1 and r.seal = 0
           and not exists (select from ledger_sealed_write w where w.chain = r.chain and w.entry_id = r.id)
         order by r.id limit $2`,
        [found.chain, MOST_ENTRIES],
      );
      if (writes.length === 0) break;
      head = { ...(await appendSeal(client, head, { at: this.#parts.clock.now(), writes })), closing: false };
    }
    if (!quiet || head.closing) return head;
    this.#horizons.delete(found.chain);
    return { ...(await appendSeal(client, head, { at: this.#parts.clock.now(), closing: true })), closing: true };
  }

  /** Whether every transaction that the dead process can have had under way has ended. */
  async #isQuiet(client: PoolClient, chain: number): Promise<boolean> {
    const { rows } = await client.query<{ oldest: string; next: string }>(
      'select pg_snapshot_xmin(s)::text as oldest, pg_snapshot_xmax(s)::text as next from pg_current_snapshot() s',
    );
    const horizon = this.#horizons.get(chain) ?? BigInt(rows[0]?.next ?? 0);
    this.#horizons.set(chain, horizon);
    return BigInt(rows[0]?.oldest ?? 0) >= horizon;
  }
}
