/**
 * A page of a connection (Relay's cursor connections specification) as one lateral join. What is not asked for is not
 * in the text: no count, no look beyond the page's end, no cursors.
 */
import { getNamedType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLObjectType } from 'graphql';
import { DEFAULT_ROWS } from './cost.ts';
import { beyond, canPlace, cursorOf } from './cursor.ts';
import { mayCountRows } from './deciding.ts';
import { tableOf } from './noun.ts';
import { orderBy, reversed } from './order.ts';
import type { OrderKey } from './order.ts';
import { limitOf, rowsOf } from './page-rows.ts';
import type { PageInput } from './page-rows.ts';
import { FormRefused } from './planning.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile } from './policy.ts';
import type { RowsPlan } from './rows-plan.ts';
import { and, concat, constant, ident, join, jsonObject, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Column that tells whether another row follows in the direction of paging. */
const MORE = ident('_more');

/** Which way the page goes, where it begins and how many rows it has. */
interface Window {
  readonly backward: boolean;
  /** The order in which its rows are taken. */
  readonly keys: readonly OrderKey[];
  readonly cursor: RowsPlan['after'];
  readonly limit: Sql;
}

/** @throws FormRefused */
function windowOf(name: string, { first, after, last, before }: RowsPlan, keys: readonly OrderKey[]): Window {
  const backward = last !== undefined || before !== undefined;
  if (backward && (first !== undefined || after !== undefined))
    throw new FormRefused(`${name}: page forward with first and after, or backward with last and before, not both`);
  return backward
    ? { backward, keys: reversed(keys), cursor: before, limit: limitOf(last, DEFAULT_ROWS.connection) }
    : { backward, keys, cursor: after, limit: limitOf(first, DEFAULT_ROWS.connection) };
}

/** `left join lateral (…) alias on true` with the columns `j` and `s` for a connection. */
export function connection<P extends AccessProfile>(input: PageInput<P>, keys: readonly OrderKey[]): Sql {
  return new ConnectionPage(input, keys).join();
}

/** The parts of one page, which the fields asked for add to. */
class ConnectionPage<P extends AccessProfile> {
  readonly #input: PageInput<P>;
  readonly #planning: Planning<P>;
  readonly #type: GraphQLObjectType;
  readonly #keys: readonly OrderKey[];
  readonly #window: Window;
  /** Columns of each row of the page. */
  readonly #perRow: Sql[] = [];
  /** What is made of those columns over the page. */
  readonly #sums: Sql[] = [];
  readonly #joins: Sql[] = [];
  readonly #subjects: Sql[] = [];
  readonly #ends = new Map<'first' | 'last', Sql>();
  #everyCursor = false;
  #more = false;
  #total: Sql | undefined;

  constructor(input: PageInput<P>, keys: readonly OrderKey[]) {
    const { definition } = input.field;
    const type = getNamedType(definition.type);
    if (!isObjectType(type)) throw new Error(`${definition.name} is no connection`);
    const loose = keys.find((key) => !canPlace(key));
    if (loose !== undefined) throw new Error(`${input.noun.name}.${loose.property} cannot order pages`);
    this.#input = input;
    this.#planning = input.planning;
    this.#type = type;
    this.#keys = keys;
    this.#window = windowOf(definition.name, input.chosen, keys);
  }

  join(): Sql {
    const json = this.#object(this.#type, this.#input.nodes, (name, nodes) => this.#value(name, nodes));
    return sql`left join lateral (select ${json} as j, a.s from (${this.#page()}) a ${this.#total ?? raw('')}) ${ident(this.#input.alias)} on true`;
  }

  /** JSON of an object of the connection's own types, each field as `value` says. */
  #object(
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    value: (name: string, nodes: readonly FieldNode[]) => Sql | undefined,
  ): Sql {
    const columns = [...this.#planning.collect(type, nodes)].map(([responseName, fieldNodes]) => {
      const name = fieldNodes[0]?.name.value ?? '';
      const found = name === '__typename' ? constant(type.name) : value(name, fieldNodes);
      if (found === undefined) throw new Error(`${type.name}.${name} is not a field that a connection has`);
      return sql`${found} as ${this.#planning.responseName(responseName)}`;
    });
    return jsonObject(columns);
  }

  #value(name: string, nodes: readonly FieldNode[]): Sql | undefined {
    switch (name) {
      case 'nodes':
        return this.#eachRow(this.#item(nodes));
      case 'edges':
        return this.#eachRow(
          this.#object(fieldType(this.#type, name), nodes, (field, inner) => {
            if (field === 'node') return this.#item(inner);
            if (field !== 'cursor') return undefined;
            this.#everyCursor = true;
            return cursorOf(
              this.#keys,
              this.#keys.map(({ column }) => column),
            );
          }),
        );
      case 'pageInfo':
        return this.#object(fieldType(this.#type, name), nodes, (field) => this.#info(field));
      case 'totalCount':
        return this.#count();
      default:
        return undefined;
    }
  }

  #info(field: string): Sql | undefined {
    const { backward } = this.#window;
    switch (field) {
      case 'hasNextPage':
        return backward ? this.#rowsBehind() : this.#rowsAhead();
      case 'hasPreviousPage':
        return backward ? this.#rowsAhead() : this.#rowsBehind();
      case 'startCursor':
        return this.#end('first');
      case 'endCursor':
        return this.#end('last');
      default:
        return undefined;
    }
  }

  #item(nodes: readonly FieldNode[]): Sql {
    const built = this.#input.object(nodes);
    this.#joins.push(...built.joins);
    this.#subjects.push(built.subjects);
    return built.json;
  }

  #eachRow(json: Sql): Sql {
    const column = ident(this.#planning.alias('e'));
    this.#perRow.push(sql`${json} as ${column}`);
    this.#sums.push(sql`coalesce(json_agg(q.${column}), '[]'::json) as ${column}`);
    return sql`a.${column}`;
  }

  /** Whether rows follow in the direction of paging: one more than the page is looked at. */
  #rowsAhead(): Sql {
    if (!this.#more) {
      this.#more = true;
      this.#perRow.push(sql`${this.#input.row.alias}.${MORE} as more`);
      this.#sums.push(raw('coalesce(bool_and(q.more), false) as more'));
    }
    return raw('a.more');
  }

  /** Whether there are rows on the other side of the cursor, that of the cursor itself among them. */
  #rowsBehind(): Sql {
    const { cursor, keys } = this.#window;
    if (cursor === undefined) return raw('false');
    // Nobody of that side goes on record: who is told no small counts is told what holds for every cursor of the list.
    if (this.#planning.smallestCount() > 0) return raw('true');
    const { noun, row, predicates } = this.#input;
    const back = reversed(keys);
    // Not `exists`, which would drop the order that lets the index begin at the cursor.
    return sql`((select true from ${tableOf(noun)} ${row.alias} where ${and([...predicates, beyond(back, this.#keys, cursor, { from: true })])} order by ${orderBy(back)} limit 1) is not null)`;
  }

  /** The cursor of the first or the last row of the page: made once, of its keys. */
  #end(which: 'first' | 'last'): Sql {
    const known = this.#ends.get(which);
    if (known !== undefined) return known;
    const place = which === 'first' ? raw('1') : raw('count(*)');
    const values = this.#keys.map(({ column }, i) => {
      const key = raw(`k${i}`);
      if (this.#ends.size === 0) this.#perRow.push(sql`${column} as ${key}`);
      this.#sums.push(sql`(array_agg(q.${key}))[${place}] as ${raw(`${which}${i}`)}`);
      return sql`a.${raw(`${which}${i}`)}`;
    });
    const end = sql`case when ${values.at(-1) ?? raw('null')} is not null then ${cursorOf(this.#keys, values)} end`;
    this.#ends.set(which, end);
    return end;
  }

  #count(): Sql {
    const { noun, row, predicates } = this.#input;
    if (!mayCountRows(this.#planning, `${this.#type.name}.totalCount`, noun)) return raw('null');
    this.#total = sql`cross join (select count(*)::int as total from ${tableOf(noun)} ${row.alias} where ${and(predicates)}) n`;
    return raw('n.total');
  }

  /** The rows of the page summed up in one. */
  #page(): Sql {
    // A cursor is looked at even where no row is asked for, so that a forged one is refused.
    if (this.#perRow.length === 0 && this.#window.cursor === undefined) return raw('select null::text as s');
    const { row, places } = this.#input;
    const subjects = [...this.#subjects];
    const told = [raw(`string_agg(q.s, '')`)];
    // A cursor holds the row's id: whoever gets one has been told of the row.
    const cursors = this.#everyCursor || this.#ends.size > 0;
    // `first: 7` with nothing but `hasNextPage` counts to seven: for who is told no small counts, by rows on record.
    const counted = this.#more && this.#planning.smallestCount() > 0;
    const placed = cursors || counted ? places(cursors ? this.#keys.map(({ property }) => property) : []) : undefined;
    if (placed !== undefined && (this.#everyCursor || counted)) subjects.push(placed);
    else if (placed !== undefined) {
      this.#perRow.push(sql`${placed} as placed`);
      for (const which of this.#ends.keys())
        told.push(raw(`(array_agg(q.placed))[${which === 'first' ? '1' : 'count(*)'}]`));
    }
    const [only] = subjects;
    this.#perRow.push(sql`${subjects.length === 1 && only !== undefined ? only : concat(subjects)} as s`);
    const sums = join([sql`${told.length === 1 ? join(told, '') : concat(told)} as s`, ...this.#sums], ', ');
    return sql`select ${sums} from (select ${join(this.#perRow, ', ')} from (${this.#rows()}) ${row.alias} ${join(this.#joins, ' ')}) q`;
  }

  /** The rows of the page in the order of the list. */
  #rows(): Sql {
    const { backward, keys, cursor, limit } = this.#window;
    const after = cursor === undefined ? undefined : { cursor, given: this.#keys };
    const taken = this.#more
      ? // `lead` looks at the row beyond the page before the limit cuts it off.
        sql`select p.*, lead(1) over () is not null as ${MORE} from (${rowsOf(this.#input, keys, sql`(${limit} + 1)`, after)}) p limit ${limit}`
      : rowsOf(this.#input, keys, limit, after);
    const { alias } = this.#input.row;
    return backward ? sql`select ${alias}.* from (${taken}) ${alias} order by ${orderBy(this.#keys)}` : taken;
  }
}

function fieldType(type: GraphQLObjectType, field: string): GraphQLObjectType {
  const named = getNamedType(type.getFields()[field]?.type);
  if (!isObjectType(named)) throw new Error(`${type.name}.${field} is no object`);
  return named;
}
