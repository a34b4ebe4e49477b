/**
 * One operation of a document, read once: its fields with arguments ("places"), and a form without values. Two texts
 * that differ only in values are the same operation; a request adds values and, through their form, a shape.
 */
import { createHash } from 'node:crypto';
import {
  GraphQLError,
  Kind,
  TypeInfo,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  print,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLInputType,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import type { Planned } from './model.ts';
import { parameterType } from './scalar-text.ts';
import type { Choice, Slot } from './slot.ts';

/** A field with arguments, where it stands in the operation. */
export interface Place {
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly owner: string;
}

/** An operation without the values of a request. */
export interface Operation {
  readonly definition: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly places: readonly Place[];
  readonly placeOf: ReadonlyMap<FieldNode, number>;
  /** Equal for documents that differ only in values. */
  readonly key: string;
  /** Its name, unless that could be more than a name. */
  readonly name?: string;
  /** For the ledger: without values, aliases and variables, in which a caller could have written personal data. */
  readonly text: string;
  readonly digest: Buffer;
}

/** The values of one request, in the order of the operation's places. */
export interface Values {
  readonly args: readonly Readonly<Record<string, unknown>>[];
  /** Coerced variables, for `@skip` and `@include`. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Equal for requests that one plan can serve. */
  readonly shape: string;
}

/** Refusals and look-ups that the values need and the engine does not know by itself. */
export interface ValueRules {
  /** Level of a region, e.g. `county`; undefined when there is no such region. */
  levelOf(region: string): string | undefined;
  /** Largest page. */
  readonly maxFirst: number;
}

const bad = (message: string, node: FieldNode, more: { bound?: 'page' } = {}): GraphQLError =>
  new GraphQLError(message, { nodes: [node], extensions: { code: 'BAD_USER_INPUT', ...more } });

const ambiguous = (): GraphQLError =>
  new GraphQLError('The document has several operations: name one in "operationName"', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });

/** Reads the operation that `name` selects; the document has been validated. */
export function readOperation(schema: GraphQLSchema, document: DocumentNode, name: string | undefined): Operation {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  let definition: OperationDefinitionNode | undefined;
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
    if (node.kind !== Kind.OPERATION_DEFINITION || (name !== undefined && node.name?.value !== name)) continue;
    if (definition !== undefined) throw ambiguous();
    definition = node;
  }
  if (definition === undefined)
    throw new GraphQLError('The document has no such operation', {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
    });

  const places: Place[] = [];
  const placeOf = new Map<FieldNode, number>();
  const conditions: string[] = [];
  const spread = new Set<string>();
  const read = (root: OperationDefinitionNode | FragmentDefinitionNode): void => {
    const info = new TypeInfo(schema);
    const spreads: string[] = [];
    visit(
      root,
      visitWithTypeInfo(info, {
        Field(node) {
          const field = info.getFieldDef();
          if (!field || field.args.length === 0) return;
          placeOf.set(node, places.length);
          places.push({ node, definition: field, owner: info.getParentType()?.name ?? '' });
        },
        FragmentSpread(node) {
          spreads.push(node.name.value);
        },
        Directive(node) {
          conditions.push(print(node));
        },
      }),
    );
    for (const next of spreads) {
      const fragment = fragments[next];
      if (fragment === undefined || spread.has(next)) continue;
      spread.add(next);
      read(fragment);
    }
  };
  read(definition);

  const used = [definition, ...[...spread].sort().flatMap((fragment) => fragments[fragment] ?? [])];
  const key = used.map((node) => withoutValues(node, false)).join('\n');
  const text = used.map((node) => withoutValues(node, true)).join('\n');
  return {
    definition,
    ...(definition.name === undefined || !isPlain(definition.name.value) ? {} : { name: definition.name.value }),
    fragments,
    places,
    placeOf,
    key: createHash('sha256').update(key).digest('base64url'),
    text,
    digest: createHash('sha256').update(text).digest(),
  };
}

/** Whether a name that the caller made up holds no number that could be somebody's. */
const isPlain = (name: string): boolean => name.length <= 64 && !/\d{6}/.test(name);

function withoutValues(root: OperationDefinitionNode | FragmentDefinitionNode, forLedger: boolean): string {
  const stripped = visit(root, {
    VariableDefinition: () => null,
    Name: (node) => (forLedger && !isPlain(node.value) ? { ...node, value: '_' } : undefined),
    Field: (node) => (forLedger && node.alias !== undefined ? { ...node, alias: undefined } : undefined),
    Argument: (node, _key, _parent, path) => {
      // Directives keep their condition: it chooses fields, so it is part of the operation's form.
      if (!forLedger && path.includes('directives')) return false;
      return { ...node, value: { kind: Kind.ENUM, value: '_' } as const };
    },
  });
  return print(stripped);
}

/** The values of one request. */
export function readValues(
  operation: Operation,
  coerced: Readonly<Record<string, unknown>>,
  rules: ValueRules,
): Values {
  const shapes: string[] = [];
  const args = operation.places.map(({ node, definition }) => {
    const values = getArgumentValues(definition, node, coerced);
    shapes.push(
      definition.args
        .map((arg) => `${arg.name}${shapeOf(values[arg.name], arg.type, arg.name, node, rules)}`)
        .join(','),
    );
    return values;
  });
  const conditions = Object.entries(coerced)
    .filter(([, value]) => typeof value === 'boolean')
    .map(([name, value]) => `${name}=${String(value)}`);
  return { args, variables: coerced, shape: `${shapes.join(';')}|${conditions.join(',')}` };
}

