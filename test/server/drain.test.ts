import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { EngineResult } from '../../src/access/index.ts';
import { toBytes } from '../../src/platform/bytes.ts';
import { stubHub } from './stub-hub.ts';

const operation = { query: '{ check(checks: []) }' };

test('a hub that stops answers what it accepted, accepts nothing more, and is not held up by idle connections', async () => {
  let release = (): void => undefined;
  let begun = 0;
  const hub = await stubHub(() => {
    begun += 1;
    return new Promise<EngineResult>((resolve) => {
      const before = release;
      release = () => {
        before();
        resolve({ text: toBytes('{"check":"late"}') });
      };
    });
  });
  const { hostname, port } = new URL(hub.url);
  const idle = connect(Number(port), hostname);
  await once(idle, 'connect');
  const sent = Array.from({ length: 3 }, () => hub.send(operation));
  while (begun < 3) await sleep(5);

  const closed = hub.close();
  await sleep(50);
  await expect(hub.send(operation)).rejects.toThrow();
  release();
  for (const { status, text, headers } of await Promise.all(sent)) {
    expect(status).toBe(200);
    expect(text).toContain('late');
    expect(headers.get('connection')).toBe('close');
  }
  const started = Date.now();
  await closed;
  expect(Date.now() - started).toBeLessThan(1_000);
  expect(idle.destroyed || (await once(idle, 'close'))).toBeTruthy();
});

test('a hub is not ready from the moment it begins to stop', async () => {
  const hub = await stubHub(() => Promise.resolve({ text: toBytes('{}') }));
  const ready = async () => (await fetch(`${hub.url}/readyz`)).status;
  expect(await ready()).toBe(200);
  hub.stop();
  expect(await ready()).toBe(503);
  await hub.close();
});

test('a hub is not ready while one of its parts fails or hangs', async () => {
  let database = (): Promise<void> => Promise.resolve();
  const hub = await stubHub(() => Promise.resolve({ text: toBytes('{}') }), { checks: { database: () => database() } });
  const ready = async () => {
    const response = await fetch(`${hub.url}/readyz`);
    return [response.status, await response.json()];
  };
  expect(await ready()).toEqual([200, { status: 'ready', checks: { database: 'ok' } }]);
  database = () => Promise.reject(new Error('password in the message'));
  expect(await ready()).toEqual([503, { status: 'not ready', checks: { database: 'failed' } }]);
  database = () => new Promise(() => undefined);
  expect((await ready())[0]).toBe(503);
  database = () => Promise.resolve();
  expect((await ready())[0]).toBe(200);
  await hub.close();
});
