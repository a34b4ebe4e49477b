/**
 * Whatever a caller asks, the hub answers what the oracle says: the same rows, masked and null where they must be,
 * refused with exactly the denied coordinates, and on record with exactly the persons and fields that left.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { publishPolicy, readPolicyFiles } from '../../../src/access/index.ts';
import { amended, writePolicy } from './amended.ts';
import { GENERATED_ROOTS, coordinatesOfOracle } from './operations.ts';
import { POLICY, openReading, runCases, toLine } from './reading.ts';
import type { Reading } from './reading.ts';

const SEED = Number(process.env['HUB_TEST_SEED'] ?? 20261122);
const RUNS = Number(process.env['HUB_TEST_RUNS'] ?? 600);

let reading: Reading;
beforeAll(async () => {
  reading = await openReading(SEED);
});
afterAll(() => reading.database.drop());

test('the oracle knows every field of the graph', () => {
  const inSchema = Object.values(reading.hub.schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name, extensions }) => name === 'Query' || extensions['hubRows'] !== undefined)
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
  expect([...coordinatesOfOracle()].sort()).toEqual(inSchema.sort());
  expect(GENERATED_ROOTS.map((name) => `Query.${name}`).sort()).toEqual(
    inSchema.filter((coordinate) => coordinate.startsWith('Query.')).sort(),
  );
});

test('under the policy in force every answer, refusal and record is what the oracle says', async () => {
  const tally = await runCases(reading, { seed: SEED, runs: RUNS });
  process.stdout.write(toLine(tally, SEED));
  const roles = ['SYSTEM', 'ANALYST', 'WINDOW', 'AUDITOR'];
  const kinds = roles.flatMap((role) => ['allow', 'mask', 'deny'].map((how) => `${role} ${how}`));
  const seen = [...tally.counts.keys()];
  expect(seen).toEqual(expect.arrayContaining(kinds.flatMap((kind) => [`${kind} root`, `${kind} nested`])));
  expect(tally.narrowed).toBeGreaterThanOrEqual(tally.cases / 10);
  expect(tally.told).toBeGreaterThanOrEqual(tally.cases / 3);
});

test.each([1, 2, 3, 4])('under agreements that were amended at random (%#) it still is', async (number) => {
  const seed = SEED + number;
  const agreements = amended(reading.agreements, seed);
  const folder = mkdtempSync(join(tmpdir(), 'hub-policy-'));
  try {
    writePolicy(folder, POLICY, agreements);
    await publishPolicy(reading.database.owner, readPolicyFiles(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const tally = await runCases({ ...reading, agreements }, { seed, runs: Math.ceil(RUNS / 6) });
  process.stdout.write(toLine(tally, seed));
});
