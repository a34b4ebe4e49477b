/** What the acts of registrars take and give. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '../graph/index.ts';
import type { ConflictDecision, DecidedConflict } from './decide-conflict.ts';
import type { DecidedMatch, MatchDecision } from './decide-match.ts';
import { ReviewState } from './match-review.ts';
import type { Part, PersonAct, SourceRows } from './move-persons.ts';
import type { Reasoned } from './registrar-desk.ts';
import { ConflictKind, ConflictOutcome } from './registry-conflict.ts';

const WHY = '理由（2至500字，不写证件号码） · Why, in 2 to 500 characters, without identity numbers';

/** The answer to a review. */
@InputType({ description: '身份复核结论 · The answer to a review: somebody known, somebody new, or not used' })
export class DecideMatchInput implements MatchDecision, Reasoned {
  @Field(() => ID, { description: '复核主键 · Identifier of the review' })
  reviewId!: string;

  @Field(() => ID, { nullable: true, description: '人员主键 · It is this person, a candidate or not' })
  personId?: string | null;

  @Field(() => Boolean, { nullable: true, description: '新人员 · It is somebody whom the registry did not have' })
  newPerson?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: '不予采用 · The rows are not used, now and later' })
  reject?: boolean | null;

  @Field(() => String, { description: WHY })
  reason!: string;
}

/** What became of a review. */
@ObjectType({ description: '身份复核结果 · What became of a review' })
export class DecideMatchPayload implements DecidedMatch {
  @Field(() => ID, { description: '复核主键 · Identifier of the review' })
  id!: string;

  @Field(() => ReviewState, { description: '状态 · Where it stands' })
  state!: ReviewState;

  @Field(() => ID, { nullable: true, description: '人员主键 · The person' })
  personId!: string | null;

  @Field(() => Int, { description: '处理行数 · Rows that had waited and were taken up, or let go' })
  rows!: number;
}

/** The answer to a conflict. */
@InputType({ description: '数据冲突裁定 · The answer to a conflict' })
export class DecideConflictInput implements ConflictDecision, Reasoned {
  @Field(() => ID, { description: '冲突主键 · Identifier of the conflict' })
  id!: string;

  @Field(() => ConflictOutcome, { description: '裁定结果 · How it is decided' })
  outcome!: ConflictOutcome;

  @Field(() => DateScalar, { nullable: true, description: '日期 · The day decided, with SET_DATE and END_OTHER' })
  on?: string | null;

  @Field(() => String, { description: WHY })
  reason!: string;
}

/** What became of a conflict. */
@ObjectType({ description: '冲突裁定结果 · What became of a conflict' })
export class DecideConflictPayload implements DecidedConflict {
  @Field(() => ID, { description: '冲突主键 · Identifier of the conflict' })
  id!: string;

  @Field(() => ConflictKind, { description: '类别 · Kind' })
  kind!: ConflictKind;

  @Field(() => ConflictOutcome, { description: '裁定结果 · How it was decided' })
  outcome!: ConflictOutcome;

  @Field(() => ID, { description: '人员主键 · Whom it is about' })
  personId!: string;

  @Field(() => Int, { description: '变更行数 · Rows of the registry that were changed' })
  changed!: number;
}

/** Two who are one. */
@InputType({ description: '合并人员 · Two entries that are one person' })
export class MergePersonsInput implements Reasoned {
  @Field(() => ID, { description: '保留人员 · The one who stays' })
  keptId!: string;

  @Field(() => ID, { description: '并入人员 · The one who is absorbed; the id stays an alias' })
  absorbedId!: string;

  @Field(() => String, { description: WHY })
  reason!: string;
}

/** Rows of a source. */
@InputType({ description: '来源记录 · All rows of a source about the person, or the one with the key' })
export class SourceRowsInput implements SourceRows {
  @Field(() => String, { description: '来源系统 · Source' })
  sourceSystem!: string;

  @Field(() => String, { nullable: true, description: '来源主键 · Key in the source; left out: all of its rows' })
  sourceKey?: string | null;
}

/** One who is two. */
@InputType({ description: '拆分人员 · One entry that is two persons' })
export class SplitPersonInput implements Part, Reasoned {
  @Field(() => ID, { description: '人员主键 · The person who stays' })
  personId!: string;

  @Field(() => [ID], { defaultValue: [], description: '分出的证件 · Identifiers that are the other person’s' })
  identifierIds!: string[];

  @Field(() => [SourceRowsInput], {
    defaultValue: [],
    description: '分出的记录 · Rows that are the other person’s, by source',
  })
  rows!: SourceRowsInput[];

  @Field(() => String, { nullable: true, description: '姓名 · Name of the other person; the same when left out' })
  name?: string | null;

  @Field(() => String, { description: WHY })
  reason!: string;
}

/** A merge or split to take back. */
@InputType({ description: '撤销合并或拆分 · A merge or split to take back' })
export class UndoPersonActInput implements Reasoned {
  @Field(() => ID, { description: '合并或拆分主键 · Identifier of the merge or split' })
  id!: string;

  @Field(() => String, { description: WHY })
  reason!: string;
}

/** What was moved. */
@ObjectType({ description: '合并或拆分结果 · What a merge, a split or its undoing did' })
export class PersonActPayload implements Omit<PersonAct, 'kind'> {
  @Field(() => ID, { description: '合并或拆分主键 · Identifier, by which it is undone' })
  id!: string;

  @Field(() => ID, { description: '保留人员 · The person who stays' })
  keptId!: string;

  @Field(() => ID, { description: '另一人员 · The one who was absorbed, or split off' })
  otherId!: string;

  @Field(() => Int, { description: '变更行数 · Rows that were moved' })
  moved!: number;
}
