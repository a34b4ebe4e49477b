import type { CheckpointContent } from './checkpoint.ts';
import { fault } from './fault.ts';
import { isEndorsed, isGenuine } from './key-record.ts';
import type { KeyRecord } from './key-record.ts';

/** The keys that a ledger publishes, and which of them are trusted: those given, and whichever a trusted one endorsed. */
export class KeyBook {
  readonly #trust: ReadonlySet<string> | undefined;
  readonly #keys = new Map<string, KeyRecord>();
  readonly #trusted = new Set<string>();
  #waiting: KeyRecord[] = [];

  /** Without `trust` every key that the ledger publishes is believed. */
  constructor(trust: readonly string[] | undefined) {
    this.#trust = trust && new Set(trust.map((fingerprint) => fingerprint.toLowerCase()));
  }

  /** Checks the key's own signature, and that of the key before it once that is known. */
  async add(key: KeyRecord): Promise<void> {
    if (!(await isGenuine(key))) {
      fault('KEY_CHANGED', 0, 0, `The public key ${key.fingerprint} was changed: its own signature does not fit.`);
    }
    this.#waiting.push(key);
    // The clock may have gone back between two keys: then the later one comes first.
    for (let more = true; more;) {
      const ready = this.#waiting.filter(({ previous }) => previous === null || this.#keys.has(previous));
      this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
      for (const one of ready) await this.#place(one);
      more = ready.length > 0;
    }
  }

  async #place(key: KeyRecord): Promise<void> {
    const before = key.previous === null ? undefined : this.#keys.get(key.previous);
    if (before && !(await isEndorsed(key, before))) {
      fault('KEY_CHANGED', 0, 0, `The public key ${key.fingerprint} was not signed by the key before it.`);
    }
    this.#keys.set(key.fingerprint, key);
    const trusts = this.#trust === undefined || this.#trust.has(key.fingerprint);
    if (trusts || (before && this.#trusted.has(before.fingerprint))) this.#trusted.add(key.fingerprint);
  }

  /** The key, where it is there and trusted. */
  findTrusted(fingerprint: string): KeyRecord | undefined {
    return this.#trusted.has(fingerprint) ? this.#keys.get(fingerprint) : undefined;
  }

  /** The key of a checkpoint. */
  needed({ chain, number, seq, key }: CheckpointContent): KeyRecord {
    const found = this.#keys.get(key);
    if (!found) {
      const orphan = this.#waiting.find(({ fingerprint }) => fingerprint === key);
      const missing = orphan?.previous == null ? key : `${orphan.previous}, which endorsed ${key},`;
      fault(
        'KEY_MISSING',
        chain,
        seq,
        `The public key ${missing} of checkpoint ${number} of chain ${chain} is not there.`,
      );
    }
    if (!this.#trusted.has(key)) {
      const message = `Checkpoint ${number} of chain ${chain} is signed by the key ${key}, which nobody vouches for: it is neither trusted nor endorsed by a trusted key.`;
      fault('KEY_UNTRUSTED', chain, seq, message);
    }
    return found;
  }
}
