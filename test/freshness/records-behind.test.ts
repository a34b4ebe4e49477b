/** The word of a feed, of its record kind and of the type that shows its rows is one word. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordBehind } from '../../src/registry/index.ts';
import { departments } from '../../src/server/department-modules.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { ofInstalled } from '../harness/installed.ts';
import { openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

let db: TestDatabase;
let hub: TestEngine;
beforeAll(async () => {
  db = await testDatabase();
  hub = await openEngine(db);
}, 60_000);
afterAll(() => db.drop());

test('behind some type of the graph stands every kind of record that the departments deliver', () => {
  const behind = new Set([...hub.graph.nouns.values()].flatMap((noun) => recordBehind(noun) ?? []));
  const kinds = departments.flatMap(({ records }) => records.map(({ name }) => name));
  expect(kinds.filter((kind) => !behind.has(kind))).toEqual([]);
});

test('what nobody delivers has no feed, and answers have that of what they are made from', () => {
  const of = (type: string) => {
    const noun = hub.graph.nouns.get(type);
    return noun && recordBehind(noun);
  };
  for (const type of ['Region', 'FeedStatus', 'Access', 'Correction', 'Recall', 'Notice', 'SharingAgreement'])
    expect(of(type)).toBeUndefined();
  expect(['StatusCheck', 'StatusProgramme', 'Recipient', 'RecipientStatistic'].map(of)).toEqual(
    Array.from({ length: 4 }, () => 'ENROLMENT'),
  );
  expect(['AidGrant', 'DepartmentAid', 'AidStatistic'].map(of)).toEqual(['AID_GRANT', 'AID_GRANT', 'AID_GRANT']);
  for (const [type, record] of ofInstalled([
    ['StudentRecord', 'STUDENT'],
    ['MedicalSettlement', 'MEDICAL_SETTLEMENT'],
    ['DeathReport', 'DEATH'],
  ]))
    expect(of(type)).toBe(record);
});
