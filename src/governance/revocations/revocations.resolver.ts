import { Arg, Args, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../../access/index.ts';
import { Code, DateTimeScalar, PageArgs, Plan, compiled } from '../../graph/index.ts';
import { Revocation, RevocationConnection } from './revocation.ts';
import type { TokenRevoker } from './revoke.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface RevocationContext extends HubContext, ActContext {
  readonly revoker: TokenRevoker;
}

@InputType({ description: '撤销一个令牌 · A token to be revoked' })
class RevokeTokenInput {
  @Field(() => String, {
    description: '令牌编号 · The claim jti of the token; never the token itself, which has many spellings',
  })
  tokenId!: string;

  @Field(() => String, { description: '撤销原因 · Why, 2 to 500 characters; nothing personal' })
  reason!: string;
}

@InputType({ description: '撤销一个调用方的令牌 · A client whose tokens are to be revoked' })
class RevokeClientTokensInput {
  @Field(() => String, { description: '调用方 · Name of the client, e.g. education.demo' })
  client!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '签发时限 · Tokens issued earlier are revoked; now where it is left out, and never later than now',
  })
  issuedBefore?: string | null;

  @Field(() => String, { description: '撤销原因 · Why, 2 to 500 characters; nothing personal' })
  reason!: string;
}

/** What stands now. Whether the hub ever saw such a token is not told. */
@ObjectType({ description: '撤销结果 · The revocation that stands now' })
export class RevocationPayload {
  @Field(() => DateTimeScalar, { description: '撤销时间 · Since when' })
  revokedAt!: Date;

  @Field(() => DateTimeScalar, {
    description: '保留至 · Until when it is kept: by then every token that it is about has expired',
  })
  until!: Date;

  @Field(() => Boolean, { description: '是否已撤销过 · Whether it stood before' })
  already!: boolean;
}

/** Revokes tokens and lists what was revoked. */
@Resolver()
export class Revocations {
  @Mutation(() => RevocationPayload, {
    description:
      '撤销令牌 · Revokes a token of the caller’s own department, civil affairs one of any; it holds from the next ' +
      'request on every hub process. Idempotent',
  })
  @Code({ open: false })
  revokeToken(
    @Arg('input', () => RevokeTokenInput, { description: '撤销内容 · Which token, and why' })
    { tokenId, reason }: RevokeTokenInput,
    @Ctx() { revoker, caller, ...context }: RevocationContext,
  ): Promise<RevocationPayload> {
    return revoker.revoke(caller, { tokenId }, reason, context);
  }

  @Mutation(() => RevocationPayload, {
    description:
      '撤销调用方的全部令牌 · Revokes all tokens of a client that were issued before an instant; those that it gets ' +
      'afterwards are good. Idempotent',
  })
  @Code({ open: false })
  revokeClientTokens(
    @Arg('input', () => RevokeClientTokensInput, { description: '撤销内容 · Which client, and why' })
    { client, issuedBefore, reason }: RevokeClientTokensInput,
    @Ctx() { revoker, caller, ...context }: RevocationContext,
  ): Promise<RevocationPayload> {
    const before = typeof issuedBefore === 'string' ? new Date(issuedBefore) : undefined;
    return revoker.revoke(caller, { client, issuedBefore: before }, reason, context);
  }

  @Query(() => RevocationConnection, {
    description: '令牌撤销清单 · Revocations of the caller’s department that may still bind a token, newest first',
  })
  @Plan<PageArgs>((args) => ({ of: Revocation, order: ['-revokedAt'], ...args }))
  revocations(@Args() _args: PageArgs): never {
    return compiled();
  }
}
