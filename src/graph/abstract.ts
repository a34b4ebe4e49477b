/**
 * A field whose type is an interface or a union: first which rows of which nouns, then one look-up by key for each noun
 * that it can be, of which one at most finds the row. Everything in it is decided for the concrete type.
 */
import { getNamedType, isAbstractType } from 'graphql';
import type { FieldNode } from 'graphql';
import { asUuid, choosingPredicates, mayChooseBy } from './choosing.ts';
import { DEFAULT_ROWS } from './cost.ts';
import { nounsOf, openNouns } from './deciding.ts';
import { rowOf, tableOf } from './noun.ts';
import type { Noun, Root } from './noun.ts';
import { orderBy, orderKeys } from './order.ts';
import { limitOf } from './page-rows.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { RowsPlan } from './rows-plan.ts';
import { reachedThrough, scopeForPlan, scopePredicate } from './scoping.ts';
import type { Above } from './scoping.ts';
import { and, concat, ident, join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

interface AbstractInput<P extends AccessProfile> {
  readonly planning: Planning<P>;
  readonly field: Pick<Root, 'shape' | 'definition' | 'leadsTo'>;
  readonly chosen: RowsPlan;
  readonly nodes: readonly FieldNode[];
  readonly above: Above | undefined;
  readonly alias: string;
  /** What must hold for the field to show anything. */
  readonly cell: Sql | undefined;
  /** The row of a noun by its key under these conditions, as a lateral join. */
  readonly one: (noun: Noun, key: Sql, alias: string, conditions: readonly Sql[], from: Above | undefined) => Sql;
}

/** Whether a field answers with rows of any noun, by its type or by its plan. */
export const isAnyNoun = ({ definition }: Pick<Root, 'definition'>, { byId }: RowsPlan): boolean =>
  byId !== undefined || isAbstractType(getNamedType(definition.type));

/** `left join lateral (…) alias on true` with the columns `j` (JSON) and `s` (subjects). */
export function rowsOfAny<P extends AccessProfile>(input: AbstractInput<P>): Sql {
  const { planning, field, chosen, nodes, alias, cell, above } = input;
  const open = nounsOf(planning, openNouns(planning, field.leadsTo, nodes));
  const found = chosen.byId === undefined ? open : open.filter(({ type }) => planning.collect(type, nodes).size > 0);
  const source = chosen.byId === undefined ? inOrder(input, found) : ofIds(input, found);
  const lookUps = found.map((noun, number) => {
    const join = planning.relation();
    const conditions =
      chosen.byId === undefined ? [sql`u.noun = ${raw(String(number))}`] : cell === undefined ? [] : [cell];
    const from = chosen.byId === undefined ? reachedThrough(noun, chosen, above, planning.graph) : undefined;
    return { join: ident(join), text: input.one(noun, raw('u.id'), join, conditions, from) };
  });
  const texts = join(
    lookUps.map(({ text }) => text),
    ' ',
  );
  const objects = lookUps.map((lookUp) => sql`${lookUp.join}.j`);
  const json = objects.length === 0 ? raw('null::json') : sql`coalesce(${join(objects, ', ')})`;
  const items = sql`select ${json} as j, ${concat(lookUps.map((lookUp) => sql`${lookUp.join}.s`))} as s from (${source}) u ${texts}`;
  return field.shape === 'one'
    ? sql`left join lateral (${items}) ${ident(alias)} on true`
    : sql`left join lateral (select coalesce(json_agg(q.j), '[]'::json) as j, string_agg(q.s, '') as s from (${items}) q) ${ident(alias)} on true`;
}

/** The ids that the plan names, each as a row. */
function ofIds<P extends AccessProfile>({ planning, chosen, field }: AbstractInput<P>, nouns: readonly Noun[]): Sql {
  const { byId } = chosen;
  if (byId === undefined) throw new Error(`${field.definition.name} names no ids`);
  for (const noun of nouns) mayChooseBy(planning, noun, 'id', byId.coordinate);
  return field.shape === 'one'
    ? sql`select ${asUuid(byId)} as id`
    : sql`select given.id from unnest(${asUuid(byId)}) with ordinality as given (id, ordinal) order by given.ordinal`;
}

/** Number of the noun and id of each row that the plan chooses, of all nouns in one order. */
function inOrder<P extends AccessProfile>(input: AbstractInput<P>, nouns: readonly Noun[]): Sql {
  const { planning, chosen, above, cell, field } = input;
  if (nouns.length === 0) return raw('select null::uuid as id where false');
  const limit = field.shape === 'one' ? raw('1') : limitOf(chosen.first, DEFAULT_ROWS.list);
  const parts = nouns.map((noun, number) => {
    const row = rowOf(noun, planning.alias('t'));
    const keys = orderKeys(planning, noun, row, chosen);
    const scope = scopeForPlan(planning, noun);
    const inScope = scopePredicate(planning, noun, row, scope, reachedThrough(noun, chosen, above, planning.graph));
    const predicates = [
      ...choosingPredicates(planning, noun, row, chosen, above),
      ...(inScope ? [inScope] : []),
      ...(cell ? [cell] : []),
    ];
    const named = keys.map((key, i) => ({ ...key, column: i === keys.length - 1 ? raw('id') : raw(`k${i}`) }));
    const columns = keys.map(({ column }, i) => sql`${column} as ${named[i]?.column ?? raw('id')}`);
    return {
      named,
      text: sql`(select ${raw(String(number))} as noun, ${join(columns, ', ')} from ${tableOf(noun)} ${row.alias} where ${and(predicates)} order by ${orderBy(keys)} limit ${limit})`,
    };
  });
  const all = join(
    parts.map(({ text }) => text),
    ' union all ',
  );
  return sql`select * from (${all}) any_noun order by ${orderBy(parts[0]?.named ?? [])} limit ${limit}`;
}
