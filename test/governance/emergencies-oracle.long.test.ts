/**
 * What the emergency agreements open is what the oracle says: the same rows, masks and refusals. Here they are published as
 * everyday ones, since the oracle knows no emergencies; that they decide only while one is open is tested beside this.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { publishAgreements } from '../access/oracle/amended.ts';
import { openReading, runCases } from '../access/oracle/reading.ts';
import type { Reading } from '../access/oracle/reading.ts';
import { readAgreements } from '../access/oracle/tables.ts';

const SEED = 20261123;
const CASES = 120;

let reading: Reading;
beforeAll(async () => {
  reading = await openReading(SEED);
});
afterAll(() => reading.database.drop());

test('the agreements of emergencies open what they say, and nothing else', async () => {
  const agreements = readAgreements('schema/policy')
    .filter(({ emergency }) => emergency === true)
    .map((agreement) => ({ ...agreement, emergency: false, purposes: ['CASE_HANDLING'] }));
  expect(agreements).toHaveLength(3);
  await publishAgreements(reading.database.owner, agreements);
  await reading.hub.engine.reload();
  // A difference throws.
  const { cases, told } = await runCases({ ...reading, agreements }, { seed: SEED, least: CASES, most: CASES });
  expect(cases).toBe(CASES);
  expect(told).toBeGreaterThan(CASES / 3);
});
