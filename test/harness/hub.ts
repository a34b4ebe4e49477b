/** The whole hub over HTTP on a test database, with tokens for any caller and everything that it logged. */
import { Writable } from 'node:stream';
import type { Bound } from '../../src/access/index.ts';
import { openDemoKey, signDemoToken } from '../../src/access/tokens/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { readConfig } from '../../src/platform/config.ts';
import { openLog } from '../../src/platform/log.ts';
import { startHub } from '../../src/server/start.ts';
import type { TestDatabase } from './database.ts';
import { NOW } from './engine.ts';
import { testFolder } from './folder.ts';

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  /** Headers that say something, without date, length and request id. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: {
    readonly data?: Record<string, unknown> | null;
    readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
    readonly extensions?: Record<string, unknown>;
  };
}

/** What goes along with an operation. */
export interface Sending {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** In place of the headers that follow from the caller; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A running hub. */
export interface TestHub {
  readonly url: string;
  /** One operation of a caller, with the headers that its purpose and case ask for. */
  ask(query: string, caller: Bound, sending?: Sending): Promise<HttpAnswer>;
  /** A body as it is, of a caller or of nobody. */
  post(body: string, headers: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** A body to any address. */
  send(path: string, body: string | Buffer, headers: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** The headers of a caller. */
  headersOf(caller: Bound): Record<string, string>;
  /** Everything that was logged since the start. */
  logged(): string;
  close(): Promise<void>;
}

// What differs from answer to answer, whatever is answered.
const PASSING = new Set(['date', 'content-length', 'x-request-id', 'connection', 'keep-alive', 'ratelimit']);

/** How a hub differs from the plain one. */
export interface TestHubOptions {
  readonly clock?: Clock;
  readonly missesPerDay?: number;
  /** Environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts a hub as the server's own role would run it. */
export async function openHub(
  database: TestDatabase,
  { clock = fixedClock(NOW), missesPerDay = 100_000, settings = {} }: TestHubOptions = {},
): Promise<TestHub> {
  const config = readConfig({
    DATABASE_URL: database.ownerUrl,
    HUB_DATABASE_URL: database.serverUrl,
    HUB_DATA_DIR: testFolder('hub'),
    HUB_DEMO_PERSONS: '0',
    HUB_PORT: '0',
    HUB_MISS_BUDGET_PER_DAY: String(missesPerDay),
    ...settings,
  });
  let lines = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines += chunk.toString('utf8');
      done();
    },
  });
  const hub = await startHub(config, { log: openLog('trace', sink), clock });
  const key = await openDemoKey(config.dataDir);
  const terms = { issuer: config.issuer, audience: config.audience, lifetime: 600, clock };

  const headersOf = ({ purpose, caseNo, tokenId: _, refusal: __, ...caller }: Bound): Record<string, string> => ({
    'content-type': 'application/json',
    accept: 'application/graphql-response+json',
    authorization: `Bearer ${signDemoToken(key, caller, terms)}`,
    ...(purpose === undefined ? {} : { 'hub-purpose': purpose }),
    ...(caseNo === undefined ? {} : { 'hub-case': encodeURIComponent(caseNo) }),
  });
  const send: TestHub['send'] = async (path, body, headers) => {
    const response = await fetch(`${hub.url}${path}`, { method: 'POST', headers: { ...headers }, body });
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(([name]) => !PASSING.has(name))),
      text,
      json: text.startsWith('{') ? (JSON.parse(text) as HttpAnswer['json']) : {},
    };
  };
  const post: TestHub['post'] = (body, headers) => send('/graphql', body, headers);
  return {
    url: hub.url,
    headersOf,
    send,
    post,
    ask: (query, caller, { variables, headers = {} } = {}) => {
      const sent = Object.entries({ ...headersOf(caller), ...headers });
      return post(
        JSON.stringify({ query, ...(variables === undefined ? {} : { variables }) }),
        Object.fromEntries(sent.filter((entry): entry is [string, string] => entry[1] !== undefined)),
      );
    },
    logged: () => lines,
    close: () => hub.close(),
  };
}
