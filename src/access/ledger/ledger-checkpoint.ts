import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { CheckpointLink } from './checkpoint.ts';

/** The signed head of a chain: about one a minute while there are new seals, and one at its end. */
@Entity()
@Check('ck_ledger_checkpoint__number', `number > 0 and seq > 0 and entries >= 0`)
@Check('ck_ledger_checkpoint__suite', `suite in ('ED25519', 'SM3WITHSM2')`)
@Check('ck_ledger_checkpoint__digest', `octet_length(digest) = 32 and octet_length(seal) = 32`)
export class LedgerCheckpoint {
  @PrimaryColumn('integer')
  chain!: number;

  /** Counts from 1 without a gap. */
  @PrimaryColumn('integer')
  number!: number;

  @Column('timestamptz')
  at!: Date;

  /** The last seal at that time. */
  @Column('integer')
  seq!: number;

  /** Entries of the chain up to that seal. */
  @Column('bigint')
  entries!: string;

  /** That seal ended the chain. */
  @Column('boolean')
  closing!: boolean;

  /** Digest of that seal. */
  @Column('bytea')
  seal!: Buffer;

  /** Last checkpoints of other chains. */
  @Column('jsonb')
  links!: CheckpointLink[];

  @Column('varchar')
  suite!: string;

  /** Fingerprint of the key. */
  @Column('varchar')
  key!: string;

  @Column('bytea')
  signature!: Buffer;

  /** Over all of it. */
  @Column('bytea')
  digest!: Buffer;
}
