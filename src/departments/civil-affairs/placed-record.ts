import { Field, ObjectType } from 'type-graphql';
import { Column } from 'typeorm';
import { RegionCodeScalar, Rule } from '../../graph/index.ts';
import { deliveredBy } from '../../intake/index.ts';

const OWNER = 'CIVIL_AFFAIRS';

/**
 * A delivered record with a place of its own: where it happened, which may be far from the person's home. An outsider who
 * is hit here is helped here (社会救助法 art. 37), and the place that helps sees its own case.
 */
@ObjectType({ description: '带区划的报送记录 · A delivered record that belongs to a place' })
export abstract class PlacedRecord extends deliveredBy(OWNER) {
  @Column('varchar', { length: 12 })
  @Field(() => RegionCodeScalar, {
    nullable: true,
    description: '发生地区划（最细） · Where it happened, finest division',
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
