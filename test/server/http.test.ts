import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GraphQLError, execute as executeStock } from 'graphql';
import type { EngineRequest, EngineResult } from '../../src/access/index.ts';
import { HubError, fieldDenied, ledgerUnavailable, tooManyMisses } from '../../src/platform/errors.ts';
import { toBytes } from '../../src/platform/bytes.ts';
import { stubHub, stubSchema } from './stub-hub.ts';
import type { StubHub } from './stub-hub.ts';

let hub: StubHub;
let asked: EngineRequest[] = [];
let answer: (request: EngineRequest) => EngineResult | Promise<EngineResult>;

beforeAll(async () => {
  hub = await stubHub((request) => {
    asked.push(request);
    return Promise.resolve(answer(request));
  });
});
afterAll(() => hub.close());
beforeEach(() => {
  asked = [];
  answer = () => ({ text: toBytes('{"check":"ok"}') });
});

const number = '620199'.padEnd(18, '0');
const operation = { query: 'query Q($c: [Check!]!) { check(checks: $c) }', variables: { c: [{ idNumber: number }] } };

describe('an answer', () => {
  test('carries the text of the engine unparsed', async () => {
    // A number beyond the precision of JavaScript would change if anything parsed it.
    answer = () => ({ text: toBytes('{"check": 12345678901234567890.10}'), extensions: { masked: ['Person.name'] } });
    const { status, text } = await hub.send(operation);
    expect(status).toBe(200);
    expect(text).toBe('{"data":{"check": 12345678901234567890.10},"extensions":{"masked":["Person.name"]}}\n');
  });

  test('carries the data of graphql-js where the engine had to complete it', async () => {
    answer = () => ({ data: { check: 'ok' } });
    expect((await hub.send(operation)).json).toEqual({ data: { check: 'ok' } });
  });

  test('holds the errors of denied fields beside the data, and is a success', async () => {
    answer = () => ({
      text: toBytes('{"check":null}'),
      errors: [
        new GraphQLError('Query.check is not open to you', { extensions: { code: 'FIELD_DENIED', denied: [] } }),
      ],
    });
    const { status, json } = await hub.send(operation);
    expect(status).toBe(200);
    expect(json).toEqual({
      data: { check: null },
      errors: [{ message: 'Query.check is not open to you', extensions: { code: 'FIELD_DENIED', denied: [] } }],
    });
  });

  test('is never cached and comes in the media type that the client accepts', async () => {
    const plain = await hub.send(operation, { accept: undefined });
    expect(plain.headers.get('cache-control')).toBe('no-store');
    expect(plain.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(plain.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const accept = 'application/graphql-response+json, application/json;q=0.9';
    const modern = await hub.send(operation, { accept });
    expect(modern.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect((await hub.send('{', { accept })).headers.get('content-type')).toMatch('graphql-response');
    expect((await hub.send(operation, { accept: 'text/csv' })).status).toBe(406);
  });

  test('knows the caller, the purpose and the case; the case may be Chinese', async () => {
    await hub.send(operation, { 'hub-case': encodeURIComponent('甘教助〔2026〕1号'), 'hub-on-denied': 'null' });
    expect(asked[0]?.context).toMatchObject({
      caller: { client: 'education.demo', purpose: 'AID_ELIGIBILITY', caseNo: '甘教助〔2026〕1号' },
      onDenied: 'null',
    });
    expect(asked[0]?.variables).toEqual(operation.variables);
  });
});

describe('a refusal', () => {
  test.each([
    ['FIELD_DENIED', 403, () => fieldDenied([{ coordinate: 'Person.name', reason: 'no', owner: 'HEALTH' }])],
    ['LEDGER_UNAVAILABLE', 503, () => ledgerUnavailable(new Error('disk'))],
    ['TOO_MANY_MISSES', 429, () => tooManyMisses(7)],
  ] as const)('%s has its code, its status %i and nothing of its cause', async (code, status, make) => {
    answer = () => {
      throw make();
    };
    const refused = await hub.send(operation);
    expect(refused.status).toBe(status);
    expect(refused.json.data).toBeUndefined();
    expect(refused.json.errors?.[0]).toMatchObject({ message: make().message, extensions: { code } });
    expect(refused.text).not.toContain('disk');
    expect(refused.headers.get('retry-after')).toBe(code === 'TOO_MANY_MISSES' ? '7' : null);
  });

  test('of something unforeseen shows a number and nothing else; the log has it under the same number', async () => {
    answer = () => {
      throw Object.assign(new Error(`Key (match_key)=(${number}) already exists`), {
        code: '23505',
        detail: number,
        constraint: 'uq_person_identifier__match_key',
      });
    };
    const { status, json, text, headers } = await hub.send(operation);
    expect(status).toBe(500);
    const correlationId = headers.get('x-request-id');
    expect(json.errors).toEqual([
      { message: expect.stringContaining(String(correlationId)), extensions: { code: 'INTERNAL', correlationId } },
    ]);
    expect(text).not.toContain('match_key');
    expect(hub.logged()).toContain(`"requestId":"${String(correlationId)}"`);
    expect(hub.logged()).toContain('uq_person_identifier__match_key');
  });

  test.each([
    ['cannot be reached', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['was cut off', new Error('Connection terminated unexpectedly')],
  ])('while the database %s asks the caller to try again', async (_what, fault) => {
    answer = () => {
      throw fault;
    };
    const { status, json, headers } = await hub.send(operation);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('2');
    expect(json.errors?.[0]?.extensions).toMatchObject({ code: 'OVERLOADED' });
  });

  test('raised inside graphql-js keeps its path, and an unforeseen one loses its text', async () => {
    const root = {
      person: () => ({
        name: () => {
          throw new HubError('OPERATION_DENIED', 'not open');
        },
        friends: () => {
          throw new Error(`about ${number}`);
        },
      }),
    };
    answer = async ({ document }) => {
      const result = await executeStock({ schema: stubSchema, document, rootValue: root });
      return { data: result.data ?? null, errors: result.errors ?? [] };
    };
    const { status, json, text } = await hub.send({ query: '{ person { name friends { name } } }' });
    expect(status).toBe(200);
    expect(json.data).toEqual({ person: { name: null, friends: null } });
    expect(json.errors).toMatchObject([
      { message: 'not open', path: ['person', 'name'], extensions: { code: 'OPERATION_DENIED' } },
      { path: ['person', 'friends'], extensions: { code: 'INTERNAL' } },
    ]);
    expect(text).not.toContain(number);
  });

  test('of a whole mutation has the status of its error, although graphql-js answers with null', async () => {
    const rootValue = {
      report: () => {
        throw ledgerUnavailable();
      },
    };
    answer = async ({ document }) => {
      const result = await executeStock({ schema: stubSchema, document, rootValue });
      return { data: result.data ?? null, errors: result.errors ?? [] };
    };
    const { status, json } = await hub.send({ query: 'mutation { report(name: "x") }' });
    expect(status).toBe(503);
    expect(json.errors?.[0]?.extensions).toEqual({ code: 'LEDGER_UNAVAILABLE' });
  });

  test('of variables names the place and never the value', async () => {
    answer = async ({ document, variables }) => {
      const result = await executeStock({ schema: stubSchema, document, variableValues: variables });
      // The engine wraps such an error once more.
      return {
        errors: (result.errors ?? []).map(
          (error) =>
            new GraphQLError(error.message, {
              nodes: error.nodes ?? null,
              originalError: error,
              extensions: { code: 'BAD_USER_INPUT' },
            }),
        ),
      };
    };
    const { status, json, text } = await hub.send({
      ...operation,
      variables: { c: [{ idNumber: number, amount: number }] },
    });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([
      {
        message: 'Variable "$c" at "c[0].amount": Expected a value of type "Int".',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(text).not.toContain(number);
  });

  test.each([
    ['GRAPHQL_PARSE_FAILED', 'a syntax error', `{ check(checks: "${number}" "${number}") }`],
    ['GRAPHQL_PARSE_FAILED', 'an unterminated string', `{ check(checks: "${number}`],
    [
      'GRAPHQL_VALIDATION_FAILED',
      'a literal of the wrong type',
      `{ check(checks: [{idNumber: ${number}, amount: "${number}"}]) }`,
    ],
    [
      'GRAPHQL_VALIDATION_FAILED',
      'an enum that does not exist',
      `{ check(checks: [{idNumber: "x", programme: P${number}}]) }`,
    ],
    ['GRAPHQL_VALIDATION_FAILED', 'a field that does not exist', `{ p${number} }`],
    ['GRAPHQL_VALIDATION_FAILED', 'an argument that does not exist', `{ check(checks: [], p${number}: 1) }`],
    ['GRAPHQL_VALIDATION_FAILED', 'an unknown fragment', `{ ...p${number} }`],
    ['GRAPHQL_VALIDATION_FAILED', 'an unknown variable', `{ check(checks: $p${number}) }`],
    ['GRAPHQL_VALIDATION_FAILED', 'a suggestion', '{ persn { name } }'],
  ])('is %s for %s, repeats nothing and suggests nothing', async (code, _what, query) => {
    const { status, json, text } = await hub.send({ query });
    expect(status).toBe(400);
    expect(json.errors?.length).toBeGreaterThan(0);
    for (const error of json.errors ?? [])
      expect(error).toMatchObject({
        extensions: { code },
        locations: expect.arrayContaining([{ line: 1, column: expect.any(Number) }]),
      });
    expect(text).not.toContain(number);
    expect(text).not.toContain('Did you mean');
    expect(asked).toEqual([]);
  });

  test('of an operation that cannot be told from others says so', async () => {
    for (const body of [
      { query: 'query A { check(checks: []) } query B { check(checks: []) }' },
      { query: 'query A { check(checks: []) }', operationName: `p${number}` },
    ]) {
      const { status, json, text } = await hub.send(body);
      expect(status).toBe(400);
      expect(json.errors?.[0]?.extensions).toEqual({ code: 'OPERATION_RESOLUTION_FAILURE' });
      expect(text).not.toContain(number);
    }
  });
});

describe('a caller', () => {
  test.each([
    ['without a token', undefined],
    ['with another scheme', 'Basic secret'],
    ['with a token that is none', 'Bearer secret'],
  ])('%s is asked to sign in, and the engine never hears of it', async (_what, authorization) => {
    const { status, headers, json, text } = await hub.send(operation, { authorization });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(json.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    expect(text).not.toContain('secret');
    expect(asked).toEqual([]);
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
      const { status, json, text } = await hub.send(operation, { [name]: value });
      expect(status).toBe(400);
      expect(json.errors?.[0]?.extensions['code']).toBe('BAD_REQUEST');
      expect(text.toLowerCase()).toContain(name);
    }
    expect(asked).toEqual([]);
  });

  test('with a purpose outside the token has no purpose, and its refusal goes along to be recorded', async () => {
    await hub.send(operation, { 'hub-purpose': 'AUDIT' });
    expect(asked[0]?.context.caller.purpose).toBeUndefined();
    expect(asked[0]?.context.caller.refusal).toMatchObject({ code: 'PURPOSE_NOT_ALLOWED' });
  });
});

describe('the bounds of a request', () => {
  const nested = (levels: number): string =>
    `{ person ${'{ friends '.repeat(levels - 2)}{ name }${' }'.repeat(levels - 2)} }`;

  test('hold batches out, whatever their size', async () => {
    const one = await hub.send([operation]);
    const many = await hub.send(Array.from({ length: 2_000 }, () => operation));
    for (const { status, json } of [one, many]) {
      expect(status).toBe(400);
      expect(json.errors?.[0]?.extensions).toEqual({ code: 'BAD_REQUEST' });
    }
    expect(asked).toEqual([]);
  });

  test('hold deep nesting out, also in fragments and behind a fragment named like introspection', async () => {
    expect((await hub.send({ query: nested(15) })).status).toBe(200);
    expect((await hub.send({ query: nested(16) })).text).toContain('nests deeper than 15 levels');
    const tail = `${'{ friends '.repeat(13)}{ name }${' }'.repeat(13)}`;
    for (const query of [
      `{ person { friends { ...F } } } fragment F on Person { friends ${tail} }`,
      `{ ...__schema } fragment __schema on Query { person { friends ${tail} } }`,
      `{ __schema: person { friends ${tail} } }`,
      `{ person { ... on Person { ... on Person { friends ${tail} } } } }`,
    ]) {
      expect((await hub.send({ query })).text).toContain('nests deeper than 15 levels');
    }
  });

  test('hold a crowd of root fields out, aliases and fragments included', async () => {
    const fields = Array.from({ length: 21 }, (_, i) => `a${String(i)}: person { name }`).join(' ');
    for (const query of [`{ ${fields} }`, `{ ...F } fragment F on Query { ${fields} }`]) {
      expect((await hub.send({ query })).text).toContain('more than 20 fields at its root');
    }
  });

  test('hold fragments that multiply out, and documents of a million tokens', async () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `fragment F${String(i)} on Person { ...F${String(i + 1)} ...F${String(i + 1)} }`,
    );
    const started = Date.now();
    const bomb = `{ person { ...F0 } } ${levels.join(' ')} fragment F30 on Person { name }`;
    expect((await hub.send({ query: bomb })).status).toBe(400);
    expect((await hub.send({ query: `{ ${'a '.repeat(1_000_000)} }` })).text).toContain('more than 20000 tokens');
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(asked).toEqual([]);
  });

  test('let the introspection of tools pass', async () => {
    answer = () => ({ text: toBytes('{"__schema":null}') });
    const { getIntrospectionQuery } = await import('graphql');
    expect(
      (await hub.send({ query: getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }) })).status,
    ).toBe(200);
  });

  test('hold bodies out that are too large, no JSON, or nothing at all', async () => {
    expect((await hub.send(JSON.stringify({ query: 'x'.repeat(9_000_000) }))).status).toBe(413);
    expect((await hub.send(`{"query": "${number}`)).status).toBe(400);
    expect((await hub.send(`{"query": "${number}`)).text).not.toContain(number);
    expect((await hub.send('')).status).toBe(400);
    expect((await hub.send('"text"')).status).toBe(400);
    expect((await hub.send({})).status).toBe(400);
    expect((await hub.send({ query: '{ check(checks: []) }', variables: 'text' })).status).toBe(400);
    expect((await hub.send('{"__proto__": {"query": 1}}')).status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect((await hub.send('query={check}', { 'content-type': type })).status).toBe(415);
    }
  });

  test('hold persisted queries and subscriptions out', async () => {
    const sha256Hash = 'a'.repeat(64);
    const persisted = await hub.send({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    expect(persisted.json.errors?.[0]?.extensions).toEqual({ code: 'PERSISTED_QUERY_NOT_SUPPORTED' });
    expect((await hub.send({ query: 'subscription { x }' })).status).toBe(400);
  });
});

describe('what is open to anyone', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(hub.url + path, { headers, redirect: 'manual' });

  test('is the page for browsers, from local files and under its own policy', async () => {
    const page = await get('/graphql', { accept: 'text/html,application/xhtml+xml' });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch('text/html');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|http|\*)/);
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\//);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const file = await get(String(path));
      expect([path, file.status]).toEqual([path, 200]);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      await file.arrayBuffer();
    }
    expect((await get('/')).headers.get('location')).toBe('/graphql');
  });

  test('is no other file', async () => {
    for (const path of [
      '/graphiql/index.html',
      '/graphiql/../package.json',
      '/graphiql/%2e%2e%2fpackage.json',
      '/graphiql/..%2f..%2f..%2fpackage.json',
      '/graphiql/',
      '/package.json',
      '/graphiql/page.ts',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('is no operation in an address, where every proxy would log it', async () => {
    const refused = await get(`/graphql?query={check(checks:[{idNumber:"${number}"}])}`);
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('POST');
    expect(await refused.text()).not.toContain(number);
    expect(asked).toEqual([]);
  });

  test('is whether the hub is alive and ready', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'alive' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', checks: {} });
  });

  test('is not its metrics, except on the machine itself', async () => {
    expect((await get('/metrics')).status).toBe(200);
    expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.1' })).status).toBe(401);
    const authorization = `Bearer ${hub.token}`;
    expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.1', authorization })).status).toBe(200);
  });
});

test('neither log nor metrics hold a token, a variable, a case, a name or an address with values', async () => {
  const secrets = { name: '张三丰', caseNo: 'ED-2026-009999', query: 'secretquery' };
  await hub.send(
    {
      query: `query p${number}($c: [Check!]!) { alias${number}: check(checks: $c) }`,
      variables: { c: [{ idNumber: number, amount: 1 }] },
    },
    { 'hub-case': secrets.caseNo },
  );
  await hub.send({ query: `mutation Report { report(name: "${secrets.name}") }` });
  await fetch(`${hub.url}/graphql?query=${secrets.query}&n=${number}`);
  await fetch(`${hub.url}/p/${number}`);
  await hub.send({ query: `{ nothing(a: "${secrets.name}") }` });
  await sleep(50);
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  for (const text of [hub.logged(), metrics]) {
    for (const secret of [number, ...Object.values(secrets), hub.token, hub.token.split('.')[2] ?? '', 'Bearer ']) {
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
