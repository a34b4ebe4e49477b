import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PERSON, REPORT_AID } from './documents.ts';
import type { PersonAnswer, ReportAidAnswer } from './documents.ts';
import { installClients } from './installed.ts';
import { openWorld } from './world.ts';
import type { ClientWorld } from './world.ts';

installClients();
const { gql } = await import('@apollo/client');
const { filter, firstValueFrom } = await import('rxjs');
const { fetchMore, openClient, refusalOf, watchRecipients } = await import('./apollo-client.ts');

let world: ClientWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('Apollo Client grows a list page by page in its cache', async () => {
  const list = watchRecipients(openClient(world.url, world.civilAffairs), 3);
  const shown = async () => (await firstValueFrom(list.pipe(filter(({ loading }) => !loading)))).data?.recipients;
  const first = await shown();
  expect([first?.edges?.length, first?.pageInfo?.hasNextPage]).toEqual([3, true]);
  await fetchMore(list);
  const both = await shown();
  expect(both?.edges?.map((edge) => edge?.node?.id)).toEqual(world.recipientIds);
  expect(both?.pageInfo?.hasNextPage).toBe(false);
});

test('Apollo Client shows a refusal as the hub meant it', async () => {
  const asking = openClient(world.url, world.education).query({
    query: gql(PERSON),
    variables: { id: world.known.personId },
  });
  expect(refusalOf(await asking.catch((thrown: unknown) => thrown))).toEqual({
    code: 'FIELD_DENIED',
    denied: [{ coordinate: 'Person.ethnicity', reason: expect.any(String), owner: 'CIVIL_AFFAIRS' }],
  });
});

test('Apollo Client gets null in place of a denied field on request, with the error beside it', async () => {
  const client = openClient(world.url, { ...world.education, onDenied: 'null' });
  const { data, error } = await client.query<PersonAnswer>({
    query: gql(PERSON),
    variables: { id: world.known.personId },
    errorPolicy: 'all',
  });
  expect(data?.person).toMatchObject({ id: world.known.personId, name: world.known.name, ethnicity: null });
  expect(refusalOf(error)).toMatchObject({ code: 'FIELD_DENIED', denied: [{ coordinate: 'Person.ethnicity' }] });
});

test('Apollo Client reports grants and gets a receipt for each', async () => {
  const { data } = await openClient(world.url, world.reporting).mutate<ReportAidAnswer>({
    mutation: gql(REPORT_AID),
    variables: { input: world.report },
  });
  expect(data?.reportAid).toMatchObject({
    recorded: 1,
    rejected: 1,
    results: [{ outcome: 'RECORDED' }, { code: 'BAD_DATE' }],
  });
});
