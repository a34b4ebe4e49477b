/** The values of a request: arguments by place, what no statement can take refused, and the form that chooses a plan. */
import {
  GraphQLError,
  getArgumentValues,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { FieldNode, GraphQLArgument, GraphQLInputField, GraphQLInputType } from 'graphql';
import type { Planned } from './model.ts';
import type { Operation } from './operation.ts';
import { parameterType } from './scalar-text.ts';
import type { Choice, Slot } from './slot.ts';

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

/**
 * The values of one request.
 * @throws GraphQLError for a value that no statement can take
 */
export function readValues(
  operation: Operation,
  coerced: Readonly<Record<string, unknown>>,
  rules: ValueRules,
): Values {
  let shape = '';
  const args = operation.places.map(({ node, definition }) => {
    const values = getArgumentValues(definition, node, coerced);
    for (const arg of definition.args) shape += `${arg.name}${formOf(arg)(values[arg.name], { node, rules })},`;
    shape += ';';
    return values;
  });
  for (const [name, value] of Object.entries(coerced))
    if (typeof value === 'boolean') shape += `|${name}=${String(value)}`;
  return { args, variables: coerced, shape };
}

/** Where a value stands. */
interface At {
  readonly node: FieldNode;
  readonly rules: ValueRules;
}

/** The form of a value: what a plan has to know of it. Made once for each argument and input field. */
type Form = (value: unknown, at: At) => string;

const forms = new WeakMap<GraphQLArgument | GraphQLInputField, Form>();

function formOf(given: GraphQLArgument | GraphQLInputField): Form {
  const known = forms.get(given);
  if (known !== undefined) return known;
  // An input type may hold itself.
  forms.set(given, (value, at) => forms.get(given)?.(value, at) ?? '');
  const made = makeForm(given.type, given.name);
  forms.set(given, made);
  return made;
}

function makeForm(type: GraphQLInputType, name: string): Form {
  if (isNonNullType(type)) return makeForm(type.ofType, name);
  const form = isListType(type)
    ? listForm(type.ofType, name)
    : isInputObjectType(type)
      ? objectForm(type)
      : leafForm(type, name);
  return (value, at) => (value === undefined || value === null ? '-' : form(value, at));
}

function listForm(itemType: GraphQLInputType, name: string): Form {
  const form = makeForm(itemType, name);
  if (choosesProperties(itemType))
    return (value, at) => `[${(value as readonly unknown[]).map((item) => form(item, at)).join(',')}]`;
  return (value, at) => {
    for (const item of value as readonly unknown[]) form(item, at);
    return '*';
  };
}

function objectForm(type: { getFields(): Readonly<Record<string, GraphQLInputField>> }): Form {
  const fields = Object.values(type.getFields()).map((field) => ({ name: field.name, form: formOf(field) }));
  return (value, at) => {
    const held = value as Readonly<Record<string, unknown>>;
    let shape = '{';
    for (const { name, form } of fields) shape += `${name}${form(held[name], at)},`;
    return `${shape}}`;
  };
}

function leafForm(type: GraphQLInputType, name: string): Form {
  const checks: Form[] = [];
  if (name === 'first' || name === 'last') checks.push(pageSize(name));
  if (getNamedType(type).name === 'RegionCode') checks.push(regionLevel(name));
  else if (choosesProperties(type)) checks.push((value) => String(value));
  return (value, at) => {
    // NUL cannot be stored by PostgreSQL and a lone surrogate is no character.
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
      throw bad(`${name}: the text holds a NUL or half of a character; send valid UTF-8 text`, at.node);
    let form = '=';
    for (const check of checks) form += check(value, at);
    return form;
  };
}

const pageSize =
  (name: string): Form =>
  (value, { node, rules }) => {
    if (typeof value === 'number' && (value < 1 || value > rules.maxFirst))
      throw bad(`${name}: take a number from 1 to ${rules.maxFirst}, then page on with a cursor`, node, {
        bound: 'page',
      });
    return '';
  };

const regionLevel =
  (name: string): Form =>
  (value, { node, rules }) => {
    const level = levelOf(value, rules);
    if (level === undefined) throw bad(`${name}: there is no region with this code; list them with regions`, node);
    return level;
  };

const bad = (message: string, node: FieldNode, more: { bound?: 'page' } = {}): GraphQLError =>
  new GraphQLError(message, { nodes: [node], extensions: { code: 'BAD_USER_INPUT', ...more } });

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
