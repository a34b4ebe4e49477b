/**
 * Signs the heads of this process's chain: at once when a chain begins, then every minute in which there were new seals,
 * and at its end. Signing happens beside the requests: entries are durable and sealed without it, and a signature that
 * fails costs none of them. It is logged, told by `unsignedSince`, tried again, and overdue for `verify` after a while.
 */
import type { Clock } from '../../platform/clock.ts';
import type { PoolClient } from '../../platform/database.ts';
import type { Logger } from '../../platform/log.ts';
import type { Head } from './chain.ts';
import { holdsSeal } from './chain.ts';
import type { Checkpoint, CheckpointContent, CheckpointLink } from './checkpoint.ts';
import { checkpointDigest, checkpointMessage } from './checkpoint.ts';
import { findLastCheckpoint, insertCheckpoint, publishKeys } from './checkpoint-rows.ts';
import { toMicros } from './digests.ts';
import type { GroupCommit } from './group-commit.ts';
import type { KeyRing, SigningKey } from './key-ring.ts';
import type { Session } from './session.ts';
import { signWith } from './suites.ts';

/** What the signer works with. */
export interface CheckpointParts {
  readonly commit: GroupCommit;
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly log: Logger;
  /** Between two checkpoints of a chain, in ms. */
  readonly interval: number;
}

/** What is known of our chain between two checkpoints. */
interface Own {
  readonly chain: number;
  last: Checkpoint | undefined;
  /** Other chains whose end we have not linked yet, with the number that we linked last. */
  readonly others: Map<number, number>;
  /** The highest chain that we know. */
  newest: number;
}

