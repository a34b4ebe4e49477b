/** A hub with a department behind it, over HTTP: what a client gets, what is counted, and what does not depend on it. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { callerOf } from '../harness/engine.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';
import { exampleOf } from '../harness/installed.ts';
import { SECRET, startDepartment } from './department-server.ts';
import type { DepartmentServer } from './department-server.ts';
import { makePeople, settingsFile } from './people.ts';
import type { People } from './people.ts';

const EMPLOYMENT = {
  ...{ type: 'LiveEmployment', field: 'liveEmployment', source: 'employment', department: 'LABOUR' },
  says: { status: 'EMPLOYED', registeredOn: '2026-03-01' } as Readonly<Record<string, string>>,
};
const INSURANCE = {
  ...{ type: 'LiveInsurance', field: 'liveInsurance', source: 'insurance', department: 'MEDICAL_SECURITY' },
  says: { insuredType: 'RESIDENT' } as Readonly<Record<string, string>>,
};
/** What is asked where an answer counts, and where one is waited for: two questions, or the one that is installed. */
const [COUNTED, AWAITED] = [exampleOf([EMPLOYMENT, INSURANCE]), exampleOf([INSURANCE, EMPLOYMENT])];

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
  const { status, text } = await hub.ask(
    person(`name ${COUNTED.field} { freshness ${Object.keys(COUNTED.says).join(' ')} }`),
    gansu,
  );
  department.onBatch = undefined;
  expect(status).toBe(200);
  const said = { freshness: 'LIVE', ...COUNTED.says };
  expect(text).toBe(`${JSON.stringify({ data: { person: { name: '张三', [COUNTED.field]: said } } })}\n`);
  expect(during).toBe(before + 1);
});

test('an operation that waits for a department holds up nobody else', async () => {
  department.delay = 800;
  const slow = hub.ask(person(`${AWAITED.field} { freshness }`), gansu);
  await until(() => department.received.length === 1);
  const begun = performance.now();
  expect((await hub.ask(person('name'), gansu)).status).toBe(200);
  expect(performance.now() - begun).toBeLessThan(700);
  expect((await slow).json.data).toEqual({ person: { [AWAITED.field]: { freshness: 'LIVE' } } });
});

test('a client that goes away takes its question along', async () => {
  department.fail = 'timeout';
  const before = department.abandoned();
  const leaving = new AbortController();
  const asking = fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: hub.headersOf(gansu),
    body: JSON.stringify({ query: person(`${AWAITED.field} { freshness }`) }),
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
  for (let i = 0; i < 4; i++) await hub.ask(person(`${COUNTED.field} { freshness }`), gansu);
  const { json } = await hub.ask(person(`${COUNTED.field} { freshness reason }`), gansu);
  expect(json).toEqual({
    data: { person: { [COUNTED.field]: { freshness: 'UNAVAILABLE', reason: 'BREAKER_OPEN' } } },
  });
  expect(department.received).toHaveLength(3);
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  expect(metrics).toContain(`hub_live_breaker{source="${COUNTED.source}"} 2`);
  if (AWAITED !== COUNTED) expect(metrics).toContain(`hub_live_breaker{source="${AWAITED.source}"} 0`);
  expect(metrics).toContain(`hub_live_requests_total{source="${COUNTED.source}",outcome="REFUSED"} 3`);
  expect(metrics).toContain(`hub_live_requests_total{source="${AWAITED.source}",outcome="GONE"} 1`);
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  expect(hub.logged()).not.toContain(SECRET);
  expect(hub.logged()).not.toContain(String(people.near[0]?.idNumber));
});

test('a fault in the settings stops the start and is named', async () => {
  const settings = settingsFile(department.url, { department: 'HOUSING' });
  await expect(openHub(people.database, { settings: { HUB_LIVE_SOURCES: settings } })).rejects.toThrow(
    `source 1, "department": ${COUNTED.source} is a question to ${COUNTED.department}`,
  );
});
