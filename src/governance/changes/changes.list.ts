/** Changes as stewards and auditors read them: drafts that wait, and what became of all before. */
import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { DateTimeScalar, Derived, Plan, Rule, compiled, raw, sql } from '../../graph/index.ts';
import type { Planned, RowsPlan } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { PolicyChangeKind, PolicyChangeState } from './lists.ts';

const CHANGES = { group: 'policy-changes', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;
const MOST = 500;

/** A change of the policy. */
@ObjectType({ description: '政策变更 · A change of agreements or of the catalogue' })
@Derived({})
export class PolicyChange {
  @Field(() => ID, { nullable: true, description: '变更主键 · Identifier' })
  @Rule(CHANGES)
  id!: string;

  @Field(() => PolicyChangeKind, { nullable: true, description: '类型 · What it does' })
  @Rule(CHANGES)
  kind!: PolicyChangeKind;

  @Field(() => String, { nullable: true, description: '协议编号 · Agreement that it is about' })
  @Rule(CHANGES)
  agreement!: string | null;

  @Field(() => String, { nullable: true, description: '摘要 · What it is for' })
  @Rule(CHANGES)
  summary!: string;

  @Field(() => String, { nullable: true, description: '内容 · What it says, as JSON' })
  @Rule(CHANGES)
  content!: string;

  @Field(() => Int, { nullable: true, description: '所依版本 · Version that it was drafted against' })
  @Rule(CHANGES)
  baseVersion!: number;

  @Field(() => ID, { nullable: true, description: '共享申请 · Request for access that it follows from' })
  @Rule(CHANGES)
  request!: string | null;

  @Field(() => PolicyChangeState, { nullable: true, description: '状态 · Where it stands' })
  @Rule(CHANGES)
  state!: PolicyChangeState;

  @Field(() => String, { nullable: true, description: '起草人 · Client that drafted it' })
  @Rule(CHANGES)
  draftedBy!: string;

  @Field(() => DepartmentCode, { nullable: true, description: '起草部门 · Department of that client' })
  @Rule(CHANGES)
  draftedDepartment!: DepartmentCode;

  @Field(() => DateTimeScalar, { nullable: true, description: '起草时间 · When it was drafted' })
  @Rule(CHANGES)
  draftedAt!: Date;

  @Field(() => String, { nullable: true, description: '办结人 · Client that published or withdrew it' })
  @Rule(CHANGES)
  decidedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: '办结时间 · When it was published or withdrawn' })
  @Rule(CHANGES)
  decidedAt!: Date | null;

  @Field(() => Int, { nullable: true, description: '发布版本 · Version that it became' })
  @Rule(CHANGES)
  publishedVersion!: number | null;
}

@ArgsType()
class PolicyChangeArgs {
  @Field(() => PolicyChangeState, { nullable: true, description: '状态 · Only changes in this state' })
  state?: PolicyChangeState;

  @Field(() => String, { nullable: true, description: '协议编号 · Only changes of this agreement' })
  agreement?: string;
}

const instant = (column: string) => raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

function changes({ state, agreement }: Planned<PolicyChangeArgs>): RowsPlan {
  return {
    of: PolicyChange,
    from: {
      source: sql`
        select c.id, c.kind, c.agreement_number as agreement, c.summary, c.content::text as content, c.base_version,
          c.request_id as request, c.state, c.drafted_by, c.drafted_department, ${instant('c.drafted_at')} as drafted_at,
          c.decided_by, ${instant('c.decided_at')} as decided_at, c.published_version,
          row_number() over (order by c.drafted_at desc, c.id desc) as ordinal
        from policy_change c where true
          ${state === undefined ? sql`` : sql` and c.state = ${state}`}
          ${agreement === undefined ? sql`` : sql` and c.agreement_number = ${agreement}`}
        order by c.drafted_at desc, c.id desc limit ${raw(String(MOST))}`,
    },
    first: MOST,
  };
}

/** Root field `policyChanges`. */
@Resolver()
export class PolicyChangeQueries {
  @Query(() => [PolicyChange], { description: '政策变更 · Changes of the policy, the newest first, at most 500' })
  @Plan<PolicyChangeArgs>(changes)
  policyChanges(@Args(() => PolicyChangeArgs) _args: PolicyChangeArgs): PolicyChange[] {
    return compiled();
  }
}
