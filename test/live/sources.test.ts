/** Sources over real HTTP: batches, places, deadline, breaker, and each way in which a source can fail. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { openLiveDesk } from '../../src/live/desk.ts';
import type { LiveDesk } from '../../src/live/desk.ts';
import { liveCode, liveDate } from '../../src/live/question.ts';
import type { AnyQuestion } from '../../src/live/question.ts';
import type { SourceSettings } from '../../src/live/settings.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { openLog } from '../../src/platform/log.ts';
import { callerOf } from '../harness/engine.ts';
import { SECRET, startDepartment } from './department-server.ts';
import type { DepartmentServer, Failure } from './department-server.ts';

const QUESTION: AnyQuestion = {
  name: 'employment',
  department: 'LABOUR',
  members: { status: liveCode({ EMPLOYED: 1, REGISTERED_JOBLESS: 1 }), registeredOn: liveDate },
};

let department: DepartmentServer;
let seconds = 1_000_000;
const clock: Clock = { now: () => new Date(seconds * 1000), today: () => '2026-11-22' };
let desks: LiveDesk[] = [];
let logged = '';

beforeAll(async () => {
  department = await startDepartment();
});
afterAll(() => department.close());
beforeEach(async () => {
  await Promise.all(desks.map((desk) => desk.close()));
  desks = [];
  logged = '';
  department.received.length = 0;
  department.fail = 'none';
  department.delay = 0;
  department.onBatch = undefined;
  department.recordOf = () => ({ status: 'EMPLOYED', registeredOn: '2026-03-01' });
});

const settingsOf = (change: Partial<SourceSettings> = {}): SourceSettings => ({
  name: 'employment',
  department: 'LABOUR',
  kind: 'REST',
  url: `${department.url}/persons`,
  request: { list: 'persons', key: 'idNumber' },
  answer: { list: 'results', key: 'idNumber', known: 'known', fields: {} },
  token: undefined,
  tls: undefined,
  headers: {},
  deadline: 2_000,
  largestBatch: 100,
  concurrency: 4,
  waiting: 100,
  largestAnswer: 256 * 1024,
  breaker: { failures: 1_000, within: 30, open: 15 },
  ...change,
});

function openDesk(change: Partial<SourceSettings> = {}): LiveDesk {
  const log = openLog(
    'trace',
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged += chunk.toString('utf8');
        done();
      },
    }),
  );
  const desk = openLiveDesk({ sources: [settingsOf(change)], questions: [QUESTION], clock, log });
  desks.push(desk);
  return desk;
}

/** One operation that asks about these numbers; the outcome of each, a reason or the status. */
async function ask(desk: LiveDesk, numbers: readonly (string | null)[], gone = new AbortController()) {
  const context = {
    caller: callerOf('CIVIL_AFFAIRS', 'SYSTEM'),
    onDenied: 'refuse',
    requestId: 'test',
    gone: gone.signal,
    mayAsk: () => true,
  } as const;
  const answers = await Promise.all(numbers.map((number) => desk.answer(QUESTION, number, context)));
  return answers.map(({ outcome }) => (typeof outcome === 'string' ? outcome : (outcome.values['status'] ?? 'NOBODY')));
}

const numbersOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `number-${String(i)}`);
const sizes = (): number[] => department.received.map(({ numbers }) => numbers.length);

