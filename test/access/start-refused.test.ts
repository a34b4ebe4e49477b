import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLNonNull } from 'graphql';
import type { GraphQLFieldConfig } from 'graphql';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.ts';
import { SharingPolicy, checkPolicy, loadPolicy, loadRegions } from '../../src/access/index.ts';
import { readGraph } from '../../src/graph/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

type Policy = Awaited<ReturnType<typeof loadPolicy>>;
type Agreement = Policy['agreements'][number];

let db: TestDatabase;
let hub: TestEngine;
let source: DataSource;
let published: Policy;
let regions: Awaited<ReturnType<typeof loadRegions>>;
beforeAll(async () => {
  db = await testDatabase();
  hub = await openEngine(db);
  source = await createDataSource(db.ownerUrl).initialize();
  published = await loadPolicy(db.server);
  regions = await loadRegions(db.server);
});
afterAll(async () => {
  await source.destroy();
  await db.drop();
});

/** The schema with one field changed. */
const changed = (
  coordinate: string,
  change: (field: GraphQLFieldConfig<unknown, unknown>) => GraphQLFieldConfig<unknown, unknown>,
) =>
  mapSchema(hub.schema, {
    [MapperKind.OBJECT_FIELD]: (field, name, type) => (`${type}.${name}` === coordinate ? change(field) : field),
  });
const without = (field: GraphQLFieldConfig<unknown, unknown>, extension: string) => {
  const { [extension]: _gone, ...extensions } = { ...(field.extensions as Record<string, unknown>) };
  return { ...field, extensions };
};
const starting =
  (agreements: readonly Agreement[], change: Partial<Policy> = {}) =>
  () => {
    checkPolicy(hub.graph, new SharingPolicy({ ...published, agreements, ...change }, regions));
  };
const withRows = (
  agreement: Agreement,
  rows: readonly (readonly [string, Agreement['rows'] extends ReadonlyMap<string, infer S> ? S : never])[],
) => ({
  ...agreement,
  rows: new Map([...agreement.rows, ...rows]),
});
const education = (): Agreement => {
  const found = published.agreements.find(({ department }) => department === 'EDUCATION');
  if (found === undefined) throw new Error('education has no agreement');
  return found;
};

test('the published policy fits the graph', () => {
  expect(starting(published.agreements)).not.toThrow();
});

test('a field without a rule stops the start and is named', () => {
  const schema = changed('Person.phone', (field) => without(field, 'hubRule'));
  expect(() => readGraph(schema, source)).toThrow('Person.phone: @Rule is missing');
});

test('a root field without a plan and without code stops the start', () => {
  const schema = changed('Query.recipients', (field) => without(field, 'hubPlan'));
  expect(() => readGraph(schema, source)).toThrow('Query.recipients: neither @Plan nor @Code');
});

test('a query that code answers with something personal stops the start', () => {
  const schema = changed('Query.recipients', ({ extensions, ...field }) => ({
    ...field,
    extensions: { ...extensions, hubPlan: undefined, hubCode: { open: false } },
  }));
  expect(() => readGraph(schema, source)).toThrow('Query.recipients: code answers with nothing personal');
});

test('a field of a type over groups that is no dimension and no count stops the start', () => {
  const schema = changed('RecipientStatistic.persons', (field) => without(field, 'hubCount'));
  expect(() => readGraph(schema, source)).toThrow('RecipientStatistic.persons: neither @GroupedBy nor @Counting');
});

test('a dimension that the grouped noun does not have stops the start', () => {
  const schema = changed('RecipientStatistic.category', (field) => ({
    ...field,
    extensions: { ...field.extensions, hubBy: { property: 'shoeSize' } },
  }));
  expect(() => readGraph(schema, source)).toThrow('RecipientStatistic.category: Recipient has no shoeSize');
});

test('a mutation that nobody declared as code stops the start', () => {
  const schema = changed('Mutation.reportAid', (field) => without(field, 'hubCode'));
  expect(() => readGraph(schema, source)).toThrow('Mutation.reportAid: @Code is missing');
});

test('a field that an agreement may withhold must be nullable', () => {
  const schema = changed('Person.phone', (field) => {
    const type = field.type;
    return { ...field, type: type instanceof GraphQLNonNull ? type : new GraphQLNonNull(type) };
  });
  const graph = readGraph(schema, source);
  expect(() => {
    checkPolicy(graph, new SharingPolicy(published, regions));
  }).toThrow('Person.phone is denied but not nullable');
});

test('a group that is not in the catalogue stops the start', () => {
  const groups = new Map([...published.groups].filter(([name]) => name !== 'phone'));
  expect(starting(published.agreements, { groups })).toThrow('Person.phone: group phone is not in the catalogue');
});

test('an agreement that names a group, a type or an operation that does not exist stops the start', () => {
  const fields = new Map([...education().fields, ['shoe-size', { access: 'full', scope: undefined }] as const]);
  expect(starting([{ ...education(), fields }])).toThrow('no field is in the group shoe-size');
  expect(starting([withRows(education(), [['Dragon', 'caseload']])])).toThrow('there is no type Dragon');
  expect(starting([withRows(education(), [['RecipientStatistic', 'everything']])])).toThrow(
    'RecipientStatistic has no rows of its own, its scope is that of Recipient',
  );
  const operations = new Set([...education().operations, 'everything']);
  expect(starting([{ ...education(), operations }])).toThrow('there is no operation everything');
});

test('"match" bounds answers to questions only, never rows that can be reached without one', () => {
  expect(starting([withRows(education(), [['Person', 'match']])])).toThrow('Person can be reached without a question');
});

test('without any agreement there is nothing to serve', () => {
  expect(starting([])).toThrow('no agreement is published');
});
