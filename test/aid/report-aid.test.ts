import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bound, Department, Purpose, Role } from '../../src/access/index.ts';
import type { AccessEntry } from '../../src/access/ledger/index.ts';
import type { AidItem, AidReceipt } from '../../src/aid/index.ts';
import { tooManyMisses } from '../../src/platform/errors.ts';
import { newId } from '../../src/platform/id.ts';
import { education, grantTo, openAidWorld } from './aid-world.ts';
import type { AidWorld, Report } from './aid-world.ts';

let world: AidWorld;
beforeAll(async () => {
  world = await openAidWorld();
});
afterAll(async () => {
  await world.close();
});

const report: Report = (...call) => world.reporter()(...call);

const outcomes = (receipts: readonly AidReceipt[]) => receipts.map(({ outcome, code }) => code ?? outcome);

async function states(keys: readonly string[]): Promise<Record<string, string>> {
  const { rows } = await world.db.owner.query<{ slot: string; is: string }>(
    `select source_key || '/' || version as slot, concat_ws(' ', state, superseded_by_version, reversed_by_key) as is
     from aid_grant where source_key = any($1) order by source_key, version`,
    [keys],
  );
  return Object.fromEntries(rows.map(({ slot, is }) => [slot, is]));
}

async function countOf(table: string): Promise<number> {
  const { rows } = await world.db.owner.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? -1;
}

/** The ledger, and what it is told. */
const listen = () => {
  const entries: AccessEntry[] = [];
  const { ledger } = world;
  const spy = {
    missKey: (number: string) => ledger.missKey(number),
    record: (entry: AccessEntry) => {
      entries.push(entry);
      return ledger.record(entry);
    },
    recordIn: (...[client, entry]: Parameters<typeof ledger.recordIn>) => {
      entries.push(entry);
      return ledger.recordIn(client, entry);
    },
  };
  return { entries, spy };
};

