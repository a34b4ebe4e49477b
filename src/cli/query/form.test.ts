import { expect, test } from '@jest/globals';
import { buildSchema, introspectionFromSchema, parse, validate } from 'graphql';
import { cellsOf, columnsOf } from './columns.ts';
import { QueryFormError, readQuery } from './form.ts';

const schema = buildSchema(/* GraphQL */ `
  type Person {
    id: ID!
    name: String
    tags: [String!]
    household: Household
  }
  type Household {
    id: ID!
    members: [Person!]
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
  type Edge {
    node: Person!
  }
  type People {
    edges: [Edge!]!
    nodes: [Person!]!
    pageInfo: PageInfo!
  }
  type Query {
    people(region: String, first: Int, after: String): People!
    household(id: ID!): Household
    list(n: Int): [Person!]
  }
`);
const introspection = introspectionFromSchema(schema);
const columns = (source: string): string[] => columnsOf(introspection, readQuery(source)).map(({ name }) => name);

test('a connection is found and gets its cursor and pageInfo', () => {
  const form = readQuery('query P($r: String) { people(region: $r, first: 500) { edges { node { id } } } }');
  expect(form).toMatchObject({ operationName: 'P', path: ['people'], cursor: 'cursor' });
  expect(form.text.replace(/\s+/g, ' ')).toBe(
    'query P($r: String, $cursor: String) { people(region: $r, first: 500, after: $cursor) ' +
      '{ edges { node { id } } pageInfo { hasNextPage endCursor } } }',
  );
  expect(validate(schema, parse(form.text))).toEqual([]);
});

test('a cursor variable of the file is used, and its name is never taken from another variable', () => {
  const own = readQuery('query ($from: String) { people(after: $from) { edges { node { id } } } }');
  expect(own.cursor).toBe('from');
  expect(own.text).not.toContain('$cursor');
  const taken = readQuery('query ($cursor: String) { people(region: $cursor) { edges { node { id } } } }');
  expect(taken.cursor).toBe('cursor_');
  expect(validate(schema, parse(taken.text))).toEqual([]);
});

test('rows may stand in nodes as well as in edges', () => {
  const form = readQuery('query ($after: String) { people(first: 500, after: $after) { nodes { id name } } }');
  expect(form).toMatchObject({ path: ['people'], cursor: 'after', rows: 'nodes' });
  expect(columns('{ people { nodes { id household { id } } } }')).toEqual(['id', 'household.id']);
});

test('a connection may stand under an alias and in fragments', () => {
  const form = readQuery(
    'query { all: people { ...E } } fragment E on People { edges { ... on Edge { node { ...N } } } } fragment N on Person { id }',
  );
  expect(form).toMatchObject({ path: ['all'], cursor: 'cursor' });
  expect(validate(schema, parse(form.text))).toEqual([]);
});

test('without a connection the one root field is the rows', () => {
  expect(readQuery('{ list { id } }')).toMatchObject({ path: ['list'], cursor: undefined });
});

test.each([
  ['a mutation', 'mutation { x }'],
  ['two operations', 'query A { list { id } } query B { list { id } }'],
  ['two connections', '{ a: people { edges { node { id } } } b: people { edges { node { id } } } }'],
  ['two lists', '{ a: list { id } b: list { id } }'],
  ['a fixed cursor', '{ people(after: "x") { edges { node { id } } } }'],
  ['no GraphQL', '{ people('],
])('%s is not run', (_what, source) => {
  expect(() => readQuery(source)).toThrow(QueryFormError);
});

test('columns are the leaves in the order of the query; a list is one column', () => {
  expect(
    columns(
      '{ people { edges { node { name ...H tags who: name } } } } ' +
        'fragment H on Person { household { id members { id name } } name }',
    ),
  ).toEqual(['name', 'household.id', 'household.members', 'tags', 'who']);
  expect(columns('query ($i: ID!) { household(id: $i) { id members { name } } }')).toEqual(['id', 'members']);
  expect(columns('{ list { household { id } name } }')).toEqual(['household.id', 'name']);
});

test('cells are texts; nothing is empty, lists are JSON', () => {
  const found = columnsOf(introspection, readQuery('{ list { id name tags household { id members { name } } } }'));
  expect(cellsOf({ id: '1', name: null, tags: ['a', 'b'], household: null }, found)).toEqual([
    '1',
    '',
    '["a","b"]',
    '',
    '',
  ]);
  const members = [{ name: '张三' }];
  expect(cellsOf({ id: '1', name: '李四', tags: [], household: { id: '2', members } }, found)).toEqual([
    '1',
    '李四',
    '[]',
    '2',
    '[{"name":"张三"}]',
  ]);
});
