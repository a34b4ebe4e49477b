/**
 * From an operation, a profile and a shape to one SQL statement. Every field, argument, filter, order and count asks the
 * policy on its way into the text; what a caller may not see is not in the statement.
 */
import { createHash } from 'node:crypto';
import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { Graph, Noun, NounField, Root } from './noun.ts';
import { primaryKey, rowOf, tableOf } from './noun.ts';
import { collectFields, plannedArguments } from './operation.ts';
import type { Operation, RegionSlot, ValueRules, Values } from './operation.ts';
import { pageOf } from './page.ts';
import type { Built } from './page.ts';
import { placeField, placeProperty } from './place.ts';
import type { AccessProfile, Denial, Policy, RowScope } from './policy.ts';
import type { Row } from './row.ts';
import type { PlanAt, RowsPlan } from './rows-plan.ts';
import { callerSlot } from './slot.ts';
import type { Slot } from './slot.ts';
import { and, compile, constant, ident, join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** One selection of a noun in the operation: what an answer may disclose there. */
export interface PlanNode {
  readonly noun: string;
  /** Coordinates asked and not denied. */
  readonly coordinates: readonly string[];
  /** Keys of the subjects asked for by ordinal, where the rows answer questions. */
  readonly misses?: Slot<readonly string[]> | undefined;
}

/** A coordinate that the policy denies, as the caller wrote it. */
export interface DeniedCoordinate extends Denial {
  readonly coordinate: string;
}

/** A statement and what is to be known about its answer. Holds no value. */
export interface Plan {
  readonly name: string;
  readonly text: string;
  readonly slots: readonly Slot[];
  readonly nodes: readonly PlanNode[];
  /** Coordinates that the answer shows masked. */
  readonly masked: readonly string[];
  /** Coordinates that the answer shows as null because the caller asked for that. */
  readonly nulled: readonly DeniedCoordinate[];
  /** Kinds of row scope that the statement applies. */
  readonly scopes: ReadonlySet<string>;
  /** Whether it reads personal data, so that it needs a purpose and a case. */
  readonly personal: boolean;
}

/** The operation names something that the policy denies; nothing was read. */
export class Denied extends Error {
  readonly denials: readonly DeniedCoordinate[];
  constructor(denials: readonly DeniedCoordinate[]) {
    super(`Denied: ${denials.map(({ coordinate }) => coordinate).join(', ')}`);
    this.denials = denials;
  }
}

/** What a plan is made from. */
export interface PlanInput<P extends AccessProfile> {
  readonly graph: Graph;
  readonly policy: Policy<P>;
  readonly profile: P;
  readonly operation: Operation;
  readonly values: Values;
  readonly rules: ValueRules;
  /** What must hold for the statement to answer at all, given the row scopes that it applies. */
  readonly guard?: (scopes: ReadonlySet<string>) => Sql | undefined;
  /** `refuse`: a denied field refuses the operation; `null`: it is null, with one error per coordinate. */
  readonly onDenied: 'refuse' | 'null';
}

/** The row above, as far as the scope of the rows below depends on it. */
interface Above {
  readonly noun: Noun;
  readonly row: Row;
  readonly scope: RowScope;
  /** Subjects of the row above, for rows that have none of their own. */
  readonly tokens: (node: number) => Sql[];
}

/** Longest response name: PostgreSQL cuts longer identifiers, and two cut names could be one. */
const LONGEST_NAME = 63;

/** @throws Denied, or an Error for a plan function that does not fit its noun */
export function makePlan<P extends AccessProfile>(input: PlanInput<P>): Plan {
  return new Planner(input).plan();
}

/** State of one planning: numbers given out and what was met on the way. Lives for one call of `makePlan`. */
export class Planner<P extends AccessProfile> {
  readonly #input: PlanInput<P>;
  readonly #nodes: { noun: string; coordinates: Set<string>; misses?: Slot<readonly string[]> | undefined }[] = [];
  readonly #masked = new Set<string>();
  readonly #denied = new Map<string, DeniedCoordinate>();
  readonly #refused = new Map<string, DeniedCoordinate>();
  readonly #scopes = new Set<string>();
  #aliases = 0;

  constructor(input: PlanInput<P>) {
    this.#input = input;
  }

  plan(): Plan {
    const { graph, policy, profile, operation, onDenied } = this.#input;
    const query = graph.schema.getQueryType();
    if (!query) throw new Error('The schema has no Query');
    const columns: Sql[] = [];
    const joins: Sql[] = [];
    const subjects: Sql[] = [];
    let personal = false;
    for (const [name, nodes] of this.collect(query, [operation.definition])) {
      const field = nodes[0]?.name.value ?? '';
      if (field === '__typename') {
        columns.push(sql`${constant(query.name)} as ${this.responseName(name)}`);
        continue;
      }
      const root = graph.roots.get(field);
      if (root === undefined) continue;
      const permitted = policy.operation(profile, field);
      if (permitted.kind === 'deny') {
        // Always refused: an operation that one may not call has no field to be null.
        this.#refused.set(`Query.${field}`, { ...permitted, coordinate: `Query.${field}` });
        continue;
      }
      personal ||= permitted.personal;
      const alias = this.alias('l');
      joins.push(this.#rows(root, nodes, undefined, alias, raw('head.permitted')));
      columns.push(sql`${ident(alias)}.j as ${this.responseName(name)}`);
      subjects.push(sql`${ident(alias)}.s`);
    }
    const refusals = onDenied === 'refuse' ? new Map([...this.#refused, ...this.#denied]) : this.#refused;
    if (refusals.size > 0) throw new Denied([...refusals.values()]);

    const version = callerSlot('policyVersion', 'int');
    const guard = this.#input.guard?.(this.#scopes) ?? raw('true');
    const data = sql`(select row_to_json(_) from (select ${join(columns, ', ')}) _)::text`;
    // The joins hang on the guard, so nothing is read where it does not hold.
    const statement = sql`select head.permitted, ${data} as data, concat(${join([raw("''"), ...subjects], ', ')}) as subjects from (select version, ${guard} as permitted from policy_head) head ${join(joins, ' ')} where head.version = ${version}`;
    const { text, slots } = compile(statement);
    return {
      name: `hub_${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`,
      text,
      slots,
      nodes: this.#nodes.map(({ noun, coordinates, misses }) => ({ noun, coordinates: [...coordinates], misses })),
      masked: [...this.#masked],
      nulled: [...this.#denied.values()],
      scopes: this.#scopes,
      personal,
    };
  }

  /** A new alias. */
  alias(prefix: string): string {
    return `${prefix}${(this.#aliases += 1)}`;
  }

  collect(type: GraphQLObjectType, nodes: readonly { readonly selectionSet?: FieldNode['selectionSet'] }[]) {
    const { graph, operation, values } = this.#input;
    return collectFields(
      graph.schema,
      operation,
      values,
      type,
      nodes.map(({ selectionSet }) => selectionSet),
    );
  }

  responseName(name: string): Sql {
    if (name.length > LONGEST_NAME) throw new ResponseNameTooLong();
    return ident(name);
  }

  smallestCount(): number {
    return this.#input.policy.smallestCount(this.#input.profile);
  }

  /** JSON of one row of a noun. */
  object(noun: Noun, row: Row, scope: RowScope, nodes: readonly FieldNode[], above: Above | undefined): Built {
    const number = this.#nodes.length;
    const node = { noun: noun.name, coordinates: new Set<string>() };
    this.#nodes.push(node);
    const columns: Sql[] = [];
    const joins: Sql[] = [];
    const tokens = (of: number): Sql[] => {
      const own = subjectTokens(noun, row, of);
      return own.length === 0 && above !== undefined ? above.tokens(of) : own;
    };
    const subjects = tokens(number);
    const here: Above = { noun, row, scope, tokens };

    for (const [name, fieldNodes] of this.collect(noun.type, nodes)) {
      const fieldName = fieldNodes[0]?.name.value ?? '';
      const responseName = this.responseName(name);
      if (fieldName === '__typename') {
        columns.push(sql`${constant(noun.name)} as ${responseName}`);
        continue;
      }
      const field = noun.fields.get(fieldName);
      if (field === undefined) throw new Error(`${noun.name}.${fieldName} is not in the graph`);
      const value = this.#field(field, noun, row, scope, fieldNodes, here, joins, subjects);
      if (value !== undefined) node.coordinates.add(field.coordinate);
      columns.push(sql`${value ?? raw('null::json')} as ${responseName}`);
    }
    return {
      json: sql`(select row_to_json(_) from (select ${join(columns, ', ')}) _)`,
      joins,
      subjects: subjects.length === 0 ? raw('null::text') : sql`concat(${join(subjects, ', ')})`,
    };
  }

  /** @returns the value's SQL, undefined when it is denied */
  #field(
    field: NounField,
    noun: Noun,
    row: Row,
    scope: RowScope,
    nodes: readonly FieldNode[],
    here: Above,
    joins: Sql[],
    subjects: Sql[],
  ): Sql | undefined {
    const { policy, profile, graph } = this.#input;
    const decision = policy.field(profile, field.coordinate, field.rule);
    const target = field.leadsTo === undefined ? undefined : graph.nouns.get(field.leadsTo);
    const denial = decision.kind === 'deny' ? decision : target === undefined ? undefined : this.#rowDenial(target);
    if (denial !== undefined) {
      this.#denied.set(field.coordinate, { ...denial, coordinate: field.coordinate });
      return undefined;
    }
    if (decision.kind === 'deny') return undefined;
    let value: Sql;
    const { source } = field;
    // Narrower than the row: a CASE on each cell. The row's own scope already holds for each row.
    const cell =
      decision.scope === undefined || decision.scope.kind === scope.kind
        ? undefined
        : this.#predicate(noun, row, decision.scope, undefined);
    if (source.kind === 'column' || source.kind === 'computed') {
      const plain = source.kind === 'column' ? row.column(source.property) : source.expression(row, this.at(row));
      value = source.text(decision.kind === 'mask' ? decision.mask(plain, row) : plain);
      if (decision.kind === 'mask') this.#masked.add(field.coordinate);
    } else {
      const alias = this.alias('l');
      if (source.kind === 'rows') {
        joins.push(this.#rows({ ...source, definition: field.definition }, nodes, here, alias, cell));
      } else {
        const { noun: other, key } = graph.related(noun, source.property);
        joins.push(this.#one(other, sql`${row.alias}.${ident(key)}`, nodes, here, alias, cell));
      }
      subjects.push(sql`${ident(alias)}.s`);
      value = sql`${ident(alias)}.j`;
    }
    return cell === undefined ? value : sql`case when ${cell} then ${value} end`;
  }

  #rowDenial(noun: Noun): Denial | undefined {
    const scope = this.#input.policy.rows(this.#input.profile, noun.name);
    return isDenial(scope) ? scope : undefined;
  }

  /** A to-one relation: the row by its key, within its scope. */
  #one(noun: Noun, key: Sql, nodes: readonly FieldNode[], above: Above, alias: string, cell: Sql | undefined): Sql {
    const scope = this.#rowScope(noun);
    const name = this.alias('t');
    const row = rowOf(noun, name);
    const predicates = [
      sql`${row.alias}.${primaryKey(noun)} = ${key}`,
      ...this.#within(noun, row, scope, undefined),
      ...(cell ? [cell] : []),
    ];
    const built = this.object(noun, row, scope, nodes, above);
    // `limit 1` keeps the planner from turning the look-up by key into a hash join over the whole table.
    return sql`left join lateral (select ${built.json} as j, ${built.subjects} as s from (select ${row.alias}.* from ${tableOf(noun)} ${row.alias} where ${and(predicates)} limit 1) ${row.alias} ${join(built.joins, ' ')}) ${ident(alias)} on true`;
  }

  /** Rows that a plan function chose: a single one, a list or a connection. */
  #rows(
    root: Pick<Root, 'plan' | 'shape' | 'definition'>,
    nodes: readonly FieldNode[],
    above: Above | undefined,
    alias: string,
    cell?: Sql,
  ): Sql {
    const { graph, operation, values, rules } = this.#input;
    const first = nodes[0];
    if (first === undefined) throw new Error('A field without a node');
    const chosen = root.plan(plannedArguments(operation, values, first, rules), this.at(above?.row));
    const noun = graph.nounOf(chosen.of);
    const scope = this.#rowScope(noun);
    const name = this.alias('t');
    const row = rowOf(noun, name);
    const predicates = [
      ...this.#filters(noun, row, chosen, above),
      ...this.#within(noun, row, scope, reached(noun, chosen, above, graph)),
      ...(cell ? [cell] : []),
    ];
    const before = this.#nodes.length;
    const sqlOf = pageOf({
      planner: this,
      noun,
      row,
      chosen,
      predicates,
      shape: root.shape,
      definition: root.definition,
      nodes,
      alias,
      object: (at) => this.object(noun, row, scope, at, above),
    });
    for (const node of this.#nodes.slice(before)) {
      if (node.noun === noun.name && chosen.from?.misses !== undefined) node.misses = chosen.from.misses;
    }
    return sqlOf;
  }

  at(parent: Row | undefined): PlanAt {
    return {
      today: callerSlot<string>('today', 'date'),
      caller: (name, type = 'text') => callerSlot(name, type),
      parent,
    };
  }

  /** Whether the caller sees the property in full on every row in scope; only then may it choose or order rows. */
  mayChooseBy(noun: Noun, property: string, coordinate: string | undefined): void {
    const { policy, profile } = this.#input;
    const field = noun.fields.get(property);
    if (field === undefined) return; // no field of the graph: a key or a place code, which the plan function vouches for
    const decision = policy.field(profile, field.coordinate, field.rule);
    const scope = this.#rowScope(noun);
    const narrower = decision.kind !== 'deny' && decision.scope !== undefined && decision.scope.kind !== scope.kind;
    if (decision.kind === 'full' && !narrower) return;
    const denial: Denial =
      decision.kind === 'deny'
        ? decision
        : {
            kind: 'deny',
            owner: field.rule.owner,
            reason: `${field.coordinate} is shown in part only, so it cannot choose or order rows`,
          };
    const named = coordinate ?? field.coordinate;
    this.#refused.set(named, { ...denial, coordinate: named });
  }

  #filters(noun: Noun, row: Row, chosen: RowsPlan, above: Above | undefined): Sql[] {
    const predicates: Sql[] = [];
    for (const [property, upper] of Object.entries(chosen.on ?? {})) {
      if (above === undefined) throw new Error(`${noun.name}: a root has no row above`);
      predicates.push(sql`${row.column(property)} = ${above.row.column(upper)}`);
    }
    for (const [property, slot] of Object.entries(chosen.equals ?? {})) {
      if (slot === undefined) continue;
      this.mayChooseBy(noun, property, slot.coordinate);
      predicates.push(sql`${row.column(property)} = ${typedLike(noun, property, slot)}`);
    }
    const { validOn, within, where } = chosen;
    if (validOn !== undefined) {
      if (validOn.coordinate !== undefined) this.mayChooseBy(noun, 'validFrom', validOn.coordinate);
      const day = { ...validOn, type: 'date' };
      predicates.push(
        sql`${row.column('validFrom')} <= ${day}`,
        sql`(${row.column('validTo')} is null or ${row.column('validTo')} >= ${day})`,
      );
    }
    if (within !== undefined) {
      const property = placeProperty((within as RegionSlot).level);
      this.mayChooseBy(noun, placeField(property), within.coordinate);
      predicates.push(sql`${row.column(property)} = ${within}`);
    }
    if (where !== undefined) {
      for (const property of where.uses) this.mayChooseBy(noun, property, undefined);
      predicates.push(where.predicate(row));
    }
    return predicates;
  }

  #rowScope(noun: Noun): RowScope {
    const scope = this.#input.policy.rows(this.#input.profile, noun.name);
    if (!isDenial(scope)) return scope;
    this.#refused.set(noun.name, { ...scope, coordinate: noun.name });
    return { kind: 'none', predicate: () => raw('false') };
  }

  #within(noun: Noun, row: Row, scope: RowScope, from: Above | undefined): Sql[] {
    const predicate = this.#predicate(noun, row, scope, from);
    return predicate === undefined ? [] : [predicate];
  }

  #predicate(noun: Noun, row: Row, scope: RowScope, from: Above | undefined): Sql | undefined {
    this.#scopes.add(scope.kind);
    const own = scope.predicate(row, noun.anchors);
    if (own !== 'via') return own;
    const { via } = noun.anchors;
    if (via === undefined) throw new Error(`${noun.name} has no anchor for the row scope ${scope.kind}`);
    const { noun: upper, key } = this.#input.graph.related(noun, via);
    // Reached through that very row, which this scope already bounds.
    if (from?.noun === upper && from.scope.kind === scope.kind) return undefined;
    const name = this.alias('v');
    const upperRow = rowOf(upper, name);
    const inner = this.#predicate(upper, upperRow, scope, undefined);
    return sql`exists (select 1 from ${tableOf(upper)} ${upperRow.alias} where ${and([sql`${upperRow.alias}.${primaryKey(upper)} = ${row.alias}.${ident(key)}`, ...(inner ? [inner] : [])])})`;
  }
}

