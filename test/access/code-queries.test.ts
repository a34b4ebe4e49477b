/** Queries that code answers: open to everybody, beside compiled fields and introspection, and never on record. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Arg, Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root, buildSchema } from 'type-graphql';
import type { HubContext } from '../../src/access/index.ts';
import { Code, withAbsent } from '../../src/graph/index.ts';
import { badUserInput } from '../../src/platform/errors.ts';
import { readAbsent } from '../../src/server/department-modules.ts';
import { resolvers } from '../../src/server/resolvers.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

@ObjectType()
class Echo {
  @Field(() => String)
  word!: string;
}

@Resolver(() => Echo)
class EchoQueries {
  @Query(() => Echo)
  @Code({ open: true })
  echo(@Arg('word', () => String) word: string, @Ctx() { caller }: HubContext): Echo {
    if (word === '') throw badUserInput('word: say something');
    return { word: `${caller.department} says ${word}` };
  }

  @FieldResolver(() => Number)
  letters(@Root() { word }: Echo): number {
    return word.length;
  }
}

let db: TestDatabase;
let hub: TestEngine;
beforeAll(async () => {
  db = await testDatabase();
  const schema = await buildSchema({ resolvers: [...resolvers, EchoQueries], validate: false });
  hub = await openEngine(db, { schema: withAbsent(schema, readAbsent().names) });
});
afterAll(async () => {
  await db.drop();
});

/** Without a purpose, as nothing personal needs one. */
const { purpose: _none, ...housing } = callerOf('HOUSING', 'SYSTEM');

test('code answers with its arguments and its context, under any name and through fragments, with nothing on record', async () => {
  const { data, errors } = await hub.ask(
    `query ($word: String!) { one: echo(word: $word) { ...Said } toString: echo(word: "b") { ...Said } }
     fragment Said on Echo { said: word letters __typename }`,
    housing,
    { variables: { word: 'a' } },
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    one: { said: 'HOUSING says a', letters: 14, __typename: 'Echo' },
    toString: { said: 'HOUSING says b', letters: 14, __typename: 'Echo' },
  });
  expect(hub.entries).toEqual([]);
});

test('beside a compiled field and introspection each is answered in its place', async () => {
  const { data } = await hub.ask(
    '{ __type(name: "Echo") { name } feedStatus { stale } echo(word: "c") { word } constructor: __typename }',
    housing,
  );
  expect(Object.keys(data as object)).toEqual(['__type', 'feedStatus', 'echo', 'constructor']);
  expect(data).toMatchObject({ __type: { name: 'Echo' }, echo: { word: 'HOUSING says c' }, constructor: 'Query' });
});

test('what code refuses is that field’s error, and personal fields beside it keep their conditions', async () => {
  const refused = await hub.ask('{ echo(word: "") { word } }', housing);
  expect(refused.errors[0]).toMatchObject({ message: 'word: say something' });
  const personal = await hub.ask('{ echo(word: "d") { word } recipients(first: 1) { nodes { programme } } }', housing);
  expect(personal.errors[0]).toMatchObject({ code: 'PURPOSE_REQUIRED' });
});
