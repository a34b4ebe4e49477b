/** A record of housing that is found by its id: fields are decided for its own type, however they are reached. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { callerOf, openEngine } from '../../harness/engine.ts';
import type { TestEngine } from '../../harness/engine.ts';
import { delivered, rowsIn } from '../../registry/rows.ts';

const CASE = 'T-1';
const housing = callerOf('HOUSING', 'SYSTEM', { caseNo: CASE });

let database: TestDatabase;
let hub: TestEngine;
let id: string;

beforeAll(async () => {
  database = await testDatabase();
  hub = await openEngine(database);
  const rows = rowsIn(database.owner);
  const person_id = await rows.person();
  const household_id = await rows.household({ head_person_id: person_id });
  await rows.membership({ household_id, person_id });
  await rows.insert('caseload', {
    ...{ department: 'HOUSING', person_id, household_id },
    ...{ case_no: CASE, opened_on: '2026-01-01' },
  });

  id = await rows.insert('housing_record', { person_id, tenure: 'OWNED', area_m2: 68, ...delivered() });
});
afterAll(() => database.drop());

test('fields of a concrete type are decided for it, however they are reached', async () => {
  const variables = { id };
  const text = `query N($id: ID!) { node(id: $id) { ...Any ... on DepartmentRecord { ...Record } } }
    fragment Any on Node { id }
    fragment Record on DepartmentRecord { from: sourceSystem ... on HousingRecord { tenure address } }`;
  hub.entries.length = 0;
  const { data, errors, extensions } = await hub.ask(text, housing, { variables });
  expect(errors).toEqual([]);
  expect(data).toEqual({ node: { id, from: 'test', tenure: 'OWNED', address: null } });
  expect(extensions).toEqual({ masked: ['HousingRecord.address'] });
  expect(hub.entries[0]?.coordinates.flat()).toEqual(
    expect.arrayContaining(['HousingRecord.id', 'HousingRecord.sourceSystem', 'HousingRecord.tenure']),
  );
  const denied = await hub.ask('query N($id: ID!) { node(id: $id) { ... on Household { monthlyIncome } } }', housing, {
    variables,
  });
  expect(denied.errors).toMatchObject([{ extensions: { denied: [{ coordinate: 'Household.monthlyIncome' }] } }]);
});
