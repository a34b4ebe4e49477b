import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound, Department, Role } from '../../src/access/index.ts';
import { newId } from '../../src/platform/id.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf } from '../harness/engine.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

let database: TestDatabase;
let hub: TestHub;
const ids = new Map<Department, string>();

const supplier = (department: Department, role: Role = 'REGISTRAR'): Bound =>
  callerOf(department, role, { purpose: 'DATA_SUPPLY', purposes: ['DATA_SUPPLY'], caseNo: 'DATA-1' });

beforeAll(async () => {
  database = await testDatabase();
  for (const department of ['EDUCATION', 'HOUSING', 'CIVIL_AFFAIRS'] as const) {
    const id = newId();
    ids.set(department, id);
    await database.owner.query(
      `insert into delivery (id, department, source_system, record, mode, state, as_of, format, opened_by, opened_at, seen_at)
       values ($1, $2, 'test', 'THING', 'DELTA', 'STAGED', now(), 'CSV', 'test', now(), now())`,
      [id, department],
    );
    await database.owner.query(
      `insert into delivery_finding (id, delivery_id, department, row_no, source_key, field, code, found_at)
       values ($1, $2, $3, 7, 'SECRET-KEY', 'name', 'MISSING_FIELD', now())`,
      [newId(), id, department],
    );
  }
  hub = await openHub(database);
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const LIST = '{ deliveries { nodes { department state } } }';
const departmentsSeen = async (caller: Bound): Promise<readonly unknown[]> => {
  const { json } = await hub.ask(LIST, caller);
  const { nodes } = json.data?.['deliveries'] as { nodes: readonly { department: string }[] };
  return nodes.map(({ department }) => department).sort();
};

test('a department sees its own deliveries, civil affairs sees all', async () => {
  expect(await departmentsSeen(supplier('EDUCATION'))).toEqual(['EDUCATION']);
  expect(await departmentsSeen(supplier('EDUCATION', 'SYSTEM'))).toEqual(['EDUCATION']);
  expect(await departmentsSeen(supplier('LABOUR'))).toEqual([]);
  expect(await departmentsSeen(supplier('CIVIL_AFFAIRS'))).toEqual(['CIVIL_AFFAIRS', 'EDUCATION', 'HOUSING']);
});

test('another department’s delivery and its findings look like none', async () => {
  const id = ids.get('HOUSING') ?? '';
  const query = `{ delivery(id: "${id}") { id } deliveryFindings(delivery: "${id}") { nodes { rowNo field code } } }`;
  const none = await hub.ask(query, supplier('EDUCATION'));
  expect(none.json.data).toEqual({ delivery: null, deliveryFindings: { nodes: [] } });
  const own = await hub.ask(query, supplier('HOUSING'));
  expect(own.json.data).toEqual({
    delivery: { id },
    deliveryFindings: { nodes: [{ rowNo: 7, field: 'name', code: 'MISSING_FIELD' }] },
  });
  expect(own.text).not.toContain('SECRET-KEY');
});

test('findings are paged by row number', async () => {
  const id = ids.get('EDUCATION') ?? '';
  for (const rowNo of [3, 11, 11])
    await database.owner.query(
      `insert into delivery_finding (id, delivery_id, department, row_no, field, code, found_at)
       values ($1, $2, 'EDUCATION', $3, 'sex', 'BAD_SEX', now())`,
      [newId(), id, rowNo],
    );
  const page = async (after: string) => {
    const { json } = await hub.ask(
      `{ deliveryFindings(delivery: "${id}", first: 2${after}) { nodes { rowNo } pageInfo { endCursor } } }`,
      supplier('EDUCATION'),
    );
    return json.data?.['deliveryFindings'] as { nodes: unknown; pageInfo: { endCursor: string } };
  };
  const first = await page('');
  expect(first.nodes).toEqual([{ rowNo: 3 }, { rowNo: 7 }]);
  expect((await page(`, after: "${first.pageInfo.endCursor}"`)).nodes).toEqual([{ rowNo: 11 }, { rowNo: 11 }]);
});

test('nobody but systems and registrars with that purpose sees or moves a delivery', async () => {
  const id = ids.get('EDUCATION') ?? '';
  const steward = callerOf('EDUCATION', 'STEWARD', { caseNo: 'G-1' });
  const analyst = callerOf('CIVIL_AFFAIRS', 'ANALYST', { caseNo: 'A-1' });
  for (const caller of [steward, analyst]) {
    for (const query of [LIST, `mutation { applyDelivery(id: "${id}") { state } }`]) {
      const { json } = await hub.ask(query, caller);
      expect(json.errors?.[0]?.extensions['code']).toBe('OPERATION_DENIED');
    }
  }
  const otherwise = {
    ...supplier('EDUCATION', 'SYSTEM'),
    purpose: 'AID_REPORTING',
    purposes: ['AID_REPORTING'],
  } as const;
  const { json } = await hub.ask(`mutation { applyDelivery(id: "${id}") { state } }`, otherwise);
  expect(json.errors?.[0]?.extensions['code']).toBe('OPERATION_DENIED');
});

test('a delivery of another department cannot be withdrawn, one’s own can', async () => {
  const withdraw = (of: Department) => `mutation { withdrawDelivery(id: "${ids.get(of) ?? ''}") { state } }`;
  const foreign = await hub.ask(withdraw('HOUSING'), supplier('EDUCATION'));
  const unknown = await hub.ask(`mutation { withdrawDelivery(id: "${newId()}") { state } }`, supplier('EDUCATION'));
  expect(foreign.json.errors).toEqual(unknown.json.errors);
  const own = await hub.ask(withdraw('HOUSING'), supplier('HOUSING'));
  expect(own.json.data).toEqual({ withdrawDelivery: { state: 'WITHDRAWN' } });
});

test.each([
  ['ABANDONED', 'applyDelivery', /given up before .* deliver the file again.*中断.*请重新报送/u],
  ['WITHDRAWN', 'applyDelivery', /withdrawn.*deliver the rows again.*已撤回/u],
  ['FAILED', 'applyDelivery', /operator.*运维/u],
  ['STAGING', 'applyDelivery', /still arriving.*仍在接收/u],
  ['APPLYING', 'withdrawDelivery', /goes on by itself.*自行完成/u],
  ['APPLIED', 'withdrawDelivery', /another delivery under the same keys.*原业务编号/u],
  ['APPLIED', 'previewDelivery', /was applied.*已应用/u],
] as const)('of a delivery that is %s %s says what became of it and what to do', async (state, act, said) => {
  const id = newId();
  await database.owner.query(
    `insert into delivery (id, department, source_system, record, mode, state, as_of, format, opened_by, opened_at, seen_at,
       finished_at, lease_by, lease_until)
     values ($1, 'EDUCATION', 'test', 'THING', 'DELTA', $2::text, now(), 'CSV', 'test', now(), now(),
       case when $2::text in ('APPLIED', 'WITHDRAWN', 'FAILED', 'ABANDONED') then now() end,
       case $2::text when 'APPLYING' then gen_random_uuid() end, case $2::text when 'APPLYING' then now() + interval '1 day' end)`,
    [id, state],
  );
  const acting = `mutation { ${act}(id: "${id}") { state } }`;
  const { json } = await hub.ask(acting, supplier('EDUCATION'));
  expect(json.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } });
  expect(json.errors?.[0]?.message).toMatch(new RegExp(`^The delivery is ${state}\\.`));
  expect(json.errors?.[0]?.message).toMatch(said);
  const foreign = await hub.ask(acting, supplier('HOUSING'));
  expect(foreign.json.errors?.[0]?.message).toContain('no such delivery');
});

test('records of a kind that the department does not deliver are refused, and no value of theirs is logged or on record', async () => {
  const { json } = await hub.ask(
    `mutation { submitRecords(input: { record: "NONE", items: [{ fields: { sourceKey: "K", name: "MARKED-NAME" } }] }) { recorded } }`,
    supplier('EDUCATION'),
  );
  expect(json.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(hub.logged()).not.toContain('MARKED-NAME');
  const { rows } = await database.owner.query(`select from access_operation where text like '%MARKED-NAME%'`);
  expect(rows).toEqual([]);
});
