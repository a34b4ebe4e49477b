/** The HTTP side of the hub around an engine that a test writes, with tokens of a key of the test's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Caller, Engine } from '../../src/access/index.ts';
import { openDemoKey, openTokenVerifier, signDemoToken } from '../../src/access/tokens/index.ts';
import { DEFAULT_BOUNDS } from '../../src/platform/bounds.ts';
import type { Bounds } from '../../src/platform/bounds.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLog } from '../../src/platform/log.ts';
import { openDocuments } from '../../src/server/documents.ts';
import { openGraphql } from '../../src/server/graphql-route.ts';
import { openAdmission } from '../../src/server/admission/admission.ts';
import { openHttp } from '../../src/server/http.ts';
import type { Arrival } from '../../src/server/lane.ts';
import { openMetrics } from '../../src/server/metrics.ts';
import { openReadiness } from '../../src/server/readiness.ts';
import type { ReadyCheck } from '../../src/server/readiness.ts';

export const education: Omit<Caller, 'tokenId'> = {
  client: 'education.demo',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'],
};

export const stubSchema: GraphQLSchema = buildSchema(/* GraphQL */ `
  enum Programme {
    DIBAO
    TEKUN
  }
  input Check {
    idNumber: String!
    amount: Int
    programme: Programme
  }
  type Person {
    name: String
    friends(first: Int): [Person!]
  }
  type Query {
    check(checks: [Check!]!): String
    person(idNumber: String): Person
  }
  type Mutation {
    report(name: String!): String!
  }
`);

export interface StubHub {
  readonly url: string;
  readonly token: string;
  /** Everything that was logged, one JSON object a line. */
  logged(): string;
  /** A POST to /graphql with a token and a purpose and case, unless `headers` say otherwise. */
  send(body: unknown, headers?: Record<string, string | undefined>): Promise<Answer>;
  stop(): void;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: unknown; locations?: unknown; extensions: Record<string, unknown> }[];
    extensions?: unknown;
  };
}

export interface StubParts {
  readonly checks?: Record<string, ReadyCheck>;
  readonly schema?: GraphQLSchema;
  readonly bounds?: Bounds;
  readonly arrival?: Arrival;
}

export async function stubHub(
  execute: Engine['execute'],
  { checks = {}, schema = stubSchema, bounds = DEFAULT_BOUNDS, arrival }: StubParts = {},
): Promise<StubHub> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-http-'));
  const key = await openDemoKey(folder);
  const rules = { issuer: 'test', audience: 'hub', clock: systemClock };
  let lines = '';
  const log = openLog(
    'debug',
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines += chunk.toString('utf8');
        done();
      },
    }),
  );
  const admission = openAdmission(bounds);
  const readiness = openReadiness(checks);
  const metrics = openMetrics({
    inFlight: () => admission.running,
    waiting: () => admission.waiting,
    ready: () => readiness.last(),
    connections: () => ({ open: 0, waiting: 0 }),
  });
  const documents = openDocuments([], false);
  const graphql = await openGraphql({ schema, engine: { execute }, documents, bounds, log });
  const aid = { reportAid: () => Promise.resolve([]) };
  const revoker = { revoke: () => Promise.reject(new Error('Nothing is revoked here')) };
  const none = () => Promise.reject(new Error('Nothing is asked for here'));
  const accessRequests = { ask: none, answer: none, extend: none, withdraw: none };
  const emergencies = { open: none, close: none, review: none };
  const noticeBoard = { acknowledge: none };
  const explainer = {
    explain: () => {
      throw new Error('Nothing is explained here');
    },
  };
  const foresight = { dryRun: none, unused: none, expiring: none };
  const corrections = { open: none, answer: none, withdraw: none };
  const recalls = { acknowledge: none, act: none };
  const feeds = { expect: none };
  const policyOffice = { draft: none, publish: none, withdraw: none, suspend: none, differences: none };
  const live = { answer: none, register: () => undefined, close: () => Promise.resolve() };
  const intake = { submit: none, preview: none, apply: none, withdraw: none };
  const registrarDesk = {
    ...{ decideMatch: none, decideConflict: none, mergePersons: none, splitPerson: none },
    ...{ undoMerge: none, undoSplit: none },
  };
  const verifier = openTokenVerifier({ ...rules, keys: key.publicKeys });
  const http = await openHttp({
    graphql,
    documents,
    isRevoked: () => false,
    isPublic: () => false,
    verifier,
    readiness,
    metrics,
    log,
    admission,
    bounds,
    freshness: () => Promise.resolve([]),
    ...(arrival === undefined ? {} : { arrival }),
    services: {
      aid,
      corrections,
      recalls,
      feeds,
      policyOffice,
      accessRequests,
      revoker,
      emergencies,
      noticeBoard,
      explainer,
      foresight,
      live,
      intake,
      registrarDesk,
    },
  });
  const url = await http.listen('127.0.0.1', 0);
  const token = signDemoToken(key, education, { ...rules, lifetime: 600 });

  return {
    url,
    token,
    logged: () => lines,
    async send(body, headers = {}) {
      const sent: Record<string, string | undefined> = {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${token}`,
        'hub-purpose': 'AID_ELIGIBILITY',
        'hub-case': 'ED-2026-000001',
        ...headers,
      };
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined),
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: text.startsWith('{') ? (JSON.parse(text) as Answer['json']) : {},
      };
    },
    stop: () => {
      readiness.stop();
    },
    async close() {
      await http.close();
      await graphql.stop();
      await rm(folder, { recursive: true });
    },
  };
}
