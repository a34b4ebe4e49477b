import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../graph/index.ts';
import type { FieldRule } from '../graph/index.ts';

/** Records of one kind, as a list that a person or a household has. */
export interface RecordList {
  /** Class of the record; it has the column of `key`. */
  readonly of: new () => object;
  readonly description: string;
  readonly rule: FieldRule;
  /** Property by which the list is sorted, '-' before it for the latest first; by id unless said. */
  readonly order?: string;
}

/**
 * Hangs lists of a department's own records on a noun of the spine: a field for each, on the compiled road, which takes
 * `first`. The noun knows nothing of them.
 * @param noun Person or Household
 * @param key the property of each record that holds the noun's id
 * @param lists by the name of the field
 * @returns a resolver class for the department's `resolvers`
 */
export function recordLists(
  noun: abstract new () => object,
  key: 'personId' | 'householdId',
  lists: Readonly<Record<string, RecordList>>,
): new () => object {
  class RecordLists {}
  Resolver(() => noun)(RecordLists);
  const { prototype } = RecordLists;
  for (const [name, { of, description, rule, order }] of Object.entries(lists)) {
    Object.defineProperty(prototype, name, { value: compiled });
    FieldResolver(() => [of], { nullable: true, description })(prototype, name, {});
    Args(() => ListArgs)(prototype, name, 0);
    Rule(rule)(prototype, name);
    Plan<ListArgs>(({ first }) => ({
      of,
      on: { [key]: 'id' },
      ...(order === undefined ? {} : { order: [order] }),
      first,
    }))(prototype, name);
  }
  return RecordLists;
}
