import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { closedList, connectionOf, DateScalar, DateTimeScalar, isOneOf, Rows, Rule } from '../graph/index.ts';
import { DepartmentCode, Placed, REGION_CODE_CHECK } from '../registry/index.ts';

export const ReviewState = closedList('ReviewState', '身份复核状态 · Where a review of identity stands', {
  OPEN: '待复核 · To be decided',
  MATCHED: '确认为已登记人员 · Found to be somebody known',
  CREATED: '确认为新人员 · Found to be somebody new',
  REJECTED: '不予采用 · The rows are not used',
});
export type ReviewState = keyof typeof ReviewState;

const REVIEW = { group: 'match-review', owner: 'CIVIL_AFFAIRS', sensitivity: 'SENSITIVE' } as const;

/**
 * A subject of a source that rules could not settle, with what was delivered of it; its candidates stand beside it. All rows
 * of the source about the same subject wait for the one answer (match_review_row). The place is the subject's home as
 * delivered, or else the likeliest candidate's.
 */
@Entity()
@Check('ck_match_review__department', isOneOf('department', DepartmentCode))
@Check('ck_match_review__state', isOneOf('state', ReviewState))
@Check(
  'ck_match_review__decided',
  `num_nonnulls(reason, decided_by, decided_at) = case state when 'OPEN' then 0 else 3 end`,
)
@Check('ck_match_review__region_code', REGION_CODE_CHECK)
@Index('uq_match_review__source_system_subject_key', ['sourceSystem', 'subjectKey'], {
  unique: true,
  where: `state = 'OPEN'`,
})
@Index(['openedAt', 'id'])
@ObjectType({ description: '身份复核 · A delivered subject beside the persons who may be meant' })
@Rows({ place: true })
export class MatchReview extends Placed {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '复核主键 · Identifier of the review' })
  @Rule(REVIEW)
  id!: string;

  @Column('uuid')
  @Field(() => ID, { nullable: true, description: '报送批次 · Delivery in which the subject came first' })
  @Rule(REVIEW)
  deliveryId!: string;

  @Column('int')
  rowNo!: number;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '报送部门 · Department that delivered it' })
  @Rule(REVIEW)
  department!: DepartmentCode;

  @Column('bytea')
  subjectKey!: Buffer;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '报送姓名 · Name as delivered' })
  @Rule(REVIEW)
  name!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '报送性别 · Sex as delivered' })
  @Rule(REVIEW)
  sex!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '报送出生日期 · Birth date as delivered' })
  @Rule(REVIEW)
  birthDate!: string | null;

  @Column('varchar', { nullable: true })
  idType!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '报送证件号码 · Number as delivered, which may be wrong' })
  @Rule(REVIEW)
  idValue!: string | null;

  @Column('varchar')
  @Field(() => ReviewState, { nullable: true, description: '状态 · Where it stands' })
  @Rule(REVIEW)
  state!: ReviewState;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '提交复核时间 · When it was opened' })
  @Rule(REVIEW)
  openedAt!: Date;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '复核理由 · Why it was decided so' })
  @Rule(REVIEW)
  reason!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '复核人 · Client that decided' })
  @Rule(REVIEW)
  decidedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '复核时间 · When it was decided' })
  @Rule(REVIEW)
  decidedAt!: Date | null;
}

/** A page of reviews. */
export const MatchReviewConnection = connectionOf(() => MatchReview, 'MatchReview', '身份复核');
