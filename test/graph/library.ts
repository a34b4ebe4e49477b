/**
 * A graph of the tests' own: interfaces, a union, arguments with defaults. Its tables and rows, and the same rows as
 * graphql-js resolves them.
 */
import 'reflect-metadata';
import { buildASTSchema, parse, printSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { DataSource, Column, Entity, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import {
  Arg,
  Args,
  ArgsType,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  buildSchema,
  createUnionType,
} from 'type-graphql';
import {
  closedList,
  compiled,
  connectionOf,
  DateScalar,
  ListArgs,
  Plan,
  readGraph,
  Rows,
  Rule,
} from '../../src/graph/index.ts';
import type { Graph } from '../../src/graph/index.ts';
import type { Pool } from '../../src/platform/database.ts';

const RULE = { group: 'shelf', owner: 'LIBRARY', sensitivity: 'INTERNAL' } as const;

const Binding = closedList('Binding', 'How a book is bound', { HARD: 'Hard', SOFT: 'Soft' });
type Binding = keyof typeof Binding;

@InterfaceType()
abstract class Thing {
  @Field(() => ID)
  id!: string;
}

@InterfaceType({ implements: Thing })
abstract class Titled {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true })
  title!: string;
}

@Entity()
@ObjectType({ implements: Thing })
@Rows({ public: true })
class Shelf {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  @Rule(RULE)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true })
  @Rule(RULE)
  label!: string;
}

@Entity()
@ObjectType({ implements: [Thing, Titled] })
@Rows({ public: true })
class Book {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  @Rule(RULE)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true })
  @Rule(RULE)
  title!: string;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true })
  @Rule(RULE)
  pages!: number | null;

  @Column('varchar')
  @Field(() => Binding, { nullable: true })
  @Rule(RULE)
  binding!: Binding;

  @Column('date')
  @Field(() => DateScalar, { nullable: true })
  @Rule(RULE)
  bought!: string;

  @Column('text', { array: true })
  @Field(() => [String], { nullable: true })
  @Rule(RULE)
  tags!: string[];

  @Column('uuid')
  shelfId!: string;

  @ManyToOne(() => Shelf)
  @Field(() => Shelf, { nullable: true })
  @Rule(RULE)
  shelf!: Relation<Shelf>;

  @Column('uuid', { nullable: true })
  sequelId!: string | null;

  @ManyToOne(() => Book)
  @Field(() => Book, { nullable: true })
  @Rule(RULE)
  sequel!: Relation<Book> | null;
}

@Entity()
@ObjectType({ implements: [Thing, Titled] })
@Rows({ public: true })
class Film {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  @Rule(RULE)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true })
  @Rule(RULE)
  title!: string;

  @Column('int')
  @Field(() => Int, { nullable: true })
  @Rule(RULE)
  minutes!: number;

  @Column('uuid')
  shelfId!: string;

  @ManyToOne(() => Shelf)
  @Field(() => Shelf, { nullable: true })
  @Rule(RULE)
  shelf!: Relation<Shelf>;
}

const Holding = createUnionType({ name: 'Holding', types: () => [Book, Film] as const });
const BookConnection = connectionOf(() => Book, 'Book', '书');

@InputType()
class BookFilter {
  @Field(() => Binding, { nullable: true })
  binding?: Binding;

  @Field(() => DateScalar, { nullable: true })
  bought?: string;
}

@ArgsType()
class BooksArgs extends ListArgs {
  @Field(() => BookFilter, { nullable: true })
  filter?: BookFilter;

  @Field(() => Binding, { nullable: true, defaultValue: 'HARD' })
  binding?: Binding;
}

@Resolver(() => Shelf)
class ShelfResolver {
  @Query(() => [Shelf])
  @Plan<ListArgs>(({ first }) => ({ of: Shelf, order: ['label'], first }))
  shelves(@Args() _args: ListArgs): never {
    return compiled();
  }

  @Query(() => BookConnection)
  @Plan<ListArgs>(({ first }) => ({ of: Book, order: ['title'], first }))
  catalogue(@Args() _args: ListArgs): never {
    return compiled();
  }

  @Query(() => Holding, { nullable: true })
  @Plan<{ id: string }>(({ id }) => ({ byId: id }))
  holding(@Arg('id', () => ID) _id: string): never {
    return compiled();
  }

