/** The steps that Relay's hooks take (usePaginationFragment, useRefetchableFragment, useMutation), without React. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConcreteRequest, Environment, OperationDescriptor, ReaderFragment, Variables } from 'relay-runtime';
import { CALLERS } from '../access/attacks/neighbours.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import { installClients } from './installed.ts';
import { compileDocuments } from './relay/compiled.ts';
import type { Compiled } from './relay/compiled.ts';
import { PERSISTED, layDocuments } from './relay/trusted.ts';
import { errandOf, openWorld } from './world.ts';
import type { ClientWorld } from './world.ts';

installClients();
const relay = await import('relay-runtime');
const { openEnvironment, refusalOf } = await import('./relay/environment.ts');

let world: ClientWorld;
let compiled: Compiled;
beforeAll(async () => {
  compiled = compileDocuments();
  world = await openWorld();
});
afterAll(() => world.close());

const query = (name: string, from = compiled): Promise<ConcreteRequest> => from.artifact<ConcreteRequest>(name);
const fragment = (name: string): Promise<ReaderFragment> => compiled.artifact<ReaderFragment>(name);

/** Sends an operation and keeps what it answered in the store. */
async function send(environment: Environment, request: ConcreteRequest, variables: Variables) {
  const operation = relay.createOperationDescriptor(request, variables);
  environment.retain(operation);
  await relay.fetchQuery(environment, request, variables).toPromise();
  return operation;
}

/** What a component sees that owns the operation. */
const seen = (environment: Environment, operation: OperationDescriptor): unknown =>
  environment.lookup(operation.fragment).data;

/** What a component sees of the fragment that stands in the data of its parent. */
function seenOf(environment: Environment, node: ReaderFragment, parent: unknown): unknown {
  const selector = relay.getSelector(node, parent);
  if (selector?.kind !== 'SingularReaderSelector') throw new Error(`There is no ${node.name} here`);
  return environment.lookup(selector).data;
}

interface Recipients {
  readonly recipients: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly person: { readonly __id: string } } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

/** The list of the documents after its first page, and how it looks by now. */
async function openList(environment: Environment) {
  const list = await fragment('caseload_recipients');
  const operation = await send(environment, await query('caseloadQuery'), {});
  return {
    list,
    operation,
    shown: () => (seenOf(environment, list, seen(environment, operation)) as Recipients).recipients,
  };
}

test('Relay pages through a list, which grows in its store', async () => {
  const environment = openEnvironment(world.url, world.civilAffairs);
  const { list, shown } = await openList(environment);
  expect([shown().edges.length, shown().pageInfo.hasNextPage]).toEqual([3, true]);

  const { paginationRequest, paginationMetadata } = relay.getPaginationMetadata(list, 'the list');
  const { endCursor } = shown().pageInfo;
  const variables = relay.getPaginationVariables('forward', 3, endCursor, {}, {}, paginationMetadata);
  await send(environment, paginationRequest as ConcreteRequest, variables);
  expect(shown().edges.map(({ node }) => node.id)).toEqual(world.recipientIds);
  expect(shown().pageInfo.hasNextPage).toBe(false);
});

test('Relay refetches one person of the list by its id', async () => {
  const environment = openEnvironment(world.url, world.civilAffairs);
  const { shown } = await openList(environment);
  const person = await fragment('caseload_person');
  const { node } = shown().edges.find(({ node: { id } }) => id === world.relative.recipientId)!;
  const name = () => seenOf(environment, person, node.person);
  expect(name()).toMatchObject({ name: world.relative.name });

  await world.database.owner.query(`update person set name = '王大红' where id = $1`, [world.relative.personId]);
  const { refetchableRequest, refetchMetadata } = relay.getRefetchMetadata(person, 'the person');
  expect(refetchMetadata.identifierInfo?.identifierField).toBe('id');
  await send(environment, refetchableRequest as ConcreteRequest, { id: node.person.__id });
  expect(name()).toMatchObject({ name: '王大红' });
});

test('Relay reports grants, and what its updater marks counts as stale', async () => {
  const environment = openEnvironment(world.url, world.reporting);
  const { shown, operation } = await openList(environment);
  const person = shown().edges[0]!.node.person.__id;
  expect(environment.check(operation)).toMatchObject({ status: 'available' });

  const mutation = await query('caseloadReportMutation');
  const answer = await new Promise((resolve, reject) => {
    relay.commitMutation(environment, {
      mutation,
      variables: { input: world.report },
      updater: (store) => store.get(person)?.invalidateRecord(),
      onCompleted: resolve,
      onError: reject,
    });
  });
  expect(answer).toMatchObject({
    reportAid: { recorded: 1, rejected: 1, results: [{ outcome: 'RECORDED' }, { code: 'BAD_DATE' }] },
  });
  expect(environment.check(operation)).toEqual({ status: 'stale' });
});

test('Relay shows a refusal as the hub meant it', async () => {
  const environment = openEnvironment(world.url, world.education);
  const asking = send(environment, await query('caseloadEthnicityQuery'), { id: world.known.personId });
  expect(refusalOf(await asking.catch((thrown: unknown) => thrown))).toEqual({
    code: 'FIELD_DENIED',
    denied: [{ coordinate: 'Person.ethnicity', reason: expect.any(String), owner: 'CIVIL_AFFAIRS' }],
  });
});

test('Relay gets null in place of a denied field on request', async () => {
  const environment = openEnvironment(world.url, { ...world.education, onDenied: 'null' });
  const operation = await send(environment, await query('caseloadEthnicityQuery'), { id: world.known.personId });
  expect(seen(environment, operation)).toMatchObject({ person: { name: world.known.name, ethnicity: null } });
});

test('Relay names its documents by their hashes to a hub that answers nothing else', async () => {
  const persisted = compileDocuments(PERSISTED);
  const folder = testFolder('documents');
  layDocuments(persisted.persisted, folder);
  const hub = await openHub(world.database, {
    settings: { HUB_TRUSTED_DOCUMENTS: 'only', HUB_DOCUMENTS_DIR: folder },
  });
  try {
    const environment = openEnvironment(`${hub.url}/graphql`, errandOf(hub, CALLERS.civilAffairs));
    const list = await fragment('caseload_recipients');
    const operation = await send(environment, await query('caseloadQuery', persisted), {});
    const { recipients } = seenOf(environment, list, seen(environment, operation)) as Recipients;
    expect(recipients.edges.map(({ node }) => node.id)).toEqual(world.recipientIds.slice(0, 3));

    const { json } = await hub.ask('{ recipients { nodes { id } } }', CALLERS.civilAffairs);
    expect(json.errors?.[0]?.extensions['code']).toBe('DOCUMENT_NOT_TRUSTED');
  } finally {
    await hub.close();
  }
});
