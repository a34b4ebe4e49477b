/** What the ledger keeps of a call of `reportAid`, and what it never tells. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tooManyMisses } from '../../src/platform/errors.ts';
import { countIn, grantTo, listenTo, openAidWorld } from './aid-world.ts';
import type { AidWorld, Report } from './aid-world.ts';

let world: AidWorld;
beforeAll(async () => {
  world = await openAidWorld();
});
afterAll(() => world.close());

const report: Report = (...call) => world.reporter()(...call);

describe('the record', () => {
  test('names the persons and households touched, the misses as keyed hashes, and no value', async () => {
    const { entries, spy } = listenTo(world.ledger);
    const [a, b] = world.people;
    const items = [grantTo(a), grantTo(b), grantTo(a), grantTo({ idNumber: world.nobody, name: '张三' })];
    await world.reporter({ ledger: spy })(items);
    expect(entries).toHaveLength(1);
    const [entry] = entries;
    expect(entry).toMatchObject({
      kind: 'WRITE',
      decision: 'ALLOWED',
      purpose: 'AID_REPORTING',
      caseNo: 'ED-2026-000001',
      coordinates: [['Mutation.reportAid']],
      items: 4,
    });
    expect(entry?.persons.map(({ id }) => id).sort()).toEqual([a.personId, b.personId].sort());
    expect(entry?.households.map(({ id }) => id).sort()).toEqual([a.householdId, b.householdId].sort());
    expect(entry?.misses).toEqual([world.ledger.missKey(world.nobody)]);
    const shown = JSON.stringify(entry);
    for (const value of [a.idNumber, a.name, b.name, world.nobody, '张三', '1200']) expect(shown).not.toContain(value);
  });

  test('a spent budget refuses the call, writes nothing, and is on record with the hashes', async () => {
    const { entries, spy } = listenTo(world.ledger);
    const before = await countIn(world.db, 'aid_grant');
    const spent: number[] = [];
    const misses = {
      spend: (_asking: unknown, n: number) => {
        spent.push(n);
        return Promise.reject(tooManyMisses(60));
      },
    };
    const bad = { idNumber: world.nobody, name: '张三' };
    const items = [grantTo(world.people[0]), grantTo(bad), grantTo(bad), grantTo({ ...bad, name: '李四' })];
    const call = world.reporter({ ledger: spy, misses })(items);
    await expect(call).rejects.toMatchObject({ code: 'TOO_MANY_MISSES' });
    expect(spent).toEqual([2]); // one number under two names is two guesses
    expect(await countIn(world.db, 'aid_grant')).toBe(before);
    expect(entries).toMatchObject([{ decision: 'REFUSED', reason: 'TOO_MANY_MISSES', persons: [], households: [] }]);
    expect(entries[0]?.misses).toEqual([world.ledger.missKey(world.nobody)]);
  });

  test('a dry run spends the budget of misses as well', async () => {
    const misses = { spend: () => Promise.reject(tooManyMisses(60)) };
    const items = [grantTo({ idNumber: world.nobody, name: '张三' })];
    const call = world.reporter({ misses })(items, { dryRun: true });
    await expect(call).rejects.toMatchObject({ code: 'TOO_MANY_MISSES' });
  });

  test('without its entry in the ledger no grant is kept', async () => {
    const before = await countIn(world.db, 'aid_grant');
    const broken = { ...listenTo(world.ledger).spy, recordIn: () => Promise.reject(new Error('the ledger is gone')) };
    const call = world.reporter({ ledger: broken })([grantTo(world.people[0])]);
    await expect(call).rejects.toThrow('the ledger is gone');
    expect(await countIn(world.db, 'aid_grant')).toBe(before);
  });

  test('no value of an item stands in the text of an error', async () => {
    await world.db.owner.query(`alter table aid_grant add constraint ck_test check (fund_source <> 'forbidden')`);
    try {
      const [person] = world.people;
      const item = grantTo(person, { fundSource: 'forbidden' });
      const error: unknown = await report([item]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      for (const value of [person.idNumber, person.name, 'forbidden', item.sourceKey ?? '']) {
        expect(String(error)).not.toContain(value);
      }
    } finally {
      await world.db.owner.query('alter table aid_grant drop constraint ck_test');
    }
  });
});