/** The signer of one process. */
export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #published = new Set<string>();
  #own: Own | undefined;
  #timer: NodeJS.Timeout | undefined;
  #signing: Promise<void> = Promise.resolve();
  #waitingSince: Date | undefined;
  #failing = false;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
  }

  /** Signs now, and from now on every interval. */
  async start(): Promise<void> {
    await this.sign();
    this.#timer = setInterval(() => void this.sign(), this.#parts.interval);
    this.#timer.unref();
  }

  /** Signs no more by itself. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** When a checkpoint was first due that could not be signed; undefined while all is well. */
  get unsignedSince(): Date | undefined {
    return this.#waitingSince;
  }

  /** Signs the head of our chain, unless it is signed. Never rejects: a failure is reported and tried again. */
  sign(): Promise<void> {
    this.#signing = this.#signing.then(() => this.#attempt());
    return this.#signing;
  }

  /**
   * Signs the end of a chain whose lock the session holds; what was not signed yet must follow what was. Never rejects.
   */
  async signEnd({ client }: Session, head: Head): Promise<void> {
    try {
      const key = this.#parts.ring.last;
      const own = this.#own;
      const last = await findLastCheckpoint(client, head.chain);
      if (last && (last.seq === head.seq || !(await fits(client, last)))) return;
      const links =
        own?.last && own.chain !== head.chain
          ? [linkOf(own.last)]
          : own && (await this.#unlinked(client, own)).map(({ link }) => link);
      await this.#publish(client, key);
      await insertCheckpoint(client, await this.#signed(key, head, true, last, links ?? []));
    } catch (err) {
      this.#parts.log.error({ err, chain: head.chain }, 'the end of a chain of the ledger could not be signed');
    }
  }

  /** Resolves when no signature is under way. */
  settled(): Promise<void> {
    return this.#signing;
  }

  async #attempt(): Promise<void> {
    try {
      await this.#signOwn();
      this.#failing = false;
      this.#waitingSince = undefined;
    } catch (err) {
      this.#waitingSince ??= this.#parts.clock.now();
      if (!this.#failing) this.#parts.log.error({ err }, 'a checkpoint of the ledger could not be signed');
      this.#failing = true;
    }
  }

  async #signOwn(): Promise<void> {
    const { commit, ring } = this.#parts;
    if (commit.head && commit.head.chain === this.#own?.chain && commit.head.seq === this.#own.last?.seq) return;
    const key = await ring.look();
    const { own, head, found } = await commit.exclusively(async ({ client, head: at }) => {
      await this.#publish(client, key);
      const mine = this.#own?.chain === at.chain ? this.#own : begun(at.chain);
      return { own: mine, head: at, found: await this.#unlinked(client, mine) };
    });
    const links = found.map(({ link }) => link);
    // Between two batches nothing waits for this: the chain may well have grown when it is written.
    const checkpoint = await this.#signed(key, head, false, own.last, links);
    const written = await commit.exclusively(async ({ client, head: { chain } }) => {
      // Of a chain that broke meanwhile, whoever takes it over signs the end.
      if (chain !== head.chain) return false;
      await insertCheckpoint(client, checkpoint);
      return true;
    });
    if (!written) return;
    own.last = checkpoint;
    for (const { link, closing } of found) {
      if (closing) own.others.delete(link.chain);
      else own.others.set(link.chain, link.number);
    }
    this.#own = own;
  }

  async #publish(client: PoolClient, { history }: SigningKey): Promise<void> {
    const fresh = history.filter(({ fingerprint }) => !this.#published.has(fingerprint));
    await publishKeys(client, fresh);
    for (const { fingerprint } of fresh) this.#published.add(fingerprint);
  }

  async #signed(
    { pair, record }: SigningKey,
    head: Head,
    closing: boolean,
    last: Checkpoint | undefined,
    links: readonly CheckpointLink[],
  ): Promise<Checkpoint> {
    const content: CheckpointContent = {
      chain: head.chain,
      chainId: head.id,
      number: (last?.number ?? 0) + 1,
      atMicros: toMicros(this.#parts.clock.now()),
      seq: head.seq,
      seal: head.digest,
      entries: head.entries,
      closing,
      links,
      suite: record.suite,
      key: record.fingerprint,
    };
    const message = checkpointMessage(content, last?.digest ?? null);
    const signature = await signWith(pair, message);
    return { ...content, signature, digest: checkpointDigest(message, signature) };
  }

  /** Last checkpoints of other chains that ours do not name yet. */
  async #unlinked(client: PoolClient, own: Own): Promise<{ link: CheckpointLink; closing: boolean }[]> {
    const { rows: begunSince } = await client.query<{ number: number }>(
      `select c.number from ledger_chain c
       left join lateral (
         select closing from ledger_checkpoint k where k.chain = c.number order by k.number desc limit 1
       ) last on true
       where c.number > $1 and c.number <> $2 and last.closing is not true order by c.number`,
      [own.newest, own.chain],
    );
    for (const { number } of begunSince) {
      own.others.set(number, 0);
      own.newest = Math.max(own.newest, number);
    }
    own.newest = Math.max(own.newest, own.chain);
    if (own.others.size === 0) return [];
    const { rows } = await client.query<CheckpointLink & { readonly closing: boolean }>(
      `select last.chain, last.number, encode(last.digest, 'hex') as digest, last.closing
       from unnest($1::int[]) as other (chain)
       cross join lateral (
         select k.chain, k.number, k.digest, k.closing from ledger_checkpoint k where k.chain = other.chain
         order by k.number desc limit 1
       ) last order by last.chain`,
      [[...own.others.keys()]],
    );
    return rows
      .filter(({ chain, number }) => number > (own.others.get(chain) ?? 0))
      .map(({ closing, ...link }) => ({ link, closing }));
  }
}

const begun = (chain: number): Own => ({ chain, last: undefined, others: new Map(), newest: 0 });

const linkOf = ({ chain, number, digest }: Checkpoint): CheckpointLink => ({
  chain,
  number,
  digest: digest.toString('hex'),
});

/** Whether the chain still holds what was signed. Otherwise nothing more is signed there: it is for `verify` to find. */
const fits = (client: PoolClient, { chain, seq, seal }: Checkpoint): Promise<boolean> =>
  holdsSeal(client, { chain, seq, digest: seal.toString('hex') });
