/**
 * The forms that the values of a recorded operation can have had. The ledger keeps operations without values: which
 * arguments were null, what stood in a filter, which order was chosen and what `@skip` decided is not in it. Each of those is
 * a part of its own, and what a policy denies because of one part it denies whatever the others are.
 */
import { Kind, getNamedType, isEnumType, isInputObjectType, isListType, isNonNullType, parse, visit } from 'graphql';
import type { DocumentNode, GraphQLInputType, GraphQLSchema, SelectionNode } from 'graphql';
import { readOperation } from '../../graph/index.ts';
import type { Operation, Values } from '../../graph/index.ts';
import { LEVELS } from './trial.ts';

type Args = Readonly<Record<string, unknown>>;

/** One thing that a request may have said: an argument or a field of an input, with one kind of value. */
export interface Part {
  /** Number of the field in the operation. */
  readonly place: number;
  readonly argument: string;
  readonly value: unknown;
}

/** A recorded operation that can be planned: what it asks for sure, and what it may have said beside. */
export interface Form {
  readonly operation: Operation;
  /** What every request said. */
  readonly sure: readonly Args[];
  /** What some may have said. */
  readonly parts: readonly Part[];
  /** Its conditions were too many to be told apart: it asks for all that may have been left out. */
  readonly widest: boolean;
}

/** More conditions than these are not told apart: there would be too many forms. */
const MOST_CONDITIONS = 4;

/**
 * The forms of a text of the ledger: one for each way in which its conditions can have been decided.
 * @throws GraphQLError where the schema has changed so that the text is no operation any more
 */
export function formsOf(schema: GraphQLSchema, text: string): readonly Form[] {
  const document = parse(text);
  const count = conditionsIn(document);
  const widest = count > MOST_CONDITIONS;
  const ways = widest ? [0] : Array.from({ length: 2 ** count }, (_, way) => way);
  return ways.flatMap((way) => {
    const decided = withConditions(document, way);
    return decided === undefined ? [] : [formOf(schema, decided, widest)];
  });
}

/** The values of a form in which some parts were said. */
export function valuesOf({ sure }: Form, parts: readonly Part[]): Values {
  const args = sure.map((known, place) =>
    parts.filter((part) => part.place === place).reduce((held, part) => merged(held, part), known),
  );
  return { args, variables: {}, shape: '' };
}

function merged(args: Args, { argument, value }: Part): Args {
  const known = args[argument];
  if (isList(known) && isList(value)) return { ...args, [argument]: [...known, ...value] };
  return { ...args, [argument]: isObject(known) && isObject(value) ? { ...known, ...value } : value };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isObject = (value: unknown): value is Args =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCondition = ({ name }: { readonly name: { readonly value: string } }): boolean =>
  name.value === 'skip' || name.value === 'include';

function conditionsIn(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    Directive(node) {
      if (isCondition(node)) count += 1;
    },
  });
  return count;
}

/** The document with its conditions decided: bit by bit, 1 leaves the selection out. Undefined where nothing is left. */
function withConditions(document: DocumentNode, way: number): DocumentNode | undefined {
  let number = 0;
  let aliases = 0;
  const decide = <N extends SelectionNode>(node: N): N | null => {
    let isLeftOut = false;
    for (const directive of node.directives ?? []) {
      if (!isCondition(directive)) continue;
      if ((way >> number) % 2 === 1) isLeftOut = true;
      number += 1;
    }
    return isLeftOut ? null : { ...node, directives: [] };
  };
  const decided: DocumentNode = visit(document, {
    Field(node) {
      const kept = decide(node);
      if (kept === null || (node.selectionSet === undefined && (node.arguments ?? []).length === 0)) return kept;
      // The ledger drops aliases; without any, fields with different arguments would be one.
      aliases += 1;
      return { ...kept, alias: { kind: Kind.NAME, value: `a${aliases}` } };
    },
    FragmentSpread: decide,
    InlineFragment: decide,
  });
  const isEmpty = decided.definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.selectionSet.selections.length === 0,
  );
  return isEmpty ? undefined : decided;
}

function formOf(schema: GraphQLSchema, document: DocumentNode, widest: boolean): Form {
  const operation = readOperation(schema, document, undefined);
  const parts: Part[] = [];
  const sure = operation.places.map(({ node, definition }, place): Args => {
    const written = new Set((node.arguments ?? []).map(({ name }) => name.value));
    const isForward = written.has('first') || written.has('after');
    const held: Record<string, unknown> = {};
    for (const { name, type, defaultValue } of definition.args) {
      if (defaultValue !== undefined) held[name] = defaultValue;
      if (!written.has(name)) continue;
      if (PAGING.has(name)) {
        // Paging goes one way at a time, and no policy asks which.
        if (isForward === (name === 'first' || name === 'after')) held[name] = plain(type);
        continue;
      }
      const [least, further] = valuesFor(type, held[name]);
      if (least !== undefined) held[name] = least;
      parts.push(...further.map((value) => ({ place, argument: name, value })));
    }
    return held;
  });
  return { operation, sure, parts, widest };
}

const PAGING = new Set(['first', 'after', 'last', 'before']);

/** The least that a written argument can have held (undefined: nothing), and what else it can have held. */
function valuesFor(type: GraphQLInputType, absent: unknown): readonly [least: unknown, further: readonly unknown[]] {
  const isRequired = isNonNullType(type);
  const bare = isRequired ? type.ofType : type;
  if (isInputObjectType(bare)) {
    const further = Object.values(bare.getFields()).flatMap(({ name, type: inner }) => {
      const [least, more] = valuesFor(inner, undefined);
      return [...(least === undefined ? [] : [least]), ...more].map((value) => ({ [name]: value }));
    });
    return [{}, further];
  }
  const kinds = kindsOf(bare);
  if (isListType(bare)) return choosesProperties(bare) ? [absent ?? [], kinds.map((one) => [one])] : [[], []];
  return isRequired && absent === undefined ? [kinds[0], kinds.slice(1)] : [absent, kinds];
}

/** A value for each statement that values of a type can choose. */
function kindsOf(type: GraphQLInputType): readonly unknown[] {
  const named = getNamedType(type);
  if (named.name === 'RegionCode') return LEVELS;
  if (!isEnumType(named) || !choosesProperties(type)) return [plain(type)];
  return named.getValues().map(({ value }) => value as unknown);
}

/** Whether values of the type stand for properties, so that they choose the statement. */
function choosesProperties(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  return isEnumType(named) && named.getValues().some(({ name, value }) => name !== value);
}

/** Any value of the type: none is ever read. */
function plain(type: GraphQLInputType): unknown {
  const named = getNamedType(type);
  if (named.name === 'Int') return 1;
  return named.name === 'Boolean' ? false : 'x';
}
