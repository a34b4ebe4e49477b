/** The rows of the library as graphql-js resolves them: what the engine's answers are compared with. */
import { buildASTSchema, parse, printSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { BOOKS, FILMS, SHELVES } from './library-rows.ts';
import type { BookRow } from './library-rows.ts';
import type { Binding } from './library.ts';

interface Wanted {
  readonly binding?: Binding | null;
  readonly bought?: string | null;
}
interface Listed {
  readonly first: number;
}
type Found = Record<string, unknown> & { readonly title?: string };

const byTitle = (a: Found, b: Found): number => ((a.title ?? '') < (b.title ?? '') ? -1 : 1);
/** As PostgreSQL writes a JSON array. */
const cursorOf = ({ title, id: key }: Found): string =>
  Buffer.from(`[${['title,id', title, key].map((part) => JSON.stringify(part)).join(', ')}]`).toString('base64');

function bookOf({ shelf, sequel, ...values }: BookRow): Found {
  return {
    __typename: 'Book',
    ...values,
    shelf: () => shelfOf(shelf),
    sequel: () => BOOKS.filter((book) => book.id === sequel).map(bookOf)[0] ?? null,
  };
}

function filmOf({ shelf, ...values }: (typeof FILMS)[number]): Found {
  return { __typename: 'Film', ...values, shelf: () => shelfOf(shelf) };
}

const bookRows = (): Found[] => BOOKS.map(bookOf).sort(byTitle);

function shelfOf(key: string): Found | null {
  const row = SHELVES.find((shelf) => shelf.id === key);
  if (row === undefined) return null;
  const held = [
    ...BOOKS.filter(({ shelf }) => shelf === key).map(bookOf),
    ...FILMS.filter(({ shelf }) => shelf === key).map(filmOf),
  ];
  return {
    __typename: 'Shelf',
    ...row,
    holdings: ({ first }: Listed) => [...held].sort(byTitle).reverse().slice(0, first),
    topmost: () => [...held].sort(byTitle)[0] ?? null,
    books: ({ first, filter, binding }: Listed & { filter?: Wanted | null; binding?: Binding | null }) => {
      const wanted = filter?.binding ?? binding ?? undefined;
      const bought = filter?.bought ?? undefined;
      return held
        .filter(({ __typename }) => __typename === 'Book')
        .filter((book) => wanted === undefined || book['binding'] === wanted)
        .filter((book) => bought === undefined || book['bought'] === bought)
        .sort(byTitle)
        .slice(0, first);
    },
  };
}

const thingOf = (key: string): Found | null =>
  shelfOf(key) ??
  BOOKS.filter((book) => book.id === key).map(bookOf)[0] ??
  FILMS.filter((film) => film.id === key).map(filmOf)[0] ??
  null;

/** The schema without resolvers, and a root of plain objects: what graphql-js's own executor makes the answer of. */
export function reference(schema: GraphQLSchema): { readonly schema: GraphQLSchema; readonly rootValue: object } {
  return {
    schema: buildASTSchema(parse(printSchema(schema))),
    rootValue: {
      shelves: ({ first }: Listed) =>
        [...SHELVES]
          .sort((a, b) => (a.label < b.label ? -1 : 1))
          .slice(0, first)
          .map((shelf) => shelfOf(shelf.id)),
      holding: ({ id: key }: { id: string }) => (SHELVES.some((shelf) => shelf.id === key) ? null : thingOf(key)),
      things: ({ ids }: { ids: readonly string[] }) => ids.map(thingOf),
      catalogue: ({ first }: Listed) => {
        const nodes = bookRows().slice(0, first);
        return {
          nodes,
          edges: nodes.map((node) => ({ cursor: cursorOf(node), node })),
          totalCount: BOOKS.length,
          pageInfo: {
            hasNextPage: BOOKS.length > first,
            hasPreviousPage: false,
            startCursor: nodes[0] === undefined ? null : cursorOf(nodes[0]),
            endCursor: nodes.length === 0 ? null : cursorOf(nodes[nodes.length - 1]!),
          },
        };
      },
    },
  };
}
