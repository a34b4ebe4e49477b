/** Which part of a query's answer is rows: the one connection in it, or the one list. */
import { GraphQLError, Kind, OperationTypeNode, getOperationAST, parse, print, visit } from 'graphql';
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';

/** A query as the command runs it. */
export interface QueryForm {
  /** The document; a connection's `pageInfo` is asked for whether or not the file did. */
  readonly text: string;
  readonly operationName: string | undefined;
  /** Response names that lead from `data` to the connection or the list. */
  readonly path: readonly string[];
  /** Set for a connection: the variable that takes the cursor. */
  readonly cursor: string | undefined;
  /** Where a connection's rows stand: in the nodes of its edges, or in `nodes`. */
  readonly rows: 'edges' | 'nodes';
}

/** A file that cannot be run; the message says why. */
export class QueryFormError extends Error {
  override readonly name = 'QueryFormError';
}

/**
 * Reads a document with one query. A connection is a field that selects `edges` or `nodes`; there may be one, at the root or below
 * fields that are no lists, and it must take `after` from a variable. Without one, the first root field's list is the rows.
 */
export function readQuery(source: string): QueryForm {
  const document = read(source);
  const operation = getOperationAST(document);
  if (!operation || operation.operation !== OperationTypeNode.QUERY) {
    throw new QueryFormError('The file must hold exactly one operation, and that a query.');
  }
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const operationName = operation.name?.value;

  const fieldsOf = (set: SelectionSetNode | undefined): FieldNode[] =>
    (set?.selections ?? []).flatMap((node) => {
      if (node.kind === Kind.FIELD) return [node];
      return fieldsOf(
        node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments.get(node.name.value)?.selectionSet,
      );
    });
  const connections: { field: FieldNode; path: string[]; rows: 'edges' | 'nodes' }[] = [];
  const walk = (set: SelectionSetNode | undefined, path: readonly string[]): void => {
    for (const field of fieldsOf(set)) {
      const here = [...path, responseName(field)];
      const names = fieldsOf(field.selectionSet).map(({ name }) => name.value);
      const rows = (['edges', 'nodes'] as const).find((one) => names.includes(one));
      if (rows !== undefined) connections.push({ field, path: here, rows });
      // A connection inside the rows of another one cannot be paged: it becomes part of its row.
      else walk(field.selectionSet, here);
    }
  };
  walk(operation.selectionSet, []);

  const [connection, second] = connections;
  if (second !== undefined) throw new QueryFormError('The query has more than one connection; ask for one at a time.');
  if (connection === undefined) {
    const [root, another] = fieldsOf(operation.selectionSet);
    if (root === undefined || another !== undefined) {
      throw new QueryFormError(
        'The query has no connection, so it must have one root field, whose items are the rows.',
      );
    }
    return { text: print(document), operationName, path: [responseName(root)], cursor: undefined, rows: 'nodes' };
  }
  const { field, path, rows } = connection;
  return { ...paged(document, operation, field), operationName, path, rows };
}

/** The document with `pageInfo` in the connection and a variable for its cursor. */
function paged(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  connection: FieldNode,
): Pick<QueryForm, 'text' | 'cursor'> {
  const after = connection.arguments?.find(({ name }) => name.value === 'after');
  if (after !== undefined && after.value.kind !== Kind.VARIABLE) {
    throw new QueryFormError('The connection has a fixed "after"; leave it out, the command turns the pages.');
  }
  const cursor = after?.value.kind === Kind.VARIABLE ? after.value.name.value : freeName(operation);
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: cursor } } as const;
  const field: FieldNode = {
    ...connection,
    arguments:
      after === undefined
        ? [
            ...(connection.arguments ?? []),
            { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'after' }, value: variable },
          ]
        : (connection.arguments ?? []),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [...(connection.selectionSet?.selections ?? []), PAGE_INFO] },
  };
  const declared: OperationDefinitionNode =
    after === undefined
      ? {
          ...operation,
          variableDefinitions: [
            ...(operation.variableDefinitions ?? []),
            {
              kind: Kind.VARIABLE_DEFINITION,
              variable,
              type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'String' } },
            },
          ],
        }
      : operation;
  const changed = visit(document, {
    OperationDefinition: (node) => (node === operation ? declared : undefined),
    Field: (node) => (node === connection ? field : undefined),
  });
  return { text: print(changed), cursor };
}

const name = (value: string): FieldNode => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value } });
const PAGE_INFO: FieldNode = {
  ...name('pageInfo'),
  selectionSet: { kind: Kind.SELECTION_SET, selections: [name('hasNextPage'), name('endCursor')] },
};

function read(source: string): DocumentNode {
  try {
    return parse(source);
  } catch (error) {
    throw new QueryFormError(error instanceof GraphQLError ? error.message : 'The file is not GraphQL.');
  }
}

const responseName = ({ alias, name: { value } }: FieldNode): string => alias?.value ?? value;

function freeName({ variableDefinitions = [] }: OperationDefinitionNode): string {
  const taken = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  let free = 'cursor';
  while (taken.has(free)) free += '_';
  return free;
}
