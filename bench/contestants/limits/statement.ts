import type { AccessEntry } from '../../../src/access/ledger/index.ts';
import type { CallerName } from '../../callers.ts';

/** Variables of a request, as they came. */
export type Given = Readonly<Record<string, unknown>>;

/** What a statement needs to know of the day and of who asks. */
export interface Asking {
  readonly caller: CallerName;
  readonly today: string;
  readonly now: Date;
  readonly caseNo: string;
}

/** A hand-written statement. It answers one row: the JSON of `data`, and the subjects of the record. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: (given: Given, asking: Asking) => readonly unknown[];
  /** Of the values, the numbers that were asked about: whoever finds nobody goes on record as a hash. */
  readonly numbers?: (values: readonly unknown[]) => readonly (string | null)[];
  /** Schema coordinates by node, as the record keeps them. */
  readonly coordinates: AccessEntry['coordinates'];
}
