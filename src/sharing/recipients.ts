import { Args, ArgsType, Field, InputType, Query, Resolver } from 'type-graphql';
import { compiled, DateScalar, PageArgs, Plan, propertyList, RegionCodeScalar } from '../graph/index.ts';
import { Programme, Recipient, RecipientConnection, UrbanRural } from '../registry/index.ts';

@InputType({ description: '救助对象筛选条件 · Which recipients to list; conditions that are left out do not narrow' })
class RecipientFilter {
  @Field(() => Programme, { nullable: true, description: '救助类别 · Only this programme' })
  programme?: Programme;

  @Field(() => RegionCodeScalar, { nullable: true, description: '区划 · Only in this division or below it' })
  region?: string;

  @Field(() => String, { nullable: true, description: '类别 · Only this class, e.g. A' })
  category?: string;

  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Only the urban or the rural scheme' })
  urbanRural?: UrbanRural;

  @Field(() => DateScalar, { nullable: true, description: '时点 · Who benefited on that day; today by default' })
  onDate?: string;
}

/** The orders of lists of recipients, beside that by id. */
export const RecipientOrder = propertyList('RecipientOrder', '救助对象排序 · How to order recipients', {
  VALID_FROM_ASC: ['validFrom', '享受起始日期，早的在前 · Those who have benefited longest first'],
  VALID_FROM_DESC: ['-validFrom', '享受起始日期，晚的在前 · The newest first'],
});
export type RecipientOrder = (typeof RecipientOrder)[keyof typeof RecipientOrder];

@ArgsType()
class RecipientsArgs extends PageArgs {
  @Field(() => RecipientOrder, { nullable: true, description: '排序 · Order; by identifier where it is left out' })
  orderBy?: RecipientOrder;

  @Field(() => RecipientFilter, { nullable: true, description: '筛选条件 · Which recipients to list' })
  filter?: RecipientFilter;
}

/** Lists of recipients: the core of what civil affairs shares (S3 三(五)). */
@Resolver()
export class RecipientsResolver {
  @Query(() => RecipientConnection, {
    description: '救助对象名单 · Recipients in the caller’s scope on a day, page by page',
  })
  @Plan<RecipientsArgs>(({ filter, orderBy, ...page }, at) => ({
    of: Recipient,
    equals: { programme: filter?.programme, category: filter?.category, urbanRural: filter?.urbanRural },
    within: filter?.region,
    validOn: filter?.onDate ?? at.today,
    order: orderBy?.choices,
    ...page,
  }))
  recipients(@Args() _args: RecipientsArgs): never {
    return compiled();
  }
}
