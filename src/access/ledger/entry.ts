/** What the ledger is told, and what it promises. */
import type { PoolClient } from '../../platform/database.ts';
import type { Department, Purpose, Role } from '../caller.ts';

/** A person or household in an answer, at the node of the plan whose coordinates were disclosed of it. */
export interface Disclosed {
  readonly id: string;
  /** Index into `AccessEntry.coordinates`. */
  readonly node: number;
}

/** One disclosure, one write or one refusal. Nothing in it is a value that a caller sent, the case number aside. */
export interface AccessEntry {
  /** UUIDv7. */
  readonly id: string;
  readonly at: Date;
  readonly client: string;
  readonly department: Department;
  readonly role: Role;
  /** Absent or empty only where a request was refused for lack of it. */
  readonly purpose?: Purpose | '' | undefined;
  /** Absent or empty only where a request was refused for lack of it. */
  readonly caseNo?: string | undefined;
  readonly kind: 'READ' | 'WRITE';
  readonly decision: 'ALLOWED' | 'REFUSED';
  /** Error code of a refusal. */
  readonly reason?: string | undefined;
  readonly operation: {
    /** SHA-256 of the text. The ledger keys its own row by everything that stands in it. */
    readonly digest: Buffer;
    readonly name?: string | undefined;
    /** Normalised document without values. */
    readonly text: string;
  };
  /** Schema coordinates by node of the plan. The inner arrays are the plan's own: what they digest to is remembered. */
  readonly coordinates: readonly (readonly string[])[];
  readonly persons: readonly Disclosed[];
  readonly households: readonly Disclosed[];
  /** Keyed hashes of the numbers that matched nobody, from `Ledger.missKey`. */
  readonly misses: readonly Buffer[];
  readonly policyVersion: number;
  /** How many items were asked for or delivered. */
  readonly items?: number | undefined;
}

/** The disclosure ledger of one hub process. */
export interface Ledger {
  /**
   * Resolves when the entry is durable and sealed; many entries share one commit. Rejects with LEDGER_UNAVAILABLE, and
   * then there must be no answer: the entry may be there or not.
   */
  record(entry: AccessEntry): Promise<void>;
  /**
   * Writes the entry in a business transaction: it is there when, and only when, that commits. Sealed within a second
   * of the commit. An error of PostgreSQL passes through as it is, so that the transaction can be tried again.
   */
  recordIn(client: PoolClient, entry: AccessEntry): Promise<void>;
  /** Keyed hash of a number that matched nobody: equal for equal numbers, of no use without this installation's key. */
  missKey(number: string): Buffer;
  /** Since when a checkpoint is due that could not be signed; undefined while all is well. */
  unsignedSince?(): Date | undefined;
  /** Takes no more entries, makes those under way durable, and ends the chain with a closing seal. */
  close(): Promise<void>;
}
