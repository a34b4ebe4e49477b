/** Arguments that every list takes. */
import { ArgsType, Field, Int } from 'type-graphql';

/** A short list: no cursor, at most 500 items. */
@ArgsType()
export class ListArgs {
  @Field(() => Int, { description: '最多返回条数 · At most so many items, 1 to 500' })
  first: number = 100;
}

/** A page of a long list: at most 500 items and the cursor after which it starts. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { description: '每页条数 · Page size, 1 to 500' })
  first: number = 50;

  @Field(() => String, { nullable: true, description: '起始游标 · The page starts after this item (`endCursor`)' })
  after?: string;
}
