/** What the mutations of corrections take and give. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';
import { CorrectionState, CorrectionVerdict } from './lists.ts';

/** A value that a department was told and does not believe. */
@InputType({ description: '校核申请 · A value that your department was told and disputes' })
export class OpenCorrectionInput {
  @Field(() => String, {
    description: '提出方编号 · Your own key, at most 64 characters; sent again, it is the same correction',
  })
  key!: string;

  @Field(() => ID, { nullable: true, description: '人员主键 · Person whom the value is of; that, or householdId' })
  personId?: string | null;

  @Field(() => ID, { nullable: true, description: '家庭主键 · Household that the value is of; that, or personId' })
  householdId?: string | null;

  @Field(() => String, { description: '字段 · Schema coordinate of the value, e.g. StudentRecord.grade' })
  coordinate!: string;

  @Field(() => ID, {
    nullable: true,
    description: '记录主键 · Record in which it stands, where there are several',
  })
  recordId?: string | null;

  @Field(() => String, { description: '主张的正确值 · What you believe to be right, at most 500 characters' })
  claimed!: string;

  @Field(() => String, { description: '依据说明 · What that rests on, at most 1,000 characters' })
  evidence!: string;
}

/** The owner's answer. */
@InputType({ description: '校核答复 · Answer of the department that answers for the value' })
export class AnswerCorrectionInput {
  @Field(() => String, { description: '校核编号 · Number of the correction' })
  number!: string;

  @Field(() => CorrectionVerdict, { description: '校核意见 · Whether the value stands or was corrected' })
  verdict!: CorrectionVerdict;

  @Field(() => String, { nullable: true, description: '理由 · Reason; a value that stands needs one' })
  reason?: string | null;

  @Field(() => ID, { nullable: true, description: '更正后的记录 · Record that holds the corrected value' })
  recordId?: string | null;

  @Field(() => ID, { nullable: true, description: '更正批次 · Delivery that brought the corrected value' })
  deliveryId?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description:
      '错误起始日期 · Since when the value was wrong, where you know; whoever was told earlier is left in peace',
  })
  wrongSince?: string | null;
}

/** Where a correction stands after an act. */
@ObjectType({ description: '校核回执 · Where a correction stands after the act' })
export class CorrectionReceipt {
  @Field(() => ID, { description: '校核主键 · Identifier' })
  id!: string;

  @Field(() => String, { description: '校核编号 · Number' })
  number!: string;

  @Field(() => CorrectionState, { description: '状态 · Where it stands' })
  state!: CorrectionState;

  @Field(() => DepartmentCode, { description: '数源部门 · Department that answers' })
  owner!: DepartmentCode;

  @Field(() => DateScalar, {
    nullable: true,
    description: '答复截止日期 · Last day in time; null while the holidays of its year are not known',
  })
  dueOn!: string | null;

  @Field(() => Int, { description: '提醒数 · How many recalls went to those who were told the value' })
  recalled!: number;

  @Field(() => Boolean, { description: '是否未变 · Whether the act had been done before, so that nothing changed' })
  unchanged!: boolean;
}
