/** Documents that are known by their hash: where they come from, who may be asked what with them, and over which method. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { runHub } from '../aid/hub-process.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

const idOf = (text: string): string => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
const builtIn = (name: string): string => readFileSync(`schema/operations/${name}.graphql`, 'utf8');

/** Documents of an installation, by the name of their file. */
const OWN = {
  mixed:
    'query Open { feedStatus { record } } query Closed { recipients { totalCount } } mutation Write { __typename }\n',
  hidden:
    'query Hidden { ...Q } fragment Q on Query { feedStatus { record } ... on Query { recipients { totalCount } } }\n',
  skipped: 'query Skipped { feedStatus { record } recipients @skip(if: true) { totalCount } }\n',
  introspection: '{ __schema { queryType { name } } }\n',
} as const;

const labour: Bound = callerOf('LABOUR', 'SYSTEM', { caseNo: 'LABOUR-1' });
const { purpose: _, caseNo: __, ...anybody } = labour;

let db: TestDatabase;
let folder: string;
let hub: TestHub;
beforeAll(async () => {
  db = await testDatabase();
  folder = testFolder('documents');
  for (const [name, text] of Object.entries(OWN)) writeFileSync(join(folder, `${name}.graphql`), text);
  writeFileSync(join(folder, 'README.md'), 'not a document');
  hub = await openHub(db, { settings: { HUB_DOCUMENTS_DIR: folder } });
});
afterAll(async () => {
  await hub.close();
  await db.drop();
});

const post = (at: TestHub, body: object, caller: Bound = anybody, headers: Record<string, string> = {}) =>
  at.post(JSON.stringify(body), { ...at.headersOf(caller), ...headers });

