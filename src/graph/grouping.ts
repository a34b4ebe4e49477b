/**
 * Groups of a noun's rows as a query: the caller chooses what they are made by, the policy says who may. Callers who are
 * told no small counts get sums of cells: a cell is the finest cross of everything by which the field groups or filters,
 * one with fewer persons than the smallest count is nothing, and each other number is rounded to a multiple of it. So
 * whatever they ask, they learn of one fixed table, and no difference is smaller (docs/decisions/0006).
 */
import { choosingPredicates, mayChooseBy } from './choosing.ts';
import type { Dimension, Groups } from './groups.ts';
import type { CountModel } from './model.ts';
import { rowOf, tableOf } from './noun.ts';
import type { Noun } from './noun.ts';
import type { RegionSlot } from './values.ts';
import { above, isFiner, placeField, placeProperty } from './place.ts';
import type { Planning } from './planning.ts';
import { isDenial } from './policy.ts';
import type { AccessProfile, RowScope } from './policy.ts';
import type { Row } from './row.ts';
import type { RowsPlan } from './rows-plan.ts';
import { scopeForPlan, scopeOf, scopePredicate } from './scoping.ts';
import { and, ident, join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** What a query over groups is made from. */
interface Grouping<P extends AccessProfile> {
  readonly planning: Planning<P>;
  /** The type over groups. */
  readonly noun: Noun & { readonly groups: Groups<Noun> };
  readonly chosen: RowsPlan;
  /** Fields of the type that are asked for. */
  readonly asked: ReadonlySet<string>;
  /** What must hold for anything to be read. */
  readonly guard: Sql | undefined;
}

/** The plan with its groups as a source of rows: a column for each field asked, in the order of what they are made by. */
export function groupedRows<P extends AccessProfile>(grouping: Grouping<P>): RowsPlan {
  const { planning, noun, chosen, asked } = grouping;
  const by = dimensionsBy(grouping);
  const counts = [...noun.groups.counts].filter(([field]) => asked.has(field));
  for (const [field, count] of counts) mayCount(grouping, field, count);
  const least = planning.smallestCount();
  const groups = least === 0 ? exactGroups(grouping, by, counts) : groupsOfCells(grouping, by, counts, least);
  const order = [...by.keys()].map((field) => column('g', noun, field));
  const others = [...noun.groups.dimensions.keys()]
    .filter((field) => asked.has(field) && !by.has(field))
    .map((field) => sql`null::text as ${ident(noun.columnName(field))}`);
  const ordinal = order.length === 0 ? raw('1') : sql`row_number() over (order by ${join(order, ', ')})`;
  const columns = [sql`${ordinal} as ordinal`, raw('g.*'), ...others];
  return { of: chosen.of, from: { source: sql`select ${join(columns, ', ')} from (${groups}) g` } };
}

type Counts = readonly (readonly [field: string, count: CountModel])[];
type Dimensions = ReadonlyMap<string, Dimension>;

const column = (alias: string, noun: Noun, field: string): Sql => sql`${raw(alias)}.${ident(noun.columnName(field))}`;

/** What the caller groups by: the policy is asked about the field of the groups and about that of the rows. */
function dimensionsBy<P extends AccessProfile>({ planning, noun, chosen }: Grouping<P>): Dimensions {
  const by = new Map<string, Dimension>();
  for (const { property: field, coordinate } of chosen.groups?.by.choices ?? []) {
    const dimension = noun.groups.dimensions.get(field);
    if (dimension === undefined) throw new Error(`${noun.name}.${field} is nothing that groups are made by`);
    mayChooseBy(planning, noun, field, coordinate);
    mayChooseBy(planning, noun.groups.of, placeField(dimension.property), coordinate);
    mayBeSoFine(planning, noun.groups, dimension.property, coordinate);
    by.set(field, dimension);
  }
  return by;
}

/** Who is told no small counts asks for no finer place than that of a cell. */
function mayBeSoFine<P extends AccessProfile>(
  planning: Planning<P>,
  { of, finest }: Groups<Noun>,
  property: string,
  coordinate: string | undefined,
): void {
  const least = planning.smallestCount();
  if (least === 0 || !isFiner(property, finest)) return;
  const owner = of.fields.get(placeField(property))?.rule.owner ?? '';
  const reason = `counts under ${least} are not told to you, so your statistics end at ${finest}; ask for that division or one above it`;
  planning.refused.set(coordinate ?? property, { kind: 'deny', reason, owner, coordinate: coordinate ?? property });
}

/** Denies a count of what the caller does not see in full on every row in scope. */
function mayCount<P extends AccessProfile>({ planning, noun }: Grouping<P>, field: string, count: CountModel): void {
  const { of } = noun.groups;
  const { policy, profile } = planning.input;
  const coordinate = `${noun.name}.${field}`;
  const rule = noun.fields.get(field)?.rule;
  if (rule === undefined) throw new Error(`${coordinate} has no rule`);
  const deny = (reason: string): void =>
    void planning.denied.set(coordinate, { kind: 'deny', reason, owner: rule.owner, coordinate });
  const scope = scopeForPlan(planning, of);
  const isNarrower = (other: RowScope | undefined): boolean =>
    other !== undefined && other.kind !== scope.kind && other.kind !== 'everything';
  const least = planning.smallestCount();
  const own = policy.field(profile, coordinate, rule);
  const inPart = `${coordinate} counts what is open to you on some rows only`;
  if (own.kind !== 'deny' && isNarrower(own.scope)) deny(inPart);
  if (count.kind !== 'rows') mayChooseBy(planning, of, count.property, coordinate);
  if (count.kind === 'sum' && least > 0)
    deny(`counts under ${least} are not told to you, and a sum of two days or places could tell one person's share`);
  if (count.kind === 'distinct') {
    const end = scopeOf(policy, profile, planning.graph.related(of, count.property).noun);
    if (isDenial(end)) deny(end.reason);
    else if (isNarrower(end)) deny(inPart);
  }
}

/** The grouped rows: in scope, and chosen by what the caller may choose by. */
function rowsIn<P extends AccessProfile>(grouping: Grouping<P>): { readonly row: Row; readonly from: Sql } {
  const { planning, noun, chosen, guard } = grouping;
  const { of, neverEmpty } = noun.groups;
  const row = rowOf(of, planning.alias('t'));
  const inScope = scopePredicate(planning, of, row, scopeForPlan(planning, of), undefined);
  const predicates = [
    ...choosingPredicates(planning, of, row, chosen, undefined),
    ...monthsChosen(grouping, row),
    ...(inScope ? [inScope] : []),
    ...(guard ? [guard] : []),
    ...(neverEmpty === undefined ? [] : [sql`${row.column(neverEmpty)} <> ''`]),
  ];
  return { row, from: sql`${tableOf(of)} ${row.alias} where ${and(predicates)}` };
}

/** Whole months, as bounds of the date that an index can use. */
function monthsChosen<P extends AccessProfile>({ planning, noun, chosen }: Grouping<P>, row: Row): Sql[] {
  const months = chosen.groups?.months;
  if (months === undefined) return [];
  const dimension = noun.groups.dimensions.get(months.of);
  if (dimension?.isMonth !== true) throw new Error(`${noun.name}.${months.of} is no month that groups are made by`);
  mayChooseBy(planning, noun.groups.of, dimension.property, months.from.coordinate);
  const date = row.column(dimension.property);
  return [
    sql`${date} >= (${months.from} || '-01')::date`,
    sql`${date} < ((${months.to} || '-01')::date + interval '1 month')::date`,
  ];
}

/** The properties in which the rows of a group agree; those of a month do not agree in their days. */
const constantIn = (by: Dimensions): Set<string> =>
  new Set([...by.values()].flatMap(({ isMonth, property }) => (isMonth ? [] : [property])));

/** The groups as they are. */
function exactGroups<P extends AccessProfile>(grouping: Grouping<P>, by: Dimensions, counts: Counts): Sql {
  const { noun, chosen } = grouping;
  const { row, from } = rowsIn(grouping);
  const properties = constantIn(by);
  for (const [property, slot] of Object.entries(chosen.equals ?? {})) if (slot !== undefined) properties.add(property);
  const columns = [
    ...[...by].map(([field, { of }]) => sql`${of(row)} as ${ident(noun.columnName(field))}`),
    ...counts.map(
      ([field, count]) => sql`${counted(grouping, row, count, properties)} as ${ident(noun.columnName(field))}`,
    ),
  ];
  const keys = [...by.values()].map(({ of }) => of(row));
  return sql`select ${columnsOrNothing(columns)} from ${from}${groupBy(keys)} having count(*) > 0`;
}

/** The groups as sums of cells, each number of a cell rounded and nothing told of a small one. */
function groupsOfCells<P extends AccessProfile>(
  grouping: Grouping<P>,
  by: Dimensions,
  counts: Counts,
  least: number,
): Sql {
  const { planning, noun, chosen } = grouping;
  const { of, finest, dimensions } = noun.groups;
  mayCut(grouping);
  const { row, from } = rowsIn(grouping);
  const cellBy = new Map([...dimensions].filter(([, { property }]) => !isFiner(property, finest)));
  const properties = constantIn(cellBy);
  // Whatever rows can be chosen by cuts no cell: divisions above the finest, and filters, given or not.
  const further = [...above(finest), ...Object.keys(chosen.equals ?? {})].filter((one) => !properties.has(one));
  for (const property of further) properties.add(property);
  const keys = [
    ...further.map((property) => row.column(property)),
    ...[...cellBy.values()].map(({ of: key }) => key(row)),
  ];
  const persons = counted(grouping, row, { kind: 'distinct', property: personOf(of) }, properties);
  const step = raw(String(least));
  const rounded = (count: Sql): Sql => sql`(${count} + ${raw(String(Math.floor(least / 2)))}) / ${step} * ${step}`;
  const told = (count: CountModel): Sql => {
    if (count.kind === 'sum') return raw('null');
    const number = counted(grouping, row, count, properties);
    return sql`case when ${number} >= ${step} then ${rounded(number)} else 0 end`;
  };
  for (const [field] of counts) planning.masked.add(`${noun.name}.${field}`);
  const cells = sql`select ${columnsOrNothing([
    ...[...cellBy].map(([field, dimension]) => sql`${dimension.of(row)} as ${ident(noun.columnName(field))}`),
    ...counts.map(([field, count]) => sql`${told(count)} as ${ident(noun.columnName(field))}`),
  ])} from ${from}${groupBy(keys)} having ${persons} >= ${step}`;
  const summed = [
    ...[...by.keys()].map((field) => column('c', noun, field)),
    ...counts.map(([field, { kind }]) =>
      kind === 'sum'
        ? sql`null::text as ${ident(noun.columnName(field))}`
        : sql`sum(${column('c', noun, field)})::int as ${ident(noun.columnName(field))}`,
    ),
  ];
  const groups = [...by.keys()].map((field) => column('c', noun, field));
  return sql`select ${columnsOrNothing(summed)} from (${cells}) c${groupBy(groups)} having count(*) > 0`;
}

/** What chooses rows takes cells whole: places no finer than a cell's, and predicates that hold no value of the request. */
function mayCut<P extends AccessProfile>({ planning, noun, chosen }: Grouping<P>): void {
  const { within, where, on } = chosen;
  if (within !== undefined)
    mayBeSoFine(planning, noun.groups, placeProperty((within as RegionSlot).level), within.coordinate);
  const row = rowOf(noun.groups.of, 't');
  if (on !== undefined || where?.predicate(row).pieces.some((piece) => typeof piece !== 'string') === true)
    throw new Error(`${noun.name}: rows are chosen by something that cells are not made of`);
}

/** A count over the rows of a group whose rows agree in these properties. */
function counted<P extends AccessProfile>(
  { planning, noun, chosen }: Grouping<P>,
  row: Row,
  count: CountModel,
  properties: ReadonlySet<string>,
): Sql {
  const { of, once } = noun.groups;
  if (count.kind === 'rows') return raw('count(*)::int');
  if (count.kind === 'sum') {
    const source = of.fields.get(count.property)?.source;
    if (source?.kind !== 'column') throw new Error(`${of.name}.${count.property} is no column to be summed`);
    return source.text(sql`sum(${row.column(source.property)})`);
  }
  const isOnce = chosen.validOn !== undefined && once.length > 0 && once.every((property) => properties.has(property));
  if (isOnce && count.property === personOf(of)) return raw('count(*)::int');
  return sql`count(distinct ${row.alias}.${ident(planning.graph.related(of, count.property).key)})::int`;
}

/** The to-one relation to the person whom a row is about. */
function personOf(noun: Noun): string {
  const { person } = noun.anchors;
  if (person !== undefined && noun.table !== undefined) {
    const key = noun.columnName(person);
    for (const [property, relation] of noun.table.relations) if (relation.key === key) return property;
  }
  throw new Error(`${noun.name} has no relation to its person`);
}

const groupBy = (keys: readonly Sql[]): Sql => (keys.length === 0 ? raw('') : sql` group by ${join(keys, ', ')}`);

const columnsOrNothing = (columns: readonly Sql[]): Sql => (columns.length === 0 ? raw('') : join(columns, ', '));
