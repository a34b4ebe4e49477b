import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One chain of seals. A process has one at a time, and begins another when its connection to the database breaks. */
@Entity()
@Check('ck_ledger_chain__number', `number > 0`)
export class LedgerChain {
  /** Counts from 1 without a gap, so that a removed chain is missed. */
  @PrimaryColumn('integer')
  number!: number;

  /** What anchors outside the database call it: numbers begin anew in another database. */
  @Column('uuid')
  id!: string;

  @Column('timestamptz')
  startedAt!: Date;
}
