import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CALLERS, openNeighbours } from './attacks/neighbours.ts';
import type { Neighbours } from './attacks/neighbours.ts';

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
});
afterAll(() => world.close());

const GRANTS = 'query($id: ID!) { person(id: $id) { name aidGrants(first: 5) { nodes { programme state } } } }';

test('an auditor reads the lists of a person of the audit order', async () => {
  const { json } = await world.hub.ask(GRANTS, CALLERS.auditor, { variables: { id: world.known.personId } });
  expect(json.errors).toBeUndefined();
  const { person } = json.data as { person: { name: string; aidGrants: { nodes: unknown[] } } };
  expect(person.name).toBe(world.known.name);
  expect(person.aidGrants.nodes.length).toBeGreaterThan(0);
});

test('and of nobody else: the person is there without name and without grants', async () => {
  const { json } = await world.hub.ask(GRANTS, CALLERS.auditor, { variables: { id: world.stranger.personId } });
  expect(json.errors).toBeUndefined();
  const person = (json.data as { person: { name: unknown; aidGrants: { nodes: unknown[] } | null } }).person;
  expect(person.name).toBeNull();
  expect(person.aidGrants?.nodes ?? []).toEqual([]);
});
