/**
 * Every operation of the schema, asked by everybody that there is: all departments and roles, with every purpose. Who may
 * ask what is read from schema/policy, so that a new operation, role or agreement is tested without a line here.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
import type { Bound, Department, Purpose, Role } from '../../src/access/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { readAgreements } from './oracle/tables.ts';

const DEPARTMENTS = ['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT'] as const;
const ROLES = ['SYSTEM', 'ANALYST', 'WINDOW', 'AUDITOR', 'STEWARD', 'REGISTRAR'] as const;

const SCALARS: Readonly<Record<string, string>> = {
  ID: '"019ad000-0000-7000-8000-000000000000"',
  Int: '1',
  Boolean: 'true',
  Date: '"2026-11-01"',
  DateTime: '"2026-11-01T00:00:00Z"',
  Month: '"2026-11"',
  RegionCode: '"620000000000"',
};

const agreements = readAgreements('schema/policy');
const purposes = [...new Set(agreements.flatMap((agreement) => agreement.purposes))].sort();
const governed = new Set(agreements.flatMap(({ operations }) => operations));

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const operations = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ['query', field] as const),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ['mutation', field] as const),
].map(([kind, field]) => ({ name: field.name, kind, text: `${kind} { ${least(field)} }` }));

/** The field with the arguments that it must have, and the least of what it answers. */
function least({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const given = args
    .filter(({ type: of, defaultValue }) => isNonNullType(of) && defaultValue === undefined)
    .map((arg) => `${arg.name}: ${literal(arg.type, arg.name)}`);
  const called = given.length === 0 ? name : `${name}(${given.join(', ')})`;
  return isLeafType(getNamedType(type)) ? called : `${called} { __typename }`;
}

function literal(type: GraphQLInputType, name: string): string {
  const bare = getNullableType(type);
  if (isListType(bare)) return '[]';
  if (isEnumType(bare)) return bare.getValues()[0]?.name ?? 'NONE';
  if (isInputObjectType(bare)) {
    const fields = Object.values(bare.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return `{ ${fields.map((field) => `${field.name}: ${literal(field.type, field.name)}`).join(', ')} }`;
  }
  return SCALARS[getNamedType(bare).name] ?? JSON.stringify(`${name} of nobody`);
}

let db: TestDatabase;
let hub: TestEngine;
beforeAll(async () => {
  db = await testDatabase();
  hub = await openEngine(db);
});
afterAll(() => db.drop());

/** The agreement on which somebody stands, as docs/agreements.md says: the purpose picks it. */
const standingOn = (department: Department, role: Role, purpose: Purpose) =>
  agreements.find((one) => one.department === department && one.role === role && one.purposes.includes(purpose));

const NOT_FOR_THIS = /^(OPERATION_DENIED|PURPOSE_NOT_ALLOWED)$/u;

test('agreements open operations that there are, and every operation is opened by one or holds nothing personal', () => {
  const names = operations.map(({ name }) => name);
  expect([...governed].filter((name) => !names.includes(name))).toEqual([]);
  expect(operations.filter(({ name, kind }) => kind === 'mutation' && !governed.has(name))).toEqual([]);
});

describe.each(DEPARTMENTS.flatMap((department) => ROLES.map((role) => ({ department, role }))))(
  '$department/$role',
  ({ department, role }) => {
    test.each(purposes)(
      'may ask for %s what its agreement says, and is refused all else on record',
      async (purpose) => {
        const agreement = standingOn(department, role, purpose as Purpose);
        const caller: Bound = {
          ...callerOf(department, role, { caseNo: 'CASE-1' }),
          purpose: purpose as Purpose,
          purposes: [purpose as Purpose],
        };
        for (const { name, text } of operations) {
          hub.entries.length = 0;
          const { data, errors } = await hub.ask(text, caller);
          const codes = errors.map(({ code }) => code);
          const seen = { name, denied: codes.includes('OPERATION_DENIED') };
          if (!governed.has(name)) {
            expect({ ...seen, entries: hub.entries.length }).toEqual({ name, denied: false, entries: 0 });
          } else if (agreement === undefined) {
            // What others of the role's agreements open they do not open for this purpose.
            expect({ name, data, code: codes[0] }).toEqual({
              name,
              data: undefined,
              code: expect.stringMatching(NOT_FOR_THIS),
            });
            expect(hub.entries).toMatchObject([{ decision: 'REFUSED', reason: codes[0], persons: [] }]);
          } else if (!agreement.operations.includes(name)) {
            expect({ ...seen, data }).toEqual({ name, denied: true, data: undefined });
            expect(hub.entries).toMatchObject([{ decision: 'REFUSED', reason: 'OPERATION_DENIED', persons: [] }]);
          } else expect(seen).toEqual({ name, denied: false });
        }
      },
    );
  },
);
