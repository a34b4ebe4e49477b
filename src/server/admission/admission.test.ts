import { expect, test } from '@jest/globals';
import { DEFAULT_BOUNDS } from '../../platform/bounds.ts';
import { leave, newAsker } from '../../platform/cancel.ts';
import { openAdmission } from './admission.ts';

const bounds = { ...DEFAULT_BOUNDS, running: 1, runningPerClient: 1, waiting: 2, waitingPerClient: 1, wait: 60_000 };

const codeOf = (turn: Promise<void> | undefined): Promise<unknown> =>
  Promise.resolve(turn).then(
    () => 'in',
    (error: unknown) => error,
  );

test('an operation runs at once while there is room, and nothing is promised to it', () => {
  const door = openAdmission(bounds);
  expect(door.enter('a', newAsker())).toBeUndefined();
  expect([door.running, door.waiting]).toEqual([1, 0]);
});

test('whoever waits gets the place that comes free, and gives it back', async () => {
  const door = openAdmission(bounds);
  void door.enter('a', newAsker());
  const waiting = codeOf(door.enter('b', newAsker()));
  expect([door.running, door.waiting]).toEqual([1, 1]);
  door.leave('a');
  expect(await waiting).toBe('in');
  expect([door.running, door.waiting]).toEqual([1, 0]);
  door.leave('b');
  expect([door.running, door.waiting]).toEqual([0, 0]);
});

test('a client whose line is full is told to slow down, anybody else that the hub is busy; both know when to return', async () => {
  const door = openAdmission(bounds);
  void door.enter('a', newAsker());
  const waiting = [codeOf(door.enter('b', newAsker())), codeOf(door.enter('c', newAsker()))];
  expect(await codeOf(door.enter('b', newAsker()))).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    status: 429,
    extensions: { bound: 'waitingPerClient', retryAfter: 1 },
  });
  expect(await codeOf(door.enter('d', newAsker()))).toMatchObject({
    code: 'OVERLOADED',
    status: 503,
    extensions: { bound: 'waiting', retryAfter: 2 },
  });
  expect(door.waiting).toBe(2);
  ['a', 'b', 'c'].forEach((client) => {
    door.leave(client);
  });
  expect(await Promise.all(waiting)).toEqual(['in', 'in']);
});

test('an asker who goes leaves the line at once, and the next one moves up', async () => {
  const door = openAdmission(bounds);
  void door.enter('a', newAsker());
  const asker = newAsker();
  const gone = codeOf(door.enter('b', asker));
  const next = codeOf(door.enter('c', newAsker()));
  leave(asker);
  expect(door.waiting).toBe(1);
  expect(await gone).toMatchObject({ code: 'CANCELLED' });
  door.leave('a');
  expect(await next).toBe('in');
});

test('an asker who has gone before gets into no line', async () => {
  const door = openAdmission(bounds);
  void door.enter('a', newAsker());
  const asker = newAsker();
  leave(asker);
  expect(await codeOf(door.enter('b', asker))).toMatchObject({ code: 'CANCELLED' });
  expect(door.waiting).toBe(0);
});

test('nobody waits longer than the bound', async () => {
  const door = openAdmission({ ...bounds, wait: 1 });
  void door.enter('a', newAsker());
  expect(await codeOf(door.enter('b', newAsker()))).toMatchObject({
    code: 'OVERLOADED',
    extensions: { bound: 'wait', retryAfter: 2 },
  });
  expect([door.running, door.waiting]).toEqual([1, 0]);
});
