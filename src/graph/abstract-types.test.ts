import { expect, test } from '@jest/globals';
import { buildSchema, isObjectType } from 'graphql';
import { faultsOfArguments, faultsOfField } from './abstract-types.ts';
import type { Noun } from './noun.ts';

const schema = buildSchema(`
  interface Titled { title: String books(first: Int! = 5, by: ID): [Book] }
  type Shelf implements Titled { title: String books(by: ID, first: Int! = 5): [Book] }
  type Box implements Titled { title: String books(first: Int! = 6, by: ID): [Book] }
  type Crate implements Titled { title: String books(first: Int! = 5, by: ID, more: Boolean): [Book] }
  type Book { title: String }
  union Found = Book | Shelf
  type FoundConnection { nodes: [Found] edges: [ID] pageInfo: ID }
  type Query { found: Found all: [Found!]! book: Book pages: FoundConnection }
`);

const typeOf = (name: string) => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`There is no type ${name}`);
  return type;
};

test('a type takes the arguments of its interface, with the same defaults and no others, in whatever order', () => {
  expect(faultsOfArguments(typeOf('Shelf'))).toEqual([]);
  for (const name of ['Box', 'Crate'])
    expect(faultsOfArguments(typeOf(name))).toEqual([`${name}.books: its arguments are not those of Titled.books`]);
});

test('an interface or a union leads to nouns with tables alone, and never to pages', () => {
  const tables = new Map(['Book'].map((name) => [name, { table: {} } as Noun]));
  const faults = (field: string, shape: 'one' | 'list' | 'connection', leadsTo: readonly string[]) => {
    const definition = typeOf('Query').getFields()[field];
    if (definition === undefined) throw new Error(`There is no field ${field}`);
    return faultsOfField(field, { definition, shape, leadsTo }, tables);
  };
  expect(faults('book', 'one', ['Book'])).toEqual([]);
  expect(faults('found', 'one', ['Book'])).toEqual([]);
  expect(faults('all', 'list', ['Book', 'Shelf'])).toEqual(['all: Shelf, which it may lead to, has no table']);
  expect(faults('pages', 'connection', ['Book'])).toEqual([
    'pages: pages are of one type, not of an interface or a union',
  ]);
});
