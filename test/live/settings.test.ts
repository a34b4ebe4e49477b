/** The file HUB_LIVE_SOURCES: what it takes, and what a fault in it is called. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readLiveSources } from '../../src/live/settings.ts';
import { ConfigError } from '../../src/platform/config.ts';
import { testFolder } from '../harness/folder.ts';

const questions = [{ name: 'employment', department: 'LABOUR', members: ['status', 'registeredOn'] }];
const folder = testFolder('live-settings');
let files = 0;

const plain = {
  name: 'employment',
  department: 'LABOUR',
  kind: 'REST',
  url: 'https://labour.example/persons',
  request: { list: 'persons', key: 'idNumber' },
  answer: { list: 'results', key: 'idNumber' },
};

const read = (content: unknown, env: NodeJS.ProcessEnv = {}, development = false) => {
  const file = join(folder, `sources-${String((files += 1))}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readLiveSources(file, { questions, development, env });
};

/** What a start with one source would say, changed in these members. */
async function faultOf(change: Readonly<Record<string, unknown>>, env?: NodeJS.ProcessEnv): Promise<string> {
  const error: unknown = await read([{ ...plain, ...change }], env).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('It was taken');
  return error.faults.join('\n');
}

test('the least that a source says is enough, and the rest has its defaults', async () => {
  expect(await read([plain])).toEqual([
    {
      ...plain,
      answer: { ...plain.answer, fields: {} },
      headers: {},
      token: undefined,
      tls: undefined,
      deadline: 3_000,
      largestBatch: 100,
      concurrency: 4,
      waiting: 100,
      largestAnswer: 1_048_576,
      breaker: { failures: 5, within: 30, open: 15 },
    },
  ]);
});

test('tokens come from the environment or a file, and certificates from files beside it', async () => {
  writeFileSync(join(folder, 'token'), 'from-a-file\n');
  writeFileSync(join(folder, 'ca.pem'), 'certificate');
  const [one] = await read([{ ...plain, token: { env: 'LABOUR_TOKEN' }, tls: { ca: 'ca.pem' } }], {
    LABOUR_TOKEN: 'sesame',
  });
  expect(one).toMatchObject({ token: 'sesame', tls: { ca: Buffer.from('certificate') } });
  expect((await read([{ ...plain, token: { file: 'token' } }]))[0]?.token).toBe('from-a-file');
});

test.each([
  ['an unknown member', { colour: 'red' }, 'source 1: Unrecognized key: "colour"'],
  ['a deadline beyond its range', { deadline: 1 }, 'source 1, "deadline"'],
  ['a breaker without sense', { breaker: { failures: 0 } }, 'source 1, "breaker.failures"'],
  ['another department', { department: 'HOUSING' }, 'source 1, "department": employment is a question to LABOUR'],
  [
    'a question that no field puts',
    { name: 'pensions' },
    'source 1, "name": no field asks for it; there are employment',
  ],
  [
    'a member that the question does not have',
    { answer: { ...plain.answer, fields: { salary: 'x' } } },
    'has no salary',
  ],
  ['an address without https', { url: 'http://labour.example/' }, 'source 1, "url": must be an https address'],
  ['an address of another kind', { url: 'file:///etc/passwd' }, 'source 1, "url"'],
  ['a password in the address', { url: 'https://a:b@labour.example/' }, 'source 1, "url": must hold no password'],
  ['GraphQL without a document', { kind: 'GRAPHQL' }, 'source 1, "document"'],
  ['REST with a document', { document: '{ a }' }, 'source 1, "document"'],
  ['a header that is the hub’s own', { headers: { Authorization: 'x' } }, '"headers.Authorization"'],
  ['a header with a line break', { headers: { 'x-a': 'b\r\nc: d' } }, '"headers.x-a"'],
  ['half of a key pair', { tls: { cert: 'ca.pem' } }, 'source 1, "tls"'],
  ['a file that is not there', { tls: { ca: 'nowhere.pem' } }, 'source 1, "tls.ca": the file cannot be read'],
  ['a token that is not there', { token: { env: 'NOWHERE' } }, 'source 1, "token"'],
])('%s stops the start and is named', async (_what, change, fault) => {
  expect(await faultOf(change)).toContain(fault);
});

test('a token is in no message', async () => {
  expect(await faultOf({ token: { env: 'LABOUR_TOKEN' } }, { LABOUR_TOKEN: 'two words' })).not.toContain('words');
});

test('http is for this machine in development mode alone', async () => {
  const local = { ...plain, url: 'http://127.0.0.1:4100/persons' };
  expect(await read([local], {}, true)).toHaveLength(1);
  await expect(read([local])).rejects.toThrow('must be an https address');
  await expect(read([{ ...plain, url: 'http://10.0.0.1/' }], {}, true)).rejects.toThrow('must be an https address');
});

test('two sources for one question, a file that is no JSON, and no file at all', async () => {
  await expect(read([plain, plain])).rejects.toThrow('source 2, "name": occurs twice');
  await expect(read('[{')).rejects.toThrow('is not JSON');
  await expect(readLiveSources(join(folder, 'no'), { questions, development: false, env: {} })).rejects.toThrow(
    'cannot be read',
  );
});

test('the settings of the walk in docs/live-sources.md are taken', async () => {
  const all = [
    { name: 'employment', department: 'LABOUR', members: [] },
    { name: 'insurance', department: 'MEDICAL_SECURITY', members: [] },
  ];
  const terms = { questions: all, development: true, env: {} };
  expect(await readLiveSources('test/live/demo-sources.json', terms)).toHaveLength(2);
});
