/** Who looked at a person's data: the ledger as the person is told of it (PIPL art. 44, 45). */
import { Args, ArgsType, Field, ID, Query, Resolver } from 'type-graphql';
import { DateScalar, PageArgs, Plan, compiled, sql } from '../graph/index.ts';
import { AccessConnection, PersonAccess } from './person-access.ts';
import { personSlot } from './person-slot.ts';
import { namesPerson, within } from './told.ts';

@ArgsType()
class AccessesArgs extends PageArgs {
  @Field(() => ID, { description: '人员主键 · Identifier of the person in this hub' })
  personId!: string;

  @Field(() => DateScalar, { nullable: true, description: '起始日期，含当日 · From that day in China on' })
  from?: string;

  @Field(() => DateScalar, { nullable: true, description: '截止日期，含当日 · To the end of that day in China' })
  to?: string;
}

/** Root field `accessesOf`. */
@Resolver()
export class AccessQueries {
  @Query(() => AccessConnection, {
    description:
      '个人数据查阅记录 · Who was told what of a person, when, what for and on which basis, newest first. Writes count as ' +
      'well. A department sees its own accesses. Somebody whom the hub does not know looks like somebody at whom nobody looked',
  })
  @Plan<AccessesArgs>(({ personId, from, to, ...page }) => ({
    of: PersonAccess,
    where: {
      uses: ['at'],
      predicate: (access) =>
        sql`${namesPerson(access, personSlot(personId))} and ${within(access.column('at'), { from, to })}`,
    },
    order: ['-at'],
    ...page,
  }))
  accessesOf(@Args() _args: AccessesArgs): never {
    return compiled();
  }
}
