/** What a request may be at most, before anything of it is run. */
import { describe, expect, test } from '@jest/globals';
import { toBytes } from '../../src/platform/bytes.ts';
import { NUMBER, OPERATION, scriptedHub } from './scripted-hub.ts';

const hub = scriptedHub();

describe('the bounds of a request', () => {
  const nested = (levels: number): string =>
    `{ person ${'{ friends '.repeat(levels - 2)}{ name }${' }'.repeat(levels - 2)} }`;

  test('hold batches out, whatever their size', async () => {
    const one = await hub.send([OPERATION]);
    const many = await hub.send(Array.from({ length: 2_000 }, () => OPERATION));
    for (const { status, json } of [one, many]) {
      expect(status).toBe(400);
      expect(json.errors?.[0]?.extensions).toEqual({ code: 'BAD_REQUEST' });
    }
    expect(hub.asked).toEqual([]);
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
    expect(hub.asked).toEqual([]);
  });

  test('let the introspection of tools pass', async () => {
    hub.answer = () => ({ text: toBytes('{"__schema":null}') });
    const { getIntrospectionQuery } = await import('graphql');
    expect(
      (await hub.send({ query: getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }) })).status,
    ).toBe(200);
  });

  test('hold bodies out that are too large, no JSON, or nothing at all', async () => {
    expect((await hub.send(JSON.stringify({ query: 'x'.repeat(9_000_000) }))).status).toBe(413);
    expect((await hub.send(`{"query": "${NUMBER}`)).status).toBe(400);
    expect((await hub.send(`{"query": "${NUMBER}`)).text).not.toContain(NUMBER);
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
