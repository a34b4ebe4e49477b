/**
 * The graph as the engine sees it: GraphQL types joined with the TypeORM metadata of their tables. Read once, at the
 * start; everything that is missing is listed at once and the start is refused.
 */
import { getNamedType, isAbstractType, isEnumType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import type { DataSource } from 'typeorm';
import { faultsOfArguments, faultsOfField } from './abstract-types.ts';
import { faultsOfCode, isAnswer } from './code-source.ts';
import { readGroups } from './groups.ts';
import type { Groups } from './groups.ts';
import type { FieldModel, FieldRule, PlanFunction, RowAnchors, TypeModel } from './model.ts';
import type { PlanAt } from './rows-plan.ts';
import type { Row } from './row.ts';
import { scalarText } from './scalar-text.ts';
import { ident, sql } from './sql.ts';
import type { Sql } from './sql.ts';
import { readTable } from './table.ts';
import type { Table } from './table.ts';

/** How a field gets its value. */
export type Source =
  | { readonly kind: 'column'; readonly property: string; readonly text: (expression: Sql) => Sql }
  | { readonly kind: 'computed'; readonly expression: (row: Row, at: PlanAt) => Sql; readonly text: (e: Sql) => Sql }
  | { readonly kind: 'to-one'; readonly property: string }
  /** Code answers, given these properties of the row. */
  | { readonly kind: 'code'; readonly needs: readonly string[] }
  /** A part of what code answers with. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'rows'; readonly plan: PlanFunction<unknown>; readonly shape: 'one' | 'list' | 'connection' };

/** A field of a noun with its rule and its source. */
export interface NounField {
  readonly name: string;
  readonly coordinate: string;
  readonly rule: FieldRule;
  readonly source: Source;
  /** The nouns that the field leads to, through a relation, a list or a connection: several where its type is abstract. */
  readonly leadsTo: readonly string[];
  readonly definition: GraphQLField<unknown, unknown>;
}

/** A GraphQL object type whose values are rows. */
export interface Noun {
  readonly name: string;
  readonly type: GraphQLObjectType;
  readonly anchors: RowAnchors;
  /** None for a derived noun. */
  readonly table: Table | undefined;
  readonly fields: ReadonlyMap<string, NounField>;
  /** Set where the rows are groups of another noun's rows. */
  readonly groups?: Groups<Noun>;
  /** @throws when the noun has no such property: a mistake in a plan, found by the start-up check or its test */
  columnName(property: string): string;
}

/** A compiled field of Query. */
export interface Root {
  readonly name: string;
  readonly plan: PlanFunction<unknown>;
  readonly shape: 'one' | 'list' | 'connection';
  readonly leadsTo: readonly string[];
  readonly definition: GraphQLField<unknown, unknown>;
}

/** Everything the engine can read. */
export interface Graph {
  readonly schema: GraphQLSchema;
  readonly nouns: ReadonlyMap<string, Noun>;
  /** Compiled fields of Query by name. */
  readonly roots: ReadonlyMap<string, Root>;
  /** Nouns by the class that declares them. */
  nounOf(declaredBy: object): Noun;
  /** The noun on the other end of a to-one relation of a table-backed noun. */
  related(noun: Noun, property: string): { readonly noun: Noun; readonly key: string };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The scalar's name for `scalarText`: `enum` for enums, `[]` for lists. */
function scalarName(type: GraphQLOutputType): string {
  const bare = isNonNullType(type) ? type.ofType : type;
  const named = getNamedType(type);
  return (isEnumType(named) ? 'enum' : named.name) + (isListType(bare) ? '[]' : '');
}

/** A page of a noun: an object type with `edges` and no rows of its own. */
const isConnection = (type: GraphQLObjectType): boolean =>
  modelOf(type).hubRows === undefined && 'edges' in type.getFields() && 'pageInfo' in type.getFields();

const modelOf = (type: GraphQLObjectType): TypeModel => type.extensions as TypeModel;
const fieldModelOf = (field: GraphQLField<unknown, unknown>): FieldModel => field.extensions as FieldModel;

/**
 * @throws Error that lists every type, field and column the engine cannot serve: the start is refused
 */
export function readGraph(schema: GraphQLSchema, dataSource: Pick<DataSource, 'getMetadata' | 'driver'>): Graph {
  const faults: string[] = [];
  const nouns = new Map<string, Noun>();
  const byClass = new Map<object, Noun>();

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const { hubEntity, hubRows, hubClass, hubDerived } = modelOf(type);
    if (hubRows === undefined) continue;
    const table =
      hubDerived === true || hubEntity === undefined
        ? undefined
        : readTable(dataSource.getMetadata(hubEntity()), dataSource);
    if (table === undefined && hubDerived !== true) faults.push(`${type.name}: neither an entity nor derived`);
    const noun = readNoun({ schema, type, anchors: hubRows, table, faults });
    nouns.set(type.name, noun);
    if (hubClass !== undefined) byClass.set(hubClass, noun);
  }
  for (const noun of [...nouns.values()]) {
    const { hubGroups, hubClass } = modelOf(noun.type);
    if (hubGroups === undefined || hubClass === undefined) continue;
    const of = byClass.get(hubGroups.of());
    if (of === undefined) throw new Error(`${noun.name} groups a class that is no noun of the graph`);
    const grouping = { ...noun, groups: readGroups(noun.type, hubGroups, of, faults) };
    nouns.set(noun.name, grouping);
    byClass.set(hubClass, grouping);
  }

  const roots = new Map<string, Root>();
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const { hubPlan, hubCode } = fieldModelOf(field);
    if (hubPlan !== undefined) {
      roots.set(field.name, {
        name: field.name,
        plan: hubPlan as PlanFunction<unknown>,
        shape: shapeOf(field.type),
        leadsTo: nounsBehind(schema, field.type),
        definition: field,
      });
    } else if (hubCode === undefined) {
      faults.push(`Query.${field.name}: neither @Plan nor @Code`);
    } else if (!hubCode.open) {
      // What code answers passes no plan: no scope, no mask, no record.
      faults.push(`Query.${field.name}: code answers with nothing personal; where rows are asked for, they need @Plan`);
    }
  }
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    if (fieldModelOf(field).hubCode === undefined) faults.push(`Mutation.${field.name}: @Code is missing`);
  }
  for (const root of roots.values()) faults.push(...faultsOfField(`Query.${root.name}`, root, nouns));
  for (const { type, fields } of nouns.values()) {
    faults.push(...faultsOfArguments(type));
    for (const { coordinate, source, ...field } of fields.values())
      if (source.kind === 'rows') faults.push(...faultsOfField(coordinate, { ...field, ...source }, nouns));
  }
  if (faults.length > 0) throw new Error(`The graph is incomplete, the hub does not start:\n  ${faults.join('\n  ')}`);

  const nounOf = (declaredBy: object): Noun => {
    const noun = byClass.get(declaredBy);
    if (noun === undefined) throw new Error('A plan names a class that is no noun of the graph');
    return noun;
  };
  return {
    schema,
    nouns,
    roots,
    nounOf,
    related(noun, property) {
      const { key, target } = noun.table?.relations.get(property) ?? {};
      if (key === undefined || target === undefined) throw new Error(`${noun.name}.${property} is no to-one relation`);
      const related = byClass.get(target);
      if (related === undefined) throw new Error(`${noun.name}.${property} leads to no noun`);
      return { noun: related, key };
    },
  };
}

