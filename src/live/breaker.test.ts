import { expect, test } from '@jest/globals';
import type { Clock } from '../platform/clock.ts';
import { openBreaker } from './breaker.ts';
import type { Breaker, BreakerState } from './breaker.ts';

let seconds = 1_000_000;
const clock: Clock = { now: () => new Date(seconds * 1000), today: () => '2026-11-22' };
const terms = { failures: 3, within: 30, open: 15 };

const fail = (breaker: Breaker, times: number): void => {
  for (let i = 0; i < times; i++) breaker.take()?.failed();
};

test('it opens after so many failures in a row, and a success between them starts the count anew', () => {
  const breaker = openBreaker(terms, clock);
  fail(breaker, 2);
  breaker.take()?.succeeded();
  fail(breaker, 2);
  expect(breaker.state()).toBe('CLOSED');
  fail(breaker, 1);
  expect(breaker.state()).toBe('OPEN');
  expect(breaker.take()).toBeUndefined();
});

test('failures that are too far apart do not add up', () => {
  const breaker = openBreaker(terms, clock);
  fail(breaker, 2);
  seconds += 30;
  fail(breaker, 1);
  expect(breaker.state()).toBe('CLOSED');
});

test('after its time one request is let through, and its success closes the breaker', () => {
  const changes: BreakerState[] = [];
  const breaker = openBreaker(terms, clock, (state) => changes.push(state));
  fail(breaker, 3);
  seconds += 14;
  expect(breaker.take()).toBeUndefined();
  seconds += 1;
  const trial = breaker.take();
  expect(trial).toBeDefined();
  expect(breaker.take()).toBeUndefined();
  trial?.succeeded();
  expect(breaker.state()).toBe('CLOSED');
  expect(breaker.take()).toBeDefined();
  expect(changes).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED']);
});

test('a trial that fails opens it again for the whole time', () => {
  const breaker = openBreaker(terms, clock);
  fail(breaker, 3);
  seconds += 15;
  breaker.take()?.failed();
  seconds += 14;
  expect(breaker.take()).toBeUndefined();
  seconds += 1;
  expect(breaker.take()).toBeDefined();
});

test('a trial whose asker went away teaches nothing: the next request is the trial', () => {
  const breaker = openBreaker(terms, clock);
  fail(breaker, 3);
  seconds += 15;
  breaker.take()?.dropped();
  expect(breaker.state()).toBe('HALF_OPEN');
  breaker.take()?.succeeded();
  expect(breaker.state()).toBe('CLOSED');
});

test('what was asked before it opened decides nothing afterwards', () => {
  const breaker = openBreaker(terms, clock);
  const early = breaker.take();
  fail(breaker, 3);
  early?.succeeded();
  expect(breaker.state()).toBe('OPEN');
  seconds += 15;
  const trial = breaker.take();
  early?.failed();
  trial?.succeeded();
  expect(breaker.state()).toBe('CLOSED');
});

test('a clock that is set back leaves no breaker open for longer than its time', () => {
  const breaker = openBreaker(terms, clock);
  fail(breaker, 3);
  seconds -= 100_000;
  expect(breaker.take()).toBeDefined();
});