describe('batches', () => {
  test('fifty persons of one operation are one request, and a person who occurs twice is asked about once', async () => {
    const numbers = numbersOf(50);
    expect(await ask(openDesk(), [...numbers, ...numbers])).toEqual(Array.from({ length: 100 }, () => 'EMPLOYED'));
    expect(sizes()).toEqual([50]);
  });

  test('no batch is larger than the source takes', async () => {
    expect(await ask(openDesk({ largestBatch: 20 }), numbersOf(50))).toHaveLength(50);
    expect(sizes().sort()).toEqual([10, 20, 20]);
  });

  test('no more requests are under way than the source takes, and the others wait', async () => {
    let running = 0;
    let most = 0;
    department.onBatch = async () => {
      most = Math.max(most, (running += 1));
      await sleep(20);
      running -= 1;
    };
    expect(await ask(openDesk({ largestBatch: 5, concurrency: 2 }), numbersOf(50))).toHaveLength(50);
    expect(department.received).toHaveLength(10);
    expect(most).toBe(2);
  });

  test('where too many wait the rest is not put, and is told so', async () => {
    department.delay = 50;
    const outcomes = await ask(openDesk({ largestBatch: 1, concurrency: 1, waiting: 2 }), numbersOf(6));
    expect(outcomes.filter((one) => one === 'BUSY')).toHaveLength(3);
    expect(outcomes.filter((one) => one === 'EMPLOYED')).toHaveLength(3);
  });

  test('nothing is remembered from one operation to the next', async () => {
    const desk = openDesk();
    await ask(desk, ['a']);
    department.recordOf = () => ({ status: 'REGISTERED_JOBLESS' });
    expect(await ask(desk, ['a'])).toEqual(['REGISTERED_JOBLESS']);
  });

  test('a GraphQL source gets the document with the numbers as its variable, its token and its headers', async () => {
    const desk = openDesk({
      kind: 'GRAPHQL',
      url: `${department.url}/graphql`,
      document: 'query ($idNumbers: [String!]!) { answers(of: $idNumbers) { idNumber known status } }',
      request: { list: 'idNumbers' },
      answer: { list: 'data.answers', key: 'idNumber', known: 'known', fields: {} },
      token: 'sesame',
      headers: { 'x-client': 'hub' },
    });
    expect(await ask(desk, ['a', 'b'])).toEqual(['EMPLOYED', 'EMPLOYED']);
    expect(department.received[0]).toMatchObject({
      path: '/graphql',
      numbers: ['a', 'b'],
      headers: { authorization: 'Bearer sesame', 'x-client': 'hub', 'accept-encoding': 'identity' },
    });
    expect(logged).not.toContain('sesame');
  });

  test('members that the source calls otherwise are found under its names', async () => {
    department.recordOf = () => ({ zt: 'REGISTERED_JOBLESS' });
    const answer = { list: 'results', key: 'idNumber', known: 'known', fields: { status: 'zt' } };
    expect(await ask(openDesk({ answer }), ['a'])).toEqual(['REGISTERED_JOBLESS']);
  });
});

describe('partial answers', () => {
  test('somebody whom the department does not know is an answer, and no silence', async () => {
    department.recordOf = (number) => (number === 'a' ? undefined : { status: 'EMPLOYED' });
    expect(await ask(openDesk(), ['a', 'b'])).toEqual(['NOBODY', 'EMPLOYED']);
  });

  test.each([
    ['half', 'NOT_ANSWERED'],
    ['wrong-type', 'BAD_ANSWER'],
  ] as const)('%s: one person’s fault is nobody else’s', async (failure, reason) => {
    department.fail = failure;
    expect(await ask(openDesk(), ['a', 'b', 'c', 'd'])).toEqual(['EMPLOYED', reason, 'EMPLOYED', reason]);
    expect(logged).not.toContain(SECRET);
  });

  test('somebody without a number is not asked about', async () => {
    expect(await ask(openDesk(), [null, 'b'])).toEqual(['NO_NUMBER', 'EMPLOYED']);
    expect(department.received.map(({ numbers }) => numbers)).toEqual([['b']]);
  });

  test('one batch that fails leaves the others their answers', async () => {
    department.onBatch = (numbers) => {
      department.fail = numbers.includes('number-0') ? 'error-500' : 'none';
    };
    const outcomes = await ask(openDesk({ largestBatch: 2, concurrency: 1 }), numbersOf(4));
    expect(outcomes).toEqual(['REFUSED', 'REFUSED', 'EMPLOYED', 'EMPLOYED']);
  });
});

