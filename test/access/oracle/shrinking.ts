/** The least operation that still shows a difference: greedy, by small steps, until none helps any more. */
import { Kind, TypeInfo, getNamedType, parse, print, validate, visit, visitWithTypeInfo } from 'graphql';
import type {
  ASTNode,
  ASTVisitor,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';

/** What is shrunk. */
export interface Shrinkable {
  readonly caller: {
    readonly regions: readonly string[];
    readonly caseNo?: string;
    readonly onDenied: 'refuse' | 'null';
  };
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** @returns a case for which `differs` holds, and no smaller step of it does */
export async function shrink<C extends Shrinkable>(
  schema: GraphQLSchema,
  start: C,
  differs: (candidate: C) => Promise<boolean>,
): Promise<C> {
  let least = start;
  for (let moved = true; moved;) {
    moved = false;
    for (const candidate of smaller(schema, least)) {
      if (!(await differs(candidate))) continue;
      least = candidate;
      moved = true;
      break;
    }
  }
  return least;
}

/** Everything that is one step smaller, the largest steps first. */
function* smaller<C extends Shrinkable>(schema: GraphQLSchema, { caller, text, variables, ...rest }: C): Generator<C> {
  const document = parse(text);
  const make = (changed: DocumentNode, values = variables): C | undefined => {
    const tidied = tidy(changed);
    const used = new Set<string>();
    visit(tidied, { VariableDefinition: ({ variable }) => void used.add(variable.name.value) });
    const left = Object.fromEntries(Object.entries(values).filter(([name]) => used.has(name)));
    const shown = print(tidied);
    if (validate(schema, tidied).length > 0) return undefined;
    return { ...rest, caller, text: shown, variables: left } as C;
  };
  const size = (one: { readonly text: string; readonly variables: object }): number =>
    (one.text.match(/\w+|[^\s\w]/gu) ?? []).reduce(
      (sum, word) => sum + (/^\d{1,4}$/u.test(word) ? Number(word) : 1),
      0,
    ) + JSON.stringify(one.variables).length;
  const now = size({ text, variables });
  for (const [changed, values] of [...edits(document, variables), ...hoists(schema, document)]) {
    const candidate = make(changed, values);
    if (candidate !== undefined && (size(candidate) < now || isPlainer(candidate, { variables }))) yield candidate;
  }
  for (const simpler of simplerCallers(caller)) yield { ...rest, caller: simpler, text, variables } as C;
}

/** A literal in place of a variable is longer at times, and easier to read. */
const isPlainer = (a: Pick<Shrinkable, 'variables'>, b: Pick<Shrinkable, 'variables'>): boolean =>
  Object.keys(a.variables).length < Object.keys(b.variables).length;

function* simplerCallers(caller: Shrinkable['caller']): Generator<Shrinkable['caller']> {
  if (caller.regions.length > 1)
    for (const code of caller.regions) yield { ...caller, regions: caller.regions.filter((other) => other !== code) };
  if (caller.onDenied === 'null') yield { ...caller, onDenied: 'refuse' };
  if (caller.caseNo !== undefined) {
    const { caseNo: _, ...without } = caller;
    yield without;
  }
}

type Values = Readonly<Record<string, unknown>>;

function* edits(document: DocumentNode, variables: Values): Generator<readonly [DocumentNode, Values?]> {
  const nodes: ASTNode[] = [];
  visit(document, { enter: (node) => void nodes.push(node) });
  const replace = (old: ASTNode, by: ASTNode | null): DocumentNode =>
    visit(document, { enter: (node) => (node === old ? by : undefined) });
  const fragments = new Map(
    document.definitions.flatMap((node): [string, FragmentDefinitionNode][] =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
  // Whole selections, then what they are wrapped in.
  for (const node of nodes) {
    if (node.kind !== Kind.SELECTION_SET) continue;
    for (const selection of node.selections) {
      const others = node.selections.filter((other) => other !== selection);
      if (others.length > 0) yield [replace(node, { ...node, selections: others })];
      const inside = insideOf(selection, fragments);
      if (inside === undefined) continue;
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : undefined;
      if (fragment !== undefined) {
        const { typeCondition, selectionSet } = fragment;
        yield [replace(selection, { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet })];
      }
      const opened = node.selections.flatMap((other) => (other === selection ? inside.selections : [other]));
      yield [replace(node, { ...node, selections: opened })];
    }
  }
  for (const node of nodes) {
    if (node.kind === Kind.DIRECTIVE || node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD)
      yield [replace(node, null)];
    if (node.kind === Kind.FIELD && node.alias !== undefined) {
      const { alias: _, ...bare } = node;
      yield [replace(node, bare)];
    }
    if (node.kind === Kind.FIELD && node.selectionSet !== undefined)
      yield [replace(node, { ...node, selectionSet: TYPENAME })];
    if (node.kind === Kind.LIST && node.values.length > 1)
      for (const value of node.values)
        yield [replace(node, { ...node, values: node.values.filter((v) => v !== value) })];
    if (node.kind === Kind.INT && node.value !== '1') yield [replace(node, { ...node, value: '1' })];
  }
  for (const [name, value] of Object.entries(variables)) {
    if (Array.isArray(value) && value.length > 1)
      for (const item of value as unknown[])
        yield [document, { ...variables, [name]: value.filter((other) => other !== item) }];
    yield [inlined(document, name, value)];
  }
}

/** In place of what stands in a field, what stands in a field of the same type further down. */
function* hoists(schema: GraphQLSchema, document: DocumentNode): Generator<readonly [DocumentNode, Values?]> {
  const info = new TypeInfo(schema);
  const open: { readonly node: FieldNode; readonly type: string }[] = [];
  const found: (readonly [upper: SelectionSetNode, lower: SelectionSetNode])[] = [];
  const visitor: ASTVisitor = {
    Field: {
      enter(node) {
        const type = getNamedType(info.getType())?.name ?? '';
        if (node.selectionSet !== undefined)
          for (const upper of open)
            if (upper.type === type && upper.node.selectionSet !== undefined)
              found.push([upper.node.selectionSet, node.selectionSet]);
        open.push({ node, type });
      },
      leave: () => void open.pop(),
    },
  };
  visit(document, visitWithTypeInfo(info, visitor));
  for (const [upper, lower] of found)
    yield [visit(document, { SelectionSet: (node) => (node === upper ? lower : undefined) })];
}

const TYPENAME: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
};

function insideOf(
  node: SelectionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode | undefined {
  if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet;
  return node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : undefined;
}

/** The document with the value of a variable written where it stood; enum names are text that validation sorts out. */
function inlined(document: DocumentNode, name: string, value: unknown): DocumentNode {
  return visit(document, {
    Variable: (node, _key, parent) =>
      node.name.value !== name || (parent !== undefined && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION)
        ? undefined
        : asNode(value),
  });
}

function asNode(value: unknown, isEnum = false): ValueNode {
  if (Array.isArray(value)) return { kind: Kind.LIST, values: value.map((item) => asNode(item)) };
  if (value === null || value === undefined) return { kind: Kind.NULL };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  if (typeof value === 'number') return { kind: Kind.INT, value: String(value) };
  if (typeof value === 'object')
    return {
      kind: Kind.OBJECT,
      fields: Object.entries(value).map(([key, inner]) => ({
        kind: Kind.OBJECT_FIELD,
        name: { kind: Kind.NAME, value: key },
        value: asNode(inner, /^[A-Z]+(_[A-Z]+)+$|^[A-Z]{4,}$/u.test(String(inner))),
      })),
    };
  return isEnum ? { kind: Kind.ENUM, value: String(value) } : { kind: Kind.STRING, value: String(value) };
}

/** Without definitions of variables and fragments that nothing uses any more. */
function tidy(document: DocumentNode): DocumentNode {
  const spreads = new Set<string>();
  const used = new Set<string>();
  visit(document, {
    FragmentSpread: ({ name }) => void spreads.add(name.value),
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const tidied = visit(document, {
    FragmentDefinition: ({ name }) => (spreads.has(name.value) ? undefined : null),
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
  return print(tidied) === print(document) ? document : tidy(tidied);
}
