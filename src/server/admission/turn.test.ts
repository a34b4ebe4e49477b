import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DEFAULT_BOUNDS } from '../../platform/bounds.ts';
import { leave, newAsker } from '../../platform/cancel.ts';
import { openAdmission } from './admission.ts';
import { beginTurn } from './turn.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const bounds = { ...DEFAULT_BOUNDS, running: 1, runningPerClient: 1 };

test('a turn that waits on purpose has no place meanwhile, and lines up anew', async () => {
  const door = openAdmission(bounds);
  void door.enter('a', newAsker());
  const turn = beginTurn(door, 'a', newAsker());
  let over = false;
  const pausing = turn.pause(1_000).then(() => (over = true));
  expect(door.running).toBe(0);
  expect(door.enter('b', newAsker())).toBeUndefined();
  await jest.advanceTimersByTimeAsync(1_000);
  expect([over, door.running, door.waiting]).toEqual([false, 1, 1]);
  door.leave('b');
  await pausing;
  expect([over, door.running]).toEqual([true, 1]);
  turn.end();
  turn.end();
  expect(door.running).toBe(0);
});

test('an asker who goes meanwhile is waited for no longer, and leaves no place taken', async () => {
  const door = openAdmission(bounds);
  for (const after of [0, 500]) {
    const asker = newAsker();
    void door.enter('a', asker);
    const turn = beginTurn(door, 'a', asker);
    if (after === 0) leave(asker);
    const pausing = turn.pause(1_000).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(after);
    leave(asker);
    expect(await pausing).toMatchObject({ code: 'CANCELLED' });
    turn.end();
    expect([door.running, door.waiting, jest.getTimerCount()]).toEqual([0, 0, 0]);
  }
});

test('a line that is full when the wait is over refuses, and no place is given back twice', async () => {
  const door = openAdmission({ ...bounds, waitingPerClient: 0 });
  void door.enter('a', newAsker());
  const turn = beginTurn(door, 'a', newAsker());
  const pausing = turn.pause(1_000).catch((error: unknown) => error);
  void door.enter('b', newAsker());
  await jest.advanceTimersByTimeAsync(1_000);
  expect(await pausing).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  turn.end();
  expect(door.running).toBe(1);
});
