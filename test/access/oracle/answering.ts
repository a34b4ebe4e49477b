/** The answer: graphql-js walks plain objects, one for each row in scope, whose fields are masked as the agreement says. */
import { execute } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { MASKS } from './masks.ts';
import { NOUNS, inOrder, orderOf, typeOfRow } from './nouns.ts';
import type { Args, Noun, Order, Row } from './nouns.ts';
import type { Touched } from './permit.ts';
import { fieldsBelow, givenIn } from './request.ts';
import type { Request } from './request.ts';
import { NOBODY, ROOTS } from './roots.ts';
import type { Root } from './roots.ts';
import { ruleOf } from './rules.ts';
import { inScope } from './scopes.ts';
import type { Agreement } from './scopes.ts';
import { decide, isShared, mayCount } from './sharing.ts';

/** Stands in an expected answer for text that only the hub can write: a cursor. */
export const CURSOR = '(a cursor)';

/** An object as graphql-js reads it by default: a function for each field. */
type Resolvable = Readonly<Record<string, unknown>>;

type Where = Touched['where'];

type Many = Pick<Root, 'to' | 'many'> & { readonly order?: Order | undefined };

/** Rows of a page whose size nobody says. */
const PAGE = 50;

/** One answer under way, and whom it tells of. */
export class Answering {
  readonly persons = new Set<string>();
  readonly households = new Set<string>();
  readonly touched: Touched[] = [];
  /** Which field was told of whom: an id and a coordinate. */
  readonly told = new Set<string>();
  misses = 0;
  removed = 0;
  readonly #request: Request;
  readonly #agreement: Agreement;

  constructor(request: Request, agreement: Agreement) {
    this.#request = request;
    this.#agreement = agreement;
  }

  /** @throws what graphql-js finds wrong: the oracle's own fault */
  data(): Readonly<Record<string, unknown>> {
    const { schema, document, question } = this.#request;
    const variableValues = { ...question.variables };
    const result = execute({ schema, document, variableValues, rootValue: this.#query() });
    if ('then' in result) throw new Error('The oracle waits for nothing');
    if (result.errors?.[0] !== undefined) throw result.errors[0];
    return JSON.parse(JSON.stringify(result.data)) as Record<string, unknown>;
  }

  #query(): Resolvable {
    const { world, question } = this.#request;
    return eachOf(ROOTS, (root, name) => (args: Args, _context: unknown, info: GraphQLResolveInfo) => {
      this.#touch(`Query.${name}`, 'allow', 'root', info);
      const rows = root.rows(args, world, question.asker);
      this.misses += rows.filter(({ missed }) => missed === true).length;
      return this.#many(root, rows, args, 'root', info);
    });
  }

  #many({ to, many, order }: Many, all: readonly Row[], args: Args, where: Where, info: GraphQLResolveInfo): unknown {
    const { world } = this.#request;
    const isThere = (row: Row): boolean => {
      if (row === NOBODY) return false;
      const type = typeOfRow(to, row, world);
      // By its id only what something is asked of is looked up.
      return this.#isIn(type, row) && (to !== 'Node' || fieldsBelow(this.#request, type, info.fieldNodes).length > 0);
    };
    const object = (row: Row): Resolvable => this.#object(typeOfRow(to, row, world), row, where);
    const rows = all.filter(isThere);
    this.removed += all.length - rows.length;
    switch (many) {
      case 'one':
        return rows[0] === undefined ? null : object(rows[0]);
      case 'each':
        return all.map((row) => (isThere(row) ? object(row) : null));
      case 'list':
        return rows.slice(0, Number(args['first'] ?? rows.length)).map(object);
      case 'connection':
        return this.#connection(to, orderOf({ order }, args), rows, args, where);
    }
  }

  #isIn(type: string, row: Row): boolean {
    const scope = NOUNS[type]?.open === true ? 'everything' : this.#agreement.rows[type];
    return scope !== undefined && inScope(type, row, scope, this.#request.question.asker, this.#request.world);
  }

