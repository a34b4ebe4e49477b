/** The compiled road against graphql-js over the same rows: the same text for every form that GraphQL has. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execute, parse } from 'graphql';
import type { Graph } from '../../src/graph/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { reference } from './library-reference.ts';
import { IDS, fillLibrary } from './library-rows.ts';
import { libraryGraph } from './library.ts';
import { open, plan, reader } from './planned.ts';

type Ask = Awaited<ReturnType<typeof reader>>;

let database: TestDatabase;
let graph: Graph;
let ask: Ask;
let stock: ReturnType<typeof reference>;

beforeAll(async () => {
  database = await testDatabase();
  const { rows } = await database.server.query<{ name: string }>('select current_user as name');
  await fillLibrary(database.owner, rows[0]!.name);
  graph = await libraryGraph(database.ownerUrl);
  ask = await reader(graph, database.server, '2026-11-22');
  stock = reference(graph.schema);
});
afterAll(() => database.drop());

interface Form {
  readonly text: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** What each form of a document must give, by its name. */
const FORMS: Readonly<Record<string, Form>> = {
  'the same field several times, its selections merged': {
    text: '{ shelves { label label books { id } ...A ... on Shelf { books { title shelf { id } } } } } fragment A on Shelf { books { pages shelf { label } } }',
  },
  'aliases of one list with different arguments': {
    text: '{ shelves { one: books(first: 1) { title } soft: books(binding: SOFT) { title } all: books(binding: null) { title } } }',
  },
  'aliases of aliases, in the order of the document': {
    text: '{ b: shelves(first: 1) { z: label a: id label } a: shelves(first: 1) { id } __typename t: __typename }',
  },
  'named fragments within fragments': {
    text: '{ shelves { ...A } } fragment A on Shelf { ...B id } fragment B on Shelf { label books { ...C } } fragment C on Book { title sequel { ...D } } fragment D on Book { title }',
  },
  'a fragment without a type condition': { text: '{ shelves { ... { label } ... @include(if: true) { id } } }' },
  '@skip and @include on fields, spreads and inline fragments, with variables': {
    text: `query Q($yes: Boolean!, $no: Boolean = false) { shelves {
      a: label @include(if: $yes) b: label @include(if: $no) c: label @skip(if: $yes) d: label @skip(if: $no) @include(if: $yes)
      ...A @include(if: $no) ... @skip(if: $no) { e: id } ... on Shelf @skip(if: $yes) { f: id } } } fragment A on Shelf { g: label }`,
    variables: { yes: true },
  },
  'one fragment spread twice, of which only the second spread is included': {
    text: 'query Q($no: Boolean!) { shelves { ...A @include(if: $no) ...A } } fragment A on Shelf { label }',
    variables: { no: false },
  },
  'every field skipped': { text: '{ shelves @skip(if: true) { id } }' },
  'an object with every field skipped': { text: '{ shelves { id @skip(if: true) } }' },
  'an object with every field skipped, within another': {
    text: '{ shelves { books { shelf { id @skip(if: true) } sequel { id @skip(if: true) } } } }',
  },
  'default values of variables': {
    text: 'query Q($first: Int! = 1, $binding: Binding = SOFT) { shelves { books(first: $first, binding: $binding) { title } } }',
  },
  'a default value of a variable that is given': {
    text: 'query Q($first: Int! = 1) { shelves(first: $first) { label } }',
    variables: { first: 2 },
  },
  'the default value of an argument where its variable is absent': {
    text: 'query Q($binding: Binding) { shelves { books(binding: $binding) { title } } }',
  },
  'null in place of an argument with a default value': {
    text: 'query Q($binding: Binding) { shelves { books(binding: $binding) { title } literal: books(binding: null) { title } } }',
    variables: { binding: null },
  },
  'an input object with absent, null and given fields': {
    text: `query Q($filter: BookFilter, $bought: Date) { shelves {
      a: books(filter: $filter) { title } b: books(filter: { bought: $bought }) { title } c: books(filter: { binding: null }) { title }
      d: books(filter: null) { title } e: books(filter: {}) { title } } }`,
    variables: { filter: { bought: '2026-02-28', binding: 'SOFT' } },
  },
  'a variable within an input object': {
    text: 'query Q($bought: Date) { shelves { books(filter: { bought: $bought }, binding: null) { title bought } } }',
    variables: { bought: '2026-02-28' },
  },
  'one value for a list': { text: `{ things(ids: "${IDS.one}") { id } }` },
  'one value for a list, in a variable': {
    text: 'query Q($ids: [ID!]!) { things(ids: $ids) { id __typename } }',
    variables: { ids: IDS.film },
  },
  'an empty list': { text: '{ things(ids: []) { id } }' },
  'a list with what is there, what is not, and the same again': {
    text: 'query Q($ids: [ID!]!) { things(ids: $ids) { __typename id } }',
    variables: { ids: [IDS.film, IDS.nobody, IDS.history, IDS.one, IDS.film, 'none'] },
  },
  'enums and dates as literals and as variables': {
    text: 'query Q($b: Binding!, $d: Date!) { shelves { v: books(filter: { binding: $b, bought: $d }) { binding bought } l: books(filter: { binding: SOFT, bought: "2026-02-28" }) { binding bought } } }',
    variables: { b: 'SOFT', d: '2026-02-28' },
  },
  'one of several operations': {
    text: 'query A { shelves { id } } query B($first: Int!) { shelves(first: $first) { ...F } } fragment F on Shelf { label }',
    operationName: 'B',
    variables: { first: 1 },
  },
  '__typename of objects, lists, connections, edges and pages': {
    text: '{ __typename catalogue { __typename edges { __typename node { __typename } } nodes { t: __typename } pageInfo { __typename } } }',
  },
  'text with quotes, backslashes and characters beyond ASCII; lists of text; nulls': {
    text: '{ shelves { label } catalogue { nodes { tags pages sequel { tags } } } }',
  },
  'a connection with items twice over and its ends': {
    text: `{ catalogue(first: 2) { a: nodes { id } edges { cursor node { title } c: cursor } nodes { title sequel { title } }
      totalCount n: totalCount pageInfo { hasNextPage hasPreviousPage startCursor e: endCursor } pageInfo { endCursor } } }`,
  },
  'a connection that is empty': { text: '{ catalogue(first: 3) { nodes { id @skip(if: true) } } }' },
  'a union in a list: inline fragments, named ones, __typename': {
    text: `{ shelves { holdings { __typename ... on Book { title pages } ...F } } }
      fragment F on Film { minutes title shelf { holdings(first: 1) { __typename } } }`,
  },
  'a union whose items have nothing asked of them': { text: '{ shelves { holdings { ... on Film { minutes } } } }' },
  'a union through an interface that its types share': {
    text: '{ shelves { holdings(first: 2) { ... on Titled { title ... on Thing { id } ... on Book { pages } } } } }',
  },
  'a union, bounded': {
    text: '{ shelves { a: holdings(first: 1) { __typename } b: holdings(first: 3) { ...T } } } fragment T on Holding { ... on Titled { title } }',
  },
  'an interface by key: fields of the interface and of the type, merged below both': {
    text: `query Q($ids: [ID!]!) { things(ids: $ids) { id ... on Book { shelf { id } title } ... on Titled { t: title }
      ... on Film { shelf { label } } ...B } } fragment B on Book { shelf { label } sequel { ... on Thing { id } } }`,
    variables: { ids: [IDS.one, IDS.film, IDS.history] },
  },
  'the same response name from different types': {
    text: `query Q($ids: [ID!]!) { things(ids: $ids) { id ... on Book { size: pages } ... on Film { size: minutes } } }`,
    variables: { ids: [IDS.one, IDS.two, IDS.film] },
  },
  'an interface that is one row of many': {
    text: '{ shelves { topmost { title __typename ... on Book { pages } } } }',
  },
  'a union by key': {
    text: `{ book: holding(id: "${IDS.one}") { ... on Book { title } ... on Film { minutes } } film: holding(id: "${IDS.film}") { __typename }
      shelf: holding(id: "${IDS.history}") { __typename } nobody: holding(id: "${IDS.nobody}") { __typename } }`,
  },
  'a fragment on an interface around a noun': {
    text: '{ shelves { ... on Thing { id ... on Shelf { label } ... on Film { minutes } } } }',
  },
};

