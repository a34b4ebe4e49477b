/** A single row, a list or a connection as one lateral join: rows first (filter, order, limit), their JSON after. */
import { GraphQLError, getNamedType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLObjectType } from 'graphql';
import { parseDate } from '../platform/dates.ts';
import { mayChooseBy } from './choosing.ts';
import { primaryKey, tableOf } from './noun.ts';
import type { Noun, Root } from './noun.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { Row } from './row.ts';
import type { RowsPlan } from './rows-plan.ts';
import { derive } from './slot.ts';
import type { Slot } from './slot.ts';
import { and, concat, constant, ident, join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** JSON of a row, the joins that it needs, and the text of the subjects that it discloses. */
export interface Built {
  readonly json: Sql;
  readonly joins: readonly Sql[];
  readonly subjects: Sql;
}

interface PageInput<P extends AccessProfile> {
  readonly planning: Planning<P>;
  readonly noun: Noun;
  readonly row: Row;
  readonly chosen: RowsPlan;
  readonly predicates: readonly Sql[];
  readonly field: Pick<Root, 'shape' | 'definition'>;
  readonly nodes: readonly FieldNode[];
  readonly alias: string;
  readonly object: (nodes: readonly FieldNode[]) => Built;
  /** Puts the properties that cursors hold on record; with the rows' subjects, unless their objects have them already. */
  readonly places: (properties: readonly string[]) => Sql | undefined;
}

interface OrderKey {
  readonly property: string;
  readonly column: Sql;
  readonly descending: boolean;
  readonly type: string;
}

/** Column that tells whether another row follows. */
const MORE = ident('_more');

/** Rows of a list whose plan gives no bound of its own. */
const DEFAULT_FIRST = 100;

/** `left join lateral (…) alias on true` with the columns `j` (JSON) and `s` (subjects). */
export function pageOf<P extends AccessProfile>(input: PageInput<P>): Sql {
  const { alias, row, object, nodes } = input;
  const { shape } = input.field;
  const name = ident(alias);
  if (shape === 'one') {
    const built = object(nodes);
    return sql`left join lateral (select ${built.json} as j, ${built.subjects} as s from (${rows(input, raw('1'))}) ${row.alias} ${join(built.joins, ' ')}) ${name} on true`;
  }
  if (shape === 'list') {
    const built = object(nodes);
    return sql`left join lateral (select coalesce(json_agg(q.j), '[]'::json) as j, string_agg(q.s, '') as s from (select ${built.json} as j, ${built.subjects} as s from (${rows(input, limitOf(input.chosen))}) ${row.alias} ${join(built.joins, ' ')}) q) ${name} on true`;
  }
  return connection(input);
}

const limitOf = (chosen: RowsPlan): Sql | undefined => {
  if (chosen.from !== undefined) return undefined;
  if (typeof chosen.first === 'object') return sql`${{ ...chosen.first, type: 'int' }}`;
  return raw(String(chosen.first ?? DEFAULT_FIRST));
};

/** The rows alone, so that limit and order are done before anything is joined to them. */
function rows<P extends AccessProfile>(input: PageInput<P>, limit: Sql | undefined): Sql {
  const { chosen, row, noun, predicates } = input;
  const keys = orderKeys(input);
  const source = chosen.from === undefined ? tableOf(noun) : sql`(${chosen.from.source})`;
  const after = chosen.after === undefined ? [] : [afterCursor(keys, chosen.after)];
  const order =
    chosen.from === undefined
      ? join(
          keys.map(({ column, descending }) => sql`${column}${raw(descending ? ' desc' : '')}`),
          ', ',
        )
      : row.column('ordinal');
  return sql`select ${row.alias}.* from ${source} ${row.alias} where ${and([...predicates, ...after])} order by ${order}${limit === undefined ? raw('') : sql` limit ${limit}`}`;
}

function orderKeys<P extends AccessProfile>({ chosen, noun, row, planning }: PageInput<P>): OrderKey[] {
  if (noun.table === undefined) return [];
  const table = noun.table;
  const keys = (chosen.order ?? []).map((entry) => {
    const descending = entry.startsWith('-');
    const property = descending ? entry.slice(1) : entry;
    mayChooseBy(planning, noun, property);
    const column = table.columns.find((candidate) => candidate.propertyName === property);
    return {
      property,
      column: row.column(property),
      descending,
      type: typeof column?.type === 'string' ? column.type : 'text',
    };
  });
  return [...keys, { property: 'id', column: sql`${row.alias}.${primaryKey(noun)}`, descending: false, type: 'uuid' }];
}

/** The position of a row in its order, opaque to clients; it holds only what the caller sees in full. */
const cursorOf = (keys: readonly OrderKey[]): Sql =>
  sql`translate(encode(convert_to(json_build_array(${join(
    keys.map(({ column }) => sql`${column}::text`),
    ', ',
  )})::text, 'UTF8'), 'base64'), chr(10), '')`;

/** Rows after the cursor: `a < x or (a = x and id > y)`, with `a <= x` first for the index. */
function afterCursor(keys: readonly OrderKey[], after: Slot): Sql {
  const at = keys.map(({ type }, i) =>
    derive(after as Slot<string>, `cursor${i}`, type, (text) => readCursor(text, keys)[i]),
  );
  let predicate: Sql | undefined;
  for (const [i, { column, descending }] of [...keys.entries()].reverse()) {
    const slot = at[i];
    if (slot === undefined) continue;
    const beyond = sql`${column} ${raw(descending ? '<' : '>')} ${slot}`;
    predicate =
      predicate === undefined
        ? beyond
        : sql`${column} ${raw(descending ? '<=' : '>=')} ${slot} and (${beyond} or (${column} = ${slot} and ${predicate}))`;
  }
  return predicate ?? raw('true');
}

/** What a part of a cursor must look like, so that no forged one fails in the database. */
const CURSOR_PART: Readonly<Record<string, (part: string) => boolean>> = {
  uuid: (part) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part),
  date: (part) => parseDate(part) !== undefined,
};
const anyText = (part: string): boolean => !/\0|\p{Surrogate}/u.test(part);

