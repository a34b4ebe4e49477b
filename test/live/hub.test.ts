/** A hub with a department behind it, over HTTP: what a client gets, what is counted, and what does not depend on it. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { callerOf } from '../harness/engine.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';
import { SECRET, startDepartment } from './department-server.ts';
import type { DepartmentServer } from './department-server.ts';
import { makePeople, settingsFile } from './people.ts';
import type { People } from './people.ts';

let people: People;
let department: DepartmentServer;
let hub: TestHub;
beforeAll(async () => {
  people = await makePeople();
  department = await startDepartment();
  const settings = settingsFile(department.url, { deadline: 1_000, breaker: { failures: 3 } });
  hub = await openHub(people.database, { settings: { HUB_LIVE_SOURCES: settings, HUB_MAX_RUNNING: '1' } });
});
afterAll(async () => {
  await hub.close();
  await department.close();
  await people.database.drop();
});
beforeEach(() => {
  department.received.length = 0;
  department.fail = 'none';
  department.delay = 0;
});

const gansu = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1', regions: ['620000000000'] });
const person = (fields: string): string => `{ person(id: "${String(people.near[0]?.id)}") { ${fields} } }`;
const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 5_000; !holds() && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
};
const ledger = async (): Promise<number> => {
  const { rows } = await people.database.owner.query<{ n: number }>('select count(*)::int as n from access_record');
  return rows[0]?.n ?? 0;
};

test('what the department says is in the answer, and its question was on record before it was put', async () => {
  const before = await ledger();
  let during = 0;
  department.onBatch = async () => {
    during = await ledger();
  };
  const { status, text } = await hub.ask(person('name liveEmployment { freshness status registeredOn }'), gansu);
  department.onBatch = undefined;
  expect(status).toBe(200);
  expect(text).toBe(
    '{"data":{"person":{"name":"张三","liveEmployment":{"freshness":"LIVE","status":"EMPLOYED","registeredOn":"2026-03-01"}}}}\n',
  );
  expect(during).toBe(before + 1);
});

test('an operation that waits for a department holds up nobody else', async () => {
  department.delay = 800;
  const slow = hub.ask(person('liveInsurance { freshness }'), gansu);
  await until(() => department.received.length === 1);
  const begun = performance.now();
  expect((await hub.ask(person('name'), gansu)).status).toBe(200);
  expect(performance.now() - begun).toBeLessThan(700);
  expect((await slow).json.data).toEqual({ person: { liveInsurance: { freshness: 'LIVE' } } });
});

test('a client that goes away takes its question along', async () => {
  department.fail = 'timeout';
  const before = department.abandoned();
  const leaving = new AbortController();
  const asking = fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: hub.headersOf(gansu),
    body: JSON.stringify({ query: person('liveInsurance { freshness }') }),
    signal: leaving.signal,
  });
  await until(() => department.received.length === 1);
  const left = performance.now();
  leaving.abort();
  await expect(asking).rejects.toThrow();
  await until(() => department.abandoned() === before + 1);
  // Long before the deadline, which would end it as well.
  expect(performance.now() - left).toBeLessThan(700);
});

test('a department that fails is counted and logged without its text; the hub stays ready', async () => {
  department.fail = 'error-500';
  for (let i = 0; i < 4; i++) await hub.ask(person('liveEmployment { freshness }'), gansu);
  const { json } = await hub.ask(person('liveEmployment { freshness reason }'), gansu);
  expect(json).toEqual({
    data: { person: { liveEmployment: { freshness: 'UNAVAILABLE', reason: 'BREAKER_OPEN' } } },
  });
  expect(department.received).toHaveLength(3);
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  expect(metrics).toContain('hub_live_breaker{source="employment"} 2');
  expect(metrics).toContain('hub_live_breaker{source="insurance"} 0');
  expect(metrics).toContain('hub_live_requests_total{source="employment",outcome="REFUSED"} 3');
  expect(metrics).toContain('hub_live_requests_total{source="insurance",outcome="GONE"} 1');
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  expect(hub.logged()).not.toContain(SECRET);
  expect(hub.logged()).not.toContain(String(people.near[0]?.idNumber));
});

test('a fault in the settings stops the start and is named', async () => {
  const settings = settingsFile(department.url, { department: 'HOUSING' });
  await expect(openHub(people.database, { settings: { HUB_LIVE_SOURCES: settings } })).rejects.toThrow(
    'source 1, "department": employment is a question to LABOUR',
  );
});
