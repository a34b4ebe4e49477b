/** A client of a day: requests over HTTP, some of which it gives up, and what came of each. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Purpose } from '../../../src/access/index.ts';
import { signDemoToken } from '../../../src/access/tokens/index.ts';
import type { DemoKey } from '../../../src/access/tokens/index.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Ask } from './asking.ts';

/** What arrived: a whole answer, or nothing that can be relied on. */
export type Arrived =
  { readonly whole: true; readonly status: number; readonly text: string } | { readonly whole: false };

const TERMS = {
  issuer: 'social-assistance-hub',
  audience: 'social-assistance-hub',
  lifetime: 3_600,
  clock: systemClock,
};
const PURPOSES: readonly Purpose[] = [
  'AID_ELIGIBILITY',
  'AID_REPORTING',
  'DYNAMIC_MONITORING',
  'CASE_HANDLING',
  'STATISTICS',
];

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Ends the connections that are kept. */
export const hangUp = (): void => {
  agent.destroy();
};

/** The token of a client that nobody else is, so that the ledger tells each request's entries apart. */
export function tokenOf(key: DemoKey, client: string, { caller, stranger }: Ask): string {
  if (stranger === true) return 'eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl';
  return signDemoToken(
    key,
    { ...caller, client, regions: ['360000000000', '620000000000'], purposes: PURPOSES },
    TERMS,
  );
}

/** Sends one request; given up after `patience` ms where that is said. */
export function send(url: string, ask: Ask, token: string, patience?: number): Promise<Arrived> {
  const body = ask.body ?? JSON.stringify({ query: ask.query, variables: ask.variables });
  return new Promise((resolve) => {
    const lost = (): void => {
      resolve({ whole: false });
    };
    const sending = request(
      `${url}/graphql`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${token}`,
          ...(ask.purpose === undefined ? {} : { 'hub-purpose': ask.purpose }),
          ...(ask.caseNo === undefined ? {} : { 'hub-case': encodeURIComponent(ask.caseNo) }),
          ...(ask.onDenied === undefined ? {} : { 'hub-on-denied': ask.onDenied }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', lost);
        response.on('close', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve(response.complete ? { whole: true, status: response.statusCode ?? 0, text } : { whole: false });
        });
      },
    );
    sending.on('error', lost);
    if (patience !== undefined) void sleep(patience).then(() => sending.destroy());
    sending.end(body);
  });
}
