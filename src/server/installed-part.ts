/** The part of a document that this hub can answer: without what a department's module would bring that is not installed. */
import { Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { ASTNode, DocumentNode, GraphQLSchema } from 'graphql';
import { absentFrom } from '../graph/index.ts';

/** A document and what was taken out of it. */
export interface InstalledPart {
  /** Undefined where nothing of it remains. */
  readonly document: DocumentNode | undefined;
  /** Coordinates and types, in the order of the document. */
  readonly leftOut: readonly string[];
}

/**
 * Takes the fields and types out that the schema knows to be absent, with what is empty after that and the variables that
 * are used no more. Whatever else is wrong with a document stays in it.
 */
export function installedPart(schema: GraphQLSchema, document: DocumentNode): InstalledPart {
  const absent = absentFrom(schema);
  if (absent.size === 0) return { document, leftOut: [] };
  const leftOut = new Set<string>();
  const isAbsent = (name: string): boolean => {
    if (absent.has(name)) leftOut.add(name);
    return absent.has(name);
  };
  const info = new TypeInfo(schema);
  let part: DocumentNode = visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType()?.name ?? '';
        const root = parent === schema.getQueryType()?.name || parent === schema.getMutationType()?.name;
        return isAbsent(root ? node.name.value : `${parent}.${node.name.value}`) ? null : undefined;
      },
      InlineFragment: (node) => (node.typeCondition && isAbsent(node.typeCondition.name.value) ? null : undefined),
      FragmentDefinition: (node) => (isAbsent(node.typeCondition.name.value) ? null : undefined),
    }),
  );
  if (leftOut.size === 0) return { document, leftOut: [] };
  // What is empty leaves others empty: until nothing changes.
  for (let before: DocumentNode | undefined; before !== part;) {
    before = part;
    part = withoutEmpty(part);
  }
  if (!part.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
    return { document: undefined, leftOut: [...leftOut] };
  return { document: withoutUnused(part), leftOut: [...leftOut] };
}

function withoutEmpty(document: DocumentNode): DocumentNode {
  const fragments = new Set(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? node.name.value : [])),
  );
  const emptied = (node: { readonly selectionSet?: { readonly selections: readonly ASTNode[] } | undefined }) =>
    node.selectionSet?.selections.length === 0 ? null : undefined;
  return visit<DocumentNode>(document, {
    FragmentSpread: (node) => (fragments.has(node.name.value) ? undefined : null),
    Field: { leave: emptied },
    InlineFragment: { leave: emptied },
    FragmentDefinition: { leave: emptied },
    OperationDefinition: { leave: emptied },
  });
}

/** A variable, or a fragment, that nothing uses is a fault of validation. */
function withoutUnused(document: DocumentNode): DocumentNode {
  const variables = new Set<string>();
  const spreads = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => void variables.add(node.name.value),
    FragmentSpread: (node) => void spreads.add(node.name.value),
  });
  return visit<DocumentNode>(document, {
    VariableDefinition: (node) => (variables.has(node.variable.name.value) ? undefined : null),
    FragmentDefinition: (node) => (spreads.has(node.name.value) ? undefined : null),
  });
}
