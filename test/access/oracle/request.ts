/** One question to the oracle, read by graphql-js. */
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isObjectType,
  parse,
} from 'graphql';
import type {
  ArgumentNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLInputType,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';
import { isInputObjectType } from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { typesOf } from './nouns.ts';
import type { Args, World } from './nouns.ts';
import { levelOf } from './roots.ts';
import type { Agreement, Asker } from './scopes.ts';

/** Who asks, and what for. */
export interface Question {
  readonly text: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly asker: Asker & { readonly purpose?: string };
  readonly onDenied?: 'refuse' | 'null';
}

/** A question together with all that the oracle judges it by. */
export interface Request {
  readonly schema: GraphQLSchema;
  readonly world: World;
  readonly question: Question;
  /** The agreement in force for the asker today; undefined when there is none. */
  readonly agreement: Agreement | undefined;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** @throws for a text that is no operation */
export function readRequest(
  schema: GraphQLSchema,
  agreements: readonly Agreement[],
  world: World,
  question: Question,
): Request {
  const document = parse(question.text);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('No operation');
  const named = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], question.variables ?? {});
  return {
    schema,
    world,
    question,
    agreement: pick(agreements, question.asker, world),
    document,
    operation,
    fragments: Object.fromEntries(named.map((node) => [node.name.value, node])),
    variables: coerced ?? {},
  };
}

/** Of several in force the purpose picks one; without it, or where none names it, the first by its number stands. */
export function pick(
  agreements: readonly Agreement[],
  asker: Asker & { readonly purpose?: string },
  world: World,
): Agreement | undefined {
  const inForce = agreements
    .filter((one) => isInForce(one, asker, world))
    .sort((a, b) => (a.number < b.number ? -1 : 1));
  return inForce.find(({ purposes }) => asker.purpose !== undefined && purposes.includes(asker.purpose)) ?? inForce[0];
}

const isInForce = (agreement: Agreement, { department, role }: Asker, { today }: World): boolean =>
  agreement.department === department &&
  agreement.role === role &&
  agreement.validFrom <= today &&
  (agreement.validUntil === undefined || agreement.validUntil >= today);

/** Nodes of one field of an answer: they have a response name in common. */
export type Nodes = readonly FieldNode[];

/** The name of the field that the nodes ask for. */
export const nameOf = ([node]: Nodes): string => node?.name.value ?? '';

/** The fields of the operation itself. */
export const rootFieldsOf = ({ schema, fragments, variables, operation }: Request): readonly Nodes[] => [
  ...collectFields(schema, { ...fragments }, variables, objectType(schema, 'Query'), operation.selectionSet).values(),
];

/** The fields below some nodes, where they stand in an object of that type. */
export const fieldsBelow = (
  { schema, fragments, variables }: Request,
  type: string,
  nodes: Nodes,
): readonly Nodes[] => [
  ...collectSubfields(schema, { ...fragments }, variables, objectType(schema, type), nodes).values(),
];

/** The same without what is asked for whatever the type is: fields that stand in a fragment on the type itself. */
export function fieldsOnType(request: Request, type: string, nodes: Nodes): readonly Nodes[] {
  const found = new Map<string, FieldNode[]>();
  const look = ({ selections }: SelectionSetNode, isOwn: boolean): void => {
    for (const node of selections) {
      const { if: skip } = getDirectiveValues(GraphQLSkipDirective, node, request.variables) ?? {};
      const { if: include } = getDirectiveValues(GraphQLIncludeDirective, node, request.variables) ?? {};
      if (skip === true || include === false) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        if (isOwn) found.set(key, [...(found.get(key) ?? []), node]);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : request.fragments[node.name.value];
      const on = fragment?.typeCondition?.name.value ?? type;
      const isMet = on === type || typesOf(on).includes(type);
      if (fragment !== undefined && isMet)
        look(fragment.selectionSet, isOwn || fragment.typeCondition?.name.value === type);
    }
  };
  for (const { selectionSet } of nodes) if (selectionSet !== undefined) look(selectionSet, false);
  return [...found.values()];
}

/** The type of that name. @throws where it has no fields */
export function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  return type;
}

/** The arguments of a field, with their defaults. */
export function argsOf({ schema, variables }: Request, type: string, nodes: Nodes): Args {
  const field = objectType(schema, type).getFields()[nameOf(nodes)];
  const [node] = nodes;
  return field === undefined || node === undefined ? {} : getArgumentValues(field, node, variables);
}

/** An argument or a field of an input, as a refusal would name it, and whether its value stood in the text. */
export interface Given {
  readonly coordinate: string;
  readonly form: 'literal' | 'variable';
}

/** What the caller wrote in the arguments of a field; divisions with their level, which chooses the column. */
export function givenIn(request: Request, type: string, nodes: Nodes): readonly Given[] {
  const field = objectType(request.schema, type).getFields()[nameOf(nodes)];
  const args = argsOf(request, type, nodes);
  const found: Given[] = [];
  const look = (
    coordinate: string,
    node: ValueNode,
    value: unknown,
    of: GraphQLInputType,
    inVariable: boolean,
  ): void => {
    if (value === undefined || value === null) return;
    const form = inVariable || node.kind === Kind.VARIABLE ? 'variable' : 'literal';
    const named = getNamedType(of);
    const level = named.name === 'RegionCode' ? ` (${levelName(value, request.world)})` : '';
    // An order is refused by the name of its value.
    const isOrder = coordinate.endsWith('(orderBy:)');
    found.push({ coordinate: isOrder ? `${named.name}.${String(value)}` : coordinate + level, form });
    if (!isInputObjectType(named)) return;
    const items = (Array.isArray(value) ? value : [value]) as readonly Readonly<Record<string, unknown>>[];
    const nodes = node.kind === Kind.LIST ? node.values : items.map(() => node);
    items.forEach((item, i) => {
      for (const inner of Object.values(named.getFields())) {
        const at = nodes[i];
        const written = at?.kind === Kind.OBJECT ? at.fields.find(({ name }) => name.value === inner.name) : undefined;
        if (at?.kind === Kind.OBJECT && written === undefined) continue;
        look(
          `${named.name}.${inner.name}`,
          written?.value ?? node,
          item[inner.name],
          inner.type,
          form === 'variable' || at?.kind === Kind.VARIABLE,
        );
      }
    });
  };
  for (const argument of nodes[0]?.arguments ?? []) {
    const declared = field?.args.find(({ name }) => name === argument.name.value);
    if (declared === undefined) continue;
    look(coordinateOf(type, nodes, argument), argument.value, args[declared.name], declared.type, false);
  }
  return found;
}

const coordinateOf = (type: string, nodes: Nodes, { name }: ArgumentNode): string =>
  `${type}.${nameOf(nodes)}(${name.value}:)`;

const levelName = (code: unknown, world: World): string => levelOf(code, world) ?? 'unknown';
