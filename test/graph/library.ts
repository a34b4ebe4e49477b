/** A graph of the tests' own: interfaces, a union, arguments with defaults. Its rows are in library-rows.ts. */
import 'reflect-metadata';
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

const RULE = { group: 'shelf', owner: 'LIBRARY', sensitivity: 'INTERNAL' } as const;

const Binding = closedList('Binding', 'How a book is bound', { HARD: 'Hard', SOFT: 'Soft' });
/** One of them. */
export type Binding = keyof typeof Binding;

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
