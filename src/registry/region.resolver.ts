import { Args, ArgsType, Field, FieldResolver, Query, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, RegionCodeScalar, Rule, sql } from '../graph/index.ts';
import { RegionLevel } from './lists.ts';
import { Region, RegionChange, RegionVersion } from './region.ts';

const OPEN = { group: 'public', owner: 'CIVIL_AFFAIRS', sensitivity: 'PUBLIC' } as const;

@ArgsType()
class RegionArgs {
  @Field(() => RegionCodeScalar, { description: '区划代码 · Code of the division' })
  code!: string;
}

@ArgsType()
class RegionsArgs extends ListArgs {
  @Field(() => RegionLevel, { nullable: true, description: '级别 · Only divisions of this level' })
  level?: RegionLevel;

  @Field(() => RegionCodeScalar, { nullable: true, description: '上级区划 · Only divisions right below this one' })
  parent?: string;
}

/** Administrative divisions: open to every authenticated caller. */
@Resolver(() => Region)
export class RegionResolver {
  @Query(() => Region, { nullable: true, description: '按代码查区划 · A division by its code' })
  @Plan<RegionArgs>((args) => ({ of: Region, equals: { code: args.code } }))
  region(@Args() _args: RegionArgs): never {
    return compiled();
  }

  @Query(() => [Region], { description: '区划列表 · Divisions in the order of their codes' })
  @Plan<RegionsArgs>((args) => ({
    of: Region,
    equals: { level: args.level, parentCode: args.parent },
    order: ['code'],
    first: args.first,
  }))
  regions(@Args() _args: RegionsArgs): never {
    return compiled();
  }

  @FieldResolver(() => [Region], { nullable: true, description: '下级区划 · Divisions right below' })
  @Rule(OPEN)
  @Plan<ListArgs>((args) => ({ of: Region, on: { parentCode: 'code' }, order: ['code'], first: args.first }))
  children(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [RegionVersion], { nullable: true, description: '历史版本 · What it was before, oldest first' })
  @Rule(OPEN)
  @Plan<ListArgs>((args) => ({ of: RegionVersion, on: { code: 'code' }, order: ['validFrom'], first: args.first }))
  versions(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [RegionChange], {
    nullable: true,
    description: '区划变更 · Changes that this code came out of or went into, oldest first',
  })
  @Rule(OPEN)
  @Plan<ListArgs>((args, { parent }) => ({
    of: RegionChange,
    where: parent && {
      uses: ['fromCode', 'toCode'],
      predicate: (change) =>
        sql`(${change.column('fromCode')} = ${parent.column('code')} or ${change.column('toCode')} = ${parent.column('code')})`,
    },
    order: ['effectiveOn'],
    first: args.first,
  }))
  changes(@Args() _args: ListArgs): never {
    return compiled();
  }
}
