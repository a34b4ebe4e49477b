/** Days are days in China: an access half an hour after midnight there is one of the new day, though not in UTC. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/platform/id.ts';
import { anEntry, testLedgers } from '../access/ledger-entries.ts';
import type { TestLedgers } from '../access/ledger-entries.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

let at: TestLedgers;
let engine: TestEngine;
const person = newId();
/** Of another person whom the index cannot tell apart. */
const alike = `${newId().slice(0, -3)}${person.slice(-3)}`;
const INSTANTS = [
  '2026-10-31T15:59:59.999Z',
  '2026-10-31T16:00:00.000Z',
  '2026-10-31T16:30:00.000Z',
  '2026-11-30T15:59:59.999Z',
  '2026-11-30T16:00:00.000Z',
];

beforeAll(async () => {
  at = await testLedgers();
  const ledger = await at.open();
  for (const iso of INSTANTS) await ledger.record(anEntry({ at: new Date(iso), persons: [{ id: person, node: 1 }] }));
  await ledger.record(anEntry({ persons: [{ id: alike, node: 1 }] }));
  await ledger.close();
  engine = await openEngine(at.database);
});
afterAll(() => at.drop());

async function between(from: string | null, to: string | null): Promise<string[]> {
  const { data, errors } = await engine.ask(
    `query($id: ID!, $from: Date, $to: Date) { accessesOf(personId: $id, from: $from, to: $to) { nodes { at } } }`,
    callerOf('AUDIT', 'AUDITOR', { caseNo: 'AU-1' }),
    { variables: { id: person, from, to } },
  );
  expect(errors).toEqual([]);
  return (data as { accessesOf: { nodes: { at: string }[] } }).accessesOf.nodes.map((node) => node.at);
}

test('a month begins and ends at midnight in China, both days included, newest first', async () => {
  expect(await between('2026-11-01', '2026-11-30')).toEqual(INSTANTS.slice(1, 4).reverse());
  expect(await between(null, '2026-10-31')).toEqual(INSTANTS.slice(0, 1));
  expect(await between('2026-12-01', null)).toEqual(INSTANTS.slice(4));
  expect(await between('2026-11-01', '2026-11-01')).toEqual(INSTANTS.slice(1, 3).reverse());
});

test('without days all of it is told', async () => {
  expect(await between(null, null)).toEqual([...INSTANTS].reverse());
});

test('reliance begins with the day in China as well', async () => {
  const { data } = await engine.ask(
    'query($id: ID!, $since: Date) { whoReliedOn(personId: $id, coordinate: "status", since: $since) { times firstAt lastAt } }',
    callerOf('AUDIT', 'AUDITOR', { caseNo: 'AU-1' }),
    { variables: { id: person, since: '2026-11-01' } },
  );
  expect((data as { whoReliedOn: unknown[] }).whoReliedOn).toEqual([
    { times: 4, firstAt: INSTANTS[1], lastAt: INSTANTS[4] },
  ]);
});
