import { ArgsType, Field, ID } from 'type-graphql';
import { DateScalar, ListArgs } from '../graph/index.ts';

/** One row by its id. */
@ArgsType()
export class IdArgs {
  @Field(() => ID, { description: '主键 · Identifier in this hub' })
  id!: string;
}

/** The state of things on a day. */
@ArgsType()
export class OnDateArgs extends ListArgs {
  @Field(() => DateScalar, { nullable: true, description: '时点 · As things stood on that day; today by default' })
  onDate?: string;
}

/** A history that may be narrowed to a day. */
@ArgsType()
export class HistoryArgs extends ListArgs {
  @Field(() => DateScalar, {
    nullable: true,
    description: '有效日期 · Only what was valid on that day, both ends included; without it the whole history',
  })
  validOn?: string;
}
