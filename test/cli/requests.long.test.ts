/** `hub requests` against a hub on a database of its own: what a steward types, and what follows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { runHub } from '../aid/hub-process.ts';
import type { Done } from '../aid/hub-process.ts';
import { steward } from '../governance/requests-world.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

let database: TestDatabase;
let hub: TestHub;
let file: string;

beforeAll(async () => {
  database = await testDatabase();
  hub = await openHub(database);
  file = join(testFolder('requests'), 'request.json');
  writeFileSync(file, JSON.stringify(request()));
});
afterAll(async () => {
  await hub.close();
  await database.drop();
});

const request = (change: object = {}) => ({
  key: 'HO-2026-007',
  role: 'SYSTEM',
  fields: { death: 'full', 'serious-illness': 'full:caseload' },
  rows: { Person: 'caseload' },
  operations: ['person'],
  purposes: ['AID_ELIGIBILITY', 'AID_REPORTING', 'CASE_HANDLING'],
  legalBasis: '《社会救助法》第42条',
  scenario: '核对公租房在保家庭成员',
  mode: 'SERVICE_INTERFACE',
  validFrom: '2026-12-01',
  validUntil: '2027-06-30',
  ...change,
});

const as = (caller: Bound, ...args: string[]): Promise<Done> =>
  runHub(['requests', ...args, '--case', 'GOV-2026-000001', '--url', hub.url], {
    HUB_TOKEN: hub.headersOf(caller)['authorization']?.slice('Bearer '.length) ?? '',
  });

test('a steward asks, the owners answer, and the list says where it stands', async () => {
  const asked = await as(steward('HOUSING'), 'ask', file);
  expect(asked.err).toBe('');
  expect(asked.out.split('\n')).toEqual([
    'RQ-2026-000001 OPEN',
    '  CIVIL_AFFAIRS PENDING, 截止 due 2026-12-04 (10 个工作日 working days)',
    '  MEDICAL_SECURITY PENDING, 截止 due 2026-12-04 (10 个工作日 working days)',
    '',
  ]);
  expect((await as(steward('HOUSING'), 'ask', file)).out).toMatch(/^RQ-2026-000001 OPEN 未变 unchanged\n/);

  const extended = await as(steward('MEDICAL_SECURITY'), 'extend', 'RQ-2026-000001', '--reason', '需核对');
  expect(extended.out).toContain('MEDICAL_SECURITY PENDING, 截止 due 2026-12-18 (20 个工作日 working days)');
  const refused = await as(
    steward('MEDICAL_SECURITY'),
    'answer',
    'RQ-2026-000001',
    '--refuse',
    '--reason',
    '不必要',
    '--basis',
    '《个人信息保护法》第6条',
  );
  expect(refused.out).toContain('MEDICAL_SECURITY REFUSED');
  const listed = await as(steward('CIVIL_AFFAIRS'), 'list', '--of', 'AWAITING_US');
  expect(listed.out).toBe(
    'RQ-2026-000001  HOUSING/SYSTEM  OPEN  CIVIL_AFFAIRS PENDING, 截止 due 2026-12-04 (剩余工作日 left 10); MEDICAL_SECURITY REFUSED\n',
  );
  const granted = await as(
    steward('CIVIL_AFFAIRS'),
    'answer',
    'RQ-2026-000001',
    '--grant',
    '--only',
    'death=FULL:CASE',
    '--until',
    '2027-01-31',
  );
  expect(granted.out).toMatch(/^RQ-2026-000001 PARTLY_GRANTED\n/);
  expect(granted.out).toMatch(/变更草案 Draft of the change: [0-9a-f-]{36}\n$/);
  const shown = await as(steward('HOUSING', 'b'), 'show', 'RQ-2026-000001');
  expect(shown.out).toContain('  death (CIVIL_AFFAIRS): FULL → FULL:CASE\n');
  expect(shown.out).toContain('  serious-illness (MEDICAL_SECURITY): FULL:CASELOAD\n');
  expect(shown.out).toContain('  MEDICAL_SECURITY: REFUSED — 不必要; 《个人信息保护法》第6条\n');
});

test('a request is withdrawn by its department', async () => {
  writeFileSync(file, JSON.stringify(request({ key: 'HO-2026-008' })));
  const [number = ''] = (await as(steward('HOUSING'), 'ask', file)).out.split(' ');
  const withdrawn = await as(steward('HOUSING'), 'withdraw', number);
  expect(withdrawn.out).toContain(`${number} WITHDRAWN\n  CIVIL_AFFAIRS LAPSED`);
});

test('what the hub refuses names the field, and ends with 2', async () => {
  writeFileSync(file, JSON.stringify(request({ key: 'HO-2026-009', fields: { incme: 'full', means: 'full' } })));
  const { code, out, err } = await as(steward('HOUSING'), 'ask', file);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('groups[0].name: no such group in the sharing catalogue');
  expect(err).toContain('groups[1].name: 家庭收入与财产不予共享');
  const absent = await as(steward('EDUCATION'), 'show', 'RQ-2026-000001');
  expect([absent.code, absent.err]).toEqual([2, '没有该编号的申请。There is no such request for your department.\n']);
});

test.each([
  ['is no JSON', 'x'],
  ['scenario', JSON.stringify({ ...request(), scenario: undefined })],
  ['Unrecognized key', JSON.stringify(request({ groups: [] }))],
])('a file that cannot be used ends with 1 before anything is sent: %s', async (message, text) => {
  writeFileSync(file, text);
  const { code, err } = await as(steward('HOUSING'), 'ask', file);
  expect(code).toBe(1);
  expect(err).toContain(message);
});

test('an answer says whether it grants or refuses', async () => {
  const { code, err } = await as(steward('CIVIL_AFFAIRS'), 'answer', 'RQ-2026-000001');
  expect([code, err]).toEqual([1, '说明 --grant 或 --refuse。Say --grant or --refuse.\n']);
});