async function get(parameters: Record<string, string> | string, headers: Record<string, string> = {}, method = 'GET') {
  const { 'content-type': ___, ...sent } = hub.headersOf(anybody);
  const query = typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString();
  const response = await fetch(`${hub.url}/graphql?${query}`, { method, headers: { ...sent, ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a document id', () => {
  test('stands for the text of a built-in file or of one in the folder, with variables and an operation name', async () => {
    const variables = { parent: '620000000000' };
    const byId = await post(hub, { documentId: idOf(builtIn('regions')), variables });
    expect(byId).toEqual(await post(hub, { query: builtIn('regions'), variables }));
    expect(byId.text).toContain('620100000000');
    const own = await post(hub, { documentId: idOf(OWN.mixed), operationName: 'Open' });
    expect(own.json.data).toEqual({ feedStatus: [] });
  });

  test('that is unknown, malformed or beside a text is refused; null is none', async () => {
    const unknown = await post(hub, { documentId: idOf('{ __typename }') });
    expect(unknown.status).toBe(400);
    expect(unknown.json.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
    const legacy = await post(hub, { documentId: idOf('{ __typename }') }, anybody, { accept: 'application/json' });
    expect([legacy.status, legacy.text]).toEqual([200, unknown.text]);
    for (const body of [{ documentId: 7 }, { documentId: idOf(OWN.mixed), query: OWN.mixed }]) {
      const refused = await post(hub, body);
      expect([refused.status, refused.json.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST']);
    }
    expect((await post(hub, { query: '{ __typename }', documentId: null })).json.data).toEqual({ __typename: 'Query' });
  });

  test('opens nothing that its text does not open', async () => {
    const refused = await post(hub, { documentId: idOf(OWN.mixed), operationName: 'Closed' });
    expect([refused.status, refused.json.errors?.[0]?.extensions['code']]).toEqual([403, 'PURPOSE_REQUIRED']);
  });
});

describe('over GET', () => {
  test('a document of public data is answered, and a cache of the caller’s own may keep it', async () => {
    const parameters = { documentId: idOf(builtIn('regions')), variables: '{"parent":"620000000000"}' };
    const first = await get(parameters);
    expect(first.status).toBe(200);
    expect(first.text).toContain('620100000000');
    expect(first.headers.get('cache-control')).toBe('private, max-age=60');
    expect(first.headers.get('vary')).toBe('Accept, Authorization');
    const etag = String(first.headers.get('etag'));
    const again = await get(parameters, { 'if-none-match': `"other", W/${etag}` });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    const legacy = await get(parameters, { accept: 'application/json' });
    expect([legacy.text, legacy.headers.get('etag') === etag]).toEqual([first.text, false]);
    const head = await get(parameters, {}, 'HEAD');
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag]);
    const other = await get({ ...parameters, variables: '{"parent":"620100000000"}' }, { 'if-none-match': etag });
    expect(other.status).toBe(200);
  });

  test('a token is needed all the same', async () => {
    const refused = await get({ documentId: idOf(builtIn('feeds')) }, { authorization: '' });
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([401, 'no-store']);
  });

  test.each([
    ['a query in the address', 'query={feedStatus{record}}'],
    ['a query beside a document', `query={feedStatus{record}}&documentId=${idOf(builtIn('feeds'))}`],
    ['nothing', ''],
    ['a document that reads persons', `documentId=${idOf(builtIn('recipients'))}`],
    ['a mutation', `documentId=${idOf(builtIn('report-aid'))}`],
    ['the closed one of two operations', `documentId=${idOf(OWN.mixed)}&operationName=Closed`],
    ['a mutation beside queries', `documentId=${idOf(OWN.mixed)}&operationName=Write`],
    ['a personal field in a fragment', `documentId=${idOf(OWN.hidden)}`],
    ['a personal field that is skipped', `documentId=${idOf(OWN.skipped)}`],
    ['the caller’s view of the schema', `documentId=${idOf(OWN.introspection)}`],
  ])('%s is not allowed, and the refusal says what is', async (_what, query) => {
    const refused = await get(query, hub.headersOf(labour));
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(refused.text).toContain('Over GET only trusted documents of public data');
  });

  test.each([
    ['an unknown document', { documentId: idOf('x') }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['an operation that cannot be told', { documentId: idOf(OWN.mixed) }, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'a variable of the wrong type',
      { documentId: idOf(builtIn('regions')), variables: '{"first":"x"}' },
      'BAD_USER_INPUT',
    ],
    ['variables that are no object', { documentId: idOf(builtIn('feeds')), variables: '[1]' }, 'BAD_REQUEST'],
    ['variables that are no JSON', { documentId: idOf(builtIn('feeds')), variables: '{' }, 'BAD_REQUEST'],
  ])('%s is refused and never kept', async (_what, parameters, code) => {
    for (const accept of ['application/graphql-response+json', 'application/json']) {
      const { headers, text } = await get(parameters, { accept });
      expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
      expect(text).toContain(`"code":"${code}"`);
    }
    expect((await get(parameters)).status).toBe(400);
  });

  test('an address holds each parameter once', async () => {
    const id = idOf(builtIn('feeds'));
    expect((await get(`documentId=${id}&documentId=${id}`)).status).toBe(400);
  });

  test('what stands in an address stands in no log', async () => {
    const variables = '{"parent":"addressmark"}';
    await get({ documentId: idOf(builtIn('regions')), variables, operationName: 'addressmark' });
    expect(hub.logged()).not.toContain('addressmark');
  });
});

describe('where only trusted documents are answered', () => {
  let strict: TestHub;
  beforeAll(async () => {
    strict = await openHub(db, { settings: { HUB_DOCUMENTS_DIR: folder, HUB_TRUSTED_DOCUMENTS: 'only' } });
  });
  afterAll(() => strict.close());

  test('they are, by their id and by their text', async () => {
    for (const body of [{ documentId: idOf(builtIn('feeds')) }, { query: builtIn('feeds') }])
      expect((await post(strict, body)).json.data).toEqual({ feedStatus: [] });
  });

  test.each([
    ['another text', { query: '{ feedStatus { record } }' }],
    ['a text that differs in a space', { query: `${builtIn('feeds')} ` }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['what does not even parse', { query: '{' }],
    ['an unknown id', { documentId: idOf('{ feedStatus { record } }') }],
  ])('%s is refused, and the refusal names those that there are and how one is added', async (_what, body) => {
    const { status, json } = await post(strict, body);
    expect(status).toBe(403);
    expect(json.errors?.[0]).toMatchObject({
      message: expect.stringContaining('HUB_DOCUMENTS_DIR'),
      extensions: {
        code: 'DOCUMENT_NOT_TRUSTED',
        documents: expect.arrayContaining([
          { id: idOf(builtIn('check-status')), name: 'CheckStatus' },
          { id: idOf(OWN.introspection), name: 'introspection' },
          { id: idOf(OWN.mixed), name: 'Open, Closed, Write' },
        ]),
      },
    });
  });

  test('a request that is none stays a malformed one', async () => {
    for (const body of [{}, { query: 7 }, [{ query: '{ feedStatus { record } }' }]])
      expect((await post(strict, body)).json.errors?.[0]?.extensions['code']).toBe('BAD_REQUEST');
  });
});

describe('a file that the schema does not admit', () => {
  const broken = (): string => {
    const at = testFolder('documents');
    writeFileSync(join(at, 'good.graphql'), '{ feedStatus { record } }');
    writeFileSync(join(at, 'renamed.graphql'), 'query Renamed {\n  feedStatus {\n    recordId\n  }\n}\n');
    writeFileSync(join(at, 'cut.graphql'), 'query Cut { feedStatus {');
    return at;
  };

  test('stops the start, and every such file is named with what is wrong', async () => {
    await expect(openHub(db, { settings: { HUB_DOCUMENTS_DIR: broken() } })).rejects.toThrow(
      /cut\.graphql:1: Syntax Error.*\n.*renamed\.graphql:3: Cannot query field "recordId"/,
    );
    await expect(openHub(db, { settings: { HUB_DOCUMENTS_DIR: join(folder, 'nowhere') } })).rejects.toThrow(/nowhere/);
  });

  test('is found by hub documents, which lists all where they are good', async () => {
    const bad = await runHub(['documents'], { HUB_DOCUMENTS_DIR: broken() });
    expect([bad.code, bad.out]).toEqual([2, '']);
    expect(bad.err).toMatch(/renamed\.graphql:3/);
    const good = await runHub(['documents'], { HUB_DOCUMENTS_DIR: folder });
    expect(good.code).toBe(0);
    expect(good.out).toContain(`${idOf(builtIn('feeds'))}  Feeds `);
    expect(good.out).toContain(`${idOf(OWN.mixed)}  Open, Closed, Write `);
  });
});
