import { Field, ObjectType } from 'type-graphql';
import { Column, ManyToOne, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { DateScalar, Rule } from '../graph/index.ts';
import { Household, Person, recordedBy } from '../registry/index.ts';
import type { Recorded } from '../registry/index.ts';

/** A row that came in a delivery. */
export interface Delivered extends Recorded {
  deliveryId: string | null;
  digest: Buffer | null;
  endedOn: string | null;
}

/**
 * The columns of a department's own records: where a row came from, in which delivery, and since when its source no
 * longer reports it. A key is unique in its source. `owner` is the department.
 */
export function deliveredBy(owner: string): abstract new () => Delivered {
  @Unique(['sourceSystem', 'sourceKey'])
  @ObjectType({ description: '报送记录 · A record that a department delivered' })
  abstract class DeliveredRow extends recordedBy(owner) implements Delivered {
    /** The delivery that wrote this version; nobody is shown it. */
    @Column('uuid', { nullable: true })
    deliveryId!: string | null;

    /** SHA-256 of the content, by which the same content again is told from a change. */
    @Column('bytea', { nullable: true })
    digest!: Buffer | null;

    @Column('date', { nullable: true })
    @Field(() => DateScalar, {
      nullable: true,
      description: '数源已不再报送，此为最后一日 · Its source no longer reports it: the last day on which it did',
    })
    @Rule({ group: 'provenance', owner, sensitivity: 'INTERNAL' })
    endedOn!: string | null;
  }
  return DeliveredRow;
}

/** A delivered record about a person. */
export interface PersonRecord extends Delivered {
  personId: string;
  person: Relation<Person>;
}

/** … and about the household in which the person lived when it came. */
export interface HouseholdRecord extends PersonRecord {
  householdId: string | null;
  household: Relation<Household> | null;
}

/** A delivered record about a person. `owner` is the department. */
export function personRecord(owner: string): abstract new () => PersonRecord {
  @ObjectType({ description: '人员记录 · A record about a person' })
  abstract class PersonRow extends deliveredBy(owner) implements PersonRecord {
    @Column('uuid')
    personId!: string;

    @ManyToOne(() => Person, { nullable: false })
    person!: Relation<Person>;
  }
  return PersonRow;
}

/** A delivered record about a person and the household. `owner` is the department. */
export function householdRecord(owner: string): abstract new () => HouseholdRecord {
  @ObjectType({ description: '家庭记录 · A record about a household' })
  abstract class HouseholdRow extends personRecord(owner) implements HouseholdRecord {
    @Column('uuid', { nullable: true })
    householdId!: string | null;

    @ManyToOne(() => Household)
    household!: Relation<Household> | null;
  }
  return HouseholdRow;
}