/** A response name longer than the database's identifiers. */
export class ResponseNameTooLong extends Error {
  constructor() {
    super(`An alias is longer than ${LONGEST_NAME} characters; shorten it`);
  }
}

const isDenial = (scope: RowScope | Denial): scope is Denial => 'reason' in scope;

/** The row above, when the rows below hang on it by the very key that their scope goes through. */
function reached(noun: Noun, chosen: RowsPlan, above: Above | undefined, graph: Graph): Above | undefined {
  const { via } = noun.anchors;
  if (via === undefined || above === undefined || noun.table === undefined) return undefined;
  const { noun: upper, key } = graph.related(noun, via);
  const byKey = Object.entries(chosen.on ?? {}).some(
    ([property, upperProperty]) =>
      noun.columnName(property) === key && upperProperty === upper.table?.primaryColumns[0]?.propertyName,
  );
  return upper === above.noun && byKey ? above : undefined;
}

/** `5p<uuid> ` for the person of a row at node 5, `5h<uuid> ` for its household, `5m3 ` for the third question missed. */
function subjectTokens(noun: Noun, row: Row, node: number): Sql[] {
  const { person, household } = noun.anchors;
  const token = (letter: string, property: string): Sql =>
    sql`${constant(`${node}${letter}`)} || ${row.column(property)} || ' '`;
  const tokens: Sql[] = [];
  if (person !== undefined) {
    tokens.push(
      noun.table === undefined
        ? sql`coalesce(${token('p', person)}, ${constant(`${node}m`)} || ${row.column('ordinal')} || ' ')`
        : token('p', person),
    );
  }
  if (household !== undefined) tokens.push(token('h', household));
  return tokens;
}

/** A filter's value has the type of its column; what is no UUID equals no id. */
function typedLike(noun: Noun, property: string, slot: Slot): Slot {
  const column = noun.table?.columns.find((candidate) => candidate.propertyName === property);
  const type = typeof column?.type === 'string' ? column.type : 'text';
  if (type !== 'uuid') return { ...slot, key: `${slot.key}:${type}`, type: slot.type === 'text' ? 'text' : slot.type };
  return {
    ...slot,
    key: `${slot.key}:uuid`,
    type: 'uuid',
    read: (bindings) => {
      const value = slot.read(bindings);
      return typeof value === 'string' && UUID.test(value) ? value : null;
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
