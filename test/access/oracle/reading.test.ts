/**
 * Whatever a caller asks, the hub answers what the oracle says: the same rows, masked and null where they must be,
 * refused with exactly the denied coordinates, and on record with exactly the persons and fields that left.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { coordinatesOf } from './coverage.ts';
import { amended, publishAgreements } from './amended.ts';
import { NOUNS } from './nouns.ts';
import { openReading, runCases, toLine } from './reading.ts';
import type { Reading } from './reading.ts';
import { ROOTS } from './roots.ts';
import { allRules } from './rules.ts';

const SEED = Number(process.env['HUB_TEST_SEED'] ?? 20261122);
/** A taste of it: that every combination is met is for the long run. */
const CASES = Number(process.env['HUB_TEST_RUNS'] ?? 200);

let reading: Reading;
beforeAll(async () => {
  reading = await openReading(SEED);
});
afterAll(() => reading.database.drop());

test('the oracle imports nothing of the hub; only what puts questions to the hub does', () => {
  const folder = 'test/access/oracle';
  const importing = readdirSync(folder).filter(
    (file) =>
      file.endsWith('.ts') &&
      /from '(\.\.\/)+(src|test\/harness|harness)\//u.test(readFileSync(`${folder}/${file}`, 'utf8')),
  );
  expect(importing.sort()).toEqual(ASKING);
});

/** What runs the hub beside the oracle. */
const ASKING = ['amended.ts', 'pages.long.test.ts', 'reading.ts'];

test('the oracle knows every field of the graph, and its group and mask as the nouns declare them', () => {
  const { schema } = reading.hub;
  const nouns = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ extensions }) => extensions['hubRows'] !== undefined)
    .filter(({ name }) => !name.endsWith('Statistic') && !BESIDE.types.includes(name));
  expect(Object.keys(NOUNS).sort()).toEqual(nouns.map(({ name }) => name).sort());
  const known = Object.entries(NOUNS).flatMap(([type, { values, links }]) =>
    [...Object.keys(values), ...Object.keys(links)].map((field) => `${type}.${field}`),
  );
  const roots = [...Object.keys(ROOTS), ...BESIDE.operations].map((name) => `Query.${name}`);
  expect([...known, ...roots, ...STATISTICS].sort()).toEqual([...coordinatesOf(reading.schema)].sort());
  const declared = nouns.flatMap((type) =>
    Object.values(type.getFields()).map((field): [string, unknown] => {
      const { group, mask } = field.extensions['hubRule'] as { group: string; mask?: string };
      return [`${type.name}.${field.name}`, { group, ...(mask === undefined ? {} : { mask }) }];
    }),
  );
  expect(Object.fromEntries(allRules())).toEqual(Object.fromEntries(declared));
});

/** What governs the data, and what is on record about it: no rows of the departments; tested in folders of their own. */
const BESIDE: { readonly types: readonly string[]; readonly operations: readonly string[] } = {
  types: [
    ...['SharingAgreement', 'AgreementRows', 'AgreementFields', 'CatalogueEntry', 'PolicyVersion', 'PolicyChange'],
    ...['AccessRequest', 'AccessRequestAnswer', 'AccessRequestGroup'],
    ...['EmergencyAccess', 'EmergencyDisclosures', 'Notice', 'Revocation'],
    ...['Access', 'Reliance'],
    ...['Delivery', 'DeliveryFinding'],
    ...['Correction', 'Recall', 'RecallProgress'],
    ...['MatchReview', 'MatchCandidate', 'RegistryConflict'],
  ],
  operations: [
    ...['matchReviews', 'registryConflicts'],
    ...['sharingAgreements', 'sharingCatalogue', 'policyVersions', 'policyDifferences', 'policyChanges'],
    ...['accessRequest', 'accessRequests', 'overdueAnswers', 'emergencies', 'notices', 'revocations'],
    ...['accessesOf', 'whoReliedOn'],
    ...['corrections', 'recalls', 'recallProgress'],
    ...['deliveries', 'delivery', 'deliveryFindings'],
    ...['explainAccess', 'policyDryRun', 'policyExpiring', 'policyUnused'],
  ],
};

/** Counted by an oracle of their own, in test/insight. */
const STATISTICS = ['Query.recipientStatistics', 'Query.aidStatistics', 'Query.enrolmentStatistics'];

test('under the policy in force every answer, refusal and record is what the oracle says', async () => {
  const tally = await runCases(reading, { seed: SEED, least: CASES, most: CASES });
  process.stdout.write(toLine(tally, SEED));
  expect(tally.told).toBeGreaterThan(CASES / 4);
}, 180_000);

test.each([1, 2, 3, 4])('under agreements that were amended at random (%#) it still is', async (number) => {
  const seed = SEED + number;
  const agreements = amended(reading.agreements, seed);
  await publishAgreements(reading.database.owner, agreements);
  const tally = await runCases({ ...reading, agreements }, { seed, least: 40, most: 40 });
  process.stdout.write(toLine(tally, seed));
});
