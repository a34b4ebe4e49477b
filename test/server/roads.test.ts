/**
 * A document takes Apollo's road once and the straight one ever after, and a request the lane or, where it is not plain,
 * the general way; nobody can tell from an answer which it was.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import type { Bound } from '../../src/access/index.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import { ofInstalled } from '../harness/installed.ts';

let world: Neighbours;
beforeAll(async () => {
  world = await openNeighbours();
});
afterAll(() => world.close());

interface Body {
  readonly query: string;
  readonly [member: string]: unknown;
}

const { education, housing, civilAffairs, analyst, auditor } = CALLERS;
const reporting: Bound = { ...education, purpose: 'AID_REPORTING', purposes: ['AID_REPORTING'] };
const purposeless = (({ purpose: _, ...caller }: Bound): Bound => caller)(education);
const unsorted: Bound = { ...education, purpose: 'AUDIT' };

/** Bills, where there are any. */
const [[, BILLS] = ['', 'phone']] = ofInstalled([['MedicalSettlement', 'medicalSettlements { diagnosis }']]);

function bodies(): Readonly<Record<string, Body>> {
  const { known, stranger } = world;
  const check = 'query Check($c: [StatusCheckInput!]!) { checkStatus(checks: $c) { result nameAgrees } }';
  const person = 'query($id: ID!) { person(id: $id) { id name idNumber recipientOf { programme } } }';
  const two = 'query A { feedStatus { record } } query B { regions(first: 2) { code } }';
  const report = 'mutation($i: ReportAidInput!) { reportAid(input: $i) { results { outcome code } } }';
  const c = [{ idNumber: known.idNumber, name: known.name }];
  return {
    check: { query: check, variables: { c } },
    'check of nobody': { query: check, variables: { c: [{ idNumber: world.nobody }] } },
    'check with a literal': { query: `{ checkStatus(checks: [{ idNumber: "${known.idNumber}" }]) { result } }` },
    'a variable of the wrong type': { query: check, variables: { c: [{ idNumber: 7, nme: known.name }] } },
    'no variables': { query: check },
    'null variables': { query: check, variables: null },
    'variables too many': { query: check, variables: { c, d: 1 } },
    'a value that the engine refuses': {
      query: 'query($n: Int!) { regions(first: $n) { code } }',
      variables: { n: 0 },
    },
    person: { query: person, variables: { id: known.personId } },
    'a person out of scope': { query: person, variables: { id: stranger.personId } },
    'a denied field': { query: `{ person(id: "${known.personId}") { id ${BILLS} ethnicity } }` },
    'a list': {
      query: '{ recipients(first: 2) { totalCount nodes { id person { name } } pageInfo { hasNextPage } } }',
    },
    'a directive': {
      query: 'query($s: Boolean!) { feedStatus { record asOf @skip(if: $s) __typename } __typename }',
      variables: { s: true },
      extensions: { clientLibrary: { name: 'test' } },
    },
    fragments: {
      query: '{ ...Q } fragment Q on Query { f: feedStatus { ...F } } fragment F on FeedStatus { record stale }',
    },
    'one operation of two': { query: two, operationName: 'B' },
    'no operation of two': { query: two },
    'an operation that is not there': { query: two, operationName: 'C' },
    'an empty operation name': { query: 'query A { __typename }', operationName: '' },
    'a subscription': { query: 'subscription { feedStatus }' },
    introspection: { query: '{ __schema { queryType { name fields { name } } } __type(name: "Person") { name } }' },
    'all of introspection': { query: getIntrospectionQuery() },
    'introspection beside data': { query: '{ feedStatus { record } __type(name: "Query") { kind } }' },
    'a mutation': { query: report, variables: { i: { dryRun: true, items: [] } } },
    'a mutation of a faulty item': { query: report, variables: { i: { dryRun: true, items: [{ sourceKey: 'x' }] } } },
    'a mutation that fails': { query: report, variables: { i: { dryRun: true, items: 7 } } },
    'a name too long for PostgreSQL': { query: `{ feedStatus { ${'a'.repeat(64)}: record } }` },
    'what does not parse': { query: '{ feedStatus { record }' },
    'what does not validate': { query: '{ feedStatus { recrd } persn }' },
    'a null query': { query: '{ __typename }', operationName: null, extensions: null },
    'a persisted query': {
      query: '{ __typename }',
      extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
    },
    'extensions of the wrong type': { query: '{ __typename }', extensions: [1] },
    'variables of the wrong type': { query: check, variables: 'c' },
    'an operation name of the wrong type': { query: two, operationName: 7 },
  };
}