function shapeOf(value: unknown, type: GraphQLInputType, name: string, node: FieldNode, rules: ValueRules): string {
  if (value === undefined || value === null) return '-';
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) {
    const items = (value as readonly unknown[]).map((item) => shapeOf(item, bare.ofType, name, node, rules));
    return choosesProperties(bare) ? `[${items.join(',')}]` : '*';
  }
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields());
    const entries = value as Readonly<Record<string, unknown>>;
    return `{${fields.map((field) => field.name + shapeOf(entries[field.name], field.type, field.name, node, rules)).join(',')}}`;
  }
  // NUL cannot be stored by PostgreSQL and a lone surrogate is no character.
  if (typeof value === 'string' && /\0|\p{Surrogate}/u.test(value)) {
    throw bad(`${name}: the text holds a NUL or half of a character; send valid UTF-8 text`, node);
  }
  if ((name === 'first' || name === 'last') && typeof value === 'number' && (value < 1 || value > rules.maxFirst)) {
    throw bad(`${name}: take a number from 1 to ${rules.maxFirst}, then page on with a cursor`, node, {
      bound: 'page',
    });
  }
  if (getNamedType(bare).name === 'RegionCode') {
    const level = levelOf(value, rules);
    if (level === undefined) throw bad(`${name}: there is no region with this code; list them with regions`, node);
    return `=${level}`;
  }
  return typeof value === 'string' && choosesProperties(bare) ? `=${value}` : '=';
}

/** Whether values of the type stand for properties (`propertyList`), so that they choose the statement. */
function choosesProperties(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  return isEnumType(named) && named.getValues().some(({ name, value }) => name !== value);
}

/** The properties that a value of such a type names. */
function choicesOf(value: unknown, type: GraphQLInputType): readonly Choice[] {
  const named = getNamedType(type);
  if (!isEnumType(named)) return [];
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  return given.map((property) => ({
    property: String(property),
    coordinate: `${named.name}.${String(named.serialize(property))}`,
  }));
}

const levelOf = (code: unknown, rules: ValueRules): string | undefined =>
  typeof code === 'string' ? rules.levelOf(code) : undefined;

/** Arguments of a place as slots, in the form that the request's values have. */
export function plannedArguments(
  operation: Operation,
  values: Values,
  node: FieldNode,
  rules: ValueRules,
): Planned<Record<string, unknown>> {
  const number = operation.placeOf.get(node);
  const place = number === undefined ? undefined : operation.places[number];
  if (place === undefined || number === undefined) return {};
  const given = values.args[number] ?? {};
  const planned: Record<string, unknown> = {};
  for (const arg of place.definition.args) {
    const coordinate = `${place.owner}.${place.definition.name}(${arg.name}:)`;
    const slot = toSlots(given[arg.name], arg.type, [arg.name], number, coordinate, rules);
    if (slot !== undefined) planned[arg.name] = slot;
  }
  return planned as Planned<Record<string, unknown>>;
}

/** A slot of a region also tells the level of the region, which chooses a column. */
export interface RegionSlot extends Slot<string> {
  readonly level?: string;
}

function toSlots(
  value: unknown,
  type: GraphQLInputType,
  path: readonly string[],
  place: number,
  coordinate: string,
  rules: ValueRules,
): unknown {
  if (value === undefined || value === null) return undefined;
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isInputObjectType(bare)) {
    const entries = value as Readonly<Record<string, unknown>>;
    const slots: Record<string, unknown> = {};
    for (const field of Object.values(bare.getFields())) {
      const inner = toSlots(
        entries[field.name],
        field.type,
        [...path, field.name],
        place,
        `${bare.name}.${field.name}`,
        rules,
      );
      if (inner !== undefined) slots[field.name] = inner;
    }
    return slots;
  }
  const scalar = getNamedType(bare).name;
  const slot: RegionSlot = {
    key: `${place}.${path.join('.')}`,
    type: parameterType(scalar) + (isListType(bare) ? '[]' : ''),
    coordinate,
    read: ({ args }) =>
      path.reduce<unknown>(
        (held, name) => (held as Readonly<Record<string, unknown>> | undefined)?.[name],
        args[place],
      ),
    ...(scalar === 'RegionCode' && !isListType(bare) ? { level: levelOf(value, rules) ?? '' } : {}),
    ...(choosesProperties(bare) ? { choices: choicesOf(value, bare) } : {}),
  };
  return slot;
}

/**
 * Fields by response name in the order of the answer, fragments and conditions resolved (GraphQL, CollectFields). With
 * `onType` false those that fragments on the type itself hold are left out.
 */
export function collectFields(
  schema: GraphQLSchema,
  operation: Operation,
  values: Values,
  type: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
  { onType = true }: { readonly onType?: boolean } = {},
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const seen = new Set<string>();
  const included = (node: SelectionSetNode['selections'][number]): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, values.variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, values.variables)?.['if'] !== false;
  const applies = (condition: string | undefined): boolean => {
    if (condition === undefined) return true;
    if (condition === type.name) return onType;
    const named = typeFromAST(schema, { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: condition } });
    return isAbstractType(named) && schema.isSubType(named, type);
  };
  const add = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (!included(node)) continue;
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        const nodes = fields.get(name);
        if (nodes === undefined) fields.set(name, [node]);
        else nodes.push(node);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (applies(node.typeCondition?.name.value)) add(node.selectionSet);
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = operation.fragments[node.name.value];
        if (fragment !== undefined && applies(fragment.typeCondition.name.value)) add(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) if (set !== undefined) add(set);
  return fields;
}
