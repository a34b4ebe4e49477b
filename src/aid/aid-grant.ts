import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import {
  closedList,
  Computed,
  connectionOf,
  DateScalar,
  DateTimeScalar,
  isOneOf,
  MonthScalar,
  Rows,
  Rule,
  sql,
  YuanScalar,
} from '../graph/index.ts';
import { DepartmentCode, Household, Node, Person, REGION_CODE_CHECK } from '../registry/index.ts';
import { AidMode, AidProgramme } from './programmes.ts';

/** Civil affairs answers for the overview of all aid (S3 三(五): "反馈民政部门"); each row names who granted it. */
const OWNER = 'CIVIL_AFFAIRS';
const AID = { group: 'aid', owner: OWNER, sensitivity: 'PERSONAL' } as const;
const PROVENANCE = { group: 'provenance', owner: OWNER, sensitivity: 'INTERNAL' } as const;

export const AidState = closedList('AidState', '救助记录状态 · What a reported version of a grant is now', {
  CURRENT: '有效 · In force',
  SUPERSEDED: '已被更正 · Corrected by a later version',
  REVERSED: '已冲销 · Reversed',
  REVERSAL: '冲销记录 · Reverses another grant',
  PENDING: '待匹配 · A reversal whose original has not arrived',
});
export type AidState = keyof typeof AidState;

/**
 * One version of one grant as a department reported it. Every version stays; `state`, `supersededByVersion` and
 * `reversedByKey` are the only columns that ever change.
 */
