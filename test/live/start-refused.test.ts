/** Fields that code answers and the engine could not serve stop the start, and are named. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLInt, GraphQLList, GraphQLNonNull, getNullableType } from 'graphql';
import type { GraphQLFieldConfig, GraphQLSchema } from 'graphql';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.ts';
import { readGraph } from '../../src/graph/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { schemaWithQuestions } from './questions.ts';

type FieldConfig = GraphQLFieldConfig<unknown, unknown>;

let db: TestDatabase;
let source: DataSource;
let schema: GraphQLSchema;
beforeAll(async () => {
  db = await testDatabase();
  source = await createDataSource(db.ownerUrl).initialize();
  schema = await schemaWithQuestions();
});
afterAll(async () => {
  await source.destroy();
  await db.drop();
});

const reading = (coordinate: string, change: (field: FieldConfig) => FieldConfig) => () =>
  readGraph(
    mapSchema(schema, {
      [MapperKind.OBJECT_FIELD]: (field, name, type) => (`${type}.${name}` === coordinate ? change(field) : field),
    }),
    source,
  );
const extended =
  (extensions: object) =>
  (field: FieldConfig): FieldConfig => ({ ...field, extensions: { ...field.extensions, ...extensions } });
const masked = { group: 'live-employment', owner: 'LABOUR', sensitivity: 'PERSONAL', mask: 'presence' };

const cases: readonly (readonly [string, string, (field: FieldConfig) => FieldConfig, string])[] = [
  ['nothing needed', 'Person.liveEmployment', extended({ hubNeeds: [] }), 'names no property of the row'],
  [
    'something unknown',
    'Person.liveEmployment',
    extended({ hubNeeds: ['shoeSize'] }),
    'needs shoeSize, which is no column',
  ],
  [
    'a relation',
    'Person.liveEmployment',
    extended({ hubNeeds: ['memberships'] }),
    'needs memberships, which is no column',
  ],
  ['a mask', 'Person.liveEmployment', extended({ hubRule: masked }), 'is told in full or denied, so it has no mask'],
  ['a masked part', 'LiveEmployment.status', extended({ hubRule: masked }), 'is told in full or denied'],
  ['no rule', 'LiveEmployment.status', extended({ hubRule: undefined }), 'LiveEmployment.status: @Rule is missing'],
  [
    'never null',
    'Person.liveEmployment',
    (field) => ({ ...field, type: new GraphQLNonNull(getNullableType(field.type)) }),
    'one value that may be null',
  ],
  ['a list', 'Person.liveEmployment', (field) => ({ ...field, type: new GraphQLList(field.type) }), 'one value'],
  [
    'arguments',
    'Person.liveEmployment',
    (field) => ({ ...field, args: { first: { type: GraphQLInt } } }),
    'takes no arguments',
  ],
  ['rows about nobody', 'Region.name', extended({ hubNeeds: ['code'] }), 'about a person or a household'],
  ['rows of no table', 'StatusCheck.problem', extended({ hubNeeds: ['onDate'] }), 'about rows of a table'],
  [
    'rows as an answer',
    'Person.memberships',
    extended({ hubPlan: undefined, hubNeeds: ['id'] }),
    'not with a Membership',
  ],
];
test.each(cases)('%s', (_what, coordinate, change, fault) => {
  expect(reading(coordinate, change)).toThrow(fault);
});

test('an answer that holds rows', () => {
  const person = schema.getType('Person');
  if (person === undefined || !('getFields' in person)) throw new Error('There is no Person');
  const change = (field: FieldConfig): FieldConfig => ({ ...field, type: person as FieldConfig['type'] });
  expect(reading('LiveEmployment.status', change)).toThrow('holds values, not a Person');
});