/** The nouns at the end of a field's type, through a list or the `nodes` of a connection; none for a leaf. */
function nounsBehind(schema: GraphQLSchema, type: GraphQLOutputType): readonly string[] {
  const named = getNamedType(type);
  if (isAbstractType(named)) return schema.getPossibleTypes(named).map(({ name }) => name);
  if (!isObjectType(named)) return [];
  const nodes = isConnection(named) ? named.getFields()['nodes'] : undefined;
  return nodes === undefined ? [named.name] : nounsBehind(schema, nodes.type);
}

function shapeOf(type: GraphQLOutputType): 'one' | 'list' | 'connection' {
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) return 'list';
  return isObjectType(bare) && isConnection(bare) ? 'connection' : 'one';
}

interface NounParts {
  readonly schema: GraphQLSchema;
  readonly type: GraphQLObjectType;
  readonly anchors: RowAnchors;
  readonly table: Table | undefined;
  readonly faults: string[];
}

function readNoun({ schema, type, anchors, table, faults }: NounParts): Noun {
  const columnName = (property: string): string => {
    if (table === undefined) return snake(property);
    const column = table.columns.get(property);
    if (column === undefined) throw new Error(`${type.name} has no column for ${property}`);
    return column.name;
  };
  const fields = new Map<string, NounField>();
  for (const definition of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${definition.name}`;
    const { hubRule } = fieldModelOf(definition);
    if (hubRule === undefined) {
      faults.push(`${coordinate}: @Rule is missing`);
      continue;
    }
    const source = readSource(definition, table, isAnswer(type));
    if (typeof source === 'string') faults.push(`${coordinate}: ${source}`);
    else {
      const leadsTo = nounsBehind(schema, definition.type);
      fields.set(definition.name, { name: definition.name, coordinate, rule: hubRule, source, leadsTo, definition });
    }
  }
  for (const anchor of [anchors.person, anchors.household, anchors.department, anchors.departments]) {
    if (anchor === undefined) continue;
    try {
      columnName(anchor);
    } catch (error) {
      faults.push(String(error));
    }
  }
  for (const { coordinate, source, definition, rule } of fields.values())
    if (source.kind === 'code' || source.kind === 'answer')
      faults.push(...faultsOfCode(coordinate, { source, definition, rule, anchors, table, fields }));
  return { name: type.name, type, anchors, table, fields, columnName };
}

/** @returns the source, or what is wrong with the field */
function readSource(
  definition: GraphQLField<unknown, unknown>,
  table: Table | undefined,
  ofAnswer: boolean,
): Source | string {
  const { hubPlan, hubComputed, hubNeeds } = fieldModelOf(definition);
  if (ofAnswer) return { kind: 'answer' };
  if (hubNeeds !== undefined) return { kind: 'code', needs: hubNeeds };
  if (hubPlan !== undefined) {
    return { kind: 'rows', plan: hubPlan as PlanFunction<unknown>, shape: shapeOf(definition.type) };
  }
  const scalar = scalarName(definition.type);
  if (hubComputed !== undefined) {
    return { kind: 'computed', expression: hubComputed, text: (expression) => expression };
  }
  if (table === undefined) return { kind: 'column', property: definition.name, text: (expression) => expression };
  const relation = table.relations.get(definition.name);
  if (relation !== undefined) {
    if (!isObjectType(getNamedType(definition.type))) return 'a relation leads to one type';
    return relation.key !== undefined
      ? { kind: 'to-one', property: definition.name }
      : 'a relation to many needs a @Plan';
  }
  const column = table.columns.get(definition.name);
  if (column === undefined) return 'no column, relation, @Plan or @Computed';
  const text = scalarText(scalar, column.type);
  if (text === undefined) return `no text for a ${scalar} on a column of type ${column.type}`;
  return { kind: 'column', property: definition.name, text };
}

/** The row of a noun under an alias. */
export const rowOf = (noun: Noun, alias: string): Row => ({
  alias: ident(alias),
  column: (property) => sql`${ident(alias)}.${ident(noun.columnName(property))}`,
});

/** The table of a noun; only a derived noun has none, and its plan brings its own source. */
export function tableOf(noun: Noun): Sql {
  if (noun.table === undefined) throw new Error(`${noun.name} has no table`);
  return ident(noun.table.name);
}

/** The column of a noun's key. */
export function primaryKey(noun: Noun): Sql {
  const key = noun.table?.key;
  if (key === undefined) throw new Error(`${noun.name} has no key`);
  return ident(noun.columnName(key));
}
