/**
 * What a caller must be answered, by plain loops over rows in memory: written from DOMAIN.md section 3, the agreements
 * in schema/policy and the descriptions of the schema, apart from the hub's own code, of which it uses nothing.
 */
import {
  Kind,
  getArgumentValues,
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getVariableValues,
  isObjectType,
  parse,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { MASKS } from './masks.ts';
import { NOUNS } from './nouns.ts';
import type { Args, Link, Noun, Row, World } from './nouns.ts';
import { ROOTS } from './roots.ts';
import { caseloadOf, covers, inScope } from './scopes.ts';
import type { Agreement, Asker } from './scopes.ts';

/** Stands in an expected answer for text that only the hub can write: a cursor. */
export const CURSOR = Symbol('a cursor');

/** How a field of a type is shared with an agreement's callers. */
export type Decision = { readonly kind: 'deny' } | { readonly kind: 'full' | 'masked'; readonly scope?: string };

/** Who asks, and what for. */
export interface Question {
  readonly text: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly asker: Asker & { readonly purpose?: string };
  readonly onDenied?: 'refuse' | 'null';
}

/** A field that a question touched, for the tally of what a run has covered. */
export interface Touched {
  readonly coordinate: string;
  readonly how: 'allow' | 'mask' | 'deny';
  readonly where: 'root' | 'nested';
}

/** Fields below a denied one are named in a refusal, but never come to be read. */
type Where = Touched['where'] | 'unreached';

/** What must come back. */
export interface Expected {
  /** Set when the operation is refused as a whole. */
  readonly refused?: { readonly code: string; readonly denied: ReadonlySet<string> };
  readonly data?: Readonly<Record<string, unknown>>;
  /** Coordinates of fields that are null because they are denied. */
  readonly nulled: ReadonlySet<string>;
  readonly masked: ReadonlySet<string>;
  /** Whether it reads what belongs to persons, so that it leaves an entry in the ledger. */
  readonly personal: boolean;
  /** What the entry must say. */
  readonly coordinates: ReadonlySet<string>;
  readonly persons: ReadonlySet<string>;
  readonly households: ReadonlySet<string>;
  /** Numbers that were asked about and are nobody's. */
  readonly misses: number;
  readonly touched: readonly Touched[];
  /** Rows that a scope took out of lists and relations. */
  readonly removed: number;
}

/** How an agreement shares a field. What it does not name is denied. */
export function decide(schema: GraphQLSchema, agreement: Agreement, type: string, field: string): Decision {
  const noun = NOUNS[type];
  const link = noun?.links[field];
  if (noun?.open === true) return { kind: 'full' };
  if (link !== undefined && NOUNS[link.to]?.open !== true && agreement.rows[link.to] === undefined)
    return { kind: 'deny' };
  const { group, mask, sensitivity } = ruleOf(schema, type, field);
  if (sensitivity === 'PUBLIC') return { kind: 'full' };
  const [access, scope] = (agreement.fields[group] ?? '').split(':');
  if (access !== 'full' && access !== 'masked') return { kind: 'deny' };
  if (access === 'masked' && mask === undefined) return { kind: 'deny' };
  const rows = agreement.rows[type] ?? 'everything';
  return { kind: access, ...(scope === undefined || covers(scope, rows) ? {} : { scope }) };
}

interface FieldRule {
  readonly group: string;
  readonly mask?: string;
  readonly sensitivity: string;
}

const fieldOf = (schema: GraphQLSchema, type: string, field: string): GraphQLField<unknown, unknown> => {
  const known = schema.getType(type);
  const found = isObjectType(known) ? known.getFields()[field] : undefined;
  if (found === undefined) throw new Error(`The schema has no ${type}.${field}`);
  return found;
};

const ruleOf = (schema: GraphQLSchema, type: string, field: string): FieldRule =>
  fieldOf(schema, type, field).extensions['hubRule'] as FieldRule;

/** Answers one question. */
export function expected(
  schema: GraphQLSchema,
  agreements: readonly Agreement[],
  world: World,
  question: Question,
): Expected {
  return new Oracle(schema, agreements, world, question).answer();
}

class Oracle {
  readonly #schema: GraphQLSchema;
  readonly #agreement: Agreement | undefined;
  readonly #world: World;
  readonly #question: Question;
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: Record<string, unknown>;
  readonly #denied = new Set<string>();
  readonly #deniedFilters = new Set<string>();
  readonly #deniedOperations = new Set<string>();
  readonly #nulled = new Set<string>();
  readonly #masked = new Set<string>();
  readonly #coordinates = new Set<string>();
  readonly #persons = new Set<string>();
  readonly #households = new Set<string>();
  readonly #scopes = new Set<string>();
  readonly #touched: Touched[] = [];
  #personal = false;
  #misses = 0;
  #removed = 0;

  constructor(schema: GraphQLSchema, agreements: readonly Agreement[], world: World, question: Question) {
    this.#schema = schema;
    this.#world = world;
    this.#question = question;
    const { department, role } = question.asker;
    this.#agreement = agreements.find(
      (one) =>
        one.department === department &&
        one.role === role &&
        one.validFrom <= world.today &&
        (one.validUntil === undefined || one.validUntil >= world.today),
    );
    this.#document = parse(question.text);
    const operation = this.#document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('No operation');
    this.#operation = operation;
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], question.variables ?? {});
    this.#variables = coerced ?? {};
  }

  answer(): Expected {
    const agreement = this.#agreement;
    if (agreement === undefined) return this.#refuse('OPERATION_DENIED', new Set(['Query']));
    const roots = this.#collect(this.#rootType(), [this.#operation.selectionSet]);
    for (const [, nodes] of roots) this.#permitRoot(agreement, nodes);
    if (this.#deniedOperations.size > 0) return this.#refuse('OPERATION_DENIED', this.#deniedOperations);
    const inNullMode = this.#question.onDenied === 'null';
    const denied = inNullMode ? this.#deniedFilters : new Set([...this.#denied, ...this.#deniedFilters]);
    if (denied.size > 0) return this.#refuse('FIELD_DENIED', denied);
    const { asker } = this.#question;
    if (this.#personal) {
      if (asker.purpose === undefined) return this.#refuse('PURPOSE_REQUIRED');
      if (asker.caseNo === undefined) return this.#refuse('CASE_REQUIRED');
      if (!agreement.purposes.includes(asker.purpose)) return this.#refuse('PURPOSE_NOT_ALLOWED');
      const known = caseloadOf(asker, this.#world).some((row) => row['case_no'] === asker.caseNo);
      if ((this.#scopes.has('caseload') || this.#scopes.has('case')) && !known)
        return this.#refuse('CASE_NOT_IN_CASELOAD');
    }
    const data: Record<string, unknown> = {};
    for (const [key, nodes] of roots) data[key] = this.#readRoot(agreement, nodes);
    return { ...this.#tally(), data };
  }

  #tally(): Omit<Expected, 'refused' | 'data'> {
    return {
      nulled: this.#nulled,
      masked: this.#masked,
      personal: this.#personal,
      coordinates: this.#coordinates,
      persons: this.#persons,
      households: this.#households,
      misses: this.#misses,
      touched: this.#touched,
      removed: this.#removed,
    };
  }

  #refuse(code: string, denied: ReadonlySet<string> = new Set()): Expected {
    return { ...this.#tally(), refused: { code, denied } };
  }

  // ── What may be asked ──────────────────────────────────────────────────────────────────────────────────────────

  #permitRoot(agreement: Agreement, nodes: readonly FieldNode[]): void {
    const name = nameOf(nodes);
    const root = ROOTS[name];
    if (root === undefined) return;
    if (root.personal) {
      this.#personal = true;
      if (!agreement.operations.includes(name)) this.#deniedOperations.add(`Query.${name}`);
      const scope = agreement.rows[root.to];
      if (scope === undefined) this.#deniedFilters.add(root.to);
      else this.#scopes.add(scope);
    }
    const args = this.#argsOf('Query', nodes);
    for (const { coordinate, field } of root.chooses(args, this.#world))
      this.#mustBeFull(agreement, root.to, field, coordinate);
    this.#permitMany(agreement, root, nodes, 'root');
  }

  /** What chooses or orders rows is a field that the caller sees in full on every row in scope. */
  #mustBeFull(agreement: Agreement, type: string, field: string, coordinate: string): void {
    const decision = decide(this.#schema, agreement, type, field);
    if (decision.kind !== 'full' || decision.scope !== undefined) this.#deniedFilters.add(coordinate);
  }

  /** A connection's own fields are no shared nouns; only what its items hold is asked about. */
  #permitMany(
    agreement: Agreement,
    link: Pick<Link, 'to' | 'many' | 'cursor'>,
    nodes: readonly FieldNode[],
    where: Where,
  ): void {
    const sets = selectionsOf(nodes);
    if (link.many !== 'connection') {
      this.#permit(agreement, link.to, sets, where);
      return;
    }
    const items: SelectionSetNode[] = [];
    const below = (type: string, sets: readonly SelectionSetNode[], name: string): readonly (readonly FieldNode[])[] =>
      [...this.#collect(this.#type(type), sets).values()].filter((inner) => nameOf(inner) === name);
    const connection = `${link.to}Connection`;
    for (const inner of below(connection, sets, 'nodes')) items.push(...selectionsOf(inner));
    const edges = below(connection, sets, 'edges').flatMap(selectionsOf);
    const info = below(connection, sets, 'pageInfo').flatMap(selectionsOf);
    for (const inner of below(connection, sets, 'edges'))
      for (const deeper of below(`${link.to}Edge`, selectionsOf(inner), 'node')) items.push(...selectionsOf(deeper));
    if (below(connection, sets, 'totalCount').length > 0) this.#coordinates.add(`${connection}.totalCount`);
    // A cursor tells where an item stands: what it is ordered by, and its id.
    if (below(`${link.to}Edge`, edges, 'cursor').length + below('PageInfo', info, 'endCursor').length > 0)
      for (const field of ['id', ...(link.cursor ?? [])]) this.#coordinates.add(`${link.to}.${field}`);
    this.#permit(agreement, link.to, items, where);
  }

  #permit(agreement: Agreement, type: string, sets: readonly SelectionSetNode[], where: Where): void {
    for (const [, nodes] of this.#collect(this.#type(type), sets)) {
      const name = nameOf(nodes);
      if (name === '__typename') continue;
      const decision = decide(this.#schema, agreement, type, name);
      const coordinate = `${type}.${name}`;
      const link = NOUNS[type]?.links[name];
      if (decision.kind === 'deny') this.#denied.add(coordinate);
      if (where !== 'unreached') this.#reach(agreement, type, nodes, decision, where);
      // In null mode nothing below a denied relation is asked for.
      if (link === undefined || (decision.kind === 'deny' && this.#question.onDenied === 'null')) continue;
      const below = decision.kind === 'deny' || where === 'unreached' ? 'unreached' : 'nested';
      this.#permitMany(agreement, link, nodes, below);
    }
  }

  /** A field that the operation comes to, unless it is refused. */
  #reach(
    agreement: Agreement,
    type: string,
    nodes: readonly FieldNode[],
    decision: Decision,
    where: Touched['where'],
  ): void {
    const name = nameOf(nodes);
    const coordinate = `${type}.${name}`;
    if (decision.kind === 'deny') {
      this.#touched.push({ coordinate, how: 'deny', where });
      this.#nulled.add(coordinate);
      return;
    }
    const narrowed = decision.kind === 'masked' || decision.scope !== undefined;
    this.#touched.push({ coordinate, how: narrowed ? 'mask' : 'allow', where });
    this.#coordinates.add(coordinate);
    if (narrowed) this.#masked.add(coordinate);
    if (decision.scope !== undefined) this.#scopes.add(decision.scope);
    const link = NOUNS[type]?.links[name];
    if (link === undefined) return;
    this.#scopes.add(agreement.rows[link.to] ?? '');
    for (const used of link.uses ?? []) this.#mustBeFull(agreement, link.to, used, `${link.to}.${used}`);
    const { dated } = link;
    if (dated === undefined || (this.#argsOf(type, nodes)[dated] ?? null) === null) return;
    for (const used of ['validFrom', 'validTo']) this.#mustBeFull(agreement, link.to, used, `${coordinate}(${dated}:)`);
  }

  // ── What is answered ───────────────────────────────────────────────────────────────────────────────────────────

  #readRoot(agreement: Agreement, nodes: readonly FieldNode[]): unknown {
    const name = nameOf(nodes);
    if (name === '__typename') return 'Query';
    const root = ROOTS[name];
    if (root === undefined) throw new Error(`The oracle does not know the root field ${name}`);
    const args = this.#argsOf('Query', nodes);
    const rows = root.rows(args, this.#world, this.#question.asker);
    if (root.to === 'StatusCheck') this.#misses += rows.filter(({ missed }) => missed === true).length;
    return this.#many(agreement, root, rows, args, nodes);
  }

  #many(
    agreement: Agreement,
    { to, many }: Pick<Link, 'to' | 'many'>,
    all: readonly Row[],
    args: Args,
    nodes: readonly FieldNode[],
  ): unknown {
    const { asker } = this.#question;
    const scope = NOUNS[to]?.open === true ? 'everything' : (agreement.rows[to] ?? '');
    const rows = all.filter((row) => inScope(to, row, scope, asker, this.#world));
    this.#removed += all.length - rows.length;
    const sets = selectionsOf(nodes);
    if (many === 'one') return rows[0] === undefined ? null : this.#object(agreement, to, rows[0], sets);
    const page = rows.slice(0, Number(args['first'] ?? rows.length));
    if (many === 'list') return page.map((row) => this.#object(agreement, to, row, sets));
    return this.#connection(agreement, to, rows, page, sets);
  }

  #connection(
    agreement: Agreement,
    to: string,
    rows: readonly Row[],
    page: readonly Row[],
    sets: readonly SelectionSetNode[],
  ): Record<string, unknown> {
    const answer: Record<string, unknown> = {};
    const smallest = agreement.smallestCount ?? 0;
    for (const [key, nodes] of this.#collect(this.#type(`${to}Connection`), sets)) {
      switch (nameOf(nodes)) {
        case '__typename':
          answer[key] = `${to}Connection`;
          break;
        case 'totalCount':
          answer[key] = rows.length < smallest ? null : rows.length;
          break;
        case 'nodes':
          answer[key] = page.map((row) => this.#object(agreement, to, row, selectionsOf(nodes)));
          break;
        case 'edges':
          answer[key] = page.map((row) => this.#edge(agreement, to, row, selectionsOf(nodes)));
          break;
        case 'pageInfo':
          answer[key] = this.#pageInfo(to, rows, page, selectionsOf(nodes));
          break;
        default:
          throw new Error(`The oracle does not know ${to}Connection.${nameOf(nodes)}`);
      }
    }
    return answer;
  }

  #edge(agreement: Agreement, to: string, row: Row, sets: readonly SelectionSetNode[]): Record<string, unknown> {
    const edge: Record<string, unknown> = {};
    for (const [key, nodes] of this.#collect(this.#type(`${to}Edge`), sets)) {
      const name = nameOf(nodes);
      if (name === 'cursor') this.#discloses(to, row);
      edge[key] =
        name === '__typename'
          ? `${to}Edge`
          : name === 'cursor'
            ? CURSOR
            : this.#object(agreement, to, row, selectionsOf(nodes));
    }
    return edge;
  }

  #pageInfo(
    to: string,
    rows: readonly Row[],
    page: readonly Row[],
    sets: readonly SelectionSetNode[],
  ): Record<string, unknown> {
    const info: Record<string, unknown> = {};
    const last = page.at(-1);
    for (const [key, nodes] of this.#collect(this.#type('PageInfo'), sets)) {
      const name = nameOf(nodes);
      if (name === 'endCursor' && last !== undefined) this.#discloses(to, last);
      info[key] =
        name === '__typename'
          ? 'PageInfo'
          : name === 'hasNextPage'
            ? rows.length > page.length
            : last === undefined
              ? null
              : CURSOR;
    }
    return info;
  }

  #object(agreement: Agreement, type: string, row: Row, sets: readonly SelectionSetNode[]): Record<string, unknown> {
    const noun = this.#noun(type);
    this.#discloses(type, row);
    const answer: Record<string, unknown> = {};
    for (const [key, nodes] of this.#collect(this.#type(type), sets)) {
      const name = nameOf(nodes);
      answer[key] = name === '__typename' ? type : this.#field(agreement, type, noun, row, nodes);
    }
    return answer;
  }

  #field(agreement: Agreement, type: string, noun: Noun, row: Row, nodes: readonly FieldNode[]): unknown {
    const name = nameOf(nodes);
    const coordinate = `${type}.${name}`;
    const decision = decide(this.#schema, agreement, type, name);
    if (decision.kind === 'deny') return null;
    const { asker } = this.#question;
    if (decision.scope !== undefined && !inScope(type, row, decision.scope, asker, this.#world)) return null;
    const link = noun.links[name];
    if (link !== undefined) {
      const args = this.#argsOf(type, nodes);
      return this.#many(agreement, link, link.rows(row, args, this.#world), args, nodes);
    }
    const read = noun.values[name];
    if (read === undefined) throw new Error(`The oracle does not know ${coordinate}`);
    const value = read(row, this.#world);
    if (decision.kind === 'full') return value;
    const mask = MASKS[ruleOf(this.#schema, type, name).mask ?? ''];
    if (mask === undefined) throw new Error(`The oracle does not know the mask of ${coordinate}`);
    return mask(value as string | number | null, row);
  }

  /** The person and the household that a row in the answer is about; where it has neither, those of the row above it. */
  #discloses(type: string, row: Row): void {
    const noun = this.#noun(type);
    for (const [column, ids] of [
      [noun.person, this.#persons],
      [noun.household, this.#households],
    ] as const) {
      const id = column === undefined ? null : row[column];
      if (typeof id === 'string') ids.add(id);
    }
  }

  // ── The language ───────────────────────────────────────────────────────────────────────────────────────────────

  #collect(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const visit = (set: SelectionSetNode): void => {
      for (const node of set.selections) {
        const { if: skip } = getDirectiveValues(GraphQLSkipDirective, node, this.#variables) ?? {};
        const { if: include } = getDirectiveValues(GraphQLIncludeDirective, node, this.#variables) ?? {};
        if (skip === true || include === false) continue;
        if (node.kind === Kind.FIELD) {
          const key = node.alias?.value ?? node.name.value;
          fields.set(key, [...(fields.get(key) ?? []), node]);
          continue;
        }
        const inner = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragment(node.name.value);
        const on = inner.typeCondition?.name.value ?? type.name;
        if (on === type.name) visit(inner.selectionSet);
      }
    };
    sets.forEach(visit);
    return fields;
  }

  #fragment(name: string) {
    const found = this.#document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    );
    if (found?.kind !== Kind.FRAGMENT_DEFINITION) throw new Error(`No fragment ${name}`);
    return found;
  }

  #argsOf(type: string, nodes: readonly FieldNode[]): Args {
    const [node] = nodes;
    if (node === undefined) return {};
    return getArgumentValues(fieldOf(this.#schema, type, node.name.value), node, this.#variables);
  }

  #type(name: string): GraphQLObjectType {
    const type = this.#schema.getType(name);
    if (!isObjectType(type)) throw new Error(`${name} is no object type`);
    return type;
  }

  #rootType(): GraphQLObjectType {
    return this.#type('Query');
  }

  #noun(type: string): Noun {
    const noun = NOUNS[type];
    if (noun === undefined) throw new Error(`The oracle does not know ${type}`);
    return noun;
  }
}

const nameOf = (nodes: readonly FieldNode[]): string => nodes[0]?.name.value ?? '';

const selectionsOf = (nodes: readonly FieldNode[]): SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