  @Query(() => [Thing], { nullable: 'items' })
  @Plan<{ ids: string[] }>(({ ids }) => ({ byId: ids }))
  things(@Arg('ids', () => [ID]) _ids: string[]): never {
    return compiled();
  }

  @FieldResolver(() => [Book], { nullable: true })
  @Rule(RULE)
  @Plan<BooksArgs>(({ filter, binding, first }) => ({
    of: Book,
    on: { shelfId: 'id' },
    equals: { binding: filter?.binding ?? binding, bought: filter?.bought },
    order: ['title'],
    first,
  }))
  books(@Args() _args: BooksArgs): never {
    return compiled();
  }

  @FieldResolver(() => [Holding], { nullable: true })
  @Rule(RULE)
  @Plan<ListArgs>(({ first }) => ({ on: { shelfId: 'id' }, order: ['-title'], first }))
  holdings(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => Titled, { nullable: true })
  @Rule(RULE)
  @Plan(() => ({ on: { shelfId: 'id' }, order: ['title'] }))
  topmost(): never {
    return compiled();
  }
}

/** The engine's graph over the tables that `fillLibrary` makes. */
export async function libraryGraph(url: string): Promise<Graph> {
  const schema = await buildSchema({ resolvers: [ShelfResolver], validate: false });
  const source = await new DataSource({ type: 'postgres', url, entities: [Shelf, Book, Film] }).initialize();
  try {
    return readGraph(schema, source);
  } finally {
    await source.destroy();
  }
}

interface BookRow {
  readonly id: string;
  readonly title: string;
  readonly pages: number | null;
  readonly binding: Binding;
  readonly bought: string;
  readonly tags: readonly string[];
  readonly shelf: string;
  readonly sequel?: string;
}

const id = (n: number): string => `019a0000-0000-7000-8000-00000000000${String(n)}`;

/** Ids of rows, and one that is nobody's. */
export const IDS = { history: id(1), empty: id(2), one: id(3), two: id(4), soft: id(5), film: id(6), nobody: id(9) };

const SHELVES = [
  { id: IDS.history, label: 'History "B" \\ 历史' },
  { id: IDS.empty, label: 'Empty' },
];
const BOOKS: readonly BookRow[] = [
  {
    id: IDS.one,
    title: 'Annals',
    pages: 300,
    binding: 'HARD',
    bought: '2026-01-31',
    tags: ['old', 'é'],
    shelf: IDS.history,
    sequel: IDS.two,
  },
  { id: IDS.two, title: 'Chronicle', pages: null, binding: 'HARD', bought: '2026-02-28', tags: [], shelf: IDS.history },
  {
    id: IDS.soft,
    title: 'Diary',
    pages: 12,
    binding: 'SOFT',
    bought: '2026-02-28',
    tags: ['thin'],
    shelf: IDS.history,
  },
];
const FILMS = [{ id: IDS.film, title: 'Battle', minutes: 90, shelf: IDS.history }];

/** Makes the tables and their rows. */
export async function fillLibrary(owner: Pool, reader: string): Promise<void> {
  await owner.query(`
    create table shelf (id uuid primary key, label varchar not null);
    create table book (id uuid primary key, title varchar not null, pages int, binding varchar not null, bought date not null,
      tags text[] not null, "shelfId" uuid not null, "sequelId" uuid);
    create table film (id uuid primary key, title varchar not null, minutes int not null, "shelfId" uuid not null);
    grant select on shelf, book, film to ${reader}`);
  for (const { id: key, label } of SHELVES) await owner.query('insert into shelf values ($1, $2)', [key, label]);
  for (const book of BOOKS)
    await owner.query('insert into book values ($1, $2, $3, $4, $5, $6, $7, $8)', [
      ...[book.id, book.title, book.pages, book.binding, book.bought, book.tags, book.shelf, book.sequel],
    ]);
  for (const film of FILMS)
    await owner.query('insert into film values ($1, $2, $3, $4)', [film.id, film.title, film.minutes, film.shelf]);
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
    books: ({ first, filter, binding }: Listed & { filter?: BookFilter | null; binding?: Binding | null }) => {
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