  #connection(to: string, order: Order | undefined, all: readonly Row[], args: Args, where: Where): Resolvable {
    const rows = [...all].sort(inOrder(order));
    const [start, end] = this.#bounds(order, rows, args);
    const page = rows.slice(start, end);
    const at = (row: Row | undefined) => () => {
      if (row === undefined) return null;
      this.#discloses(to, row);
      return CURSOR;
    };
    // Whoever is told no small counts could count by whether rows follow: those of the page are then told of, and that
    // there are rows before a cursor holds for every cursor of a list.
    const counts = mayCount(this.#agreement);
    const isBackward = isGiven(args, 'last', 'before');
    const ahead = (is: boolean) => () => {
      if (!counts) page.forEach((row) => this.#discloses(to, row));
      return is;
    };
    const behind = (is: boolean) => () => (counts ? is : isGiven(args, 'after', 'before'));
    return this.#noted(`${to}Connection`, where, {
      totalCount: () => (counts ? rows.length : null),
      nodes: () => page.map((row) => this.#object(to, row, where)),
      edges: () =>
        page.map((row) =>
          this.#noted(`${to}Edge`, where, { cursor: at(row), node: () => this.#object(to, row, where) }),
        ),
      pageInfo: () =>
        this.#noted('PageInfo', where, {
          hasPreviousPage: (isBackward ? ahead : behind)(start > 0),
          hasNextPage: (isBackward ? behind : ahead)(end < rows.length),
          startCursor: at(page.at(0)),
          endCursor: at(page.at(-1)),
        }),
    });
  }

  /** Where a page starts and ends among the rows in scope: forward by default, backward with `last` or `before`. */
  #bounds(order: Order | undefined, rows: readonly Row[], args: Args): readonly [start: number, end: number] {
    const compare = inOrder(order);
    const countBefore = (cursor: unknown, least: number): number => {
      const { row: place } = this.#request.world.cursors.get(String(cursor)) ?? {};
      if (place === undefined) throw new Error('The oracle does not know the cursor');
      return rows.filter((row) => compare(row, place) < least).length;
    };
    if (isGiven(args, 'last', 'before')) {
      const end = isGiven(args, 'before') ? countBefore(args['before'], 0) : rows.length;
      return [Math.max(0, end - Number(args['last'] ?? PAGE)), end];
    }
    const start = isGiven(args, 'after') ? countBefore(args['after'], 1) : 0;
    return [start, Math.min(rows.length, start + Number(args['first'] ?? PAGE))];
  }

  /** Fields of a page, each of which is told of when it is asked for. */
  #noted(type: string, where: Where, fields: Readonly<Record<string, () => unknown>>): Resolvable {
    return eachOf(fields, (field, name) => () => {
      const value = field();
      if (value !== null || name !== 'totalCount') this.#touch(`${type}.${name}`, 'allow', where);
      return value;
    });
  }

  #object(type: string, row: Row, where: Where): Resolvable {
    const noun = NOUNS[type];
    if (noun === undefined) throw new Error(`The oracle does not know ${type}`);
    this.#discloses(type, row);
    const values = eachOf(noun.values, (read, field) => () => {
      const value = this.#cell(type, field, row, where);
      return value === 'withheld' ? null : this.#shown(type, field, read(row, this.#request.world), row);
    });
    const links = eachOf(noun.links, (link, field) => (args: Args, _context: unknown, info: GraphQLResolveInfo) => {
      if (this.#cell(type, field, row, where, info) === 'withheld') return null;
      const rows = link.rows(row, args, this.#request.world, (coordinate) => this.#sees(coordinate));
      return this.#many(link, rows, args, 'nested', info);
    });
    return { __typename: type, ...values, ...links };
  }

  /** Whether a cell may be shown at all; a field that is denied is null on every row, and one narrower than its row on some. */
  #cell(type: string, field: string, row: Row, where: Where, info?: GraphQLResolveInfo): 'open' | 'withheld' {
    const decision = decide(this.#agreement, type, field);
    if (decision.kind === 'deny') return 'withheld';
    const { scope } = decision;
    const narrowed = decision.kind === 'masked' || scope !== undefined;
    this.#touch(`${type}.${field}`, narrowed ? 'mask' : 'allow', where, info);
    for (const id of this.#subjects(type, row)) this.told.add(`${id} ${type}.${field}`);
    const { world, question } = this.#request;
    return scope === undefined || inScope(type, row, scope, question.asker, world) ? 'open' : 'withheld';
  }

  #sees(coordinate: string): boolean {
    const [type = '', field = ''] = coordinate.split('.');
    return isShared(this.#agreement, type, field);
  }

  #shown(type: string, field: string, value: unknown, row: Row): unknown {
    if (decide(this.#agreement, type, field).kind === 'full') return value;
    const mask = MASKS[ruleOf(type, field).mask ?? ''];
    if (mask === undefined) throw new Error(`The oracle does not know the mask of ${type}.${field}`);
    return mask(value as string | number | null, row);
  }

  #touch(coordinate: string, how: Touched['how'], where: Where, info?: GraphQLResolveInfo): void {
    this.touched.push({ coordinate, how, where });
    if (info === undefined) return;
    for (const { coordinate: given, form } of givenIn(this.#request, info.parentType.name, info.fieldNodes))
      this.touched.push({ coordinate: given, how: 'allow', where, form });
  }

  #discloses(type: string, row: Row): void {
    const [person, household] = this.#subjectsOf(type, row);
    if (person !== undefined) this.persons.add(person);
    if (household !== undefined) this.households.add(household);
  }

  #subjects(type: string, row: Row): readonly string[] {
    return this.#subjectsOf(type, row).filter((id) => id !== undefined);
  }

  /** The person and the household that a row in the answer is about; where it has neither, those of the row that it follows. */
  #subjectsOf(type: string, row: Row): readonly [person: string | undefined, household: string | undefined] {
    const { person, household, via } = NOUNS[type] as Noun;
    const idIn = (column: string | undefined): string | undefined => {
      const id = column === undefined ? undefined : row[column];
      return typeof id === 'string' ? id : undefined;
    };
    if (person !== undefined || household !== undefined || via === undefined) return [idIn(person), idIn(household)];
    const [above, key] = via;
    const parent = (this.#request.world.tables[NOUNS[above]?.table ?? ''] ?? []).find(({ id }) => id === row[key]);
    return parent === undefined ? [undefined, undefined] : this.#subjectsOf(above, parent);
  }
}

/** Whether one of the arguments has a value. */
const isGiven = (args: Args, ...names: readonly string[]): boolean =>
  names.some((name) => (args[name] ?? null) !== null);

const eachOf = <T, R>(table: Readonly<Record<string, T>>, make: (value: T, key: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(table).map(([key, value]) => [key, make(value, key)]));