describe('one item', () => {
  test('a grant is recorded with the person, the household and the place of the person', async () => {
    const [person] = world.people;
    const item = grantTo(person, {
      periodFrom: '2026-09',
      periodTo: '2027-01',
      fundSource: '省级',
      paidOn: '2026-09-10',
    });
    const [receipt] = await report([item]);
    expect(receipt).toEqual({
      index: 0,
      sourceKey: item.sourceKey,
      version: 1,
      outcome: 'RECORDED',
      code: null,
      field: null,
      remedy: null,
      grantId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const { rows } = await world.db.owner.query('select * from aid_grant where id = $1', [receipt?.grantId]);
    expect(rows[0]).toMatchObject({
      department: 'EDUCATION',
      source_key: item.sourceKey,
      version: 1,
      programme: 'EDUCATION_AID',
      mode: 'CASH',
      person_id: person.personId,
      household_id: person.householdId,
      amount_fen: '120000',
      period_from: '2026-09',
      period_to: '2027-01',
      decided_on: '2026-09-01',
      paid_on: '2026-09-10',
      fund_source: '省级',
      state: 'CURRENT',
      reported_by: 'education.test',
      region_code: world.offices.gansu,
      county_code: world.offices.gansu,
      province_code: '620000000000',
      source_system: 'education.test',
    });
  });

  test('the same again is unchanged and names the same grant', async () => {
    const item = grantTo(world.people[0]);
    const [first] = await report([item]);
    const [again] = await report([{ ...item, amountYuan: '1,200', decidedOn: '2026/9/1', programme: '教育资助' }]);
    expect(again).toMatchObject({ outcome: 'UNCHANGED', grantId: first?.grantId });
  });

  test('other content under the same key and version is refused and changes nothing', async () => {
    const item = grantTo(world.people[0]);
    await report([item]);
    const [reused] = await report([{ ...item, amountYuan: '1300' }]);
    expect(reused).toMatchObject({ outcome: 'REJECTED', code: 'KEY_REUSED', field: 'version', grantId: null });
    const { rows } = await world.db.owner.query('select amount_fen from aid_grant where source_key = $1', [
      item.sourceKey,
    ]);
    expect(rows).toEqual([{ amount_fen: '120000' }]);
  });

  test('a later version corrects, and the earlier one stays as history', async () => {
    const item = grantTo(world.people[0]);
    const key = String(item.sourceKey);
    expect(outcomes(await report([item]))).toEqual(['RECORDED']);
    expect(outcomes(await report([{ ...item, version: 3, amountYuan: '900' }]))).toEqual(['RECORDED']);
    expect(await states([key])).toEqual({ [`${key}/1`]: 'SUPERSEDED 3', [`${key}/3`]: 'CURRENT' });
  });

  test('an older version than the one held is kept as history', async () => {
    const item = grantTo(world.people[0]);
    const key = String(item.sourceKey);
    await report([{ ...item, version: 3 }]);
    expect(outcomes(await report([{ ...item, version: 1, amountYuan: '5' }]))).toEqual(['SUPERSEDED']);
    expect(outcomes(await report([{ ...item, version: 2, amountYuan: '6' }]))).toEqual(['SUPERSEDED']);
    expect(await states([key])).toEqual({
      [`${key}/1`]: 'SUPERSEDED 2',
      [`${key}/2`]: 'SUPERSEDED 3',
      [`${key}/3`]: 'CURRENT',
    });
  });

  test('a reversal undoes the grant, also one that is corrected afterwards', async () => {
    const item = grantTo(world.people[0]);
    const [key, undo] = [String(item.sourceKey), newId()];
    await report([item]);
    expect(outcomes(await report([{ ...item, sourceKey: undo, reversalOf: key }]))).toEqual(['RECORDED']);
    await report([{ ...item, version: 2, amountYuan: '1' }]);
    expect(await states([key, undo])).toEqual({
      [`${key}/1`]: 'SUPERSEDED 2',
      [`${key}/2`]: `REVERSED ${undo}`,
      [`${undo}/1`]: 'REVERSAL',
    });
  });

  test('a reversal before its original waits for it', async () => {
    const item = grantTo(world.people[0]);
    const [key, undo] = [String(item.sourceKey), newId()];
    const [waiting] = await report([{ ...item, sourceKey: undo, reversalOf: key }]);
    expect(waiting).toMatchObject({ outcome: 'PENDING', code: 'ORIGINAL_NOT_HELD', grantId: expect.any(String) });
    expect(outcomes(await report([item]))).toEqual(['RECORDED']);
    expect(await states([key, undo])).toEqual({ [`${key}/1`]: `REVERSED ${undo}`, [`${undo}/1`]: 'REVERSAL' });
  });

  test('a slip in the key of the original never undoes another person’s aid', async () => {
    const item = grantTo(world.people[0]);
    const [key, undo] = [String(item.sourceKey), newId()];
    await report([item]);
    const slip = grantTo(world.people[1], { sourceKey: undo, reversalOf: key });
    expect(outcomes(await report([slip]))).toEqual(['ORIGINAL_NOT_HELD']);
    expect(await states([key, undo])).toEqual({ [`${key}/1`]: 'CURRENT', [`${undo}/1`]: 'PENDING' });
    const put = { ...slip, ...grantTo(world.people[0]), version: 2, sourceKey: undo, reversalOf: key };
    expect(outcomes(await report([put]))).toEqual(['RECORDED']);
    expect(await states([key])).toEqual({ [`${key}/1`]: `REVERSED ${undo}` });
  });

  test('of two reversals both are kept and one stands', async () => {
    const item = grantTo(world.people[0]);
    const [key, first, second] = [String(item.sourceKey), `${newId()}-1`, `${newId()}-2`];
    await report([item, { ...item, sourceKey: first, reversalOf: key }]);
    const [late] = await report([{ ...item, sourceKey: second, reversalOf: key }]);
    expect(late).toMatchObject({ outcome: 'RECORDED', code: 'ALREADY_REVERSED' });
    expect(await states([key])).toEqual({ [`${key}/1`]: `REVERSED ${first}` });
  });

  test('a reversal that is corrected to undo another grant lets go of the first', async () => {
    const [one, other, undo] = [newId(), newId(), newId()];
    const item = grantTo(world.people[0]);
    await report([
      { ...item, sourceKey: one },
      { ...item, sourceKey: other },
      { ...item, sourceKey: undo, reversalOf: one },
    ]);
    await report([{ ...item, sourceKey: undo, reversalOf: other, version: 2 }]);
    expect(await states([one, other, undo])).toEqual({
      [`${one}/1`]: 'CURRENT',
      [`${other}/1`]: `REVERSED ${undo}`,
      [`${undo}/1`]: 'SUPERSEDED 2',
      [`${undo}/2`]: 'REVERSAL',
    });
  });

  test('the same key of another department is another grant', async () => {
    const item = grantTo(world.people[0]);
    const housing: Bound = { ...education, department: 'HOUSING', client: 'housing.test' };
    const [a] = await report([item]);
    const [b] = await report([{ ...item, programme: 'RENT_SUBSIDY', amountYuan: '300' }], {}, housing);
    expect([a?.outcome, b?.outcome]).toEqual(['RECORDED', 'RECORDED']);
    expect(a?.grantId).not.toBe(b?.grantId);
  });
});

describe('whom a department may report', () => {
  test('an unknown number, a wrong name and a person from elsewhere are one answer', async () => {
    const [person] = world.people;
    const receipts = await report([
      grantTo({ idNumber: world.nobody, name: person.name }, { sourceKey: 'same' }),
      grantTo({ idNumber: person.idNumber, name: '张三' }, { sourceKey: 'same' }),
      grantTo(world.elsewhere, { sourceKey: 'same' }),
    ]);
    const [first] = receipts;
    expect(first).toMatchObject({ outcome: 'REJECTED', code: 'NO_MATCH', field: 'idNumber', grantId: null });
    expect(receipts.map(({ index: _, ...rest }) => rest)).toEqual(Array(3).fill({ ...first, index: undefined }));
  });

  test('somebody from elsewhere is aided by an office that is in the caller’s region', async () => {
    const item = grantTo(world.elsewhere, { officeRegion: world.offices.gansu.slice(0, 6) });
    expect(outcomes(await report([item]))).toEqual(['RECORDED']);
  });

  test('an office outside the caller’s regions or of no known code is refused, whoever the person is', async () => {
    const receipts = await report(
      [world.people[0], world.elsewhere, { idNumber: world.nobody, name: '张三' }].flatMap((somebody) => [
        grantTo(somebody, { officeRegion: world.offices.jiangxi }),
        grantTo(somebody, { officeRegion: '999999' }),
      ]),
    );
    expect(outcomes(receipts)).toEqual(Array(6).fill('OUT_OF_REGION'));
  });

  test('names and numbers match in all their spellings', async () => {
    const [, dotted, rare] = world.people;
    const receipts = await report([
      grantTo({ ...dotted, name: '买买提•艾力' }),
      grantTo({ ...rare, idNumber: rare.idNumber.toLowerCase() }),
      grantTo({ ...rare, idNumber: rare.idNumber.slice(0, 6) + rare.idNumber.slice(8, 17) }),
    ]);
    expect(outcomes(receipts)).toEqual(['RECORDED', 'RECORDED', 'RECORDED']);
  });

  test('a department does not speak for another’s programmes', async () => {
    const item = grantTo(world.people[0]);
    const receipts = await report([
      { ...item, programme: '医疗救助' },
      { ...item, programme: '压岁钱' },
    ]);
    expect(outcomes(receipts)).toEqual(['NOT_YOUR_PROGRAMME', 'UNKNOWN_PROGRAMME']);
  });

  test.each<[string, { purpose?: Purpose | undefined; role?: Role; department?: Department }, string]>([
    ['no purpose', { purpose: undefined }, 'PURPOSE_REQUIRED'],
    ['another purpose', { purpose: 'AID_ELIGIBILITY' }, 'PURPOSE_NOT_ALLOWED'],
    ['an analyst', { role: 'ANALYST', department: 'CIVIL_AFFAIRS' }, 'OPERATION_DENIED'],
    ['an auditor', { role: 'AUDITOR', department: 'AUDIT' }, 'OPERATION_DENIED'],
  ])('%s reports nothing', async (_who, change, code) => {
    const before = await countOf('aid_grant');
    const { purpose, ...rest } = { ...education, ...change };
    const caller = purpose === undefined ? rest : { ...rest, purpose };
    const { entries, spy } = listen();
    const attempt = world.reporter({ ledger: spy })([grantTo(world.people[0])], {}, caller);
    await expect(attempt).rejects.toMatchObject({ code });
    expect(await countOf('aid_grant')).toBe(before);
    expect(entries).toMatchObject([{ kind: 'WRITE', decision: 'REFUSED', reason: code, persons: [], misses: [] }]);
  });
});

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
    expect(outcomes(receipts)).toEqual([
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
    expect(outcomes(receipts)).toEqual(['SUPERSEDED', 'UNCHANGED', 'KEY_REUSED', 'RECORDED', 'UNCHANGED']);
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
    expect(new Set(outcomes(await report(items)))).toEqual(new Set(['RECORDED']));
    expect(new Set(outcomes(await report(items.toReversed())))).toEqual(new Set(['UNCHANGED']));
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
    const [grants, records] = [await countOf('aid_grant'), await countOf('access_record')];
    const dry = await report(items, { dryRun: true });
    expect(outcomes(dry)).toEqual(['UNCHANGED', 'RECORDED', 'RECORDED', 'NO_MATCH', 'ORIGINAL_NOT_HELD']);
    expect(dry.slice(1).map(({ grantId }) => grantId)).toEqual([null, null, null, null]);
    expect(await countOf('aid_grant')).toBe(grants);
    expect(await countOf('access_record')).toBe(records + 1);
    expect(await states([String(held.sourceKey)])).toEqual({ [`${String(held.sourceKey)}/1`]: 'CURRENT' });
    const wet = await report(items);
    const plain = (receipts: readonly AidReceipt[]) => receipts.map(({ grantId: _, ...rest }) => rest);
    expect(plain(wet)).toEqual(plain(dry));
  });

  test('a policy that changed since the gate stops the report', async () => {
    const before = await countOf('aid_grant');
    const outdated = report([grantTo(world.people[0])], { policyStamp: -1 });
    await expect(outdated).rejects.toMatchObject({ code: 'POLICY_CHANGED' });
    expect(await countOf('aid_grant')).toBe(before);
  });
});

describe('the record', () => {
  test('names the persons and households touched, the misses as keyed hashes, and no value', async () => {
    const { entries, spy } = listen();
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
    const { entries, spy } = listen();
    const before = await countOf('aid_grant');
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
    expect(await countOf('aid_grant')).toBe(before);
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
    const before = await countOf('aid_grant');
    const broken = { ...listen().spy, recordIn: () => Promise.reject(new Error('the ledger is gone')) };
    const call = world.reporter({ ledger: broken })([grantTo(world.people[0])]);
    await expect(call).rejects.toThrow('the ledger is gone');
    expect(await countOf('aid_grant')).toBe(before);
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
