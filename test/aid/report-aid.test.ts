/** `reportAid`, item by item: what a grant becomes, and whom a department may report. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bound, Department, Purpose, Role } from '../../src/access/index.ts';
import { newId } from '../../src/platform/id.ts';
import { countIn, education, grantTo, listenTo, openAidWorld, outcomesOf, statesOf } from './aid-world.ts';
import type { AidWorld, Report } from './aid-world.ts';

let world: AidWorld;
beforeAll(async () => {
  world = await openAidWorld();
});
afterAll(() => world.close());

const report: Report = (...call) => world.reporter()(...call);

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
    expect(outcomesOf(await report([item]))).toEqual(['RECORDED']);
    expect(outcomesOf(await report([{ ...item, version: 3, amountYuan: '900' }]))).toEqual(['RECORDED']);
    expect(await statesOf(world.db, [key])).toEqual({ [`${key}/1`]: 'SUPERSEDED 3', [`${key}/3`]: 'CURRENT' });
  });

  test('an older version than the one held is kept as history', async () => {
    const item = grantTo(world.people[0]);
    const key = String(item.sourceKey);
    await report([{ ...item, version: 3 }]);
    expect(outcomesOf(await report([{ ...item, version: 1, amountYuan: '5' }]))).toEqual(['SUPERSEDED']);
    expect(outcomesOf(await report([{ ...item, version: 2, amountYuan: '6' }]))).toEqual(['SUPERSEDED']);
    expect(await statesOf(world.db, [key])).toEqual({
      [`${key}/1`]: 'SUPERSEDED 2',
      [`${key}/2`]: 'SUPERSEDED 3',
      [`${key}/3`]: 'CURRENT',
    });
  });

  test('a reversal undoes the grant, also one that is corrected afterwards', async () => {
    const item = grantTo(world.people[0]);
    const [key, undo] = [String(item.sourceKey), newId()];
    await report([item]);
    expect(outcomesOf(await report([{ ...item, sourceKey: undo, reversalOf: key }]))).toEqual(['RECORDED']);
    await report([{ ...item, version: 2, amountYuan: '1' }]);
    expect(await statesOf(world.db, [key, undo])).toEqual({
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
    expect(outcomesOf(await report([item]))).toEqual(['RECORDED']);
    expect(await statesOf(world.db, [key, undo])).toEqual({
      [`${key}/1`]: `REVERSED ${undo}`,
      [`${undo}/1`]: 'REVERSAL',
    });
  });

  test('a slip in the key of the original never undoes another person’s aid', async () => {
    const item = grantTo(world.people[0]);
    const [key, undo] = [String(item.sourceKey), newId()];
    await report([item]);
    const slip = grantTo(world.people[1], { sourceKey: undo, reversalOf: key });
    expect(outcomesOf(await report([slip]))).toEqual(['ORIGINAL_NOT_HELD']);
    expect(await statesOf(world.db, [key, undo])).toEqual({ [`${key}/1`]: 'CURRENT', [`${undo}/1`]: 'PENDING' });
    const put = { ...slip, ...grantTo(world.people[0]), version: 2, sourceKey: undo, reversalOf: key };
    expect(outcomesOf(await report([put]))).toEqual(['RECORDED']);
    expect(await statesOf(world.db, [key])).toEqual({ [`${key}/1`]: `REVERSED ${undo}` });
  });

  test('of two reversals both are kept and one stands', async () => {
    const item = grantTo(world.people[0]);
    const [key, first, second] = [String(item.sourceKey), `${newId()}-1`, `${newId()}-2`];
    await report([item, { ...item, sourceKey: first, reversalOf: key }]);
    const [late] = await report([{ ...item, sourceKey: second, reversalOf: key }]);
    expect(late).toMatchObject({ outcome: 'RECORDED', code: 'ALREADY_REVERSED' });
    expect(await statesOf(world.db, [key])).toEqual({ [`${key}/1`]: `REVERSED ${first}` });
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
    expect(await statesOf(world.db, [one, other, undo])).toEqual({
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
    expect(outcomesOf(await report([item]))).toEqual(['RECORDED']);
  });

  test('an office outside the caller’s regions or of no known code is refused, whoever the person is', async () => {
    const receipts = await report(
      [world.people[0], world.elsewhere, { idNumber: world.nobody, name: '张三' }].flatMap((somebody) => [
        grantTo(somebody, { officeRegion: world.offices.jiangxi }),
        grantTo(somebody, { officeRegion: '999999' }),
      ]),
    );
    expect(outcomesOf(receipts)).toEqual(Array(6).fill('OUT_OF_REGION'));
  });

  test('names and numbers match in all their spellings', async () => {
    const [, dotted, rare] = world.people;
    const receipts = await report([
      grantTo({ ...dotted, name: '买买提•艾力' }),
      grantTo({ ...rare, idNumber: rare.idNumber.toLowerCase() }),
      grantTo({ ...rare, idNumber: rare.idNumber.slice(0, 6) + rare.idNumber.slice(8, 17) }),
    ]);
    expect(outcomesOf(receipts)).toEqual(['RECORDED', 'RECORDED', 'RECORDED']);
  });

  test('a department does not speak for another’s programmes', async () => {
    const item = grantTo(world.people[0]);
    const receipts = await report([
      { ...item, programme: '医疗救助' },
      { ...item, programme: '压岁钱' },
    ]);
    expect(outcomesOf(receipts)).toEqual(['NOT_YOUR_PROGRAMME', 'UNKNOWN_PROGRAMME']);
  });

  test.each<[string, { purpose?: Purpose | undefined; role?: Role; department?: Department }, string]>([
    ['no purpose', { purpose: undefined }, 'PURPOSE_REQUIRED'],
    ['another purpose', { purpose: 'AID_ELIGIBILITY' }, 'PURPOSE_NOT_ALLOWED'],
    ['an analyst', { role: 'ANALYST', department: 'CIVIL_AFFAIRS' }, 'OPERATION_DENIED'],
    ['an auditor', { role: 'AUDITOR', department: 'AUDIT' }, 'OPERATION_DENIED'],
  ])('%s reports nothing', async (_who, change, code) => {
    const before = await countIn(world.db, 'aid_grant');
    const { purpose, ...rest } = { ...education, ...change };
    const caller = purpose === undefined ? rest : { ...rest, purpose };
    const { entries, spy } = listenTo(world.ledger);
    const attempt = world.reporter({ ledger: spy })([grantTo(world.people[0])], {}, caller);
    await expect(attempt).rejects.toMatchObject({ code });
    expect(await countIn(world.db, 'aid_grant')).toBe(before);
    expect(entries).toMatchObject([{ kind: 'WRITE', decision: 'REFUSED', reason: code, persons: [], misses: [] }]);
  });
});