describe('failures', () => {
  const cases: readonly (readonly [Failure, string])[] = [
    ['timeout', 'TIMEOUT'],
    ['drip', 'BAD_ANSWER'],
    ['cut', 'BAD_ANSWER'],
    ['hang-up', 'REFUSED'],
    ['error-500', 'REFUSED'],
    ['unauthorized', 'REFUSED'],
    ['redirect', 'BAD_ANSWER'],
    ['not-json', 'BAD_ANSWER'],
    ['broken-json', 'BAD_ANSWER'],
    ['not-utf8', 'BAD_ANSWER'],
    ['html', 'BAD_ANSWER'],
    ['huge', 'BAD_ANSWER'],
    ['endless', 'BAD_ANSWER'],
    ['gzip', 'BAD_ANSWER'],
    ['huge-headers', 'BAD_ANSWER'],
    ['no-http', 'BAD_ANSWER'],
    ['wrong-form', 'BAD_ANSWER'],
    ['stranger', 'BAD_ANSWER'],
    ['twice', 'BAD_ANSWER'],
    ['graphql-errors', 'BAD_ANSWER'],
  ];
  test.each(cases)('%s is %s, for everybody in the batch, and nothing of it is logged', async (failure, reason) => {
    department.fail = failure;
    const desk = openDesk({ deadline: 300 });
    expect(await ask(desk, ['a', 'b'])).toEqual([reason, reason]);
    expect(logged).toContain(reason);
    expect(logged).not.toContain(SECRET);
    expect(logged).not.toContain('"a"');
    // Followed nowhere: one request, and the next one is answered.
    expect(department.received).toHaveLength(1);
    department.fail = 'none';
    expect(await ask(desk, ['a'])).toEqual(['EMPLOYED']);
  });

  test('a server that is not there is REFUSED', async () => {
    const gone = await startDepartment();
    await gone.close();
    expect(await ask(openDesk({ url: `${gone.url}/persons` }), ['a'])).toEqual(['REFUSED']);
  });

  test('a question without a source is NOT_CONFIGURED', async () => {
    const desk = openLiveDesk({ sources: [], questions: [QUESTION], clock, log: openLog('silent') });
    expect(await ask(desk, ['a'])).toEqual(['NOT_CONFIGURED']);
  });

  test('the deadline counts from the question, time in the queue included', async () => {
    department.delay = 150;
    const outcomes = await ask(openDesk({ largestBatch: 1, concurrency: 1, deadline: 400 }), numbersOf(5));
    expect(outcomes[0]).toBe('EMPLOYED');
    expect(outcomes[4]).toBe('TIMEOUT');
    expect(department.received.length).toBeLessThan(5);
  });

  test('a connection that the source closed between two questions costs no answer', async () => {
    const desk = openDesk();
    await ask(desk, ['a']);
    department.onBatch = undefined;
    await sleep(20);
    expect(await ask(desk, ['b'])).toEqual(['EMPLOYED']);
  });
});

describe('the breaker', () => {
  const breaker = { failures: 3, within: 30, open: 15 };

  test('opens after so many failures, asks once after its time, and closes with the first answer', async () => {
    const desk = openDesk({ breaker });
    department.fail = 'error-500';
    for (let i = 0; i < 3; i++) expect(await ask(desk, ['a'])).toEqual(['REFUSED']);
    expect(await ask(desk, ['a'])).toEqual(['BREAKER_OPEN']);
    expect(department.received).toHaveLength(3);
    seconds += 15;
    expect(await ask(desk, ['a'])).toEqual(['REFUSED']);
    expect(await ask(desk, ['a'])).toEqual(['BREAKER_OPEN']);
    seconds += 15;
    department.fail = 'none';
    expect(await ask(desk, ['a'])).toEqual(['EMPLOYED']);
    expect(await ask(desk, ['a'])).toEqual(['EMPLOYED']);
    expect(department.received).toHaveLength(6);
  });

  test('while it tries one request, others are told that it is open', async () => {
    const desk = openDesk({ breaker, largestBatch: 1 });
    department.fail = 'error-500';
    for (let i = 0; i < 3; i++) await ask(desk, ['a']);
    seconds += 15;
    department.fail = 'none';
    expect((await ask(desk, ['a', 'b', 'c'])).sort()).toEqual(['BREAKER_OPEN', 'BREAKER_OPEN', 'EMPLOYED']);
  });

  test('its state, requests, failures and seconds are in the metrics', async () => {
    const desk = openDesk({ breaker });
    const registry = new Registry();
    desk.register(registry);
    await ask(desk, ['a']);
    department.fail = 'error-500';
    for (let i = 0; i < 3; i++) await ask(desk, ['a']);
    const text = await registry.metrics();
    expect(text).toContain('hub_live_requests_total{source="employment",outcome="OK"} 1');
    expect(text).toContain('hub_live_requests_total{source="employment",outcome="REFUSED"} 3');
    expect(text).toContain('hub_live_breaker{source="employment"} 2');
    expect(text).toContain('hub_live_seconds_count{source="employment"} 4');
  });
});

test('who goes away ends the request, and the breaker learns nothing from it', async () => {
  department.fail = 'timeout';
  const before = department.abandoned();
  const gone = new AbortController();
  const desk = openDesk({ breaker: { failures: 1, within: 30, open: 15 }, deadline: 5_000 });
  const asking = ask(desk, ['a'], gone);
  while (department.received.length === 0) await sleep(5);
  gone.abort();
  await asking;
  for (const until = Date.now() + 2_000; department.abandoned() === before && Date.now() < until;) await sleep(5);
  expect(department.abandoned()).toBe(before + 1);
  department.fail = 'none';
  expect(await ask(desk, ['a'])).toEqual(['EMPLOYED']);
});
