/** The columns of a table of rows: known before the first row, so that every row has the same ones. */
import {
  TypeInfo,
  buildClientSchema,
  getOperationAST,
  isListType,
  getNullableType,
  parse,
  visit,
  visitWithTypeInfo,
  Kind,
} from 'graphql';
import type { FragmentDefinitionNode, GraphQLSchema, IntrospectionQuery, OperationDefinitionNode } from 'graphql';
import type { QueryForm } from './form.ts';
import type { QueryRow } from './pages.ts';

/** One column: nested objects become names with dots, `person.name`. */
export interface Column {
  readonly name: string;
  readonly path: readonly string[];
}

/** Columns in the order of the query. A list inside a row is one column, as JSON. */
export function columnsOf(introspection: IntrospectionQuery, form: QueryForm): readonly Column[] {
  const schema = buildClientSchema(introspection);
  const document = parse(form.text);
  const operation = getOperationAST(document, form.operationName);
  if (!operation) return [];
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const prefix =
    form.cursor === undefined ? form.path : [...form.path, ...(form.rows === 'edges' ? ['edges', 'node'] : ['nodes'])];
  const columns = new Map<string, Column>();
  collect({ schema, fragments, columns, prefix }, operation, []);
  return [...columns.values()];
}

interface Collecting {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly columns: Map<string, Column>;
  /** Response names from the root to a row. */
  readonly prefix: readonly string[];
}

function collect(
  at: Collecting,
  root: OperationDefinitionNode | FragmentDefinitionNode,
  above: readonly string[],
): void {
  const { schema, fragments, columns, prefix } = at;
  const info = new TypeInfo(schema);
  const path = [...above];
  visit(
    root,
    visitWithTypeInfo(info, {
      Field: {
        enter(node) {
          path.push(node.alias?.value ?? node.name.value);
          const inRow = path.length > prefix.length && prefix.every((name, i) => path[i] === name);
          const type = info.getType();
          const isList = type ? isListType(getNullableType(type)) : false;
          if (!inRow || (node.selectionSet !== undefined && !isList)) return undefined;
          const inside = path.slice(prefix.length);
          columns.set(inside.join('.'), { name: inside.join('.'), path: inside });
          // What is inside a list is no column of its own; `leave` is not called for a node that is skipped.
          path.pop();
          return false;
        },
        leave() {
          path.pop();
        },
      },
      FragmentSpread(node) {
        const fragment = fragments.get(node.name.value);
        if (fragment !== undefined) collect(at, fragment, path);
      },
    }),
  );
}

/** The cells of a row. */
export function cellsOf(row: QueryRow, columns: readonly Column[]): readonly string[] {
  return columns.map(({ path }) => {
    const value = path.reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : null),
      row,
    );
    if (value === null || value === undefined) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}
