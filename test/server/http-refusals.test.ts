/** Refusals over HTTP: status, code, path, and what they never tell. */
import { describe, expect, test } from '@jest/globals';
import { GraphQLError, execute as executeStock } from 'graphql';
import { HubError, fieldDenied, ledgerUnavailable, tooManyMisses } from '../../src/platform/errors.ts';
import { NUMBER, OPERATION, scriptedHub } from './scripted-hub.ts';
import { stubSchema } from './stub-hub.ts';

const hub = scriptedHub();

describe('a refusal', () => {
  test.each([
    ['FIELD_DENIED', 403, () => fieldDenied([{ coordinate: 'Person.name', reason: 'no', owner: 'HEALTH' }])],
    ['LEDGER_UNAVAILABLE', 503, () => ledgerUnavailable(new Error('disk'))],
    ['TOO_MANY_MISSES', 429, () => tooManyMisses(7)],
  ] as const)('%s has its code, its status %i and nothing of its cause', async (code, status, make) => {
    hub.answer = () => {
      throw make();
    };
    const refused = await hub.send(OPERATION);
    expect(refused.status).toBe(status);
    expect(refused.json.data).toBeUndefined();
    expect(refused.json.errors?.[0]).toMatchObject({ message: make().message, extensions: { code } });
    expect(refused.text).not.toContain('disk');
    expect(refused.headers.get('retry-after')).toBe(code === 'TOO_MANY_MISSES' ? '7' : null);
  });

  test('of something unforeseen shows a number and nothing else; the log has it under the same number', async () => {
    hub.answer = () => {
      throw Object.assign(new Error(`Key (match_key)=(${NUMBER}) already exists`), {
        code: '23505',
        detail: NUMBER,
        constraint: 'uq_person_identifier__match_key',
      });
    };
    const { status, json, text, headers } = await hub.send(OPERATION);
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
    hub.answer = () => {
      throw fault;
    };
    const { status, json, headers } = await hub.send(OPERATION);
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
          throw new Error(`about ${NUMBER}`);
        },
      }),
    };
    hub.answer = async ({ document }) => {
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
    expect(text).not.toContain(NUMBER);
  });

  test('of a whole mutation has the status of its error, although graphql-js answers with null', async () => {
    const rootValue = {
      report: () => {
        throw ledgerUnavailable();
      },
    };
    hub.answer = async ({ document }) => {
      const result = await executeStock({ schema: stubSchema, document, rootValue });
      return { data: result.data ?? null, errors: result.errors ?? [] };
    };
    const { status, json } = await hub.send({ query: 'mutation { report(name: "x") }' });
    expect(status).toBe(503);
    expect(json.errors?.[0]?.extensions).toEqual({ code: 'LEDGER_UNAVAILABLE' });
  });

  test('of variables names the place and never the value', async () => {
    hub.answer = async ({ document, variables }) => {
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
      ...OPERATION,
      variables: { c: [{ idNumber: NUMBER, amount: NUMBER }] },
    });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([
      {
        message: 'Variable "$c" at "c[0].amount": Expected a value of type "Int".',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(text).not.toContain(NUMBER);
  });

  test.each([
    ['GRAPHQL_PARSE_FAILED', 'a syntax error', `{ check(checks: "${NUMBER}" "${NUMBER}") }`],
    ['GRAPHQL_PARSE_FAILED', 'an unterminated string', `{ check(checks: "${NUMBER}`],
    [
      'GRAPHQL_VALIDATION_FAILED',
      'a literal of the wrong type',
      `{ check(checks: [{idNumber: ${NUMBER}, amount: "${NUMBER}"}]) }`,
    ],
    [
      'GRAPHQL_VALIDATION_FAILED',
      'an enum that does not exist',
      `{ check(checks: [{idNumber: "x", programme: P${NUMBER}}]) }`,
    ],
    ['GRAPHQL_VALIDATION_FAILED', 'a field that does not exist', `{ p${NUMBER} }`],
    ['GRAPHQL_VALIDATION_FAILED', 'an argument that does not exist', `{ check(checks: [], p${NUMBER}: 1) }`],
    ['GRAPHQL_VALIDATION_FAILED', 'an unknown fragment', `{ ...p${NUMBER} }`],
    ['GRAPHQL_VALIDATION_FAILED', 'an unknown variable', `{ check(checks: $p${NUMBER}) }`],
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
    expect(text).not.toContain(NUMBER);
    expect(text).not.toContain('Did you mean');
    expect(hub.asked).toEqual([]);
  });

  test('of an operation that cannot be told from others says so', async () => {
    for (const body of [
      { query: 'query A { check(checks: []) } query B { check(checks: []) }' },
      { query: 'query A { check(checks: []) }', operationName: `p${NUMBER}` },
    ]) {
      const { status, json, text } = await hub.send(body);
      expect(status).toBe(400);
      expect(json.errors?.[0]?.extensions).toEqual({ code: 'OPERATION_RESOLUTION_FAILURE' });
      expect(text).not.toContain(NUMBER);
    }
  });
});
