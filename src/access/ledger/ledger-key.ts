import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The public half of a key that signed checkpoints: kept for as long as they are, whatever became of the key. */
@Entity()
@Check('ck_ledger_key__suite', `suite in ('ED25519', 'SM3WITHSM2')`)
@Check('ck_ledger_key__fingerprint', `fingerprint ~ '^[0-9a-f]{64}$'`)
@Check('ck_ledger_key__endorsement', `(previous is null) = (endorsement is null)`)
export class LedgerKey {
  @PrimaryColumn('varchar')
  fingerprint!: string;

  @Column('varchar')
  suite!: string;

  @Column('bytea')
  publicKey!: Buffer;

  @Column('timestamptz')
  madeAt!: Date;

  /** Fingerprint of the key before it. */
  @Column('varchar', { nullable: true })
  previous!: string | null;

  /** Signature of the key before it. */
  @Column('bytea', { nullable: true })
  endorsement!: Buffer | null;

  /** Its own signature. */
  @Column('bytea')
  proof!: Buffer;
}
