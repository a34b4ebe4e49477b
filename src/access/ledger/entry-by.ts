/** Entries as they are begun: in whose name, and about whom. */
import { newId } from '../../platform/id.ts';
import type { Bound } from '../caller.ts';
import type { AccessEntry, Disclosed } from './entry.ts';

/** What an entry says beside who asked. */
type Said = Pick<AccessEntry, 'at' | 'kind' | 'operation' | 'coordinates' | 'policyVersion'> & Partial<AccessEntry>;

/** An entry in the name of a caller: allowed, and about nobody, unless it is said otherwise. */
export function entryBy(caller: Bound, said: Said): AccessEntry {
  return {
    id: newId(),
    client: caller.client,
    department: caller.department,
    role: caller.role,
    purpose: caller.purpose,
    caseNo: caller.caseNo,
    decision: 'ALLOWED',
    persons: [],
    households: [],
    misses: [],
    ...said,
  };
}

/** Persons or households of an entry that has one list of coordinates, each once. */
export const eachOnce = (ids: readonly string[]): readonly Disclosed[] =>
  [...new Set(ids)].sort().map((id) => ({ id, node: 0 }));
