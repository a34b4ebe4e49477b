/** Entries without their persons: everything else of them can still be verified. */
import { idsDigest } from './digests.ts';
import { entryFits } from './entry-check.ts';
import type { EntryRow, LedgerItem } from './items.ts';

/** Replaces persons and households of an entry, told the digest of its operation. */
export type Veil = (entry: EntryRow, operation: Buffer | undefined) => EntryRow;

/** A veil; `pseudonym` replaces an id, and without it there is nothing in its place. */
export const veilWith =
  (pseudonym: ((id: string) => string) | undefined): Veil =>
  (entry, operation) => {
    if ('opaque' in entry) return entry;
    const veiled = (ids: readonly string[] | null): string[] | null =>
      ids === null || pseudonym === undefined ? null : ids.map(pseudonym);
    const whole = { personsDigest: idsDigest(entry.persons), householdsDigest: idsDigest(entry.households) };
    const veiledEntry = { ...entry, ...whole };
    // Of an entry in the first layout nothing but the digest can be held against its seal. One that fits neither layout
    // was changed, and must be seen to be.
    if (operation && !entryFits(veiledEntry, operation) && entryFits(entry, operation)) {
      return { id: entry.id, digest: entry.digest, opaque: true };
    }
    return { ...veiledEntry, persons: veiled(entry.persons), households: veiled(entry.households) };
  };

/** The items with their entries veiled. */
export async function* veilItems(items: AsyncIterable<LedgerItem>, veil: Veil): AsyncGenerator<LedgerItem> {
  const operations = new Map<number, Buffer>();
  for await (const item of items) {
    if (item.kind === 'operation') operations.set(item.number, item.digest);
    if (item.kind !== 'seal') yield item;
    else {
      const entries = item.entries.map((entry) =>
        veil(entry, 'opaque' in entry ? undefined : operations.get(entry.operation)),
      );
      yield { ...item, entries };
    }
  }
}
