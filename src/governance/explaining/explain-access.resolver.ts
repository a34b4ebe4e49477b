import { Arg, Args, ArgsType, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../../access/index.ts';
import { Code, DateScalar, closedList } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { AgreementState, CallerPurpose, CallerRole } from '../changes/lists.ts';
import type { Explainer } from './explainer.ts';
import type { Explanation } from './explanation.ts';

export const ExplainedDecision = closedList('ExplainedDecision', '判定 · What the policy decides', {
  FULL: '全部 · In full',
  MASKED: '部分 · In part',
  DENIED: '不开放 · Not at all',
});
export type ExplainedDecision = keyof typeof ExplainedDecision;

export const MissingForAccess = closedList('MissingForAccess', '所缺 · What is missing for access', {
  NO_AGREEMENT: '没有协议 · There is no agreement',
  NOT_YET_VALID: '协议未生效 · It has not begun',
  EXPIRED: '协议已到期 · It is over',
  SUSPENDED: '协议已中止 · It is suspended',
  REVOKED: '协议已撤销 · It is revoked',
  PURPOSE: '不含该目的 · It does not name the purpose',
  OPERATION: '不含该操作 · It does not open the operation',
  ROWS: '不含该类记录 · It opens no rows of the type',
  GROUP: '不含该信息项 · It does not hold the group of fields',
  NOT_SHARED: '不予共享 · The group is not shared',
  PARTIAL_FORM: '没有部分形式 · Shared in part only, and there is no partial form',
  CHOICE: '不可据以筛选、排序 · What is not seen in full chooses and orders nothing',
  COUNTS: '不告知小数目 · Small counts are not told',
});
export type MissingForAccess = keyof typeof MissingForAccess;

/** Why a coordinate is open, or what is missing. */
@ObjectType({ description: '判定说明 · Why something is open to somebody, or what is missing and whom to ask' })
export class AccessExplanation {
  @Field(() => String, { description: '说明 · One sentence, in Chinese and in English' })
  sentence!: string;

  @Field(() => String, { description: '坐标 · What was asked about, e.g. Person.address' })
  coordinate!: string;

  @Field(() => DepartmentCode, { description: '部门 · Department' })
  department!: DepartmentCode;

  @Field(() => CallerRole, { description: '角色 · Role' })
  role!: CallerRole;

  @Field(() => CallerPurpose, { nullable: true, description: '目的 · Purpose; null where none was named' })
  purpose!: CallerPurpose | null;

  @Field(() => ExplainedDecision, { description: '判定 · Decision' })
  decision!: ExplainedDecision;

  @Field(() => [String], { description: '范围 · Of whom: row scopes, all of which bound it' })
  scopes!: readonly string[];

  @Field(() => [String], { description: '脱敏方式 · Masks' })
  masks!: readonly string[];

  @Field(() => [String], { description: '信息项 · Groups of the sharing catalogue' })
  groups!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: '协议编号 · Agreement that decides, or the one that would if it were in force',
  })
  agreement!: string | null;

  @Field(() => String, { nullable: true, description: '协议名称 · Its title' })
  title!: string | null;

  @Field(() => AgreementState, { nullable: true, description: '协议状态 · Its state' })
  state!: AgreementState | null;

  @Field(() => String, { nullable: true, description: '协议依据 · Its legal basis' })
  legalBasis!: string | null;

  @Field(() => [String], { description: '目录依据 · Articles that the catalogue names' })
  articles!: readonly string[];

  @Field(() => DepartmentCode, { description: '数源部门 · Who answers for it and can be asked' })
  owner!: DepartmentCode;

  @Field(() => DateScalar, { nullable: true, description: '有效期至 · Last day of the agreement; null without end' })
  validUntil!: string | null;

  @Field(() => MissingForAccess, { nullable: true, description: '所缺 · What is missing where it is denied' })
  missing!: MissingForAccess | null;

  @Field(() => [CallerPurpose], {
    description: '可用目的 · Purposes for which it is open to the same department and role',
  })
  opensFor!: readonly CallerPurpose[];
}

@ArgsType()
class ExplainAccessArgs {
  @Field(() => DepartmentCode, { nullable: true, description: '部门 · Department; the caller’s own by default' })
  department?: DepartmentCode;

  @Field(() => CallerRole, { nullable: true, description: '角色 · Role; the caller’s own by default' })
  role?: CallerRole;

  @Field(() => CallerPurpose, { nullable: true, description: '目的 · Purpose; that of the request by default' })
  purpose?: CallerPurpose;
}

/** What the query finds in its context. */
export interface ExplainerContext extends HubContext {
  readonly explainer: Explainer;
}

/** The policy explained, from its own rows: open to every authenticated caller, since it tells of nobody. */
@Resolver()
export class AccessExplanations {
  @Query(() => AccessExplanation, {
    description:
      '说明权限 · Explains in one sentence why something is open to somebody, or what is missing and whom to ask',
  })
  @Code({ open: true })
  explainAccess(
    @Arg('coordinate', () => String, {
      description: '坐标 · Type.field, Query.field, Type.field(argument:), Input.field or Enum.VALUE',
    })
    coordinate: string,
    @Args() { department, role, purpose }: ExplainAccessArgs,
    @Ctx() { caller, explainer }: ExplainerContext,
  ): AccessExplanation {
    const about = {
      ...(department ? { department } : {}),
      ...(role ? { role } : {}),
      ...(purpose ? { purpose } : {}),
    };
    return toAnswer(explainer.explain(caller, coordinate, about));
  }
}

const toAnswer = ({ agreement, purpose, missing, ...rest }: Explanation): AccessExplanation => ({
  ...rest,
  purpose: purpose ?? null,
  missing: missing ?? null,
  agreement: agreement?.number ?? null,
  title: agreement?.title ?? null,
  state: agreement?.state ?? null,
  legalBasis: agreement?.legalBasis ?? null,
  validUntil: agreement?.validUntil ?? null,
});
