import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/**
 * What was asked, once for every plan and policy version: an entry costs four bytes for all of it. Rows are never
 * changed; the text holds no value of any request.
 */
@Entity()
@Unique(['digest'])
@Check('ck_access_operation__kind', `kind in ('READ', 'WRITE')`)
@Check('ck_access_operation__digest', `octet_length(digest) = 32`)
export class AccessOperation {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  number!: number;

  /** Over all other columns but the number. */
  @Column('bytea')
  digest!: Buffer;

  @Column('varchar')
  kind!: string;

  @Column('varchar')
  department!: string;

  @Column('varchar')
  role!: string;

  @Column('varchar', { nullable: true })
  purpose!: string | null;

  @Column('integer')
  policyVersion!: number;

  @Column('varchar', { nullable: true })
  name!: string | null;

  /** The normalised document. */
  @Column('varchar')
  text!: string;

  /** Schema coordinates that each node of the plan discloses: `[["Person.name", …], …]`. */
  @Column('jsonb')
  nodes!: string[][];
}