/** A media type that means the same and is written in another way. */
const NOT_PLAIN = { 'content-type': 'application/json ; charset="utf-8"' };

const ACCEPTS = [
  'application/graphql-response+json',
  'application/json;q=0.9, application/graphql-response+json;q=0.8',
  '*/*',
];

test('answers of both roads are equal to the byte, whoever asks, for what, and in which media type', async () => {
  const { hub } = world;
  let count = 0;
  const statuses = new Set<string>();
  for (const [what, body] of Object.entries(bodies())) {
    const callers = { education, housing, civilAffairs, analyst, auditor, reporting, purposeless, unsorted };
    for (const [who, caller] of Object.entries(callers)) {
      const accept = ACCEPTS[count % ACCEPTS.length] ?? '*/*';
      const headers: Record<string, string> = {
        ...hub.headersOf(caller),
        accept,
        ...(count % 2 === 0 ? {} : { 'hub-on-denied': 'null' }),
      };
      // A comment makes the text new, so that it is cold once.
      const text = JSON.stringify({ ...body, query: `${body.query}\n# ${String(count)}` });
      const cold = await hub.post(text, headers);
      const warm = await hub.post(text, headers);
      expect([what, who, warm]).toEqual([what, who, cold]);
      const general = await hub.post(text, { ...headers, ...NOT_PLAIN });
      expect([what, who, general]).toEqual([what, who, cold]);
      const { errors: [first] = [], extensions } = cold.json;
      statuses.add(
        `${String(cold.status)} ${String(first?.extensions['code'] ?? 'OK')}${extensions === undefined ? '' : ', masked'}`,
      );
      count += 1;
    }
    const batch = await hub.post(JSON.stringify([body, body]), hub.headersOf(education));
    expect([what, batch.status]).toEqual([what, 400]);
  }
  expect(count).toBeGreaterThan(250);
  // What was compared is of all kinds.
  expect([...statuses].sort()).toEqual([
    '200 BAD_USER_INPUT',
    '200 FIELD_DENIED',
    '200 FIELD_DENIED, masked',
    '200 GRAPHQL_PARSE_FAILED',
    '200 GRAPHQL_VALIDATION_FAILED',
    '200 OK',
    '200 OK, masked',
    '200 OPERATION_RESOLUTION_FAILURE',
    '200 PERSISTED_QUERY_NOT_SUPPORTED',
    '400 BAD_REQUEST',
    '400 BAD_USER_INPUT',
    '400 GRAPHQL_PARSE_FAILED',
    '400 GRAPHQL_VALIDATION_FAILED',
    '400 OPERATION_RESOLUTION_FAILURE',
    '400 PERSISTED_QUERY_NOT_SUPPORTED',
    '403 FIELD_DENIED',
    '403 OPERATION_DENIED',
    '403 PURPOSE_NOT_ALLOWED',
    '403 PURPOSE_REQUIRED',
  ]);
});

test('bodies that are no operation, and callers who are nobody, are answered alike in the lane and around it', async () => {
  const { hub } = world;
  const headers = hub.headersOf(education);
  const { authorization: _, ...nobody } = headers;
  const texts = [
    '',
    '{',
    '[]',
    '7',
    'null',
    '"{}"',
    '{"query":7}',
    '{"__proto__":{"query":"{ feedStatus { record } }"}}',
  ];
  for (const [text, by] of [...texts.map((text) => [text, headers] as const), ['{}', nobody] as const]) {
    const lane = await hub.post(text, by);
    const general = await hub.post(text, { ...by, ...NOT_PLAIN });
    expect([text, general]).toEqual([text, lane]);
    expect(lane.status).toBe(by === nobody ? 401 : 400);
  }
});

test('the log tells the same of all roads', async () => {
  const { hub } = world;
  const text = JSON.stringify({ query: 'query Logged { feedStatus { record } }' });
  const before = hub.logged().length;
  for (let i = 0; i < 2; i++) await hub.post(text, hub.headersOf(education));
  await hub.post(text, { ...hub.headersOf(education), ...NOT_PLAIN });
  const lines = () =>
    hub
      .logged()
      .slice(before)
      .split('\n')
      .filter((line) => line.includes('"Logged"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const until = Date.now() + 5_000; lines().length < 3 && Date.now() < until;) await sleep(5);
  const told = lines().map(({ time: _, requestId: __, ms: ___, ...rest }) => rest);
  expect(told).toHaveLength(3);
  expect(told[2]).toEqual(told[0]);
  expect(told[1]).toEqual(told[0]);
});
