import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { DateScalar, isOneOf, Rows, Rule, YuanScalar } from '../graph/index.ts';
import { Household } from './household.ts';
import { EnrolmentStatus, PovertyCause, Programme, SupportMode, UrbanRural } from './lists.ts';
import { Node } from './node.ts';
import { Person } from './person.ts';
import { Placed, REGION_CODE_CHECK, VALIDITY_CHECK } from './recorded.ts';

const OWNER = 'CIVIL_AFFAIRS';
const STATUS = { group: 'status', owner: OWNER, sensitivity: 'PERSONAL' } as const;
const AMOUNT = { group: 'dibao-amount', owner: OWNER, sensitivity: 'PERSONAL', mask: 'amount-band' } as const;

/**
 * A household's enrolment in a programme. Other departments rely on it without checking means again
 * (社会救助法 art. 42: 共享互认); the amount may be posted (D21 art. 24), income may not.
 */
@Entity()
@Check('ck_enrolment__programme', isOneOf('programme', Programme))
@Check('ck_enrolment__urban_rural', isOneOf('urban_rural', UrbanRural))
@Check('ck_enrolment__amounts', 'amount_fen >= 0 and top_up_fen >= 0')
@Check('ck_enrolment__support_mode', isOneOf('support_mode', SupportMode))
@Check(
  'ck_enrolment__causes',
  `causes <@ array[${Object.keys(PovertyCause)
    .map((cause) => `'${cause}'`)
    .join(', ')}]`,
)
@Check('ck_enrolment__status', isOneOf('status', EnrolmentStatus))
@Check('ck_enrolment__validity', VALIDITY_CHECK)
@Check('ck_enrolment__region_code', REGION_CODE_CHECK)
@Index(['householdId', 'validFrom', 'id'])
@Index(['provinceCode', 'prefectureCode'])
@Index(['countyCode'])
@Index(['sourceSystem', 'certificateNo'])
@ObjectType({ implements: Node, description: '救助待遇 · Enrolment of a household in a programme' })
@Rows({ person: 'applicantId', household: 'householdId', place: true })
export class Enrolment extends Placed {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '记录主键 · Identifier of the record' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Column('uuid')
  householdId!: string;

  @ManyToOne(() => Household, { nullable: false })
  @Field(() => Household, { nullable: true, description: '救助家庭 · The household' })
  @Rule(STATUS)
  household!: Relation<Household>;

  @Index()
  @Column('uuid')
  applicantId!: string;

  @ManyToOne(() => Person, { nullable: false })
  @Field(() => Person, { nullable: true, description: '申请人 · The applicant' })
  @Rule(STATUS)
  applicant!: Relation<Person>;

  @Column('varchar')
  @Field(() => Programme, { nullable: true, description: '救助类别 · Programme' })
  @Rule(STATUS)
  programme!: Programme;

  @Column('varchar')
  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Urban or rural scheme' })
  @Rule(STATUS)
  urbanRural!: UrbanRural;

  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '类别 · Class: A, B, C for 低保; FULL_LOSS, PARTIAL_LOSS, ABLE (self-care) for 特困',
  })
  @Rule(STATUS)
  category!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '证号 · Number of the certificate' })
  @Rule(STATUS)
  certificateNo!: string | null;

  /** Monthly, in fen; top-ups (分类施保) stand apart. */
  @Column('bigint', { name: 'amount_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '月保障金额 · Base amount a month; masked: the band' })
  @Rule(AMOUNT)
  amount!: string;

  @Column('bigint', { name: 'top_up_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '分类施保增发金额 · Top-up a month; masked: the band' })
  @Rule(AMOUNT)
  topUp!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '发放账号 · Account that is paid; masked: the last four digits' })
  @Rule({ group: 'payee-account', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'account-last4' })
  payeeAccount!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => SupportMode, { nullable: true, description: '供养方式 · How a Tekun person is supported' })
  @Rule(STATUS)
  supportMode!: SupportMode | null;

  @Column('text', { array: true })
  @Field(() => [PovertyCause], { nullable: true, description: '致困原因 · Causes of the difficulty' })
  @Rule({ group: 'cause', owner: OWNER, sensitivity: 'SENSITIVE' })
  causes!: PovertyCause[];

  @Column('varchar')
  @Field(() => EnrolmentStatus, { nullable: true, description: '待遇状态 · State of the enrolment' })
  @Rule(STATUS)
  status!: EnrolmentStatus;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '起始日期 · Valid from' })
  @Rule(STATUS)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '终止日期 · Valid to, that day included; null while open' })
  @Rule(STATUS)
  validTo!: string | null;
}