function readCursor(text: string, keys: readonly OrderKey[]): readonly string[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    parts = undefined;
  }
  const fits =
    Array.isArray(parts) &&
    parts.length === keys.length &&
    parts.every((part, i) => typeof part === 'string' && (CURSOR_PART[keys[i]?.type ?? ''] ?? anyText)(part));
  if (!fits) {
    throw new GraphQLError(
      'after: this is no cursor of this list; take endCursor of the page before, or leave it out',
      {
        extensions: { code: 'BAD_USER_INPUT' },
      },
    );
  }
  return parts as readonly string[];
}

function connection<P extends AccessProfile>(input: PageInput<P>): Sql {
  const { planning, nodes, row, alias, object, chosen } = input;
  const { definition } = input.field;
  const type = getNamedType(definition.type);
  if (!isObjectType(type)) throw new Error(`${definition.name} is no connection`);
  const keys = orderKeys(input);
  const perRow: Sql[] = [];
  const joins: Sql[] = [];
  const subjects: Sql[] = [];
  const columns: Sql[] = [];
  const sums: Sql[] = [];
  let total: Sql | undefined;
  let endsWanted = false;
  const build = (at: readonly FieldNode[]): Sql => {
    const built = object(at);
    joins.push(...built.joins);
    subjects.push(built.subjects);
    return built.json;
  };
  const collectRows = (json: Sql): Sql => {
    const column = ident(planning.alias('e'));
    perRow.push(sql`${json} as ${column}`);
    sums.push(sql`coalesce(json_agg(q.${column}), '[]'::json) as ${column}`);
    return sql`a.${column}`;
  };

  for (const [name, fieldNodes] of planning.collect(type, nodes)) {
    const responseName = planning.responseName(name);
    const field = fieldNodes[0]?.name.value;
    let value: Sql;
    if (field === 'nodes') value = collectRows(build(fieldNodes));
    else if (field === 'edges') value = collectRows(edge(type, fieldNodes, planning, keys, build));
    else if (field === 'pageInfo') {
      value = pageInfo(type, fieldNodes, planning, chosen.after !== undefined);
      endsWanted = true;
    } else if (field === 'totalCount') {
      const least = planning.smallestCount();
      value = least > 0 ? sql`case when n.total >= ${raw(String(least))} then n.total end` : sql`n.total`;
      total = sql`cross join (select count(*)::int as total from ${tableOf(input.noun)} ${row.alias} where ${and(input.predicates)}) n`;
    } else if (field === '__typename') value = constant(type.name);
    else throw new Error(`${type.name}.${field ?? ''} is not a field that a connection has`);
    columns.push(sql`${value} as ${responseName}`);
  }

  if (endsWanted) {
    perRow.push(sql`${row.alias}.${MORE} as more`, sql`${cursorOf(keys)} as c`);
    sums.push(raw('coalesce(bool_and(q.more), false) as more'));
    sums.push(raw('(array_agg(q.c))[1] as first_cursor, (array_agg(q.c))[count(*)] as last_cursor'));
  }
  // A cursor holds the row's id: whoever gets one has been told of the row.
  const [every, last] = cursorsTold(type, nodes, planning);
  const placed = every || last ? input.places(keys.map(({ property }) => property)) : undefined;
  if (placed !== undefined && every) subjects.push(placed);
  perRow.push(sql`${concat(subjects)} as s`);
  if (placed === undefined || every) sums.unshift(raw(`string_agg(q.s, '') as s`));
  else {
    perRow.push(sql`${placed} as last`);
    sums.unshift(raw(`concat(string_agg(q.s, ''), (array_agg(q.last))[count(*)]) as s`));
  }
  const limit = limitOf(chosen) ?? raw(String(DEFAULT_FIRST));
  // One row beyond the page tells whether there is a next one; `lead` looks at it before the limit cuts it off.
  const page = sql`select p.*, lead(1) over () is not null as ${MORE} from (${rows(input, sql`(${limit} + 1)`)}) p limit ${limit}`;
  const perPage = sql`select ${join(sums, ', ')} from (select ${join(perRow, ', ')} from (${page}) ${row.alias} ${join(joins, ' ')}) q`;
  return sql`left join lateral (select (select row_to_json(_.*) from (select ${join(columns, ', ')}) _) as j, a.s from (${perPage}) a ${total ?? raw('')}) ${ident(alias)} on true`;
}

