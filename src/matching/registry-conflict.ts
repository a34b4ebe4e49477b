import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { closedList, connectionOf, DateTimeScalar, isOneOf, Rows, Rule } from '../graph/index.ts';
import { DepartmentCode, Household, Person, Placed, REGION_CODE_CHECK } from '../registry/index.ts';

export const ConflictKind = closedList(
  'ConflictKind',
  '数据冲突类别 · What two sources say differently of one person',
  {
    DOUBLE_HOUSEHOLD: '同时属于两个家庭 · Member of two households at a time',
    DEATH_DATE: '死亡日期不一致 · Two dates of death',
    NAME_DIFFERS: '姓名不一致 · Another name under the same number',
    ID_SHARED: '一号两人 · One number, two people',
    SEX_OR_BIRTH: '性别或出生日期不一致 · Another sex or birth date under the same number',
  },
);
export type ConflictKind = keyof typeof ConflictKind;

export const ConflictState = closedList('ConflictState', '冲突状态 · Whether a conflict was decided', {
  OPEN: '待裁定 · To be decided',
  DECIDED: '已裁定 · Decided',
});
export type ConflictState = keyof typeof ConflictState;

export const ConflictOutcome = closedList('ConflictOutcome', '裁定结果 · How a conflict was decided', {
  KEEP: '以登记数据为准 · What the registry has stands',
  TAKE_DELIVERED: '以报送数据为准 · What was delivered is right',
  SET_DATE: '另定日期 · Neither; the date is the one decided',
  END_OTHER: '终止另一家庭关系 · The membership that stood ends on the date decided',
  NOTED: '已记录，另行处理 · On record; dealt with outside the hub',
});
export type ConflictOutcome = keyof typeof ConflictOutcome;

const CONFLICT = { group: 'registry-conflict', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

/** A contradiction between what the registry has and what a department delivered; never decided by whoever came last. */
@Entity()
@Check('ck_registry_conflict__kind', isOneOf('kind', ConflictKind))
@Check('ck_registry_conflict__department', isOneOf('department', DepartmentCode))
@Check('ck_registry_conflict__state', isOneOf('state', ConflictState))
@Check('ck_registry_conflict__outcome', isOneOf('outcome', ConflictOutcome))
@Check(
  'ck_registry_conflict__decided',
  `num_nonnulls(outcome, reason, decided_by, decided_at) = case state when 'OPEN' then 0 else 4 end`,
)
@Check('ck_registry_conflict__region_code', REGION_CODE_CHECK)
@Index('uq_registry_conflict__person_id_kind_matter', ['personId', 'kind', 'matter'], {
  unique: true,
  where: `state = 'OPEN'`,
})
@Index(['openedAt', 'id'])
@ObjectType({ description: '数据冲突 · What two sources say differently of one person, and how it was decided' })
@Rows({ person: 'personId', place: true })
export class RegistryConflict extends Placed {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '冲突主键 · Identifier of the conflict' })
  @Rule(CONFLICT)
  id!: string;

  @Column('varchar')
  @Field(() => ConflictKind, { nullable: true, description: '类别 · Kind' })
  @Rule(CONFLICT)
  kind!: ConflictKind;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '报送部门 · Department whose delivery contradicts' })
  @Rule(CONFLICT)
  department!: DepartmentCode;

  @Index()
  @Column('uuid')
  personId!: string;

  @ManyToOne(() => Person, { nullable: false })
  @Field(() => Person, { nullable: true, description: '人员 · Whom it is about' })
  @Rule(CONFLICT)
  person!: Relation<Person>;

  @Index()
  @Column('uuid', { nullable: true })
  otherPersonId!: string | null;

  @ManyToOne(() => Person)
  @Field(() => Person, { nullable: true, description: '另一人员 · The other person, of a number that two have' })
  @Rule(CONFLICT)
  otherPerson!: Relation<Person> | null;

  @Column('uuid', { nullable: true })
  householdId!: string | null;

  @ManyToOne(() => Household)
  @Field(() => Household, {
    nullable: true,
    description: '已登记家庭 · The household in which the person is registered',
  })
  @Rule(CONFLICT)
  household!: Relation<Household> | null;

  @Column('uuid', { nullable: true })
  otherHouseholdId!: string | null;

  @ManyToOne(() => Household)
  @Field(() => Household, { nullable: true, description: '报送家庭 · The household that was delivered' })
  @Rule(CONFLICT)
  otherHousehold!: Relation<Household> | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '登记值 · What the registry had' })
  @Rule(CONFLICT)
  registered!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '报送值 · What was delivered' })
  @Rule(CONFLICT)
  delivered!: string | null;

  /** What it is about beside person and kind: the same matter is open once. */
  @Column('varchar')
  matter!: string;

  @Column('uuid', { nullable: true })
  deliveryId!: string | null;

  @Column('int', { nullable: true })
  rowNo!: number | null;

  @Column('varchar')
  @Field(() => ConflictState, { nullable: true, description: '状态 · Whether it was decided' })
  @Rule(CONFLICT)
  state!: ConflictState;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '发现时间 · When it was found' })
  @Rule(CONFLICT)
  openedAt!: Date;

  @Column('varchar', { nullable: true })
  @Field(() => ConflictOutcome, { nullable: true, description: '裁定结果 · How it was decided' })
  @Rule(CONFLICT)
  outcome!: ConflictOutcome | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '裁定理由 · Why' })
  @Rule(CONFLICT)
  reason!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '裁定人 · Client that decided' })
  @Rule(CONFLICT)
  decidedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '裁定时间 · When it was decided' })
  @Rule(CONFLICT)
  decidedAt!: Date | null;
}

/** A page of conflicts. */
export const RegistryConflictConnection = connectionOf(() => RegistryConflict, 'RegistryConflict', '数据冲突');
