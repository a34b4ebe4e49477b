import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PERSON, REPORT_AID } from './documents.ts';
import type { PersonAnswer, ReportAidAnswer } from './documents.ts';
import { installClients } from './installed.ts';
import { openWorld } from './world.ts';
import type { ClientWorld } from './world.ts';

installClients();
const { everyRecipient, openClient, refusalOf } = await import('./graphql-request.ts');

let world: ClientWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('graphql-request reads a list to its end', async () => {
  const ids: string[] = [];
  for await (const { id } of everyRecipient(openClient(world.url, world.civilAffairs), 3)) ids.push(id);
  expect(ids.sort()).toEqual(world.recipientIds);
});

test('graphql-request shows a refusal as the hub meant it', async () => {
  const asking = openClient(world.url, world.education).request(PERSON, { id: world.known.personId });
  expect(refusalOf(await asking.catch((thrown: unknown) => thrown))).toEqual({
    code: 'FIELD_DENIED',
    denied: [{ coordinate: 'Person.ethnicity', reason: expect.any(String), owner: 'CIVIL_AFFAIRS' }],
  });
});

test('graphql-request gets null in place of a denied field on request, with the error beside it', async () => {
  const client = openClient(world.url, { ...world.education, onDenied: 'null' });
  const { data, errors } = await client.rawRequest<PersonAnswer>(PERSON, { id: world.known.personId });
  expect(data.person).toEqual({ id: world.known.personId, name: world.known.name, ethnicity: null });
  expect(errors).toMatchObject([
    { extensions: { code: 'FIELD_DENIED', denied: [{ coordinate: 'Person.ethnicity' }] } },
  ]);
});

test('graphql-request reports grants and gets a receipt for each', async () => {
  const client = openClient(world.url, world.reporting);
  const { reportAid } = await client.request<ReportAidAnswer>(REPORT_AID, { input: world.report });
  expect(reportAid).toMatchObject({
    recorded: 1,
    rejected: 1,
    results: [{ outcome: 'RECORDED' }, { code: 'BAD_DATE' }],
  });
});