@Entity()
@Check('ck_aid_grant__department', isOneOf('department', DepartmentCode))
@Check('ck_aid_grant__version', 'version > 0')
@Check('ck_aid_grant__digest', 'octet_length(digest) = 32')
@Check('ck_aid_grant__programme', isOneOf('programme', AidProgramme))
@Check('ck_aid_grant__mode', isOneOf('mode', AidMode))
@Check('ck_aid_grant__amount', 'amount_fen >= 0')
@Check(
  'ck_aid_grant__period',
  `period_from ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and period_to ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and period_to >= period_from`,
)
@Check('ck_aid_grant__state', isOneOf('state', AidState))
@Check(
  'ck_aid_grant__known_person',
  `state in ('PENDING', 'SUPERSEDED') or (person_id is not null and region_code is not null
    and county_code is not null and prefecture_code is not null and province_code is not null)`,
)
@Check('ck_aid_grant__region_code', REGION_CODE_CHECK)
@Unique(['department', 'sourceKey', 'version'])
// A key has one head at any time.
@Index('uq_aid_grant__department_source_key', ['department', 'sourceKey'], {
  unique: true,
  where: `state <> 'SUPERSEDED'`,
})
@Index('ix_aid_grant__department_reversal_of', ['department', 'reversalOf'], { where: 'reversal_of is not null' })
// Newest first: decided_on is descending in these two, which TypeORM cannot say.
@Index('ix_aid_grant__person_id_decided_on_id', { synchronize: false })
@Index('ix_aid_grant__household_id_decided_on_id', { synchronize: false })
// What is granted once is in force once.
@Index('uq_aid_grant__once_key', ['onceKey'], { unique: true, where: `state = 'CURRENT' and once_key is not null` })
@Check('ck_aid_grant__once_key', 'once_key is null or item is not null')
@Index(['department', 'countyCode', 'id'])
@Index(['provinceCode', 'decidedOn'])
@ObjectType({ implements: Node, description: '救助给付 · Aid granted to a person, as a department reported it' })
@Rows({ person: 'personId', household: 'householdId', place: true, department: 'department' })
export class AidGrant {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '记录主键 · Identifier of this version of the grant' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '给付部门 · Department that granted it' })
  @Rule(AID)
  department!: DepartmentCode;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '部门业务号 · The department’s own key of the grant' })
  @Rule(AID)
  sourceKey!: string;

  @Column('int')
  @Field(() => Int, { nullable: true, description: '版本号 · Version; a later one corrects' })
  @Rule(AID)
  version!: number;

  /** SHA-256 of the reported content: the same key and version with another digest is refused. */
  @Column('bytea')
  digest!: Buffer;

  @Column('varchar')
  @Field(() => AidProgramme, { nullable: true, description: '救助项目 · Programme' })
  @Rule(AID)
  programme!: AidProgramme;

  @Column('varchar')
  @Field(() => AidMode, { nullable: true, description: '救助方式 · Form of the aid' })
  @Rule(AID)
  mode!: AidMode;

  @Column('uuid', { nullable: true })
  personId!: string | null;

  @ManyToOne(() => Person)
  @Field(() => Person, { nullable: true, description: '救助对象 · Person who was aided' })
  @Rule(AID)
  person!: Relation<Person> | null;

  @Column('uuid', { nullable: true })
  householdId!: string | null;

  @ManyToOne(() => Household)
  @Field(() => Household, { nullable: true, description: '救助家庭 · Household that was aided' })
  @Rule(AID)
  household!: Relation<Household> | null;

  /** In fen. */
  @Column('bigint', { name: 'amount_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '金额 · Amount; masked: the band' })
  @Rule({ group: 'aid-amount', owner: OWNER, sensitivity: 'PERSONAL', mask: 'amount-band' })
  amount!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '实物或服务说明 · What was given where it was not money' })
  @Rule(AID)
  kindDescription!: string | null;

  @Column('char', { length: 7, nullable: true })
  @Field(() => MonthScalar, { nullable: true, description: '救助期间起 · First month that the aid is for' })
  @Rule(AID)
  periodFrom!: string | null;

  @Column('char', { length: 7, nullable: true })
  @Field(() => MonthScalar, { nullable: true, description: '救助期间止 · Last month that the aid is for' })
  @Rule(AID)
  periodTo!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '审批日期 · Decided on' })
  @Rule(AID)
  decidedOn!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '发放日期 · Paid on' })
  @Rule(AID)
  paidOn!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '资金来源 · Source of the funds' })
  @Rule(AID)
  fundSource!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '冲销的原业务号 · Key of the grant that this one reverses' })
  @Rule(AID)
  reversalOf!: string | null;

  @Column('varchar')
  @Field(() => AidState, { nullable: true, description: '状态 · What this version is now' })
  @Rule(AID)
  state!: AidState;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: '更正后的版本号 · Version that corrected this one' })
  @Rule(AID)
  supersededByVersion!: number | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '冲销业务号 · Key of the grant that reversed this one' })
  @Rule(AID)
  reversedByKey!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '救助细项代码 · Code of the item of the programme' })
  @Rule(AID)
  item!: string | null;

  @Field(() => String, { nullable: true, description: '救助细项名称 · Name of the item' })
  @Rule(AID)
  @Computed(
    (grant) => sql`(select named.name from aid_item named where named.code = ${grant.column('item')}
      order by named.region_code, named.valid_from desc limit 1)`,
  )
  itemName!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '凭据编号 · What the grant is for: code of the house, number of the voucher, of the event or course',
  })
  @Rule(AID)
  reference!: string | null;

  /** Two grants with one key are never in force together; null: may be granted more often. */
  @Column('varchar', { nullable: true })
  onceKey!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      '是否在死亡之后 · Whether it was decided, or is for months that begin, after the person’s death, by whichever ' +
      'department that was reported; null where the person is not known',
  })
  @Rule(AID)
  @Computed(
    (grant) => sql`(select coalesce(${grant.column('decidedOn')} > dead.died_on
        or ${grant.column('periodFrom')} > to_char(dead.died_on, 'YYYY-MM'), false)
      from person dead where dead.id = ${grant.column('personId')})`,
  )
  afterDeath!: boolean | null;

  /** The client that reported it, e.g. `education.demo`. */
  @Column('varchar')
  reportedBy!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '回传时刻 · When the department reported it' })
  @Rule(AID)
  reportedAt!: Date;

  /** The five place columns are those of the aided person on the day of the report; unknown while PENDING. */
  @Column('varchar', { length: 12, nullable: true })
  regionCode!: string | null;

  @Column('varchar', { length: 12, nullable: true })
  townshipCode!: string | null;

  @Column('varchar', { length: 12, nullable: true })
  countyCode!: string | null;

  @Column('varchar', { length: 12, nullable: true })
  prefectureCode!: string | null;

  @Column('varchar', { length: 12, nullable: true })
  provinceCode!: string | null;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '来源系统 · System that delivered the record' })
  @Rule(PROVENANCE)
  sourceSystem!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '数据时点 · When the record was true in its source' })
  @Rule(PROVENANCE)
  asOf!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  recordedAt!: Date;
}

/** A page of grants. */
export const AidGrantConnection = connectionOf(() => AidGrant, 'AidGrant', '救助给付');
