/** `hub query` against a hub whose answers the test writes; as a process of its own where streams and signals matter. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { buildSchema, execute as executeStock } from 'graphql';
import { addQuery } from '../../src/cli/query.ts';
import type { EngineRequest, EngineResult } from '../../src/access/index.ts';
import { fieldDenied, overloaded } from '../../src/platform/errors.ts';
import { beginHub, runHub } from '../aid/hub-process.ts';
import type { Done } from '../aid/hub-process.ts';
import { testFolder } from '../harness/folder.ts';
import { stubHub } from '../server/stub-hub.ts';
import type { StubHub } from '../server/stub-hub.ts';

const schema = buildSchema(/* GraphQL */ `
  type Person {
    name: String
    phone: String
  }
  type Recipient {
    programme: String
    person: Person
  }
  type Edge {
    node: Recipient!
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
  type Recipients {
    edges: [Edge!]!
    pageInfo: PageInfo!
  }
  type Query {
    recipients(programme: String, first: Int, after: String): Recipients!
  }
`);

const PEOPLE = Array.from({ length: 25 }, (_, i) => ({
  programme: 'DIBAO',
  person: { name: i === 0 ? '=HYPERLINK("x")' : `人${String(i)}`, phone: i === 1 ? null : '' },
}));
const PAGE = 10;

let hub: StubHub;
let dir: string;
let query: string;
let asked: EngineRequest[] = [];
let answer: (request: EngineRequest) => EngineResult | Promise<EngineResult>;

beforeAll(async () => {
  hub = await stubHub(
    async (request) => {
      if (request.operationName === undefined && 'cursor' in request.variables) asked.push(request);
      return answer(request);
    },
    { schema },
  );
  dir = testFolder('query');
  query = join(dir, 'people.graphql');
  writeFileSync(
    query,
    'query ($p: String) { recipients(programme: $p) { edges { node { programme person { name phone } } } } }',
  );
});
afterAll(() => hub.close());
beforeEach(() => {
  asked = [];
  answer = pages;
});

/** What the stock executor says, over the people above. */
async function pages({ document, variables }: EngineRequest): Promise<EngineResult> {
  const recipients = ({ after }: { after?: string | null }) => {
    const from = Number(after ?? 0);
    const next = from + PAGE;
    return {
      edges: PEOPLE.slice(from, next).map((node) => ({ node })),
      pageInfo: { hasNextPage: next < PEOPLE.length, endCursor: String(next) },
    };
  };
  const result = await executeStock({ schema, document, variableValues: variables, rootValue: { recipients } });
  return { data: result.data ?? null, errors: result.errors ?? [] };
}

const env = (): Record<string, string> => ({ HUB_URL: hub.url, HUB_TOKEN: hub.token });

/** Runs the command in this process. */
async function run(file: string, ...options: string[]): Promise<Pick<Done, 'code' | 'err'>> {
  const program = new Command().exitOverride();
  addQuery(program);
  let err = '';
  const told = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  try {
    await program.parseAsync(['query', file, '--url', hub.url, ...options], { from: 'user' });
    return { code: Number(process.exitCode), err };
  } finally {
    told.mockRestore();
    process.exitCode = undefined;
  }
}
const asCaller = (...options: string[]): Promise<Pick<Done, 'code' | 'err'>> =>
  run(query, '--token', hub.token, ...options);

test('CSV has all pages, a header, and no formula that a spreadsheet would run; a file appears when it is whole', async () => {
  const out = join(dir, 'people.csv');
  const { code, err } = await asCaller(
    '--format',
    'csv',
    '--variables',
    '{"p": "DIBAO"}',
    '--purpose',
    'AID_ELIGIBILITY',
    '--case',
    '甘教助〔2026〕1号',
    '--out',
    out,
    '--bom',
  );
  expect(err).toContain('25 行 rows');
  expect(code).toBe(0);
  const lines = readFileSync(out, 'utf8').split('\r\n');
  expect(lines[0]).toBe('\ufeffprogramme,person.name,person.phone');
  expect(lines[1]).toBe(`DIBAO,"'=HYPERLINK(""x"")",`);
  expect(lines[2]).toBe('DIBAO,人1,');
  expect(lines).toHaveLength(27);
  expect(existsSync(`${out}.part`)).toBe(false);
});

test('JSON lines are the rows as they came, asked for with variables, purpose and case', async () => {
  const seen: EngineRequest['context'][] = [];
  answer = (request) => {
    seen.push(request.context);
    return pages(request);
  };
  const { code, out } = await runHub(
    ['query', query, '--purpose', 'AID_ELIGIBILITY', '--case', '甘教助〔2026〕1号', '--null-denied'],
    env(),
  );
  expect(code).toBe(0);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(PEOPLE);
  expect(seen).toHaveLength(3);
  expect(seen[0]).toMatchObject({
    caller: { purpose: 'AID_ELIGIBILITY', caseNo: '甘教助〔2026〕1号' },
    onDenied: 'null',
  });
});

test('a refusal is told with coordinate and owner, ends with 2 and leaves no file', async () => {
  answer = () => {
    throw fieldDenied([{ coordinate: 'Person.phone', reason: 'not shared', owner: 'HEALTH' }]);
  };
  const out = join(dir, 'refused.csv');
  const { code, err } = await asCaller('--out', out);
  expect(code).toBe(2);
  expect(err).toMatch(/FIELD_DENIED: Person\.phone is not open[^]*Person\.phone \(HEALTH\): not shared/);
  expect(existsSync(out) || existsSync(`${out}.part`)).toBe(false);
});

test('a busy hub is waited for', async () => {
  let busy = 2;
  answer = (request) => {
    busy -= 1;
    if (busy >= 0) throw overloaded(0);
    return pages(request);
  };
  const out = join(dir, 'patient.jsonl');
  expect((await asCaller('--out', out)).code).toBe(0);
  expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(25);
});

test('Ctrl-C in the middle ends with 130 and leaves no file', async () => {
  const out = join(dir, 'interrupted.jsonl');
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  answer = async (request) => {
    if (request.variables['cursor'] === undefined) return pages(request);
    begin();
    const { asker } = request.context;
    await new Promise<void>((left) => {
      if (asker !== undefined) asker.onGone = left;
    });
    return pages(request);
  };
  const running = beginHub(['query', query, '--out', out], env());
  await begun;
  running.child.kill('SIGINT');
  expect((await running.done).code).toBe(130);
  expect(existsSync(out) || existsSync(`${out}.part`)).toBe(false);
});

test('without a token, with faulty variables, or with a file that is no query nothing is asked', async () => {
  asked = [];
  const broken = join(dir, 'broken.graphql');
  writeFileSync(broken, 'query { ');
  const noToken = await run(query, '--token', '');
  const variables = await asCaller('--variables', '{secret');
  const file = await run(broken, '--token', hub.token);
  expect([noToken.code, variables.code, file.code]).toEqual([1, 1, 1]);
  expect(noToken.err).toContain('HUB_TOKEN');
  expect(variables.err).not.toContain('secret');
  expect(asked).toEqual([]);
});
