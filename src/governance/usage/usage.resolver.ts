import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { Agreement } from '../../access/index.ts';
import { Code, DateScalar, DateTimeScalar } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { CallerPurpose, CallerRole } from '../changes/lists.ts';
import type { ForesightContext } from '../dry-run/dry-run.resolver.ts';

/** What of a group nobody used. */
@ObjectType({ description: '未使用信息项 · A group that is granted and was not used, or not all of it' })
export class UnusedGroupOfFields {
  @Field(() => String, { description: '信息项 · Group of the sharing catalogue' })
  group!: string;

  @Field(() => Boolean, { description: '全部未用 · Whether nothing of it was used' })
  whole!: boolean;

  @Field(() => [String], { description: '坐标 · What of it was not used' })
  coordinates!: readonly string[];
}

/** An agreement, as lists about its use name it. */
@ObjectType({ description: '协议 · An agreement and who receives by it' })
abstract class NamedAgreement {
  @Field(() => String, { description: '协议编号 · Number' })
  agreement!: string;

  @Field(() => String, { description: '协议名称 · Title' })
  title!: string;

  @Field(() => DepartmentCode, { description: '部门 · Department' })
  department!: DepartmentCode;

  @Field(() => CallerRole, { description: '角色 · Role' })
  role!: CallerRole;
}

const named = ({ number, title, department, role }: Agreement): NamedAgreement => ({
  agreement: number,
  title,
  department,
  role,
});

/** What of an agreement nobody used. */
@ObjectType({ description: '未使用授权 · What an agreement grants and nobody used' })
export class UnusedGrantsOfAgreement extends NamedAgreement {
  @Field(() => Int, { description: '请求数 · Requests that it answered' })
  requests!: number;

  @Field(() => [String], { description: '操作 · Operations that nobody called' })
  operations!: readonly string[];

  @Field(() => [UnusedGroupOfFields], { description: '信息项 · Groups' })
  groups!: readonly UnusedGroupOfFields[];
}

/** A client that relied on an agreement. */
@ObjectType({ description: '使用方 · A client that relied on an agreement lately' })
export class RelyingClient {
  @Field(() => String, { description: '调用方 · Client' })
  client!: string;

  @Field(() => Int, { description: '请求数 · Requests in the last 90 days' })
  requests!: number;

  @Field(() => DateTimeScalar, { description: '末次 · The last of them' })
  lastAt!: Date;
}

/** An agreement that ends soon. */
@ObjectType({ description: '即将到期协议 · An agreement that is about to end' })
export class ExpiringAgreement extends NamedAgreement {
  @Field(() => [CallerPurpose], { description: '目的 · Purposes' })
  purposes!: readonly CallerPurpose[];

  @Field(() => DateScalar, { description: '终止日期 · Its last day' })
  validUntil!: string;

  @Field(() => Int, { description: '剩余天数 · Days left' })
  daysLeft!: number;

  @Field(() => [RelyingClient], { description: '使用方 · Who relied on it lately, most first' })
  relied!: readonly RelyingClient[];
}

/** How agreements are used, for stewards. */
@Resolver()
export class PolicyUsage {
  @Query(() => [UnusedGrantsOfAgreement], {
    description:
      '未使用授权 · What is granted and no answer used since a day, by agreement. For stewards, with the purpose GOVERNANCE and ' +
      'a case; itself on record',
  })
  @Code({ open: true })
  async policyUnused(
    @Arg('since', () => DateScalar, { nullable: true, description: '起始日期 · First day; 90 days ago by default' })
    since: string | null | undefined,
    @Ctx() { caller, foresight }: ForesightContext,
  ): Promise<readonly UnusedGrantsOfAgreement[]> {
    const found = await foresight.unused(caller, { since: since ?? undefined, until: undefined });
    return found.map(({ agreement, ...rest }) => ({ ...rest, ...named(agreement) }));
  }

  @Query(() => [ExpiringAgreement], {
    description:
      '即将到期协议 · Agreements that end within so many days, and who relied on them lately. For stewards, with the purpose ' +
      'GOVERNANCE and a case; itself on record',
  })
  @Code({ open: true })
  async policyExpiring(
    @Arg('within', () => Int, { defaultValue: 60, description: '天数 · Within so many days' }) within: number,
    @Ctx() { caller, foresight }: ForesightContext,
  ): Promise<readonly ExpiringAgreement[]> {
    const found = await foresight.expiring(caller, within);
    return found.map(({ agreement, ...rest }) => ({
      ...rest,
      ...named(agreement),
      purposes: agreement.purposes,
      validUntil: agreement.validUntil ?? '',
    }));
  }
}
