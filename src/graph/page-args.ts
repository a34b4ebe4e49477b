/** Arguments that every list takes. */
import { ArgsType, Field, Int } from 'type-graphql';

/** A short list: no cursor, at most 1,000 items. */
@ArgsType()
export class ListArgs {
  @Field(() => Int, { description: '最多返回条数 · At most so many items, 1 to 1,000' })
  first: number = 100;
}

/** A page of a long list: at most 1,000 items, forward from a cursor or backward from one; never both. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: '每页条数 · Page size, 1 to 1,000; 50 by default' })
  first?: number;

  @Field(() => String, { nullable: true, description: '起始游标 · The page starts after this item (`endCursor`)' })
  after?: string;

  @Field(() => Int, {
    nullable: true,
    description: '倒序取末尾条数 · The last so many items, 1 to 1,000, in the order of the list',
  })
  last?: number;

  @Field(() => String, { nullable: true, description: '截止游标 · The page ends before this item (`startCursor`)' })
  before?: string;
}
