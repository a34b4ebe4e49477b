import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { isOneOf } from '../graph/index.ts';
import { IDENTIFIER_TYPES } from './lists.ts';
import type { IdentifierType } from './lists.ts';
import { Person } from './person.ts';
import { recordedBy, VALIDITY_CHECK } from './recorded.ts';

/**
 * A number that identifies a person, in its own table that only the engine and the matching read; no GraphQL type.
 * A person has several, one, or none; a number that moved to another person is superseded, not deleted.
 */
@Entity()
@Check('ck_person_identifier__type', isOneOf('type', IDENTIFIER_TYPES))
@Check('ck_person_identifier__validity', VALIDITY_CHECK)
@Index('uq_person_identifier__match_key_type', ['matchKey', 'type'], {
  unique: true,
  where: 'superseded_by_id is null',
})
// INCLUDE (person_id): a match reads the index alone. TypeORM cannot say it.
@Index('ix_person_identifier__match_key', { synchronize: false })
@Index('ix_person_identifier__superseded_by_id', ['supersededById'], { where: 'superseded_by_id is not null' })
export class PersonIdentifier extends recordedBy('CIVIL_AFFAIRS') {
  @PrimaryColumn('uuid')
  id!: string;

  @Index()
  @Column('uuid')
  @ForeignKey(() => Person)
  personId!: string;

  @Column('varchar')
  type!: IdentifierType;

  /** As delivered: 15 digits, lower-case x and full-width forms stay what they were. */
  @Column('varchar')
  value!: string;

  /** Normalised by registry/identity: 18 characters in upper case for a RESIDENT_ID. */
  @Column('varchar')
  matchKey!: string;

  @Column('varchar', { nullable: true })
  issuer!: string | null;

  @Column('date', { nullable: true })
  validFrom!: string | null;

  @Column('date', { nullable: true })
  validTo!: string | null;

  @Column('boolean')
  verified!: boolean;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => PersonIdentifier)
  supersededById!: string | null;
}
