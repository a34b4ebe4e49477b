/** What the acts on emergency access take and give. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { EmergencyVerdict } from './emergency-access.ts';

/** What a reviewer found. */
@InputType({ description: '应急访问复核 · The review of an emergency access' })
export class ReviewEmergencyInput {
  @Field(() => ID, { description: '应急访问主键 · Identifier of the emergency access' })
  id!: string;

  @Field(() => EmergencyVerdict, { description: '复核结论 · What was found' })
  verdict!: EmergencyVerdict;

  @Field(() => String, { description: '复核意见 · Why, at most 1,000 characters, without identity numbers' })
  note!: string;
}

/** Answer to each act. */
@ObjectType({ description: '应急访问办理结果 · Where an emergency access stands after an act' })
export class EmergencyPayload {
  @Field(() => ID, { description: '应急访问主键 · Identifier of the emergency access' })
  id!: string;

  @Field(() => String, { description: '业务编号 · Case for which it was opened' })
  caseNo!: string;

  @Field(() => DateTimeScalar, { description: '开启时间 · When it was opened' })
  openedAt!: Date;

  @Field(() => DateTimeScalar, { description: '到期时间 · From when on it is over, unless closed before' })
  until!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: '提前关闭时间 · When it was closed before its time' })
  closedAt!: Date | null;

  @Field(() => [DepartmentCode], { description: '被通知部门 · Departments that were told of the opening' })
  told!: readonly DepartmentCode[];

  @Field(() => EmergencyVerdict, { nullable: true, description: '复核结论 · What the review found' })
  verdict!: EmergencyVerdict | null;

  @Field(() => DateTimeScalar, { nullable: true, description: '复核时间 · When it was reviewed' })
  reviewedAt!: Date | null;

  @Field(() => Boolean, { description: '是否未变 · Whether it stood so before: the act was a repetition' })
  unchanged!: boolean;
}