test.each(Object.entries(FORMS))('%s', async (_name, { text, variables = {}, operationName }) => {
  const expected = await execute({
    ...stock,
    document: parse(text),
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
  });
  expect(expected.errors).toBeUndefined();
  const answer = await ask(text, { variables, ...(operationName === undefined ? {} : { operationName }) });
  // As text: the order of the members counts as well.
  expect(JSON.stringify(answer, null, 1)).toBe(JSON.stringify(expected.data, null, 1));
});

test('a row by its key is looked for only where something is asked of its type', async () => {
  const text = `{ holding(id: "${IDS.film}") { ... on Book { title } } things(ids: ["${IDS.film}", "${IDS.one}"]) { ... on Book { title } } }`;
  expect(await ask(text)).toEqual({ holding: null, things: [null, { title: 'Annals' }] });
  expect(plan(graph, text).plan.text).not.toContain('"film"');
});

test('several operations without the name of one are refused', () => {
  expect(() => plan(graph, 'query A { shelves { id } } query B { shelves { label } }')).toThrow('name one');
  expect(() => plan(graph, 'query A { shelves { id } }', { operationName: 'B' })).toThrow('no such operation');
});

const CLOSED = { kind: 'deny', reason: 'not shared', owner: 'LIBRARY' } as const;

test('behind a union each type is decided for itself: denied by its own coordinate, masked and scoped as its own', async () => {
  const noMinutes = open({
    field: (_profile, coordinate) => (coordinate === 'Film.minutes' ? CLOSED : { kind: 'full' }),
  });
  const text = '{ shelves { holdings { ... on Titled { title } ... on Film { m: minutes } } } }';
  expect(() => plan(graph, text, { policy: noMinutes })).toThrow('Denied: Film.minutes');
  const { plan: nulled } = plan(graph, text, { policy: noMinutes, onDenied: 'null' });
  expect(nulled.nulled.map(({ coordinate }) => coordinate)).toEqual(['Film.minutes']);
  const answer = await ask(text, { policy: noMinutes, onDenied: 'null' });
  expect(answer).toMatchObject({ shelves: [{}, { holdings: [{}, {}, { title: 'Battle', m: null }, {}] }] });
});
