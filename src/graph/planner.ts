/**
 * From an operation, a profile and a shape to one SQL statement. Every field, argument, filter, order and count asks the
 * policy on its way into the text; what a caller may not see is not in the statement.
 */
import { getNamedType, isObjectType } from 'graphql';
import type { FieldNode } from 'graphql';
import { isAnyNoun, rowsOfAny } from './abstract.ts';
import { DEFAULT_BOUNDS } from '../platform/bounds.ts';
import { choosingPredicates } from './choosing.ts';
import { TYPE_NAME, askCode } from './code-fields.ts';
import type { ForCode } from './code-fields.ts';
import { decideFor, nameDenied } from './deciding.ts';
import { sizeOf } from './cost.ts';
import { groupedRows } from './grouping.ts';
import { primaryKey, rowOf, tableOf } from './noun.ts';
import type { Noun, NounField, Root } from './noun.ts';
import { plannedArguments } from './values.ts';
import { pageOf } from './page.ts';
import type { Built } from './page-rows.ts';
import { PlanRecord } from './plan-record.ts';
import { planText } from './plan-text.ts';
import { Denied, Planning } from './planning.ts';
import type { PlanInput } from './planning.ts';
import type { AccessProfile, RowScope } from './policy.ts';
import type { Row } from './row.ts';
import { reachedThrough, scopeForPlan, scopePredicate } from './scoping.ts';
import type { Above } from './scoping.ts';
import type { StatementPlan } from './statement-plan.ts';
import { subjectsThrough, subjectTokens } from './subjects.ts';
import { and, concat, constant, ident, join, jsonObject, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** @throws Denied; FormRefused; an Error for a plan function that does not fit its noun */
export function makePlan<P extends AccessProfile>(input: PlanInput<P>): StatementPlan {
  const plan = new Planner(input, false).plan();
  // Objects say their type only where graphql-js has to know it.
  return plan.coded ? new Planner(input, true).plan() : plan;
}

class Planner<P extends AccessProfile> {
  readonly #planning: Planning<P>;
  readonly #record = new PlanRecord();
  readonly #forCode: boolean;
  #coded = false;

  /** `forCode`: graphql-js completes the answer, since code answers some of it. */
  constructor(input: PlanInput<P>, forCode: boolean) {
    this.#planning = new Planning(input);
    this.#forCode = forCode;
  }

  plan(): StatementPlan {
    const planning = this.#planning;
    const { graph, policy, profile, operation, onDenied, guard } = planning.input;
    const query = graph.schema.getQueryType();
    if (!query) throw new Error('The schema has no Query');
    const columns: Sql[] = [];
    const joins: Sql[] = [];
    const subjects: Sql[] = [];
    let personal = false;
    let whole = true;
    for (const [name, nodes] of planning.collect(query, [operation.definition])) {
      const field = nodes[0]?.name.value ?? '';
      if (field === '__typename') {
        columns.push(sql`${constant(query.name)} as ${planning.responseName(name)}`);
        continue;
      }
      const root = graph.roots.get(field);
      if (root === undefined) {
        whole = false;
        continue;
      }
      const permitted = policy.operation(profile, field);
      if (permitted.kind === 'deny') {
        // Always refused: an operation that one may not call has no field to be null.
        planning.refused.set(`Query.${field}`, { ...permitted, coordinate: `Query.${field}` });
        continue;
      }
      personal ||= permitted.personal;
      const alias = planning.relation();
      planning.cost.enter(`Query.${field}`);
      joins.push(this.#rows(root, nodes, undefined, alias, raw('head.permitted')));
      planning.cost.leave();
      columns.push(sql`${ident(alias)}.j as ${planning.responseName(name)}`);
      subjects.push(sql`${ident(alias)}.s`);
    }
    const refusals = onDenied === 'refuse' ? new Map([...planning.refused, ...planning.denied]) : planning.refused;
    if (refusals.size > 0) throw new Denied([...refusals.values()]);

    return {
      ...planText({
        columns,
        joins,
        subjects,
        // What is nobody's needs no guard.
        guard: personal ? guard?.(planning.scopes) : undefined,
        largest: planning.input.largestAnswer ?? DEFAULT_BOUNDS.answer,
      }),
      nodes: this.#record.toNodes(),
      masked: [...planning.masked],
      nulled: [...planning.denied.values()],
      personal,
      whole,
      coded: this.#coded,
      cost: planning.cost.nodes,
    };
  }

  /** JSON of one row of a noun, with everything selected in it. */
  #object(noun: Noun, row: Row, scope: RowScope, nodes: readonly FieldNode[], above: Above | undefined): Built {
    const number = this.#record.open(noun.name);
    const tokens = (of: number): Sql[] => {
      if (noun.anchors.public === true) return [];
      const own = subjectTokens(noun, row, of);
      if (own.length > 0) return own;
      return above?.tokens(of) ?? subjectsThrough(this.#planning, noun, row, of);
    };
    const here: Above = { noun, row, scope, tokens };
    const built = { columns: [] as Sql[], joins: [] as Sql[], subjects: tokens(number), needs: new Set<string>() };
    if (this.#forCode) built.columns.push(sql`${constant(noun.name)} as ${ident(TYPE_NAME)}`);
    for (const [name, fieldNodes] of this.#planning.collect(noun.type, nodes)) {
      const fieldName = fieldNodes[0]?.name.value ?? '';
      const responseName = this.#planning.responseName(name);
      if (fieldName === '__typename') {
        built.columns.push(sql`${constant(noun.name)} as ${responseName}`);
        continue;
      }
      const field = noun.fields.get(fieldName);
      if (field === undefined) throw new Error(`${noun.name}.${fieldName} is not in the graph`);
      const value = this.#field(field, fieldNodes, here, built);
      if (value !== undefined) this.#record.tell(number, field.coordinate);
      built.columns.push(sql`${value ?? raw('null::json')} as ${responseName}`);
    }
    return { json: jsonObject(built.columns), joins: built.joins, subjects: concat(built.subjects) };
  }

  /** @returns the value's SQL, undefined when it is denied */
  #field(
    field: NounField,
    nodes: readonly FieldNode[],
    here: Above,
    built: ForCode & { readonly joins: Sql[] },
  ): Sql | undefined {
    const planning = this.#planning;
    const { graph } = planning.input;
    const { source, coordinate } = field;
    const { noun, row, scope } = here;
    const decision = decideFor(planning, field, scope);
    if (decision.kind === 'deny') {
      if (planning.input.onDenied === 'refuse') nameDenied(planning, field, nodes, scope);
      return undefined;
    }
    if (source.kind === 'code') {
      this.#coded = true;
      askCode({ planning, field, needs: source.needs, nodes, here, built, record: this.#record });
      return raw('null::json');
    }
    if (source.kind === 'answer') throw new Error(`${coordinate} is answered by code and has no row`);
    // Narrower than the row: a CASE on each cell. The row's own scope already holds for each row.
    const cell =
      decision.scope === undefined || decision.scope.kind === scope.kind
        ? undefined
        : scopePredicate(planning, noun, row, decision.scope, undefined);
    if (decision.kind === 'mask' || cell !== undefined) planning.masked.add(coordinate);
    let value: Sql;
    if (source.kind === 'column' || source.kind === 'computed') {
      const plain = source.kind === 'column' ? row.column(source.property) : source.expression(row, planning.at(row));
      value = source.text(decision.kind === 'mask' ? decision.mask(plain, row) : plain);
    } else {
      const alias = planning.relation();
      planning.cost.enter(coordinate);
      if (source.kind === 'rows') {
        built.joins.push(this.#rows({ ...field, ...source }, nodes, here, alias, cell));
      } else {
        const { noun: other, key } = graph.related(noun, source.property);
        const same = sql`${row.alias}.${ident(key)}`;
        built.joins.push(this.#one(other, same, nodes, here, alias, cell === undefined ? [] : [cell]));
      }
      planning.cost.leave();
      built.subjects.push(sql`${ident(alias)}.s`);
      value = sql`${ident(alias)}.j`;
    }
    return cell === undefined ? value : sql`case when ${cell} then ${value} end`;
  }

  /** The row by its key, within its scope and under these conditions; `from` is the row above when that led here. */
  #one(
    noun: Noun,
    key: Sql,
    nodes: readonly FieldNode[],
    above: Above | undefined,
    alias: string,
    conditions: readonly Sql[],
    from?: Above,
  ): Sql {
    const scope = scopeForPlan(this.#planning, noun);
    const row = rowOf(noun, this.#planning.alias('t'));
    const inScope = scopePredicate(this.#planning, noun, row, scope, from);
    const predicates = [sql`${row.alias}.${primaryKey(noun)} = ${key}`, ...(inScope ? [inScope] : []), ...conditions];
    const built = this.#object(noun, row, scope, nodes, above);
    // `limit 1` keeps the planner from turning the look-up by key into a hash join over the whole table.
    return sql`left join lateral (select ${built.json} as j, ${built.subjects} as s from (select ${row.alias}.* from ${tableOf(noun)} ${row.alias} where ${and(predicates)} limit 1) ${row.alias} ${join(built.joins, ' ')}) ${ident(alias)} on true`;
  }

  /** Rows that a plan function chose: a single one, a list or a connection. */
  #rows(
    field: Pick<Root, 'plan' | 'shape' | 'definition' | 'leadsTo'>,
    nodes: readonly FieldNode[],
    above: Above | undefined,
    alias: string,
    cell: Sql | undefined,
  ): Sql {
    const planning = this.#planning;
    const { graph, operation, values, rules } = planning.input;
    const [first] = nodes;
    if (first === undefined) throw new Error('A field without a node');
    const planned = field.plan(plannedArguments(operation, values, first, rules), planning.at(above?.row));
    if (isAnyNoun(field, planned)) {
      planning.cost.resize(sizeOf(planned, field.shape));
      return rowsOfAny({
        planning,
        field,
        chosen: planned,
        nodes,
        above,
        alias,
        cell,
        one: (noun, key, name, conditions, from) => this.#one(noun, key, nodes, above, name, conditions, from),
      });
    }
    if (planned.of === undefined) throw new Error(`${field.definition.name}: the plan does not say of which noun`);
    const noun = graph.nounOf(planned.of);
    const { groups } = noun;
    const chosen =
      groups === undefined
        ? planned
        : groupedRows({
            planning,
            noun: { ...noun, groups },
            chosen: planned,
            asked: this.#asked(noun, nodes),
            guard: cell,
          });
    planning.cost.resize(sizeOf(chosen, field.shape));
    const scope = scopeForPlan(planning, noun);
    const row = rowOf(noun, planning.alias('t'));
    // Groups are of rows in scope; they lie in none themselves.
    const inScope = groups
      ? undefined
      : scopePredicate(planning, noun, row, scope, reachedThrough(noun, chosen, above, graph));
    const predicates = [
      ...choosingPredicates(planning, noun, row, chosen, above),
      ...(inScope ? [inScope] : []),
      ...(cell ? [cell] : []),
    ];
    let items: number | undefined;
    const page = pageOf({
      planning,
      noun,
      row,
      chosen,
      predicates,
      field,
      nodes,
      alias,
      object: (at) => {
        const number = this.#record.next;
        items ??= number;
        const built = this.#object(noun, row, scope, at, above);
        this.#record.ask(number, chosen.from?.questions);
        // That there is a group tells what it is made by, asked for or not.
        for (const { property } of planned.groups?.by.choices ?? [])
          this.#record.tell(number, noun.fields.get(property)?.coordinate ?? noun.name);
        return built;
      },
      places: (properties) => {
        const number = items ?? this.#record.next;
        const subjects = items === undefined ? this.#object(noun, row, scope, [], above).subjects : undefined;
        this.#record.tell(number, ...properties.flatMap((property) => noun.fields.get(property)?.coordinate ?? []));
        return subjects;
      },
    });
    this.#noteCount(field, nodes);
    return page;
  }

  #asked(noun: Noun, nodes: readonly FieldNode[]): ReadonlySet<string> {
    const fields = [...this.#planning.collect(noun.type, nodes).values()];
    return new Set(fields.flatMap(([node]) => node?.name.value ?? []));
  }

  /** A count discloses as well: of nobody in particular, but it is on record that it was asked. */
  #noteCount({ shape, definition }: Pick<Root, 'shape' | 'definition'>, nodes: readonly FieldNode[]): void {
    const type = getNamedType(definition.type);
    if (shape !== 'connection' || !isObjectType(type)) return;
    const fields = [...this.#planning.collect(type, nodes).values()];
    if (!fields.some(([node]) => node?.name.value === 'totalCount')) return;
    const coordinate = `${type.name}.totalCount`;
    if (this.#planning.denied.has(coordinate)) return;
    this.#planning.cost.count(coordinate);
    this.#record.tell(this.#record.open(type.name), coordinate);
  }
}
