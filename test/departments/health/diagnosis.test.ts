/** A diagnosis is for those who pay for it: not for housing, nor for civil affairs, which is told the bill. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CALLERS, SECRETS, openNeighbours } from '../../access/attacks/neighbours.ts';
import type { Neighbours } from '../../access/attacks/neighbours.ts';
import { isRefused } from '../../access/attacks/refusing.ts';

const { civilAffairs, window, analyst, housing, health } = CALLERS;

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
});
afterAll(() => world.close());

test('a diagnosis is refused to housing, to civil affairs and its windows, and told to health', async () => {
  const diagnosis = `{ person(id: "${world.known.personId}") { medicalSettlements { diagnosis } } }`;
  await isRefused(world, diagnosis, housing, 'MedicalSettlement.diagnosis', 'Person.medicalSettlements');
  await isRefused(world, diagnosis, civilAffairs, 'MedicalSettlement.diagnosis');
  await isRefused(world, diagnosis, window, 'MedicalSettlement.diagnosis');
  await isRefused(world, diagnosis, analyst, 'MedicalSettlement.diagnosis');
  const { json } = await world.hub.ask(diagnosis, health);
  expect(json.data).toEqual({ person: { medicalSettlements: [{ diagnosis: SECRETS.diagnosis }] } });
});
