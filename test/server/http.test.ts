/** Answers over HTTP, the callers that get them, and what the log keeps of both. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { toBytes } from '../../src/platform/bytes.ts';
import { NUMBER, OPERATION, scriptedHub } from './scripted-hub.ts';

const hub = scriptedHub();

describe('an answer', () => {
  test('carries the text of the engine unparsed', async () => {
    // A number beyond the precision of JavaScript would change if anything parsed it.
    hub.answer = () => ({
      text: toBytes('{"check": 12345678901234567890.10}'),
      extensions: { masked: ['Person.name'] },
    });
    const { status, text } = await hub.send(OPERATION);
    expect(status).toBe(200);
    expect(text).toBe('{"data":{"check": 12345678901234567890.10},"extensions":{"masked":["Person.name"]}}\n');
  });

  test('carries the data of graphql-js where the engine had to complete it', async () => {
    hub.answer = () => ({ data: { check: 'ok' } });
    expect((await hub.send(OPERATION)).json).toEqual({ data: { check: 'ok' } });
  });

  test('holds the errors of denied fields beside the data, and is a success', async () => {
    hub.answer = () => ({
      text: toBytes('{"check":null}'),
      errors: [
        new GraphQLError('Query.check is not open to you', { extensions: { code: 'FIELD_DENIED', denied: [] } }),
      ],
    });
    const { status, json } = await hub.send(OPERATION);
    expect(status).toBe(200);
    expect(json).toEqual({
      data: { check: null },
      errors: [{ message: 'Query.check is not open to you', extensions: { code: 'FIELD_DENIED', denied: [] } }],
    });
  });

  test('is never cached and comes in the media type that the client accepts', async () => {
    const plain = await hub.send(OPERATION, { accept: undefined });
    expect(plain.headers.get('cache-control')).toBe('no-store');
    expect(plain.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(plain.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const accept = 'application/graphql-response+json, application/json;q=0.9';
    const modern = await hub.send(OPERATION, { accept });
    expect(modern.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect((await hub.send('{', { accept })).headers.get('content-type')).toMatch('graphql-response');
    expect((await hub.send(OPERATION, { accept: 'text/csv' })).status).toBe(406);
  });

  test('knows the caller, the purpose and the case; the case may be Chinese', async () => {
    await hub.send(OPERATION, { 'hub-case': encodeURIComponent('甘教助〔2026〕1号'), 'hub-on-denied': 'null' });
    expect(hub.asked[0]?.context).toMatchObject({
      caller: { client: 'education.demo', purpose: 'AID_ELIGIBILITY', caseNo: '甘教助〔2026〕1号' },
      onDenied: 'null',
    });
    expect(hub.asked[0]?.variables).toEqual(OPERATION.variables);
  });
});

describe('a caller', () => {
  test.each([
    ['without a token', undefined],
    ['with another scheme', 'Basic secret'],
    ['with a token that is none', 'Bearer secret'],
  ])('%s is asked to sign in, and the engine never hears of it', async (_what, authorization) => {
    const { status, headers, json, text } = await hub.send(OPERATION, { authorization });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(json.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    expect(text).not.toContain('secret');
    expect(hub.asked).toEqual([]);
    // Not even the schema is told.
    expect((await hub.send({ query: '{ __schema { types { name } } }' }, { authorization })).status).toBe(401);
    expect((await hub.send({ query: '{ nothing }' }, { authorization })).status).toBe(401);
  });

  test('without a token is refused before a large body is read', async () => {
    const { hostname, port } = new URL(hub.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n{`,
    );
    const head = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
    socket.destroy();
    expect(head).toMatch(/^HTTP\/1\.1 401/);
  });

  test('whose headers are malformed gets bad input that names the header', async () => {
    for (const [name, value] of [
      ['hub-purpose', 'EVERYTHING'],
      ['hub-case', 'a b'],
      ['hub-on-denied', 'yes'],
    ] as const) {
      const { status, json, text } = await hub.send(OPERATION, { [name]: value });
      expect(status).toBe(400);
      expect(json.errors?.[0]?.extensions['code']).toBe('BAD_REQUEST');
      expect(text.toLowerCase()).toContain(name);
    }
    expect(hub.asked).toEqual([]);
  });

  test('with a purpose outside the token has no purpose, and its refusal goes along to be recorded', async () => {
    await hub.send(OPERATION, { 'hub-purpose': 'AUDIT' });
    expect(hub.asked[0]?.context.caller.purpose).toBeUndefined();
    expect(hub.asked[0]?.context.caller.refusal).toMatchObject({ code: 'PURPOSE_NOT_ALLOWED' });
  });
});

test('neither log nor metrics hold a token, a variable, a case, a name or an address with values', async () => {
  const secrets = { name: '张三丰', caseNo: 'ED-2026-009999', query: 'secretquery' };
  await hub.send(
    {
      query: `query p${NUMBER}($c: [Check!]!) { alias${NUMBER}: check(checks: $c) }`,
      variables: { c: [{ idNumber: NUMBER, amount: 1 }] },
    },
    { 'hub-case': secrets.caseNo },
  );
  await hub.send({ query: `mutation Report { report(name: "${secrets.name}") }` });
  await fetch(`${hub.url}/graphql?query=${secrets.query}&n=${NUMBER}`);
  await fetch(`${hub.url}/p/${NUMBER}`);
  await hub.send({ query: `{ nothing(a: "${secrets.name}") }` });
  await sleep(50);
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  for (const text of [hub.logged(), metrics]) {
    for (const secret of [NUMBER, ...Object.values(secrets), hub.token, hub.token.split('.')[2] ?? '', 'Bearer ']) {
      expect(text).not.toContain(secret);
    }
  }
  const last = hub
    .logged()
    .split('\n')
    .filter((line) => line.includes('"operation":"Report"'))
    .map((line) => JSON.parse(line) as object);
  expect(last.at(-1)).toMatchObject({
    method: 'POST',
    path: '/graphql',
    status: 200,
    client: 'education.demo',
    kind: 'mutation',
    outcome: 'OK',
    ms: expect.any(Number),
    requestId: expect.any(String),
  });
  expect(metrics).toContain(
    'hub_operations_total{department="EDUCATION",role="SYSTEM",kind="mutation",outcome="OK"} 1',
  );
  expect(metrics).not.toContain('education.demo');
});
