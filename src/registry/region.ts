import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { DateScalar, isOneOf, RegionCodeScalar, Rows, Rule } from '../graph/index.ts';
import type { FieldRule } from '../graph/index.ts';
import { RegionChangeKind, RegionLevel } from './lists.ts';
import { VALIDITY_CHECK } from './recorded.ts';

const OPEN: FieldRule = { group: 'public', owner: 'CIVIL_AFFAIRS', sensitivity: 'PUBLIC' };

/** An administrative division under its present code; earlier names and codes are versions and changes. */
@Entity()
@Check('ck_region__code', `code ~ '^[0-9]{12}$'`)
@Check('ck_region__level', isOneOf('level', RegionLevel))
@Check('ck_region__validity', VALIDITY_CHECK)
@Index(['parentCode', 'code'])
@Index(['level', 'code'])
@ObjectType({ description: '行政区划 · Administrative division' })
@Rows({ public: true })
export class Region {
  @PrimaryColumn('varchar', { length: 12 })
  @Field(() => RegionCodeScalar, { description: '区划代码 · Code, 12 digits' })
  @Rule(OPEN)
  code!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '名称 · Name' })
  @Rule(OPEN)
  name!: string;

  @Column('varchar')
  @Field(() => RegionLevel, { nullable: true, description: '级别 · Level' })
  @Rule(OPEN)
  level!: RegionLevel;

  @Column('varchar', { length: 12, nullable: true })
  @Field(() => RegionCodeScalar, { nullable: true, description: '上级区划代码 · Code of the division above' })
  @Rule(OPEN)
  parentCode!: string | null;

  @ManyToOne(() => Region)
  @Field(() => Region, { nullable: true, description: '上级区划 · Division above' })
  @Rule(OPEN)
  parent!: Region | null;

  @Column('varchar', { length: 12 })
  provinceCode!: string;

  @Column('varchar', { length: 12, nullable: true })
  prefectureCode!: string | null;

  @Column('varchar', { length: 12, nullable: true })
  countyCode!: string | null;

  @Column('varchar', { length: 12, nullable: true })
  townshipCode!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '启用日期 · In use from' })
  @Rule(OPEN)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '停用日期 · Last day in use; null while in use' })
  @Rule(OPEN)
  validTo!: string | null;
}

/** What a division was called, and where it belonged, for a time. */
@Entity()
@Check('ck_region_version__validity', VALIDITY_CHECK)
@Unique(['code', 'validFrom'])
@ObjectType({ description: '区划历史版本 · A division as it was for a time' })
@Rows({ public: true })
export class RegionVersion {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { length: 12 })
  @ForeignKey(() => Region)
  @Field(() => RegionCodeScalar, { nullable: true, description: '区划代码 · Code, 12 digits' })
  @Rule(OPEN)
  code!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '当时名称 · Name at the time' })
  @Rule(OPEN)
  name!: string;

  @Column('varchar', { length: 12, nullable: true })
  @Field(() => RegionCodeScalar, { nullable: true, description: '当时上级 · Division above at the time' })
  @Rule(OPEN)
  parentCode!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '起始日期 · From' })
  @Rule(OPEN)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '终止日期 · To, that day included' })
  @Rule(OPEN)
  validTo!: string | null;
}

/** One code becoming another: 撤并, 拆分, 更名, 变更代码. Either code may lie outside what this hub has loaded. */
@Entity()
@Check('ck_region_change__kind', isOneOf('kind', RegionChangeKind))
@Unique(['fromCode', 'toCode', 'effectiveOn'])
@ObjectType({ description: '区划变更 · A change of divisions' })
@Rows({ public: true })
export class RegionChange {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  @Field(() => RegionChangeKind, { nullable: true, description: '变更类型 · Kind of change' })
  @Rule(OPEN)
  kind!: RegionChangeKind;

  @Column('varchar', { length: 12 })
  @Field(() => RegionCodeScalar, { nullable: true, description: '变更前代码 · Code before' })
  @Rule(OPEN)
  fromCode!: string;

  @Index()
  @Column('varchar', { length: 12 })
  @Field(() => RegionCodeScalar, { nullable: true, description: '变更后代码 · Code after' })
  @Rule(OPEN)
  toCode!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '生效日期 · Effective on' })
  @Rule(OPEN)
  effectiveOn!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '依据 · Document or data set that says so' })
  @Rule(OPEN)
  source!: string;
}
