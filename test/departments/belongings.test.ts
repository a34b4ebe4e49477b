/** What of the policy and of documents comes with which department's module: `schema/departments.json`, kept as it is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { withAbsent } from '../../src/graph/index.ts';
import type { Graph } from '../../src/graph/index.ts';
import { readBelongings } from '../../src/server/department-modules.ts';
import * as installed from '../../src/server/departments.ts';
import { installedPart } from '../../src/server/installed-part.ts';
import { buildHubSchema, describeGraph } from '../../src/server/schema.ts';
import { testDatabase } from '../harness/database.ts';

const FILE = 'schema/departments.json';

interface Module {
  readonly entities: readonly object[];
  readonly resolvers: readonly object[];
}

/** Coordinates of the fields that the classes resolve, and names of their operations. */
function resolvedBy(resolvers: readonly object[]): { fields: readonly string[]; operations: readonly string[] } {
  const storage = getMetadataStorage();
  const own = <T extends { readonly target: object }>(list: readonly T[]): T[] =>
    list.filter(({ target }) => resolvers.includes(target));
  const nameOf = (type: unknown): string => {
    const found = storage.objectTypes.find(({ target }) => target === type);
    if (found === undefined) throw new Error('A resolver of no type');
    return found.name;
  };
  return {
    fields: own(storage.fieldResolvers).map(
      ({ schemaName, getObjectType }) => `${nameOf(getObjectType?.())}.${schemaName}`,
    ),
    operations: [...own(storage.queries), ...own(storage.mutations)].map(({ schemaName }) => schemaName),
  };
}

/** What is gone from the graph without a module: what nothing else leads to, and the groups of nothing else's fields. */
function belongingsOf(graph: Graph, { entities, resolvers }: Module) {
  const { fields, operations } = resolvedBy(resolvers);
  const gone = new Set(entities.flatMap((entity) => nounsOver(graph, entity)));
  const left = new Set<string>();
  const visit = (name: string): void => {
    if (left.has(name) || gone.has(name)) return;
    left.add(name);
    for (const { coordinate, leadsTo } of graph.nouns.get(name)?.fields.values() ?? [])
      if (!fields.includes(coordinate)) leadsTo.forEach(visit);
  };
  for (const { name, leadsTo } of graph.roots.values()) if (!operations.includes(name)) leadsTo.forEach(visit);
  // Payloads of mutations and what code answers lead to nouns as well, and no department has any of its own.
  const reachable = (name: string): boolean => left.has(name) || !comesWith(graph, name, fields, operations, gone);
  const types = [...graph.nouns.keys()].filter((name) => !reachable(name));
  const rules = [...graph.nouns.values()].flatMap(({ name, fields: all }) =>
    [...all.values()].map(({ coordinate, rule }) => ({
      group: rule.group,
      stays: !types.includes(name) && !fields.includes(coordinate),
    })),
  );
  const staying = new Set(rules.filter(({ stays }) => stays).map(({ group }) => group));
  return {
    types: types.sort(),
    fields: fields.filter((coordinate) => !types.includes(coordinate.split('.')[0] ?? '')).sort(),
    groups: [...new Set(rules.map(({ group }) => group))].filter((group) => !staying.has(group)).sort(),
    operations: [...operations].sort(),
  };
}

const nounsOver = (graph: Graph, entity: object): string[] => {
  try {
    return [graph.nounOf(entity).name];
  } catch {
    return []; // a table of rules, of which nothing is in the graph
  }
};

/** Whether a noun is led to by the module's own fields, operations or types alone. */
function comesWith(
  graph: Graph,
  name: string,
  fields: readonly string[],
  operations: readonly string[],
  gone: ReadonlySet<string>,
): boolean {
  if (gone.has(name)) return true;
  const leading = [...graph.nouns.values()].flatMap((noun) =>
    [...noun.fields.values()].filter(({ leadsTo }) => leadsTo.includes(name)).map((field) => ({ noun, field })),
  );
  const roots = [...graph.roots.values()].filter(({ leadsTo }) => leadsTo.includes(name));
  return (
    leading.length + roots.length > 0 &&
    leading.every(({ noun, field }) => gone.has(noun.name) || fields.includes(field.coordinate)) &&
    roots.every((root) => operations.includes(root.name))
  );
}

async function openGraph(): Promise<{ schema: GraphQLSchema; graph: Graph }> {
  const database = await testDatabase();
  try {
    const schema = await buildHubSchema();
    return { schema, graph: await describeGraph(schema, database.ownerUrl) };
  } finally {
    await database.drop();
  }
}

test('what would be gone without a module is listed (HUB_WRITE_DEPARTMENTS=1 writes it anew)', async () => {
  const { graph } = await openGraph();
  const found = Object.fromEntries(
    Object.entries(installed).map(([name, module]) => [name, belongingsOf(graph, module)]),
  );
  if (process.env['HUB_WRITE_DEPARTMENTS'] === '1')
    writeFileSync(FILE, `${JSON.stringify({ ...readBelongings(), ...found }, null, 2)}\n`);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toMatchObject(found);
});

const DOCUMENT = `
  query Person($id: ID!, $most: Int!, $all: Boolean!) {
    person(id: $id) {
      name
      aliased: goneRecords(first: $most) { id }
      ...Gone
      ... on Person { goneRecords(first: 1) { id } }
      nothing: records @include(if: $all) { ... on GoneRecord { id } }
    }
  }
  query Other { goneList { id } }
  fragment Gone on GoneRecord { id }`;

test('of a document what is not installed is left out, with all that is empty or unused after that', async () => {
  const schema = withAbsent(
    await buildHubSchema(),
    new Set(['GoneRecord', 'Person.goneRecords', 'goneList', 'gone-group']),
  );
  const { document, leftOut } = installedPart(schema, parse(DOCUMENT));
  if (document === undefined) throw new Error('Nothing is left');
  expect(document).toMatchObject(parse('query Person($id: ID!) { person(id: $id) { name } }', { noLocation: true }));
  expect(document.definitions).toHaveLength(1);
  expect(validate(schema, document)).toEqual([]);
  expect(new Set(leftOut)).toEqual(new Set(['Person.goneRecords', 'GoneRecord', 'goneList']));

  expect(installedPart(schema, parse('{ goneList { id } }')).document).toBeUndefined();
});

test('a typing error stays in a document, and is found', async () => {
  const schema = withAbsent(await buildHubSchema(), new Set(['Person.goneRecords']));
  const { document } = installedPart(
    schema,
    parse('{ person(id: "1") { name goneRecord { id } goneRecords { id } } }'),
  );
  if (document === undefined) throw new Error('Nothing is left');
  expect(validate(schema, document).map(({ message }) => message)).toEqual([
    expect.stringContaining('Cannot query field "goneRecord"'),
  ]);
});