/** Whether the answer has the cursor of each item in it, and that of the last one. */
function cursorsTold<P extends AccessProfile>(
  connectionType: GraphQLObjectType,
  nodes: readonly FieldNode[],
  planning: Planning<P>,
): readonly [every: boolean, last: boolean] {
  const asks = (under: string, name: string): boolean =>
    [...planning.collect(connectionType, nodes).values()]
      .filter(([node]) => node?.name.value === under)
      .some((at) =>
        [...planning.collect(fieldType(connectionType, under), at).values()].some(
          ([node]) => node?.name.value === name,
        ),
      );
  return [asks('edges', 'cursor'), asks('pageInfo', 'endCursor')];
}

function edge<P extends AccessProfile>(
  connectionType: GraphQLObjectType,
  nodes: readonly FieldNode[],
  planning: Planning<P>,
  keys: readonly OrderKey[],
  build: (nodes: readonly FieldNode[]) => Sql,
): Sql {
  const type = fieldType(connectionType, 'edges');
  const columns = [...planning.collect(type, nodes)].map(([name, fieldNodes]) => {
    const field = fieldNodes[0]?.name.value;
    const value = field === 'node' ? build(fieldNodes) : field === 'cursor' ? cursorOf(keys) : constant(type.name);
    return sql`${value} as ${planning.responseName(name)}`;
  });
  return sql`(select row_to_json(_.*) from (select ${join(columns, ', ')}) _)`;
}

function pageInfo<P extends AccessProfile>(
  connectionType: GraphQLObjectType,
  nodes: readonly FieldNode[],
  planning: Planning<P>,
  hasAfter: boolean,
): Sql {
  const type = fieldType(connectionType, 'pageInfo');
  const values: Readonly<Record<string, Sql>> = {
    hasNextPage: raw('a.more'),
    hasPreviousPage: raw(String(hasAfter)),
    startCursor: raw('a.first_cursor'),
    endCursor: raw('a.last_cursor'),
    __typename: constant(type.name),
  };
  const columns = [...planning.collect(type, nodes)].map(([name, fieldNodes]) => {
    const value = values[fieldNodes[0]?.name.value ?? ''];
    if (value === undefined) throw new Error(`${type.name} has a field that the engine does not know`);
    return sql`${value} as ${planning.responseName(name)}`;
  });
  return sql`(select row_to_json(_.*) from (select ${join(columns, ', ')}) _)`;
}

function fieldType(type: GraphQLObjectType, field: string): GraphQLObjectType {
  const named = getNamedType(type.getFields()[field]?.type);
  if (!isObjectType(named)) throw new Error(`${type.name}.${field} is no object`);
  return named;
}
