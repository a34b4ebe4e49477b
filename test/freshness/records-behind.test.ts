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

test('what stands behind a type is delivered by somebody: no answer is stale because its record goes by another name', () => {
  // Aid is reported; persons and enrolments are the shared spine, whoever is installed.
  const delivered = new Set(['AID_GRANT', 'PERSON', 'ENROLMENT']);
  for (const { records } of departments) for (const { name } of records) delivered.add(name);
  const stranded = [...hub.graph.nouns.values()].filter((noun) => {
    const record = recordBehind(noun);
    return record !== undefined && !delivered.has(record);
  });
  expect(stranded.map(({ name }) => name)).toEqual([]);
});

test('what nobody delivers has no feed, and answers have that of what they are made from', () => {
  const of = (type: string) => {
    const noun = hub.graph.nouns.get(type);
    return noun && recordBehind(noun);
  };
  for (const type of [
    'Region',
    'FeedStatus',
    'Access',
    'Correction',
    'Recall',
    'Notice',
    'MatchReview',
    'RegistryConflict',
  ])
    expect(of(type)).toBeUndefined();
  expect(
    ['StatusCheck', 'StatusProgramme', 'Recipient', 'RecipientStatistic', 'Household', 'Membership'].map(of),
  ).toEqual(Array.from({ length: 6 }, () => 'ENROLMENT'));
  expect(['AidGrant', 'DepartmentAid', 'AidStatistic'].map(of)).toEqual(['AID_GRANT', 'AID_GRANT', 'AID_GRANT']);
  for (const [type, record] of ofInstalled([
    ['StudentRecord', 'STUDENT'],
    ['MedicalSettlement', 'MEDICAL_SETTLEMENT'],
    ['DeathReport', 'DEATH'],
  ]))
    expect(of(type)).toBe(record);
});
