import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { newId } from '../../src/platform/id.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import { askAround } from './asked.ts';
import type { Told } from './asked.ts';

let world: Neighbours;
let told: ReadonlyMap<string, readonly Told[]>;
beforeAll(async () => {
  world = await openNeighbours();
  told = await askAround(world, 300, 7);
}, 120_000);
afterAll(() => world.close());

const RELIED = `query($id: ID!, $coordinate: String!, $since: Date) {
  whoReliedOn(personId: $id, coordinate: $coordinate, since: $since) {
    department client purpose caseNo coordinates times firstAt lastAt
  }
}`;

interface Relied {
  readonly department: string;
  readonly client: string;
  readonly purpose: string | null;
  readonly caseNo: string | null;
  readonly coordinates: readonly string[];
  readonly times: number;
}

async function reliedOn(id: string, coordinate: string, caller: Bound, since?: string): Promise<readonly Relied[]> {
  const { json } = await world.hub.ask(RELIED, caller, { variables: { id, coordinate, since } });
  expect(json.errors).toBeUndefined();
  return json.data?.['whoReliedOn'] as Relied[];
}

/** The same from the account of the answers. */
function expected(id: string, names: readonly string[]): string[] {
  const found = new Map<string, { names: Set<string>; times: number }>();
  for (const { department, client, purpose, caseNo, coordinates } of told.get(id) ?? []) {
    const given = coordinates.filter((name) => names.includes(name));
    if (given.length === 0) continue;
    const key = [department, client, purpose, caseNo].join(' ');
    const known = found.get(key) ?? { names: new Set(), times: 0 };
    given.forEach((name) => known.names.add(name));
    found.set(key, { ...known, times: known.times + 1 });
  }
  return [...found].map(([key, of]) => `${key} ${[...of.names].sort().join(',')} ${of.times}`).sort();
}

const asLines = (list: readonly Relied[]): string[] =>
  list
    .map(({ department, client, purpose, caseNo, coordinates, times }) =>
      [department, client, purpose, caseNo, [...coordinates].sort().join(','), times].join(' '),
    )
    .sort();

test('those who were told a value are found, each with its cases and how often', async () => {
  for (const { personId } of [world.known, world.distant])
    for (const name of ['Person.name', 'Recipient.programme', 'StatusCheck.result']) {
      const found = asLines(await reliedOn(personId, name, CALLERS.auditor));
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(expected(personId, [name]));
    }
});

test('a group of the catalogue is every field in which its values are told', async () => {
  const status = [
    'StatusCheck.result',
    'StatusCheck.programmes',
    'StatusProgramme.programme',
    'StatusProgramme.validTo',
  ].concat(['Recipient.programme', 'Recipient.validFrom', 'Recipient.person', 'Person.recipientOf']);
  const found = asLines(await reliedOn(world.known.personId, 'status', CALLERS.auditor));
  expect(found).toEqual(expected(world.known.personId, status));
});

test('a department sees what it was told itself', async () => {
  const found = await reliedOn(world.known.personId, 'status', CALLERS.housing);
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found.map(({ department }) => department))).toEqual(new Set(['HOUSING']));
});

test('nobody relies on what was told before the day, or of somebody unknown', async () => {
  expect(await reliedOn(world.known.personId, 'status', CALLERS.auditor, '2026-11-23')).toEqual([]);
  expect((await reliedOn(world.known.personId, 'status', CALLERS.auditor, '2026-11-22')).length).toBeGreaterThan(0);
  expect(await reliedOn(newId(), 'status', CALLERS.auditor)).toEqual([]);
});

test('what is neither a field nor a group is an error that says what is meant', async () => {
  const variables = { id: world.known.personId, coordinate: 'Person.adress' };
  const { json } = await world.hub.ask(RELIED, CALLERS.auditor, { variables });
  expect(json.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(json.errors?.[0]?.message).toContain('Person.address');
});
