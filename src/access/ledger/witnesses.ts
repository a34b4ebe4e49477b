import type { Link } from './digests.ts';
import { fault } from './fault.ts';
import type { LedgerItem } from './items.ts';

type Witness = Omit<Extract<LedgerItem, { kind: 'witness' }>, 'kind'>;

/** Who saw which seals: told before the chains are read, so that each is met when its seal comes. */
export class Witnesses {
  /** By chain, then by seal. */
  readonly #expected = new Map<number, Map<number, Witness[]>>();
  /** What the first seals said, as far as it was told beforehand. */
  readonly #announced = new Set<string>();
  /** Seals of each chain that are told. */
  readonly #told = new Map<number, { from: number; last: number }>();

  /** Somebody saw a seal. */
  add(witness: Witness): void {
    const { chain, seq } = witness.link;
    if (witness.by !== null) this.#announced.add(keyOf(witness.by, witness.link));
    const seals = this.#expected.get(chain) ?? new Map<number, Witness[]>();
    this.#expected.set(chain, seals.set(seq, [...(seals.get(seq) ?? []), witness]));
  }

  /** A chain begins: an anchor names its id as well. */
  begin(chain: number, id: string): void {
    this.#told.set(chain, { from: 1, last: 0 });
    for (const witnesses of this.#expected.get(chain)?.values() ?? []) {
      const stranger = witnesses.find((witness) => witness.id !== null && witness.id !== id);
      if (stranger) strange(stranger);
    }
  }

  /** What lies up to this seal is not told; who saw it is not asked. */
  skip(chain: number, seq: number): void {
    const seals = this.#expected.get(chain);
    for (const known of seals?.keys() ?? []) if (known <= seq) seals?.delete(known);
    this.#told.set(chain, { from: seq + 1, last: seq });
  }

  /** The seal is there, with this digest. */
  see(chain: number, seq: number, digest: Buffer): void {
    const told = this.#told.get(chain);
    if (told) told.last = seq;
    const witnesses = this.#expected.get(chain)?.get(seq);
    if (!witnesses) return;
    this.#expected.get(chain)?.delete(seq);
    const hex = digest.toString('hex');
    const wrong = witnesses.find(({ link }) => link.digest !== hex);
    if (!wrong) return;
    const message = `Seal ${seq} of chain ${chain} is not the one that ${sayWho(wrong)}: the chain was made anew.`;
    fault('SEAL_BROKEN', chain, seq, message);
  }

  /** What the first seal of a chain says must have been told before: otherwise nobody looked whether it is so. */
  said(by: number, links: readonly Link[], partial: boolean): void {
    for (const link of links) {
      if (this.#announced.has(keyOf(by, link))) continue;
      const told = this.#told.get(link.chain);
      if (partial && !(told && told.from <= link.seq && link.seq <= told.last)) continue;
      const message = `What chain ${by} saw of chain ${link.chain} when it began is not told.`;
      fault('SEAL_BROKEN', by, 1, message);
    }
  }

  /** The chain ended with this seal: nobody may have seen a later one. */
  endChain(chain: number, last: number): void {
    const [first] = [...(this.#expected.get(chain)?.keys() ?? [])].sort((a, b) => a - b);
    const [witness] = (first !== undefined && this.#expected.get(chain)?.get(first)) || [];
    this.#expected.delete(chain);
    if (first === undefined || !witness || first <= last) return;
    const message = `Chain ${chain} ends before seal ${first}, which ${sayWho(witness)}: the tail was cut off.`;
    fault('TAIL_MISSING', chain, first, message);
  }

  /** All chains were read. */
  end(): void {
    for (const seals of this.#expected.values()) {
      for (const [witness] of seals.values()) if (witness) strange(witness);
    }
  }
}

const keyOf = (by: number, { chain, seq, digest }: Link): string => `${by} ${chain} ${seq} ${digest}`;

const sayWho = ({ by }: Witness): string => (by === null ? 'its anchor knows' : `chain ${by} saw when it began`);

function strange({ by, id, link: { chain, seq } }: Witness): never {
  const message =
    by === null
      ? `The anchors know a chain ${chain} (${id ?? ''}) that is not there: it was removed, or this is another database.`
      : `Chain ${by} saw a chain ${chain} that is not there.`;
  return fault('CHAIN_MISSING', chain, seq, message);
}
