/** What the mutations of requests for access take and give. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import {
  AccessAnswerState,
  AccessRequestState,
  AccessVerdict,
  GroupAccess,
  ReceivingRole,
  RequestedPurpose,
  RequestedScope,
  SharingMode,
} from './lists.ts';

/** A group of fields, how much of it, and on which rows where that is narrower than its type's. */
@InputType({ description: '信息项 · A group of fields, and how much of it' })
export class AccessGroupInput {
  @Field(() => String, { description: '信息项名称 · Group of the sharing catalogue, e.g. diagnosis' })
  name!: string;

  @Field(() => GroupAccess, { description: '共享程度 · In full or in part' })
  access!: GroupAccess;

  @Field(() => RequestedScope, {
    nullable: true,
    description: '数据范围 · More narrowly than the rows: REGION, CASELOAD, CASE or OWN_DEPARTMENT',
  })
  scope?: RequestedScope | null;
}

/** Rows of a type. */
@InputType({ description: '数据范围 · Of whom: the rows of one type' })
export class AccessRowsInput {
  @Field(() => String, { description: '类型 · Type of the graph, e.g. Person' })
  type!: string;

  @Field(() => RequestedScope, { description: '范围 · Which of its rows' })
  scope!: RequestedScope;
}

/** A request, with all that 政务数据共享条例 art. 20 asks for. */
@InputType({ description: '共享申请 · A request for access (政务数据共享条例第20条)' })
export class RequestAccessInput {
  @Field(() => String, {
    description: '申请方编号 · Your own key of the request, at most 64 characters; sent again, it is the same request',
  })
  key!: string;

  @Field(() => ReceivingRole, { description: '使用方角色 · Role of your department that shall receive' })
  role!: ReceivingRole;

  @Field(() => [AccessGroupInput], { description: '信息项 · Groups of fields' })
  groups!: AccessGroupInput[];

  @Field(() => [AccessRowsInput], { description: '数据范围 · Of whom, by type' })
  rows!: AccessRowsInput[];

  @Field(() => [String], { description: '操作 · Operations, e.g. person' })
  operations!: string[];

  @Field(() => [RequestedPurpose], { description: '使用目的 · What for' })
  purposes!: RequestedPurpose[];

  @Field(() => String, { description: '使用依据 · Legal basis, with its article' })
  legalBasis!: string;

  @Field(() => String, { description: '使用场景 · Scenario in which the data is used' })
  scenario!: string;

  @Field(() => SharingMode, { description: '共享方式 · How it shall be delivered' })
  mode!: SharingMode;

  @Field(() => DateScalar, { description: '使用期限起 · First day' })
  validFrom!: string;

  @Field(() => DateScalar, { description: '使用期限止 · Last day, that day included' })
  validUntil!: string;
}

/** An owner's answer. */
@InputType({ description: '共享答复 · Answer of the own department to a request' })
export class AnswerAccessRequestInput {
  @Field(() => String, { description: '申请编号 · Number of the request' })
  request!: string;

  @Field(() => AccessVerdict, { description: '答复意见 · Grant or refuse' })
  verdict!: AccessVerdict;

  @Field(() => [AccessGroupInput], {
    nullable: true,
    description: '同意的信息项 · What is granted, where that is less than asked; left out: all that was asked of you',
  })
  groups?: AccessGroupInput[] | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: '同意期限止 · Granted until, where that is earlier than asked',
  })
  validUntil?: string | null;

  @Field(() => String, { nullable: true, description: '理由 · Reason; a refusal must have one' })
  reason?: string | null;

  @Field(() => String, { nullable: true, description: '依据 · Legal basis; a refusal must name one' })
  legalBasis?: string | null;
}

/** One owner's part of what became of a request. */
@ObjectType({ description: '答复回执 · Where the answer of an owner stands' })
export class AccessAnswerReceipt {
  @Field(() => DepartmentCode, { description: '数源部门 · Owner' })
  owner!: DepartmentCode;

  @Field(() => AccessAnswerState, { description: '状态 · Where it stands' })
  state!: AccessAnswerState;

  @Field(() => DateScalar, {
    nullable: true,
    description: '答复截止日期 · Last day in time; null while the holidays of its year are not known',
  })
  dueOn!: string | null;

  @Field(() => Int, { description: '期限（工作日） · Term in working days, extension included' })
  termDays!: number;
}

/** What became of a request. */
@ObjectType({ description: '申请回执 · Where a request stands after the act' })
export class AccessRequestReceipt {
  @Field(() => ID, { description: '申请主键 · Identifier' })
  id!: string;

  @Field(() => String, { description: '申请编号 · Number' })
  number!: string;

  @Field(() => AccessRequestState, { description: '状态 · Where the request stands' })
  state!: AccessRequestState;

  @Field(() => [AccessAnswerReceipt], { description: '答复 · The owners, in the order of their codes' })
  answers!: AccessAnswerReceipt[];

  @Field(() => Boolean, { description: '是否未变 · Whether the act had been done before, so that nothing changed' })
  unchanged!: boolean;

  @Field(() => ID, {
    nullable: true,
    description: '变更草案 · Draft of the change to the agreement that was made of what all owners granted',
  })
  draft!: string | null;
}
