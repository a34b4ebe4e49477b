import { Field, ID, ObjectType } from 'type-graphql';
import { Column, PrimaryColumn } from 'typeorm';
import { DateTimeScalar, RegionCodeScalar, Rule } from '../graph/index.ts';

/** A row that a source system delivered. */
export interface Recorded {
  sourceSystem: string;
  sourceKey: string;
  asOf: Date;
  recordedAt: Date;
}

/** Where a row came from and when it was true there; `owner` is the department whose system delivers it. */
export function recordedBy(owner: string): abstract new () => Recorded {
  @ObjectType({ description: '数据来源 · Where a record came from' })
  abstract class RecordedRow implements Recorded {
    @Column('varchar')
    @Field(() => String, { nullable: true, description: '来源系统 · System that delivered the record' })
    @Rule({ group: 'provenance', owner, sensitivity: 'INTERNAL' })
    sourceSystem!: string;

    /** The key of the record in its source system: matching is done with it, nobody is shown it. */
    @Column('varchar')
    sourceKey!: string;

    @Column('timestamptz')
    @Field(() => DateTimeScalar, { nullable: true, description: '数据时点 · When the record was true in its source' })
    @Rule({ group: 'provenance', owner, sensitivity: 'INTERNAL' })
    asOf!: Date;

    @Column('timestamptz', { default: () => 'now()' })
    recordedAt!: Date;
  }
  return RecordedRow;
}

/** The key of a record, on its property: each noun has it itself, since an interface's `id` would take the place of one that it inherits. */
export const RecordId =
  (owner: string): PropertyDecorator =>
  (prototype, property) => {
    PrimaryColumn('uuid')(prototype, property);
    Field(() => ID, { description: '记录主键 · Identifier of the record' })(prototype, property);
    Rule({ group: 'record-id', owner, sensitivity: 'PERSONAL' })(prototype, property);
  };

/** Columns of a place: the finest division known and those above it, 12 digits each. */
export interface PlaceColumns {
  regionCode: string;
  townshipCode: string | null;
  countyCode: string;
  prefectureCode: string;
  provinceCode: string;
}

/**
 * Gives a record a place.
 * @param base the record, `recordedBy(owner)` or what extends it
 * @param title what its finest division says, as the schema tells it
 */
export function placed<R extends Recorded>(
  base: abstract new () => R,
  owner: string,
  title: string,
): abstract new () => R & PlaceColumns;
/** The same, for the compiler: a class can extend only what it knows. */
export function placed(
  base: abstract new () => Recorded,
  owner: string,
  title: string,
): abstract new () => Recorded & PlaceColumns {
  @ObjectType({ description: '带区划的记录 · A record that belongs to a place' })
  abstract class PlacedRow extends base implements PlaceColumns {
    @Column('varchar', { length: 12 })
    @Field(() => RegionCodeScalar, { nullable: true, description: title })
    @Rule({ group: 'region', owner, sensitivity: 'PERSONAL', mask: 'region-township' })
    regionCode!: string;

    @Column('varchar', { length: 12, nullable: true })
    @Field(() => RegionCodeScalar, { nullable: true, description: '乡镇（街道）代码 · Township or street' })
    @Rule({ group: 'region-township', owner, sensitivity: 'INTERNAL', mask: 'region-county' })
    townshipCode!: string | null;

    @Column('varchar', { length: 12 })
    @Field(() => RegionCodeScalar, { nullable: true, description: '县（市、区）代码 · County' })
    @Rule({ group: 'region-county', owner, sensitivity: 'INTERNAL' })
    countyCode!: string;

    @Column('varchar', { length: 12 })
    prefectureCode!: string;

    @Column('varchar', { length: 12 })
    provinceCode!: string;
  }
  return PlacedRow;
}

const OWNER = 'CIVIL_AFFAIRS';

/** A row of civil affairs that belongs to a place. */
@ObjectType({ description: '带区划的记录 · A record that belongs to a place' })
export abstract class Placed extends placed(
  recordedBy(OWNER),
  OWNER,
  '所属区划（最细） · Finest division known, down to the village',
) {}

/** The CHECK on a place. */
export const REGION_CODE_CHECK = `region_code ~ '^[0-9]{12}$'`;
/** The CHECK on a validity: both ends are included, an open end is null. */
export const VALIDITY_CHECK = 'valid_to >= valid_from';
