import { Entity, Index, PrimaryColumn, Column } from 'typeorm';

/** Which seal took up an entry that was written in a business transaction: no entry is ever updated. */
@Entity()
@Index(['chain', 'seq'])
export class LedgerSealedWrite {
  @PrimaryColumn('integer')
  chain!: number;

  @PrimaryColumn('uuid')
  entryId!: string;

  @Column('integer')
  seq!: number;
}
