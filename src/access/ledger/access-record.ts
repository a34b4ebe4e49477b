import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * One disclosure, write or refusal. The columns are few and in an order that wastes no alignment, because this is the
 * table that grows: a status check costs about 350 bytes with everything that belongs to it.
 *
 * The key is the place in the chain, so that a chain is read in its order. It has no foreign keys: each would lock a row
 * that all requests share, and `verify` finds what they would.
 */
@Entity()
// By block ranges, for what was disclosed between two instants.
@Index('ix_access_record__at', { synchronize: false })
@Check('ck_access_record__decision', `decision in ('ALLOWED', 'REFUSED')`)
@Check('ck_access_record__digest', `octet_length(digest) = 32`)
@Check('ck_access_record__seal', `seal >= 0`)
@Check('ck_access_record__persons', `(persons is null) = (person_nodes is null)`)
@Check('ck_access_record__households', `(households is null) = (household_nodes is null)`)
export class AccessRecord {
  /** Chain of the process that wrote the entry. */
  @PrimaryColumn('integer')
  chain!: number;

  /** The seal that was written with it; 0 for a write, which a later seal takes up (`ledger_sealed_write`). */
  @PrimaryColumn('integer')
  seal!: number;

  /** UUIDv7. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('timestamptz')
  at!: Date;

  /** Number of the operation, in which stand department, role, purpose, kind and policy version. */
  @Column('integer')
  operation!: number;

  @Column('integer', { nullable: true })
  items!: number | null;

  @Column('varchar')
  client!: string;

  @Column('varchar', { nullable: true })
  caseNo!: string | null;

  @Column('varchar')
  decision!: string;

  /** Error code of a refusal. */
  @Column('varchar', { nullable: true })
  reason!: string | null;

  /** Each person once, in the order that `person_nodes` speaks of. */
  @Column('uuid', { array: true, nullable: true })
  persons!: string[] | null;

  /** Which nodes of the operation disclosed them: `50:0,2 3:1`, see disclosed.ts. */
  @Column('varchar', { nullable: true })
  personNodes!: string | null;

  @Column('uuid', { array: true, nullable: true })
  households!: string[] | null;

  @Column('varchar', { nullable: true })
  householdNodes!: string | null;

  /** Keyed hashes of the numbers that matched nobody. */
  @Column('bytea', { array: true, nullable: true })
  misses!: Buffer[] | null;

  @Column('bytea')
  digest!: Buffer;
}
