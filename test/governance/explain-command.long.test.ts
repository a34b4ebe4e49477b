/** `hub policy explain`, `dry-run`, `unused` and `expiring` against a hub: what is typed, and what is told. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { runHub } from '../aid/hub-process.ts';
import type { Done } from '../aid/hub-process.ts';
import { testFolder } from '../harness/folder.ts';
import { housing, openGovernedHubs, steward } from './harness.ts';
import type { GovernedHubs } from './harness.ts';

let world: GovernedHubs;
beforeAll(async () => {
  world = await openGovernedHubs();
});
afterAll(() => world.close());

const as = (caller: Bound, ...args: string[]): Promise<Done> => {
  const [hub] = world.hubs;
  return runHub(['policy', ...args, '--url', hub.url], {
    HUB_TOKEN: hub.headersOf(caller)['authorization']?.slice('Bearer '.length) ?? '',
  });
};

test('one sentence explains, for the own role or another, and a wrong name says which there are', async () => {
  const own = await as(housing(), 'explain', 'Person.address', '--purpose', 'AID_ELIGIBILITY');
  expect(own.err).toBe('');
  expect(own.out).toMatch(/^住房城乡建设业务系统为审核救助资格可用 Person\.address：全部.*\n$/u);
  const other = await as(
    housing(),
    'explain',
    'MedicalSettlement.diagnosis',
    '--department',
    'EDUCATION',
    '--role',
    'SYSTEM',
  );
  expect(other.out).toContain('hub requests ask');
  expect(other.out).toContain('MEDICAL_SECURITY');
  const wrong = await as(housing(), 'explain', 'Person.adress');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('Person.address');
});

test('a file is tried on the past, and says what would fail, be exposed and be gone', async () => {
  await world.hubs[0].ask(`query Names { person(id: "${world.personId}") { name } }`, housing());
  const shown = await as(steward('HOUSING'), 'show', 'housing');
  const agreement = JSON.parse(shown.out) as { fields: Record<string, string> };
  const { name: _, ...fields } = agreement.fields;
  const file = join(testFolder('dry-run'), 'housing.json');
  writeFileSync(file, JSON.stringify({ ...agreement, fields: { ...fields, death: 'full' } }));
  const { out, err, code } = await as(
    steward('HOUSING'),
    ...['dry-run', file, '--since', '2026-09-15', '--until', '2026-11-30', '--case', 'HO-GOV-1'],
  );
  expect(err.split('\n')).toEqual([
    '2026-09: 0 个请求 requests',
    '2026-10: 0 个请求 requests',
    expect.stringMatching(/^2026-11: [1-9]\d* 个请求 requests$/u),
    '',
  ]);
  expect(out).toContain('FAILS 1× Names — housing.test AID_ELIGIBILITY');
  expect(out).toContain('Person.name (CIVIL_AFFAIRS)');
  expect(out).toContain('Person.diedOn → HOUSING/SYSTEM');
  expect(code).toBe(0);
});

test('what is unused and what ends is listed, for stewards alone', async () => {
  const unused = await as(steward('HOUSING'), 'unused', '--since', '2026-11-01', '--case', 'HO-GOV-2');
  expect(unused.out).toContain('phone: 全部未用 nothing of it');
  const ending = await as(steward('HOUSING'), 'expiring', '--within', '60d', '--case', 'HO-GOV-3');
  expect(ending.out).toBe('无 None.\n');
  const refused = await as(housing(), 'unused', '--case', 'HOUSING-1');
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('OPERATION_DENIED');
});
