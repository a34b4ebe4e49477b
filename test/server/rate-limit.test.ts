/** How often clients may ask, and what they are told about it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openRateLimit } from '../../src/server/rate-limit.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

describe('a rate limit', () => {
  const at = { now: 0 };
  const open = (perSecond: number, burst: number) => {
    at.now = 5_000;
    return openRateLimit('client', { perSecond, burst }, () => at.now);
  };

  test('lets a burst through, then as many as the rate allows, and says when to come back', () => {
    const limit = open(2, 3);
    expect([1, 2, 3, 4].map(() => limit.take('a').allowed)).toEqual([true, true, true, false]);
    at.now += 499;
    expect(limit.take('a')).toMatchObject({ allowed: false, retryAfter: 1 });
    at.now += 1;
    expect([limit.take('a').allowed, limit.take('a').allowed]).toEqual([true, false]);
    at.now += 10_000;
    expect([1, 2, 3, 4].map(() => limit.take('a').allowed)).toEqual([true, true, true, false]);
  });

  test('counts each key for itself', () => {
    const limit = open(1, 1);
    expect(['a', 'b', 'a'].map((key) => limit.take(key).allowed)).toEqual([true, true, false]);
  });

  test('tells its policy, what is left, and when all of it is there again', () => {
    const limit = open(500, 2_000);
    expect(limit.take('a').headers).toEqual([
      ['ratelimit-policy', '"client";q=2000;w=4'],
      ['ratelimit', '"client";r=1999;t=1'],
    ]);
    for (let i = 0; i < 1_999; i += 1) limit.take('a');
    expect(limit.take('a')).toMatchObject({ allowed: false, retryAfter: 1 });
    expect(limit.take('a').headers[1]).toEqual(['ratelimit', '"client";r=0;t=4']);
  });

  test('names the seconds after which a request is allowed, and a slow rate names many', () => {
    const limit = open(0.1, 1);
    limit.take('a');
    expect(limit.take('a').retryAfter).toBe(10);
    at.now += 9_000;
    expect(limit.take('a').retryAfter).toBe(1);
    at.now += 1_000;
    expect(limit.take('a').allowed).toBe(true);
  });

  test('never lets through more than the burst and what the time since the start has brought, nor fewer than the rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 200 }),
        (perSecond, burst, pauses) => {
          const limit = open(perSecond, burst);
          let allowed = 0;
          let asked = 0;
          for (const pause of pauses) {
            at.now += pause;
            asked += 1;
            const one = limit.take('a');
            if (one.allowed) allowed += 1;
            else {
              // Whoever waits as long as it is told gets in.
              at.now += one.retryAfter * 1_000;
              asked += 1;
              allowed += 1;
              expect(limit.take('a').allowed).toBe(true);
            }
            expect(allowed).toBeLessThanOrEqual(burst + ((at.now - 5_000) / 1_000) * perSecond + 1e-6);
          }
          expect(allowed).toBeGreaterThanOrEqual(Math.min(asked, burst));
        },
      ),
      { seed: 20261122 },
    );
  });
});

describe('a hub', () => {
  let world: Neighbours;
  let hub: TestHub;
  beforeAll(async () => {
    world = await openNeighbours();
    hub = await openHub(world.database, { settings: { HUB_RATE_PER_SECOND: '1' } });
  });
  afterAll(async () => {
    await hub.close();
    await world.close();
  });

  const send = async (client: string, change: Record<string, string> = {}, by: TestHub = hub) => {
    const headers = { ...by.headersOf({ ...CALLERS.education, client }), ...change };
    const response = await fetch(`${by.url}/graphql`, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const crowd = async (client: string, change: Record<string, string> = {}) =>
    Promise.all(Array.from({ length: 12 }, () => send(client, change)));

  test('refuses what is beyond the burst of a client with 429, when to come back, and which bound it was', async () => {
    const answers = await crowd('crowd.test');
    const refused = answers.find(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(refused?.headers.get('ratelimit')).toMatch(/^"client";r=0;t=[45]$/);
    expect(refused?.headers.get('ratelimit-policy')).toBe('"client";q=4;w=4');
    expect(refused?.body).toMatchObject({
      errors: [{ extensions: { code: 'TOO_MANY_REQUESTS', bound: 'rate', retryAfter: 1 } }],
    });
  });

  test('does the same on the general way, for batches and for documents over GET', async () => {
    const general = await crowd('general.test', { 'content-type': 'application/json ; charset="utf-8"' });
    expect(general.map(({ status }) => status)).toContain(429);
    expect(general.find(({ status }) => status === 429)?.headers.get('ratelimit')).toMatch(/^"client";r=0/);
    const { authorization = '' } = hub.headersOf({ ...CALLERS.education, client: 'get.test' });
    const gets = await Promise.all(
      Array.from({ length: 12 }, () => fetch(`${hub.url}/graphql?documentId=x`, { headers: { authorization } })),
    );
    expect(gets.map(({ status }) => status)).toContain(429);
    expect(gets.every(({ headers }) => headers.has('ratelimit'))).toBe(true);
  });

  test('tells every client where it stands, also in a refusal, and nobody who has not signed in', async () => {
    const { headers } = await send('calm.test');
    expect(headers.get('ratelimit')).toBe('"client";r=3;t=1');
    const refused = await send('calm.test', { 'hub-purpose': 'NOTHING' });
    expect([refused.status, refused.headers.has('ratelimit')]).toEqual([400, true]);
    const stranger = await send('calm.test', { authorization: 'Bearer a.b.c' });
    expect([stranger.status, stranger.headers.has('ratelimit')]).toEqual([401, false]);
  });

  test('lets other clients alone, and all tokens of one client are the same client', async () => {
    // Each request has a token of its own.
    await crowd('loud.test');
    expect((await send('quiet.test')).status).toBe(200);
  });

  test('with the settings that it comes with stops no sixteen connections of a nightly sync', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const own: number[] = [];
        for (let i = 0; i < 40; i += 1) own.push((await send('sync.test', {}, world.hub)).status);
        return own;
      }),
    );
    expect(new Set(statuses.flat())).toEqual(new Set([200]));
  });
});
