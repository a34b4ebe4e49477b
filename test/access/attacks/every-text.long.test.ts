/**
 * What is no text but SQL, markup or a template, in every place of the schema that takes text: found by walking the schema,
 * asked by somebody whose agreement opens the operation, so that nothing is refused before it is read.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { GraphQLField, GraphQLInputType } from 'graphql';
import type { Department, Purpose, Role } from '../../../src/access/index.ts';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { callerOf } from '../../harness/engine.ts';
import { openHub } from '../../harness/hub.ts';
import type { TestHub } from '../../harness/hub.ts';
import { readAgreements } from '../oracle/tables.ts';

const MARK = 'attackmark';
const TEXTS = [
  `${MARK}'; drop table person; --`,
  `${MARK}$1 $$ $tag$ " or ""="`,
  `{${MARK},NULL}`,
  `\${${MARK}}{{7*7}}<script>`,
  `${MARK}\u0000`,
];
const TEXT_TYPES = new Set(['String', 'ID', 'LenientText', 'RegionCode', 'Date', 'DateTime', 'Month']);
const SAMPLES: Readonly<Record<string, unknown>> = {
  ID: '019ad000-0000-7000-8000-000000000000',
  Int: 1,
  Boolean: true,
  Date: '2026-11-01',
  DateTime: '2026-11-01T00:00:00Z',
  Month: '2026-11',
  RegionCode: '620000000000',
};

/** One place: an operation, and the names on the way from its argument to the text. */
interface Place {
  readonly kind: 'query' | 'mutation';
  readonly field: GraphQLField<unknown, unknown>;
  readonly path: readonly string[];
}

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const places: readonly Place[] = (['query', 'mutation'] as const).flatMap((kind) => {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  return Object.values(root?.getFields() ?? {}).flatMap((field) =>
    field.args.flatMap((arg) => textsIn(arg.type, [arg.name]).map((path) => ({ kind, field, path }))),
  );
});

function textsIn(type: GraphQLInputType, path: readonly string[]): (readonly string[])[] {
  const named = getNamedType(type);
  if (TEXT_TYPES.has(named.name)) return [path];
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) => textsIn(field.type, [...path, field.name]));
}

/** The least value of the type that holds the text at the end of the path. */
function valueWith(type: GraphQLInputType, path: readonly string[] | undefined, text: string): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [valueWith(bare.ofType, path, text)];
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields()).filter(
      ({ name, type: of, defaultValue }) => name === path?.[0] || (isNonNullType(of) && defaultValue === undefined),
    );
    return Object.fromEntries(
      fields.map(({ name, type: of }) => [name, valueWith(of, name === path?.[0] ? path.slice(1) : undefined, text)]),
    );
  }
  if (path?.length === 0) return text;
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  return SAMPLES[getNamedType(bare).name] ?? 'ten words of text that say why this is so';
}

function operationWith({ kind, field, path }: Place, text: string) {
  const args = field.args.filter(
    ({ name, type, defaultValue }) => name === path[0] || (isNonNullType(type) && defaultValue === undefined),
  );
  const variables = Object.fromEntries(
    args.map(({ name, type }) => [name, valueWith(type, name === path[0] ? path.slice(1) : undefined, text)]),
  );
  const declared = args.map(({ name, type }) => `$${name}: ${type.toString()}`).join(', ');
  const given = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  return { query: `${kind} (${declared}) { ${field.name}(${given}) ${selection} }`, variables };
}

const agreements = readAgreements('schema/policy').filter(({ emergency }) => emergency !== true);

/** Somebody whose agreement opens the operation; where none does it is open to all. */
function callerFor(operation: string) {
  const opens = agreements.filter(({ operations }) => operations.includes(operation));
  const found = opens.find(({ role }) => role === 'STEWARD') ?? opens[0] ?? agreements[0];
  const purpose = (
    found?.purposes.includes('AID_REPORTING') === true && operation === 'reportAid'
      ? 'AID_REPORTING'
      : found?.purposes[0]
  ) as Purpose;
  const caller = callerOf(found?.department as Department, found?.role as Role, { caseNo: 'CASE-1' });
  return { ...caller, purpose, purposes: [purpose] };
}

let db: TestDatabase;
let hub: TestHub;
beforeAll(async () => {
  db = await testDatabase({ seeded: true });
  hub = await openHub(db);
}, 120_000);
afterAll(async () => {
  await hub.close();
  await db.drop();
});

test('nothing fails by it, nothing is found or undone, and no error and no log repeats it', async () => {
  expect(places.length).toBeGreaterThan(60);
  const held = async () => {
    const { rows } = await db.owner.query(
      `select (select count(*) from person) as persons, (select count(*) from aid_grant) as grants,
         (select count(*) from policy_version) as versions`,
    );
    return rows;
  };
  const before = await held();
  for (const place of places) {
    const name = `${place.field.name}(${place.path.join('.')})`;
    for (const text of TEXTS) {
      const { query, variables } = operationWith(place, text);
      const { status, json } = await hub.ask(query, callerFor(place.field.name), { variables });
      const repeated = JSON.stringify(json.errors ?? []).includes(MARK);
      expect({ name, text, status: status < 500, repeated }).toEqual({ name, text, status: true, repeated: false });
    }
  }
  expect(await held()).toEqual(before);
  expect(hub.logged()).not.toContain(MARK);
}, 120_000);
