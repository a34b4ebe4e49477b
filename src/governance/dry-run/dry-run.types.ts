/** What a dry run tells, and what is told of the use of agreements. */
import { Field, Int, ObjectType } from 'type-graphql';
import { DateScalar, DateTimeScalar, closedList } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { CallerPurpose, CallerRole } from '../changes/lists.ts';

export const DryRunEffect = closedList('DryRunEffect', '影响 · What becomes of past requests under a change', {
  FAILS: '将被拒绝 · They fail, or hold nulls where the client asks for those',
  MAY_FAIL: '可能被拒绝 · They fail depending on values that the ledger does not hold',
  PASSES: '将获准 · They pass',
  MAY_PASS: '可能获准 · They pass depending on values that the ledger does not hold',
  TELLS_LESS: '内容减少 · They tell less: masked, null or of fewer rows',
  TELLS_MORE: '内容增加 · They tell more than until now',
  UNCHANGED: '不变 · Nothing changes',
  UNKNOWN: '无法判断 · The ledger does not tell enough to judge',
});
export type DryRunEffect = keyof typeof DryRunEffect;

export const ExposureBasis = closedList('ExposureBasis', '人数依据 · How far the number of persons can be relied on', {
  ASKED: '曾被请求 · It was asked for: these would have been told of',
  NEVER_ASKED: '从未请求 · Nobody asked for it: at most these, of those met so far',
  NEVER_READ: '从未查询该类记录 · Its rows were never read: at most these are known to the department at all',
  MORE_ROWS: '范围扩大 · Rows become open that were not: at least these',
});
export type ExposureBasis = keyof typeof ExposureBasis;

/** A coordinate that is denied, and by whom it could be opened. */
@ObjectType({ description: '被拒项 · What a refusal names' })
export class DryRunDenial {
  @Field(() => String, { description: '坐标 · Coordinate' })
  coordinate!: string;

  @Field(() => String, { description: '理由 · Reason' })
  reason!: string;

  @Field(() => String, { description: '数源部门 · Who answers for it' })
  owner!: string;
}

/** How many requests something becomes of. */
@ObjectType({ description: '影响计数 · How many requests something becomes of' })
export class DryRunCount {
  @Field(() => DryRunEffect, { description: '影响 · What becomes of them' })
  effect!: DryRunEffect;

  @Field(() => Int, { description: '请求数 · Requests' })
  requests!: number;
}

/** Requests that are alike, and what becomes of them. */
@ObjectType({ description: '受影响请求 · Past requests of one client with one operation, and what becomes of them' })
export class DryRunRequests {
  @Field(() => String, { description: '操作 · Name of the operation, or how it begins' })
  operation!: string;

  @Field(() => String, { description: '调用方 · Client' })
  client!: string;

  @Field(() => DepartmentCode, { description: '部门 · Department' })
  department!: DepartmentCode;

  @Field(() => CallerRole, { description: '角色 · Role' })
  role!: CallerRole;

  @Field(() => CallerPurpose, { nullable: true, description: '目的 · Purpose' })
  purpose!: CallerPurpose | null;

  @Field(() => DryRunEffect, { description: '影响 · What becomes of them' })
  effect!: DryRunEffect;

  @Field(() => String, { nullable: true, description: '错误代码 · Code of the refusal, then or until now' })
  code!: string | null;

  @Field(() => [DryRunDenial], { description: '被拒项 · What refuses them then, or refused them until now' })
  denied!: readonly DryRunDenial[];

  @Field(() => [String], { description: '减少项 · Coordinates of which less is told' })
  less!: readonly string[];

  @Field(() => [String], { description: '增加项 · Coordinates of which more is told' })
  more!: readonly string[];

  @Field(() => Int, { description: '请求数 · Requests' })
  requests!: number;

  @Field(() => DateTimeScalar, { description: '首次 · The first of them' })
  firstAt!: Date;

  @Field(() => DateTimeScalar, { description: '末次 · The last of them' })
  lastAt!: Date;
}

/** A coordinate that becomes open. */
@ObjectType({ description: '新增暴露 · A coordinate that becomes open, or more open, and of how many' })
export class DryRunExposure {
  @Field(() => String, { description: '坐标 · Coordinate' })
  coordinate!: string;

  @Field(() => DepartmentCode, { description: '部门 · Department that would get it' })
  department!: DepartmentCode;

  @Field(() => CallerRole, { description: '角色 · Role' })
  role!: CallerRole;

  @Field(() => [CallerPurpose], { description: '目的 · Purposes' })
  purposes!: readonly CallerPurpose[];

  @Field(() => String, { description: '现在 · Until now: denied, masked:caseload, full:region …' })
  from!: string;

  @Field(() => String, { description: '变更后 · Then' })
  to!: string;

  @Field(() => Int, { description: '人数 · Different persons' })
  persons!: number;

  @Field(() => Int, { description: '户数 · Different households' })
  households!: number;

  @Field(() => ExposureBasis, { description: '人数依据 · What the numbers rest on' })
  basis!: ExposureBasis;
}

/** What is gone. */
@ObjectType({
  description: '失效协议与目的 · An agreement that no longer decides, or purposes that nothing opens any more',
})
export class DryRunVanishing {
  @Field(() => DepartmentCode, { description: '部门 · Department' })
  department!: DepartmentCode;

  @Field(() => CallerRole, { description: '角色 · Role' })
  role!: CallerRole;

  @Field(() => String, { nullable: true, description: '协议编号 · Agreement; null where only purposes go' })
  agreement!: string | null;

  @Field(() => [CallerPurpose], { description: '目的 · Purposes that are gone with it' })
  purposes!: readonly CallerPurpose[];

  @Field(() => Int, { description: '请求数 · Requests that relied on it' })
  requests!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: '末次 · The last of them' })
  lastAt!: Date | null;
}

/** What a dry run finds. */
@ObjectType({ description: '预演结果 · What a change of the policy would have meant for past requests' })
export class PolicyDryRun {
  @Field(() => String, { description: '变更对象 · What was tried: number of the agreement, or CATALOGUE' })
  candidate!: string;

  @Field(() => Int, { description: '比较版本 · Version in force, against which it was held' })
  baseVersion!: number;

  @Field(() => DateScalar, { description: '判定日期 · Day on which both were asked' })
  asOf!: string;

  @Field(() => DateTimeScalar, { description: '起 · Requests from here' })
  since!: Date;

  @Field(() => DateTimeScalar, { description: '止 · Up to here' })
  until!: Date;

  @Field(() => Int, { description: '请求数 · Requests in that time' })
  requests!: number;

  @Field(() => [DryRunCount], { description: '影响计数 · Requests by what becomes of them' })
  effects!: readonly DryRunCount[];

  @Field(() => [DryRunRequests], { description: '受影响请求 · What something changes for, the gravest first' })
  affected!: readonly DryRunRequests[];

  @Field(() => [DryRunExposure], { description: '新增暴露 · What becomes open' })
  exposures!: readonly DryRunExposure[];

  @Field(() => [DryRunVanishing], { description: '失效 · What is gone' })
  vanishing!: readonly DryRunVanishing[];
}
