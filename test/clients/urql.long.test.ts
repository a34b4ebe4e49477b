import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PERSON, RECIPIENTS, REPORT_AID } from './documents.ts';
import type { PersonAnswer, RecipientsAnswer, ReportAidAnswer } from './documents.ts';
import { installClients } from './installed.ts';
import { openWorld } from './world.ts';
import type { ClientWorld } from './world.ts';

installClients();
const { openClient, refusalOf } = await import('./urql.ts');

let world: ClientWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('urql grows a list page by page in its cache', async () => {
  const client = openClient(world.url, world.civilAffairs);
  const page = async (after: string | null) =>
    (await client.query<RecipientsAnswer>(RECIPIENTS, { first: 3, after }).toPromise()).data?.recipients;
  const first = await page(null);
  expect([first?.edges.length, first?.pageInfo.hasNextPage]).toEqual([3, true]);
  const both = await page(first?.pageInfo.endCursor ?? null);
  expect(both?.edges.map(({ node }) => node.id)).toEqual(world.recipientIds);
  expect(both?.pageInfo.hasNextPage).toBe(false);
});

test('urql shows a refusal as the hub meant it', async () => {
  const { data, error } = await openClient(world.url, world.education)
    .query<PersonAnswer>(PERSON, { id: world.known.personId })
    .toPromise();
  expect(data ?? null).toBeNull();
  expect(refusalOf(error)).toEqual({
    code: 'FIELD_DENIED',
    denied: [{ coordinate: 'Person.ethnicity', reason: expect.any(String), owner: 'CIVIL_AFFAIRS' }],
  });
});

test('urql gets null in place of a denied field on request, with the error beside it', async () => {
  const { data, error } = await openClient(world.url, { ...world.education, onDenied: 'null' })
    .query<PersonAnswer>(PERSON, { id: world.known.personId })
    .toPromise();
  expect(data?.person).toMatchObject({ id: world.known.personId, name: world.known.name, ethnicity: null });
  expect(refusalOf(error)).toMatchObject({ code: 'FIELD_DENIED', denied: [{ coordinate: 'Person.ethnicity' }] });
});

test('urql reports grants and gets a receipt for each', async () => {
  const { data } = await openClient(world.url, world.reporting)
    .mutation<ReportAidAnswer>(REPORT_AID, { input: world.report })
    .toPromise();
  expect(data?.reportAid).toMatchObject({
    recorded: 1,
    rejected: 1,
    results: [{ outcome: 'RECORDED' }, { code: 'BAD_DATE' }],
  });
});
