/** What is wrong with a ledger, in a form that scripts and auditors can read. */
export type FaultKind =
  | 'OPERATION_CHANGED'
  | 'OPERATION_MISSING'
  | 'CHAIN_MISSING'
  | 'SEAL_MISSING'
  | 'SEAL_BROKEN'
  | 'TAIL_MISSING'
  | 'ENTRY_CHANGED'
  | 'ENTRY_MISSING'
  | 'ENTRY_FOREIGN'
  | 'ENTRY_UNSEALED'
  | 'KEY_CHANGED'
  | 'KEY_MISSING'
  | 'KEY_UNTRUSTED'
  | 'SIGNATURE_WRONG'
  | 'CHECKPOINT_BROKEN'
  | 'CHECKPOINT_MISSING'
  | 'CHECKPOINT_OVERDUE'
  | 'EXPORT_DAMAGED';

/** The first fault found, and where. */
export interface Fault {
  readonly kind: FaultKind;
  /** 0 where the fault lies in no chain. */
  readonly chain: number;
  /** Number of the seal in its chain; 0 where there is none. */
  readonly seq: number;
  readonly entryId?: string;
  /** A plain sentence. */
  readonly message: string;
}

/** Thrown where a fault is found; ends the walk. */
export class FaultFound extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'FaultFound';
    this.fault = fault;
  }
}

/** Ends the walk with a fault of an entry. */
export function entryFault(kind: FaultKind, chain: number, seq: number, entryId: string, message: string): never {
  throw new FaultFound({ kind, chain, seq, entryId, message });
}

/** Ends the walk with a fault of a seal, a chain or an operation. */
export function fault(kind: FaultKind, chain: number, seq: number, message: string): never {
  throw new FaultFound({ kind, chain, seq, message });
}
