import { Args, ArgsType, Field, ID, Query, Resolver } from 'type-graphql';
import { compiled, derive, Plan } from '../graph/index.ts';
import type { Slot } from '../graph/index.ts';
import { badUserInput } from '../platform/errors.ts';
import { IdArgs } from './dated-args.ts';
import { Node } from './node.ts';

/** Most ids of one `nodes`. */
const MOST_IDS = 100;

@ArgsType()
class IdsArgs {
  @Field(() => [ID], { description: '主键（最多100个） · Identifiers in this hub, at most 100' })
  ids!: string[];
}

const bounded = (ids: Slot<readonly string[]>): Slot<readonly string[]> =>
  derive(ids, 'bounded', ids.type, (list) => {
    if (list.length > MOST_IDS)
      throw badUserInput(`ids: at most ${MOST_IDS} in one call; send the rest in another one`);
    return list;
  });

/** Rows by their ids (Relay's global object identification). Not there, out of scope and not asked for look the same. */
@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      '按主键查对象 · Whatever has this id; null when there is none in scope of a type that the selection names',
  })
  @Plan<IdArgs>((args) => ({ byId: args.id }))
  node(@Args() _args: IdArgs): never {
    return compiled();
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: '按主键批量查对象 · Whatever has these ids, in their order; null for each that `node` has none for',
  })
  @Plan<IdsArgs>((args) => ({ byId: bounded(args.ids) }))
  nodes(@Args() _args: IdsArgs): never {
    return compiled();
  }
}
