/** Checks the entries of a seal: each is there, as it was written, and none is there that the seal does not know. */
import { committedDigest, entryDigest, firstEntryDigest, operationDigest } from './digests.ts';
import { entryFault, fault } from './fault.ts';
import type { EntryRow, LedgerItem, SealRow, VeiledEntry, WholeEntry } from './items.ts';

/** Knows the operations that entries name; throws FaultFound at the first fault. */
export class EntryCheck {
  readonly #operations = new Map<number, Buffer>();
  #opaqueSeen = 0;

  /** Entries so far of which only the digest was told. */
  get opaque(): number {
    return this.#opaqueSeen;
  }

  /** Takes an operation, which entries name by its number. */
  addOperation({ number, digest, content }: Extract<LedgerItem, { kind: 'operation' }>): void {
    if (!operationDigest(content).equals(digest)) {
      fault(
        'OPERATION_CHANGED',
        0,
        0,
        `Operation ${number} was changed after it was written: its digest does not fit.`,
      );
    }
    this.#operations.set(number, digest);
  }

  /** Digests of a seal's entries in its order. Each is there, and none that the seal does not know. */
  digestsOf(chain: number, { seq, ids }: SealRow, entries: readonly EntryRow[]): Buffer[] {
    const left = new Map(entries.map((entry) => [entry.id, entry]));
    const digests = ids.map((id) => {
      const entry = left.get(id);
      if (!entry?.digest) {
        const message = `Entry ${id} is covered by seal ${seq} of chain ${chain} and is not there.`;
        return entryFault('ENTRY_MISSING', chain, seq, id, message);
      }
      left.delete(id);
      return 'opaque' in entry ? this.#opaque(entry.digest) : this.#entry(chain, seq, entry);
    });
    for (const [id, { digest }] of left) {
      const message =
        digest === null
          ? `Seal ${seq} of chain ${chain} is said to cover entry ${id}, which is not there.`
          : `Entry ${id} is said to be covered by seal ${seq} of chain ${chain}; the seal does not know it.`;
      entryFault('ENTRY_FOREIGN', chain, seq, id, message);
    }
    return digests;
  }

  #opaque(digest: Buffer): Buffer {
    this.#opaqueSeen += 1;
    return digest;
  }

  /** Checks an entry's columns against its digest. */
  #entry(chain: number, seq: number, entry: WholeEntry | VeiledEntry): Buffer {
    const { id, operation, digest } = entry;
    const asked = this.#operations.get(operation);
    if (asked === undefined) {
      entryFault('OPERATION_MISSING', chain, seq, id, `Entry ${id} names operation ${operation}, which is not there.`);
    }
    if (entryFits(entry, asked)) return digest;
    return entryFault(
      'ENTRY_CHANGED',
      chain,
      seq,
      id,
      `Entry ${id} was changed after it was written: its digest does not fit.`,
    );
  }
}

const isVeiled = (entry: WholeEntry | VeiledEntry): entry is VeiledEntry => 'personsDigest' in entry;

/** Whether the columns are those that were digested, in the layout of their time. */
export function entryFits(entry: WholeEntry | VeiledEntry, operation: Buffer): boolean {
  if (isVeiled(entry)) return committedDigest(entry, operation).equals(entry.digest);
  return entryDigest(entry, operation).equals(entry.digest) || firstEntryDigest(entry, operation).equals(entry.digest);
}
