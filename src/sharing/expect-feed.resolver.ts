import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../access/index.ts';
import { Code } from '../graph/index.ts';
import type { FeedExpectations } from './expect-feed.ts';
import { ExpectFeedInput, FeedReceipt } from './expect-feed.types.ts';

/** What the mutation finds in its context, beside what every operation has. */
export interface FeedContext extends HubContext, ActContext {
  readonly feeds: FeedExpectations;
}

/** Root field `expectFeed`. */
@Resolver()
export class FeedDeclarations {
  @Mutation(() => FeedReceipt, {
    description:
      '约定数据更新 · Declares what your department delivers, of which division and how often, or that it does so no longer; until it ' +
      'comes, what is not there is unknown. For stewards and registrars. Idempotent',
  })
  @Code({ open: false })
  expectFeed(
    @Arg('input', () => ExpectFeedInput, { description: '约定内容 · What is expected' }) input: ExpectFeedInput,
    @Ctx() { feeds, caller, ...context }: FeedContext,
  ): Promise<FeedReceipt> {
    return feeds.expect(caller, input, context);
  }
}
