/** `reportAid` as a whole call: many items, the same twice, dry runs. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AidItem, AidReceipt } from '../../src/aid/index.ts';
import { countIn, grantTo, openAidWorld, outcomesOf, statesOf } from './aid-world.ts';
import type { AidWorld, Report } from './aid-world.ts';

let world: AidWorld;
beforeAll(async () => {
  world = await openAidWorld();
});
afterAll(() => world.close());

const report: Report = (...call) => world.reporter()(...call);

describe('one call', () => {
  test('a bad item costs no good one, and the receipts come in the order given', async () => {
    const [person] = world.people;
    const good = Array.from({ length: 5 }, () => grantTo(person));
    const [a, b, c, d, e] = good;
    const receipts = await report([
      { ...a },
      grantTo(person, { decidedOn: 'yesterday' }),
      { ...b },
      {},
      { ...c },
      grantTo(person, { name: '\ud800' }),
      { ...d },
      grantTo({ idNumber: world.nobody, name: '张三' }),
      { ...e },
    ] as AidItem[]);
    expect(receipts.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(outcomesOf(receipts)).toEqual([
      'RECORDED',
      'BAD_DATE',
      'RECORDED',
      'MISSING_FIELD',
      'RECORDED',
      'BAD_TEXT',
      'RECORDED',
      'NO_MATCH',
      'RECORDED',
    ]);
    for (const { outcome, remedy } of receipts) expect(remedy === null).toBe(outcome === 'RECORDED');
  });

  test('duplicates inside a call are one grant', async () => {
    const item = grantTo(world.people[0]);
    const receipts = await report([item, { ...item }, { ...item, amountYuan: '7' }, { ...item, version: 2 }, item]);
    expect(outcomesOf(receipts)).toEqual(['SUPERSEDED', 'UNCHANGED', 'KEY_REUSED', 'RECORDED', 'UNCHANGED']);
    expect(new Set([0, 1, 4].map((n) => receipts[n]?.grantId)).size).toBe(1);
  });

  test('an empty call is an empty answer', async () => {
    expect(await report([])).toEqual([]);
  });

  test('more than 5,000 items are refused with the advice to split', async () => {
    const items = Array.from({ length: 5_001 }, () => ({}));
    await expect(report(items)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('split'),
    });
  });

  test('5,000 items go through at once and again', async () => {
    const items = Array.from({ length: 5_000 }, (_, n) => grantTo(world.people[n % 4] ?? world.people[0]));
    expect(new Set(outcomesOf(await report(items)))).toEqual(new Set(['RECORDED']));
    expect(new Set(outcomesOf(await report(items.toReversed())))).toEqual(new Set(['UNCHANGED']));
  });

  test('the number of statements does not depend on the number of items', async () => {
    const items = Array.from({ length: 400 }, (_, n) => grantTo(world.people[n % 4] ?? world.people[0]));
    const versions = items.map((item) => ({ ...item, version: 2 }));
    await report([grantTo(world.people[0])]); // the operation is known to the ledger from here on
    const [one, two, many, more] = [
      await statements([items[0] ?? {}]),
      await statements([versions[0] ?? {}]),
      await statements(items.slice(1)),
      await statements(versions.slice(1)),
    ];
    expect(many).toBe(one);
    expect(more).toBe(two);
    expect(more).toBeLessThanOrEqual(15);
  });

  test('a dry run gives the same receipts, keeps nothing, and is on record', async () => {
    const [person] = world.people;
    const held = grantTo(person);
    await report([held]);
    const items = [
      held,
      grantTo(person),
      { ...held, version: 2, amountYuan: '3' },
      grantTo({ idNumber: world.nobody, name: '张三' }),
      grantTo(person, { reversalOf: 'not there' }),
    ];
    const [grants, records] = [await countIn(world.db, 'aid_grant'), await countIn(world.db, 'access_record')];
    const dry = await report(items, { dryRun: true });
    expect(outcomesOf(dry)).toEqual(['UNCHANGED', 'RECORDED', 'RECORDED', 'NO_MATCH', 'ORIGINAL_NOT_HELD']);
    expect(dry.slice(1).map(({ grantId }) => grantId)).toEqual([null, null, null, null]);
    expect(await countIn(world.db, 'aid_grant')).toBe(grants);
    expect(await countIn(world.db, 'access_record')).toBe(records + 1);
    expect(await statesOf(world.db, [String(held.sourceKey)])).toEqual({ [`${String(held.sourceKey)}/1`]: 'CURRENT' });
    const wet = await report(items);
    const plain = (receipts: readonly AidReceipt[]) => receipts.map(({ grantId: _, ...rest }) => rest);
    expect(plain(wet)).toEqual(plain(dry));
  });

  test('a policy that changed since the gate stops the report', async () => {
    const before = await countIn(world.db, 'aid_grant');
    const outdated = report([grantTo(world.people[0])], { policyStamp: -1 });
    await expect(outdated).rejects.toMatchObject({ code: 'POLICY_CHANGED' });
    expect(await countIn(world.db, 'aid_grant')).toBe(before);
  });
});

/** How many statements a call sends, those of the transaction and of the ledger included. */
async function statements(items: readonly AidItem[]): Promise<number> {
  let count = 0;
  /** The same object, of which every call of `query` is counted. */
  const counting = <T extends object>(target: T, also: Record<string, unknown> = {}): T =>
    new Proxy(target, {
      get: (_target, name) => {
        if (typeof name === 'string' && name in also) return also[name];
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (name === 'query') count += 1;
          return Reflect.apply(value, target, args);
        };
      },
    });
  const { server } = world.db;
  const pool = counting(server, { connect: async () => counting(await server.connect()) });
  await world.reporter({ pool })(items);
  return count;
}
