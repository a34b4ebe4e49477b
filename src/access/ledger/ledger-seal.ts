import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Link } from './digests.ts';

/**
 * A link of a chain: it covers the entries of one commit and the seal before it. The first one of a chain covers the
 * heads of the other chains instead of entries, so that the end of an older chain cannot be cut off unseen.
 */
@Entity()
@Check('ck_ledger_seal__seq', `seq > 0`)
@Check('ck_ledger_seal__digest', `octet_length(digest) = 32`)
@Check('ck_ledger_seal__entries', `octet_length(entries) % 16 = 0`)
export class LedgerSeal {
  @PrimaryColumn('integer')
  chain!: number;

  /** Counts from 1 without a gap. */
  @PrimaryColumn('integer')
  seq!: number;

  @Column('timestamptz')
  at!: Date;

  /** The process ended in order and left nothing unsealed. */
  @Column('boolean')
  closing!: boolean;

  /** Over the columns, the digests of the entries in their order, and the seal before. */
  @Column('bytea')
  digest!: Buffer;

  /** Ids of the entries, sixteen bytes each: an array of UUIDs would cost twenty bytes more a seal. */
  @Column('bytea', { nullable: true })
  entries!: Buffer | null;

  /** Heads of other chains, in the first seal only. */
  @Column('jsonb', { nullable: true })
  links!: Link[] | null;
}
