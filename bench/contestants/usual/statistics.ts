/** Counts with the query builder, as they are. */
import { Arg, Authorized, Ctx, Field, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { DateScalar, RegionCodeScalar } from '../../../src/graph/scalars.ts';
import { Recipient } from './entities.ts';
import type { Context } from './reading.ts';

enum StatisticKey {
  COUNTY = 'countyCode',
  PROGRAMME = 'programme',
}
registerEnumType(StatisticKey, { name: 'StatisticKey' });

@ObjectType()
class RecipientStatistic {
  @Field(() => String, { nullable: true })
  @Authorized('ANALYST')
  countyCode!: string | null;

  @Field(() => String, { nullable: true })
  @Authorized('ANALYST')
  programme!: string | null;

  @Field(() => Int, { nullable: true })
  @Authorized('ANALYST')
  persons!: number;

  @Field(() => Int, { nullable: true })
  @Authorized('ANALYST')
  households!: number;
}

@Resolver()
export class RecipientStatistics {
  @Query(() => [RecipientStatistic])
  @Authorized('ANALYST')
  recipientStatistics(
    @Arg('region', () => RegionCodeScalar) region: string,
    @Arg('onDate', () => DateScalar, { nullable: true }) onDate: string | null,
    @Arg('groupBy', () => [StatisticKey]) groupBy: StatisticKey[],
    @Ctx() { source, regions, today }: Context,
  ): Promise<RecipientStatistic[]> {
    const day = onDate ?? today;
    const query = source
      .getRepository(Recipient)
      .createQueryBuilder('row')
      .select('count(*)::int', 'persons')
      .addSelect('count(distinct row.householdId)::int', 'households')
      .where('row.provinceCode in (:...regions)', { regions: [...regions] })
      .andWhere('row.provinceCode = :region', { region })
      .andWhere('row.validFrom <= :day', { day })
      .andWhere('(row.validTo is null or row.validTo >= :day)', { day });
    for (const key of groupBy) query.addSelect(`row.${key}`, key).addGroupBy(`row.${key}`).addOrderBy(`row.${key}`);
    return query.getRawMany<RecipientStatistic>();
  }
}
