import type { Checkpoint, CheckpointLink } from './checkpoint.ts';
import { fault } from './fault.ts';

const DIGEST = 32;

/** Digests of checkpoints with neighbouring numbers. */
class Run {
  readonly from: number;
  #bytes = Buffer.alloc(64 * DIGEST);
  #count = 0;

  constructor(from: number) {
    this.from = from;
  }

  get end(): number {
    return this.from + this.#count;
  }

  push(digest: Buffer): void {
    if ((this.#count + 1) * DIGEST > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    }
    digest.copy(this.#bytes, this.#count * DIGEST);
    this.#count += 1;
  }

  digestOf(number: number): Buffer {
    const at = (number - this.from) * DIGEST;
    return this.#bytes.subarray(at, at + DIGEST);
  }
}

/** What the checkpoints of one chain say of another, until that one was read. */
interface Claim {
  readonly by: number;
  readonly link: CheckpointLink;
}

/** Holds what checkpoints say of each other against what is there: 32 bytes are kept of each. */
export class CheckpointBook {
  readonly #partial: boolean;
  readonly #runs = new Map<number, Run[]>();
  readonly #claims: Claim[] = [];

  /** In a part of a ledger, checkpoints before and after it are not asked for. */
  constructor(partial: boolean) {
    this.#partial = partial;
  }

  /** The chain goes on with this number: those before are not told. */
  skipTo(chain: number, number: number): void {
    this.#runs.set(chain, [...(this.#runs.get(chain) ?? []), new Run(number)]);
  }

  /** A checkpoint that is there. */
  add({ chain, number, digest, links }: Checkpoint): void {
    const runs = this.#runs.get(chain) ?? [new Run(number)];
    this.#runs.set(chain, runs);
    runs.at(-1)?.push(digest);
    for (const link of links) if (!this.#meets({ by: chain, link })) this.#claims.push({ by: chain, link });
  }

  /** All was read: what nobody found is missing. */
  end(): void {
    for (const claim of this.#claims) {
      if (this.#meets(claim)) continue;
      const { by, link } = claim;
      const runs = this.#runs.get(link.chain) ?? [];
      const [first, last] = [runs[0]?.from ?? Infinity, runs.at(-1)?.end ?? 0];
      const skipped = runs.length > 0 && link.number < (runs.at(-1)?.from ?? 0);
      if (skipped || (this.#partial && (link.number < first || link.number >= last))) continue;
      fault(
        'CHECKPOINT_MISSING',
        link.chain,
        0,
        `Checkpoint ${link.number} of chain ${link.chain}, which chain ${by} saw, is not there: the tail was cut off.`,
      );
    }
  }

  /** False when the checkpoint is not there, or not yet. */
  #meets({ by, link: { chain, number, digest } }: Claim): boolean {
    const run = this.#runs.get(chain)?.find(({ from, end }) => from <= number && number < end);
    if (!run) return false;
    if (run.digestOf(number).toString('hex') === digest) return true;
    return fault(
      'CHECKPOINT_BROKEN',
      chain,
      0,
      `Checkpoint ${number} of chain ${chain} is not the one that chain ${by} saw: the chain was made anew.`,
    );
  }
}
