/**
 * One operation of a document, read once: its fields with arguments ("places"), and a form without values. Two texts
 * that differ only in values are the same operation; a request adds values (values.ts).
 */
import { createHash } from 'node:crypto';
import { GraphQLError, Kind, TypeInfo, print, visit, visitWithTypeInfo } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { variablesReader } from './variables.ts';
import type { VariablesReader } from './variables.ts';

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
  readonly readVariables: VariablesReader;
}

const ambiguous = (): GraphQLError =>
  new GraphQLError('The document has several operations: name one in "operationName"', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });

/** Reads the operation that `name` selects; the document has been validated. */
export function readOperation(schema: GraphQLSchema, document: DocumentNode, name: string | undefined): Operation {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
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
    readVariables: variablesReader(schema, definition),
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
