/** What comes too slowly is cut off, on every road; what is vouched for takes its time, and an answer may take long anyway. */
import { request } from 'node:http';
import type { ClientRequest, OutgoingHttpHeaders, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openArrivals } from '../../src/server/arrival.ts';
import { serverWithLane } from '../../src/server/lane.ts';
import { stubHub } from './stub-hub.ts';
import type { StubHub } from './stub-hub.ts';

const arrival = { within: 400, checkEvery: 50 } as const;
const BODY = JSON.stringify({ query: '{ __typename }' });

let hub: StubHub;
beforeAll(async () => {
  hub = await stubHub(
    async () => {
      await sleep(3 * arrival.within);
      return { data: { __typename: 'Query' } };
    },
    { arrival },
  );
});
afterAll(() => hub.close());

const post = (url: string, headers: OutgoingHttpHeaders): ClientRequest =>
  request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${hub.token}`,
      'hub-purpose': 'AID_ELIGIBILITY',
      'hub-case': 'ED-2026-000001',
      ...headers,
    },
  });

/** The status of the answer, or 'cut' where the connection ends without one. */
const ended = (sending: ClientRequest): Promise<number | 'cut' | undefined> =>
  new Promise((resolve) => {
    sending.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.once('error', () => {
      resolve('cut');
    });
  });

/** Sends the text a character at a time, so slowly that it takes three times as long as it may. */
async function trickle(text: string, to: { write(part: string): unknown; readonly destroyed: boolean }): Promise<void> {
  for (const part of text) {
    if (to.destroyed) return;
    to.write(part);
    await sleep((3 * arrival.within) / text.length);
  }
}

test.each<[string, OutgoingHttpHeaders]>([
  ['of the plain form', { 'content-length': BODY.length }],
  ['of unknown length', { 'transfer-encoding': 'chunked' }],
  ['of another form', { 'content-length': BODY.length, 'content-type': 'application/json; charset="utf-8"' }],
])('a body %s that trickles in is cut off', async (_form, headers) => {
  const sending = post(`${hub.url}/graphql`, headers);
  const end = ended(sending);
  const sent = trickle(BODY, sending).then(() => 'sent to its end');
  expect(await Promise.race([end, sent])).toBe(408);
});

test('headers that trickle in are cut off', async () => {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  const end = said(socket);
  void trickle('POST /graphql HTTP/1.1\r\nhost: hub\r\nx-slow: 1\r\n', socket);
  expect(await end).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
});

test.each([
  ['headers beyond their bound', `GET /healthz HTTP/1.1\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['what is no HTTP', 'hello\r\n\r\n', 400],
])('%s gets a status and no more', async (_what, text, status) => {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  const end = said(socket);
  socket.write(text);
  const answer = await end;
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
  expect(answer).toContain(`"statusCode":${String(status)}`);
});

/** Everything that arrives until the end. */
const said = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (part: Buffer) => {
      text += part.toString();
    });
    socket.once('error', () => undefined);
    socket.once('close', () => {
      resolve(text);
    });
  });

test('an answer may take longer than a request', async () => {
  expect(await hub.send(BODY)).toMatchObject({ status: 200, json: { data: { __typename: 'Query' } } });
});

describe('a connection that is vouched for', () => {
  const LONGEST = 5 * arrival.within;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const arrivals = openArrivals();
    server = serverWithLane(
      (asked, response) => {
        const isFile = asked.url === '/file';
        const settle = isFile ? arrivals.vouchFor(asked.socket, LONGEST) : () => undefined;
        let bytes = 0;
        asked.on('data', (part: Buffer) => {
          bytes += part.length;
        });
        asked.once('end', () => {
          settle();
          response.end(String(bytes));
        });
        asked.once('error', settle);
      },
      { path: '/graphql', largest: 1, arrival, answer: () => Promise.reject(new Error('Nothing is plain here')) },
    );
    server.on('clientError', arrivals.onClientError);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('has its request arrive for as long as that takes', async () => {
    const sending = post(`${url}/file`, {});
    const end = ended(sending);
    await trickle('a file', sending);
    sending.end();
    expect(await end).toBe(200);
  });

  test('is cut in the end', async () => {
    const sending = post(`${url}/file`, {});
    const end = ended(sending);
    const began = performance.now();
    sending.write('a');
    expect(await end).toBe('cut');
    expect(performance.now() - began).toBeGreaterThanOrEqual(LONGEST - 50);
  });

  test('has no longer for its next request', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const end = said(socket);
    socket.write('POST /file HTTP/1.1\r\nhost: hub\r\ncontent-length: 6\r\n\r\n');
    await trickle('a file', socket);
    socket.write('POST /graphql HTTP/1.1\r\nhost: hub\r\ncontent-length: 6\r\n\r\na');
    const text = await end;
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('HTTP/1.1 408 Request Timeout\r\n');
  });
});
