import { Field, ObjectType } from 'type-graphql';
import { Column } from 'typeorm';
import { Rule } from '../graph/index.ts';
import { DateTimeScalar, RegionCodeScalar } from '../graph/index.ts';

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

const OWNER = 'CIVIL_AFFAIRS';

/** A row of civil affairs that belongs to a place: the finest division known and those above it, 12 digits each. */
@ObjectType({ description: '带区划的记录 · A record that belongs to a place' })
export abstract class Placed extends recordedBy(OWNER) {
  @Column('varchar', { length: 12 })
  @Field(() => RegionCodeScalar, {
    nullable: true,
    description: '所属区划（最细） · Finest division known, down to the village',
  })
  @Rule({ group: 'region', owner: OWNER, sensitivity: 'PERSONAL', mask: 'region-township' })
  regionCode!: string;

  @Column('varchar', { length: 12, nullable: true })
  @Field(() => RegionCodeScalar, { nullable: true, description: '乡镇（街道）代码 · Township or street' })
  @Rule({ group: 'region-township', owner: OWNER, sensitivity: 'INTERNAL', mask: 'region-county' })
  townshipCode!: string | null;

  @Column('varchar', { length: 12 })
  @Field(() => RegionCodeScalar, { nullable: true, description: '县（市、区）代码 · County' })
  @Rule({ group: 'region-county', owner: OWNER, sensitivity: 'INTERNAL' })
  countyCode!: string;

  @Column('varchar', { length: 12 })
  prefectureCode!: string;

  @Column('varchar', { length: 12 })
  provinceCode!: string;
}

/** The CHECK on a place. */
export const REGION_CODE_CHECK = `region_code ~ '^[0-9]{12}$'`;
/** The CHECK on a validity: both ends are included, an open end is null. */
export const VALIDITY_CHECK = 'valid_to >= valid_from';
