/** A department behind HTTPS with a certificate of its own: who is believed, and what is told where nobody is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Clock } from '../../src/platform/clock.ts';
import { NOW, callerOf } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';
import { ownCertificate } from './certificate.ts';
import { startDepartment } from './department-server.ts';
import type { DepartmentServer } from './department-server.ts';
import { makePeople } from './people.ts';
import type { People } from './people.ts';

/** ms by which the hubs' clock is ahead. */
let later = 0;
const start = new Date(NOW).getTime();
const clock: Clock = { now: () => new Date(start + later), today: () => NOW.slice(0, 10) };

const server = ownCertificate('127.0.0.1');
const elsewhere = ownCertificate('127.0.0.2');
const hubs = ownCertificate('127.0.0.3');
const folder = testFolder('live-tls');
for (const [name, { cert, key }] of Object.entries({ server, elsewhere, hubs })) {
  writeFileSync(join(folder, `${name}.pem`), cert);
  writeFileSync(join(folder, `${name}.key`), key);
}

let people: People;
let department: DepartmentServer;
let misnamed: DepartmentServer;
let demanding: DepartmentServer;
let running: TestHub[] = [];
beforeAll(async () => {
  people = await makePeople();
  department = await startDepartment(0, server);
  misnamed = await startDepartment(0, elsewhere);
  demanding = await startDepartment(0, { ...server, ca: hubs.cert, requestCert: true, rejectUnauthorized: true });
});
afterAll(async () => {
  await Promise.all(running.map((hub) => hub.close()));
  await Promise.all([department, misnamed, demanding].map((one) => one.close()));
  await people.database.drop();
});
beforeEach(async () => {
  await Promise.all(running.map((hub) => hub.close()));
  running = [];
  for (const one of [department, misnamed, demanding]) {
    one.received.length = 0;
    one.fail = 'none';
  }
});

const gansu = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1', regions: ['620000000000'] });
const LIVE = { freshness: 'LIVE', reason: null, status: 'EMPLOYED' };
const REFUSED = { freshness: 'UNAVAILABLE', reason: 'REFUSED', status: null };

/** A hub that asks this department on these terms. */
async function hubOf({ url }: DepartmentServer, change: Readonly<Record<string, unknown>>): Promise<TestHub> {
  const file = join(folder, `sources-${String(Math.random()).slice(2)}.json`);
  const source = {
    name: 'employment',
    department: 'LABOUR',
    kind: 'REST',
    url: `${url}/persons`,
    request: { list: 'persons', key: 'idNumber' },
    answer: { list: 'results', key: 'idNumber', known: 'known' },
    ...change,
  };
  writeFileSync(file, JSON.stringify([source]));
  const hub = await openHub(people.database, { clock, settings: { HUB_LIVE_SOURCES: file } });
  running.push(hub);
  return hub;
}

/** What a client is told of somebody's employment. */
async function told(hub: TestHub): Promise<unknown> {
  const id = String(people.near[0]?.id);
  const { json } = await hub.ask(`{ person(id: "${id}") { liveEmployment { freshness reason status } } }`, gansu);
  return (json.data?.['person'] as { liveEmployment: unknown } | undefined)?.liveEmployment;
}

test('a certificate of an authority that the settings name is believed', async () => {
  expect(await told(await hubOf(department, { tls: { ca: 'server.pem' } }))).toEqual(LIVE);
  expect(department.received).toHaveLength(1);
});

test.each([
  ['that nobody vouches for', () => department, {}],
  ['of another authority', () => department, { tls: { ca: 'elsewhere.pem' } }],
  ['for another address', () => misnamed, { tls: { ca: 'elsewhere.pem' } }],
])('a certificate %s is refused before a number is sent, and the field says so', async (_which, server_, change) => {
  const hub = await hubOf(server_(), change);
  expect(await told(hub)).toEqual(REFUSED);
  expect(server_().received).toEqual([]);
  expect(hub.logged()).not.toContain(String(people.near[0]?.idNumber));
});

test('a department that asks for the hub’s certificate gets it, and answers nobody without', async () => {
  const own = { ca: 'server.pem', cert: 'hubs.pem', key: 'hubs.key' };
  expect(await told(await hubOf(demanding, { tls: own }))).toEqual(LIVE);
  demanding.received.length = 0;
  expect(await told(await hubOf(demanding, { tls: { ca: 'server.pem' } }))).toEqual(REFUSED);
  expect(demanding.received).toEqual([]);
});

test('a breaker that opens says UNAVAILABLE and why, is tried after its time, and closes with the first answer', async () => {
  const breaker = { failures: 2, within: 30, open: 15 };
  const hub = await hubOf(department, { tls: { ca: 'server.pem' }, breaker });
  const open = { freshness: 'UNAVAILABLE', reason: 'BREAKER_OPEN', status: null };
  department.fail = 'error-500';
  for (let i = 0; i < 2; i += 1) expect(await told(hub)).toEqual(REFUSED);
  department.fail = 'none';
  expect(await told(hub)).toEqual(open);
  later += 14_000;
  expect(await told(hub)).toEqual(open);
  expect(department.received).toHaveLength(2);

  // Half open: one question is put, and its answer decides.
  later += 1_000;
  department.fail = 'error-500';
  expect(await told(hub)).toEqual(REFUSED);
  department.fail = 'none';
  expect(await told(hub)).toEqual(open);
  expect(department.received).toHaveLength(3);

  later += 15_000;
  expect([await told(hub), await told(hub)]).toEqual([LIVE, LIVE]);
  expect(department.received).toHaveLength(5);
  expect(await (await fetch(`${hub.url}/metrics`)).text()).toContain('hub_live_breaker{source="employment"} 0');
});
