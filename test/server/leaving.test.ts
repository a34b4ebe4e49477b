/** Clients that go away: while they send, and while they wait. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { toBytes } from '../../src/platform/bytes.ts';
import { scriptedHub } from './scripted-hub.ts';

const hub = scriptedHub();

const operation = { query: 'query Q($c: [Check!]!) { check(checks: $c) }', variables: { c: [{ idNumber: '1' }] } };

test.each([
  ['in the lane', 'drops', 'application/json'],
  ['in the lane', 'ends', 'application/json'],
  ['around it', 'drops', 'application/json ; charset="utf-8"'],
  ['around it', 'ends', 'application/json ; charset="utf-8"'],
])('within a body, %s, a client that %s its connection is no fault of the hub', async (_where, how, type) => {
  const faults = async () =>
    (await (await fetch(`${hub.url}/metrics`)).text()).split('\n').filter((line) => line.includes('"INTERNAL"'));
  const counted = await faults();
  const before = hub.logged().length;
  const { hostname, port } = new URL(hub.url);
  const socket = connect(Number(port), hostname);
  const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 500\r\n`;
  socket.write(`${head}Authorization: Bearer ${hub.token}\r\n\r\n{"query":`);
  // Until the hub waits for the rest.
  await sleep(100);
  if (how === 'drops') socket.resetAndDestroy();
  else socket.end();
  const lines = () =>
    hub
      .logged()
      .slice(before)
      .split('\n')
      .filter((line) => line !== '' && !line.includes('"/metrics"'))
      .map((line) => JSON.parse(line) as object);
  for (const until = Date.now() + 5_000; lines().length === 0 && Date.now() < until;) await sleep(5);
  await sleep(50);
  expect(lines()).toEqual([
    expect.objectContaining({ level: 'info', path: '/graphql', aborted: true, outcome: 'CANCELLED' }),
  ]);
  expect(hub.asked).toEqual([]);
  expect(await faults()).toEqual(counted);
});

test('a client that goes away is told to the engine, and the next one is answered', async () => {
  const gone = new Promise<void>((resolve) => {
    hub.answer = ({ context }) =>
      new Promise((done) => {
        if (context.asker === undefined) throw new Error('Nobody asks');
        context.asker.onGone = () => {
          resolve();
          done({ text: toBytes('{}') });
        };
      });
  });
  const leaving = new AbortController();
  const sent = fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${hub.token}` },
    body: JSON.stringify(operation),
    signal: leaving.signal,
  });
  while (hub.asked.length === 0) await sleep(5);
  leaving.abort();
  await expect(sent).rejects.toThrow();
  await gone;
  hub.answer = () => ({ text: toBytes('{"check":"ok"}') });
  expect((await hub.send(operation)).status).toBe(200);
});
