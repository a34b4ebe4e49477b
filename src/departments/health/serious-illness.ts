import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { VALIDITY_CHECK } from '../../registry/index.ts';

/**
 * A disease on a list of serious illnesses (重特大疾病病种, S3 二(四) “病种+费用”; S4 一: from 7 to 50): dated
 * configuration (seeds/reference/serious-illness.csv). No GraphQL type: what it decides is a flag on the bill.
 */
@Entity()
@Check('ck_serious_illness__validity', VALIDITY_CHECK)
@Unique(['regionCode', 'list', 'disease'])
export class SeriousIllness {
  @PrimaryColumn('uuid')
  id!: string;

  /** 12 digits; zeros for the whole country. */
  @Column('varchar', { length: 12 })
  regionCode!: string;

  /** The list and its edition. */
  @Column('varchar')
  list!: string;

  @Column('varchar')
  disease!: string;

  /** How codes of ICD-10 begin that mean the disease. */
  @Column('text', { array: true })
  codes!: string[];

  @Column('date')
  validFrom!: string;

  /** Last day on which the list was in force; null while it is. */
  @Column('date', { nullable: true })
  validTo!: string | null;

  @Column('varchar')
  source!: string;
}
