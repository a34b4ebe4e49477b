/** Fields that code answers in these tests: of the row that they stand in, of several properties, and with a fault. */
import { Field, FieldResolver, ObjectType, Resolver, Root, buildSchema } from 'type-graphql';
import type { GraphQLSchema } from 'graphql';
import { Answered, Code, Rule, withAbsent } from '../../src/graph/index.ts';
import { Person } from '../../src/registry/index.ts';
import { readAbsent } from '../../src/server/department-modules.ts';
import { resolvers } from '../../src/server/resolvers.ts';

const RULE = { group: 'person-id', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

@ObjectType({ description: 'What code answers in this test' })
@Answered()
class Echo {
  @Field(() => String, { nullable: true })
  @Rule(RULE)
  word!: string;

  @Field(() => String, { nullable: true })
  @Rule({ group: 'diagnosis', owner: 'MEDICAL_SECURITY', sensitivity: 'SENSITIVE' })
  secret!: string;
}

@Resolver(() => Person)
class Echoes {
  @FieldResolver(() => String, { nullable: true })
  @Rule(RULE)
  @Code({ needs: ['id'] })
  echo(@Root() { id }: Pick<Person, 'id'>): string {
    return id;
  }

  @FieldResolver(() => Echo, { nullable: true })
  @Rule(RULE)
  @Code({ needs: ['nameKey', 'idNumber'] })
  longEcho(@Root() { nameKey, idNumber }: Pick<Person, 'nameKey' | 'idNumber'>): Echo {
    return { word: `${nameKey} ${String(idNumber).length}`, secret: 'not for everybody' };
  }

  @FieldResolver(() => String, { nullable: true })
  @Rule(RULE)
  @Code({ needs: ['id'] })
  broken(@Root() { id }: Pick<Person, 'id'>): string {
    if (id !== '') throw new Error('the code is broken');
    return id;
  }
}

/** The schema of the hub with these fields. */
export const schemaWithEchoes = async (): Promise<GraphQLSchema> =>
  withAbsent(await buildSchema({ resolvers: [...resolvers, Echoes], validate: false }), readAbsent().names);
