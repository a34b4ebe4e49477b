/** `hub emergency` and `hub notices` against a hub over HTTP. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Bound } from '../../src/access/index.ts';
import { runHub } from '../aid/hub-process.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';
import { rowsIn } from '../registry/rows.ts';
import { MORNING, REASON, WHO, handClock } from './emergencies-world.ts';

const clock = handClock(MORNING);
let db: TestDatabase;
let hub: TestHub;
let patient: string;
beforeAll(async () => {
  db = await testDatabase();
  patient = await rowsIn(db.owner).person();
  hub = await openHub(db, { clock });
});
afterAll(async () => {
  await hub.close();
  await db.drop();
});

function command(asker: Bound, ...args: readonly string[]) {
  const token = (hub.headersOf(asker)['authorization'] ?? '').replace('Bearer ', '');
  return runHub([...args, '--case', asker.caseNo ?? ''], { HUB_URL: hub.url, HUB_TOKEN: token });
}

const UUID_LENGTH = 36;

test('an emergency from its opening to its review, and the notices of those responsible', async () => {
  const { hospital, healthSteward, auditor } = WHO;
  const look = () =>
    hub.ask('query P($id: ID!) { person(id: $id) { name } }', hospital, { variables: { id: patient } });
  expect((await look()).json.errors?.[0]?.extensions).toMatchObject({ code: 'EMERGENCY_REQUIRED' });
  expect((await look()).status).toBe(403);

  const opened = await command(hospital, 'emergency', 'open', '--reason', REASON);
  expect(opened).toMatchObject({ code: 0, err: '' });
  expect(opened.out).toContain('2026-11-23 11:00');
  expect(opened.out).toContain('told: AUDIT, CIVIL_AFFAIRS, HEALTH, MEDICAL_SECURITY');
  expect((await look()).json.data).toEqual({ person: { name: '张三' } });

  clock.set('2026-11-23T09:30:00+08:00');
  expect(await command(hospital, 'emergency', 'close')).toMatchObject({ code: 0, err: '' });
  expect((await look()).status).toBe(403);

  const listed = await command(healthSteward, 'emergency', 'list', '--pending');
  expect(listed).toMatchObject({ code: 0, err: '' });
  for (const shown of [REASON, '2026-11-23 09:00 – 2026-11-23 09:30', '1 人 persons', 'Person.name', '待复核'])
    expect(listed.out).toContain(shown);
  const id = listed.out.slice(0, UUID_LENGTH);

  const self = { ...healthSteward, client: hospital.client };
  const review = ['emergency', 'review', id, '--verdict', 'JUSTIFIED', '--note', '情况属实'];
  const refused = await command(self, ...review);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('OPERATION_DENIED');
  expect(await command(auditor, ...review, '--purpose', 'AUDIT')).toMatchObject({ code: 0, err: '' });

  const notices = await command(healthSteward, 'notices', 'list', '--unacknowledged');
  expect(notices.out).toMatch(/EMERGENCY_REVIEWED[\s\S]*EMERGENCY_OPENED/);
  const noticeId = /EMERGENCY_REVIEWED {2}(\S+)/.exec(notices.out)?.[1] ?? '';
  expect(await command(healthSteward, 'notices', 'acknowledge', noticeId)).toMatchObject({ code: 0, err: '' });
  const left = await command(healthSteward, 'notices', 'list', '--unacknowledged', '--json');
  const kinds = left.out
    .trim()
    .split('\n')
    .map((line) => z.object({ kind: z.string() }).parse(JSON.parse(line)).kind);
  expect(kinds).toEqual(['EMERGENCY_OPENED']);
});

test('without a token, and with a reason that is none, the command says what to do', async () => {
  const nobody = await runHub(['notices', 'list', '--case', 'X-1'], { HUB_URL: hub.url, HUB_TOKEN: '' });
  expect(nobody.code).toBe(1);
  expect(nobody.err).toContain('HUB_TOKEN');
  const short = await command(WHO.hospital, 'emergency', 'open', '--reason', '急');
  expect(short.code).toBe(2);
  expect(short.err).toContain('10');
});
