/** Items of aid: which there are when and where, what is granted once, and what departments refuse of their own. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bound, Department } from '../../src/access/index.ts';
import type { AidItem } from '../../src/aid/index.ts';
import { aidRules } from '../../src/server/department-modules.ts';
import { openPool } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { education, grantTo, openAidWorld, outcomesOf } from './aid-world.ts';
import type { AidWorld, Report, Somebody } from './aid-world.ts';

let world: AidWorld;
let send: Report;
beforeAll(async () => {
  world = await openAidWorld();
  send = world.reporter({ rules: aidRules });
});
afterAll(() => world.close());

const office = (department: Department): Bound => ({ ...education, department, client: `${department}.test` });
const report = async (department: Department, items: readonly AidItem[]) =>
  outcomesOf(await send(items, {}, office(department)));

const appraisal = (to: Somebody, change: AidItem = {}): AidItem =>
  grantTo(to, { programme: 'SKILL_APPRAISAL', item: 'SKILL_APPRAISAL', amountYuan: '180', ...change });
const rebuilding = (to: Somebody, house: string, change: AidItem = {}): AidItem =>
  grantTo(to, { programme: '农村危房改造', item: '危房重建', reference: house, amountYuan: '20000', ...change });

const current = async (onceKey: string) =>
  (
    await world.db.owner.query<{ n: number }>(
      `select count(*)::int as n from aid_grant where once_key = $1 and state = 'CURRENT'`,
      [onceKey],
    )
  ).rows[0]?.n;

describe('the catalogue', () => {
  test.each<[Department, string, readonly string[]]>([
    ['EDUCATION', '两免一补', ['免学杂费', '免教科书费', '寄宿生生活补助']],
    ['EDUCATION', '教育救助', ['奖学金', '助学金', '困难补助', '学费减收', '学费免收', '勤工助学', '学校资助基金']],
    ['EDUCATION', '助学贷款', ['国家助学贷款']],
    ['MEDICAL_SECURITY', '医疗救助', ['住院救助', '门诊救助', '重特大疾病医疗救助']],
    ['MEDICAL_SECURITY', '参保资助', ['参保全额资助', '参保定额资助']],
    ['HEALTH', '疾病应急救助', ['疾病应急救助']],
    ['HOUSING', '住房租赁补贴', ['住房租赁补贴']],
    ['HOUSING', '公租房', ['租金减免', '实物配租']],
    ['LABOUR', 'POST_SUBSIDY', ['公益性岗位补贴', '社会保险补贴']],
    ['CIVIL_AFFAIRS', '临时救助', ['急难型临时救助', '支出型临时救助', '小额快救']],
  ])('%s reports each item of %s by its name', async (department, programme, names) => {
    const items = names.map((item) => grantTo(world.people[0], { programme, item }));
    expect(await report(department, items)).toEqual(names.map(() => 'RECORDED'));
  });

  test('the aid of education has items of all seven forms, 奖贷助补减免勤', async () => {
    const { rows } = await world.db.owner.query<{ forms: string[] }>(
      'select array_agg(distinct form order by form) as forms from aid_item where form is not null',
    );
    expect(rows[0]?.forms).toEqual(['EXEMPTION', 'GRANT', 'LOAN', 'REDUCTION', 'SCHOLARSHIP', 'SUBSIDY', 'WORK_STUDY']);
  });

  test('an item of another programme, of another day or of nowhere is refused, and costs no other one', async () => {
    const [person] = world.people;
    const receipts = await send([
      grantTo(person, { item: 'BOARDING_SUBSIDY' }),
      grantTo(person, { item: '压岁钱' }),
      grantTo(person, { item: 'GRANT', decidedOn: '1999-01-01' }),
      grantTo(person, { item: 'grant' }),
    ]);
    expect(outcomesOf(receipts)).toEqual(['UNKNOWN_ITEM', 'UNKNOWN_ITEM', 'UNKNOWN_ITEM', 'RECORDED']);
    expect(receipts[0]).toMatchObject({ field: 'item', grantId: null });
    expect(receipts[0]?.remedy).toContain('救助细项');
  });

  test('a county has its own most from a day on, and others have none', async () => {
    const { gansu } = world.offices;
    await world.db.owner.query(
      `insert into aid_item (code, programme, name, other_names, once, once_as, most_fen, region_code, valid_from, source)
       values ('SMALL_FAST_AID', 'TEMPORARY_AID', '小额快救', '{}', 'NONE', 'SMALL_FAST_AID', 80000, $1, '2026-01-01', '测试')`,
      [gansu],
    );
    const [person] = world.people;
    const fast = (to: Somebody, amountYuan: string, change: AidItem = {}): AidItem =>
      grantTo(to, { programme: '临时救助', item: '小额快救', amountYuan, ...change });
    expect(
      await report('CIVIL_AFFAIRS', [
        fast(person, '800'),
        fast(person, '800.01'),
        fast(person, '900', { decidedOn: '2025-12-31' }),
        // Somebody at home elsewhere, hit here: the office's standard counts, not the home's (社会救助法 art. 37).
        fast(world.elsewhere, '900', { officeRegion: gansu }),
        fast(world.elsewhere, '700', { officeRegion: gansu }),
      ]),
    ).toEqual(['RECORDED', 'ABOVE_STANDARD', 'RECORDED', 'ABOVE_STANDARD', 'RECORDED']);
  });

  test('without an item everything is as it was', async () => {
    const item = grantTo(world.people[0], { programme: 'SKILL_APPRAISAL' });
    expect(await report('LABOUR', [item, { ...item, sourceKey: newId() }])).toEqual(['RECORDED', 'RECORDED']);
    expect(await report('LABOUR', [{ ...item, item: '' }])).toEqual(['UNCHANGED']);
    expect(await report('LABOUR', [{ ...item, item: 'SKILL_APPRAISAL' }])).toEqual(['KEY_REUSED']);
  });
});

describe('granted once', () => {
  test('the second one-off appraisal subsidy is refused, until the first is reversed', async () => {
    const [, person] = world.people;
    const first = appraisal(person);
    const second = appraisal(person);
    expect(await report('LABOUR', [first])).toEqual(['RECORDED']);
    expect(await report('LABOUR', [second])).toEqual(['ALREADY_GRANTED']);
    expect(await report('LABOUR', [first])).toEqual(['UNCHANGED']);
    expect(await report('LABOUR', [{ ...first, version: 2, amountYuan: '150' }])).toEqual(['RECORDED']);
    const reversal = appraisal(person, { reversalOf: first.sourceKey });
    expect(await report('LABOUR', [reversal, second])).toEqual(['RECORDED', 'RECORDED']);
    expect(await current(`SKILL_APPRAISAL/${person.personId}`)).toBe(1);
    // The reversal cannot be taken back now: the first would be in force again.
    expect(await report('LABOUR', [{ ...reversal, version: 2, reversalOf: 'nowhere' }])).toEqual(['ALREADY_GRANTED']);
    expect(await current(`SKILL_APPRAISAL/${person.personId}`)).toBe(1);
  });

  test('one house is rebuilt once, whoever applies, in whichever grade and however its code is written', async () => {
    const [a, b] = world.people;
    expect(await report('HOUSING', [rebuilding(a, 'F-62-001'), rebuilding(b, 'F-62-002')])).toEqual([
      'RECORDED',
      'RECORDED',
    ]);
    const repair = rebuilding(b, ' f-62-００1', { item: 'C级危房维修加固' });
    expect(await report('HOUSING', [repair, rebuilding(b, '')])).toEqual(['ALREADY_GRANTED', 'MISSING_FIELD']);
  });

  test('a month has one price subsidy a person, a course one training subsidy a person', async () => {
    const [a, b] = world.people;
    const price = (to: Somebody, periodFrom: string, periodTo: string | null = null): AidItem =>
      grantTo(to, { programme: 'PRICE_SUBSIDY', item: '价格临时补贴', amountYuan: '40', periodFrom, periodTo });
    expect(
      await report('CIVIL_AFFAIRS', [
        price(a, '2026-03'),
        price(a, '2026-03', '2026-03'),
        price(a, '2026-04'),
        price(b, '2026-03'),
        price(b, '2026-04', '2026-06'),
        price(b, ''),
      ]),
    ).toEqual(['RECORDED', 'ALREADY_GRANTED', 'RECORDED', 'RECORDED', 'BAD_PERIOD', 'MISSING_FIELD']);
    const course = (to: Somebody, reference: string): AidItem =>
      grantTo(to, { programme: '职业培训补贴', item: 'TRAINING_SUBSIDY', reference });
    expect(await report('LABOUR', [course(a, 'P1'), course(b, 'P1'), course(a, 'P2'), course(a, 'p1')])).toEqual([
      'RECORDED',
      'RECORDED',
      'RECORDED',
      'ALREADY_GRANTED',
    ]);
  });

  test('of two in one call the first is recorded; a correction keeps its place before both', async () => {
    const [a] = world.people;
    const [one, two] = [rebuilding(a, 'F-1'), rebuilding(a, 'F-1')];
    expect(await report('HOUSING', [one, two, { ...two }])).toEqual(['RECORDED', 'ALREADY_GRANTED', 'ALREADY_GRANTED']);
    const corrected = { ...one, version: 2, amountYuan: '21000' };
    expect(await report('HOUSING', [two, corrected])).toEqual(['ALREADY_GRANTED', 'RECORDED']);
    // A correction to another house frees the first one, and is refused where that is taken.
    expect(await report('HOUSING', [rebuilding(a, 'F-2')])).toEqual(['RECORDED']);
    const elsewhere = { ...one, version: 3 };
    expect(await report('HOUSING', [{ ...elsewhere, reference: 'F-2' }, two])).toEqual([
      'ALREADY_GRANTED',
      'ALREADY_GRANTED',
    ]);
    expect(await report('HOUSING', [{ ...elsewhere, reference: 'F-3' }, two])).toEqual(['RECORDED', 'RECORDED']);
  });

  test('a call that reverses many and grants them anew to others never has two in force', async () => {
    const [a, b] = world.people;
    const houses = Array.from({ length: 60 }, (_, n) => `M-${n}`);
    // Keys that sort in no particular order, so that neither does what comes into force and what goes.
    const first = houses.map((house) => rebuilding(a, house));
    const reversals = houses.map((house, n) => rebuilding(a, house, { reversalOf: first[n]?.sourceKey }));
    const second = houses.map((house, n) =>
      rebuilding(b, house, { sourceKey: `${n % 2 === 0 ? '0' : 'z'}-${newId()}` }),
    );
    expect(new Set(await report('HOUSING', first))).toEqual(new Set(['RECORDED']));
    expect(new Set(await report('HOUSING', [...second, ...reversals]))).toEqual(new Set(['RECORDED']));
    expect(await current('DILAPIDATED_HOUSE/M-7')).toBe(1);
  });

  test('a dry run tells the same and keeps nothing', async () => {
    const [a] = world.people;
    const items = [rebuilding(a, 'F-dry'), rebuilding(a, 'F-dry')];
    const dry = await send(items, { dryRun: true }, office('HOUSING'));
    expect(outcomesOf(dry)).toEqual(['RECORDED', 'ALREADY_GRANTED']);
    expect(await current('DILAPIDATED_HOUSE/F-DRY')).toBe(0);
    expect(await report('HOUSING', items)).toEqual(outcomesOf(dry));
  });

  test('after a merge the grants of both ids count', async () => {
    const [, , c, d] = world.people;
    expect(await report('LABOUR', [appraisal(c)])).toEqual(['RECORDED']);
    await world.db.owner.query('update aid_grant set person_id = $2 where person_id = $1', [c.personId, d.personId]);
    expect(await report('LABOUR', [appraisal(d)])).toEqual(['ALREADY_GRANTED']);
  });

  test('two hubs that grant the same houses at once grant each once, without a deadlock', async () => {
    const pools = [0, 1].map((n) => openPool(world.db.serverUrl, { max: 2, name: `hub-${n}` }));
    try {
      const hubs = pools.map((pool) => world.reporter({ pool }));
      for (let round = 0; round < 5; round += 1) {
        const houses = Array.from({ length: 200 }, (_, n) => `R${round}-${n}`);
        const grants = () => houses.map((house, n) => rebuilding(world.people[n % 4] ?? world.people[0], house));
        const receipts = await Promise.all([
          hubs[0]?.(grants(), {}, office('HOUSING')),
          hubs[1]?.(grants().toReversed(), {}, office('HOUSING')),
          hubs[0]?.(grants().toReversed(), {}, office('HOUSING')),
          hubs[1]?.(grants(), {}, office('HOUSING')),
        ]);
        const all = receipts.flatMap((some) => outcomesOf(some ?? []));
        expect(all.filter((one) => one === 'RECORDED')).toHaveLength(200);
        expect(all.filter((one) => one === 'ALREADY_GRANTED')).toHaveLength(600);
      }
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
    }
  });

  test('a chain of corrections each taking over from the next is followed, and ends', async () => {
    const [a] = world.people;
    const houses = Array.from({ length: 30 }, (_, n) => rebuilding(a, `C-${n}`));
    expect(new Set(await report('HOUSING', houses))).toEqual(new Set(['RECORDED']));
    // Each moves to the next one's house; the last one's new house is free, so all are right at once.
    const moved = houses.map((house, n) => ({ ...house, version: 2, reference: `C-${n + 1}` }));
    expect(new Set(await report('HOUSING', moved))).toEqual(new Set(['RECORDED']));
    // Now the last one's is taken: none may move, and the call still ends with an answer for each.
    expect(await report('HOUSING', [rebuilding(a, 'C-31')])).toEqual(['RECORDED']);
    const again = houses.map((house, n) => ({ ...house, version: 3, reference: `C-${n + 2}` }));
    expect(new Set(await report('HOUSING', again))).toEqual(new Set(['ALREADY_GRANTED']));
  });

  test('what is in force under a once-key is found by its index', async () => {
    const { rows } = await world.db.owner.query<{ 'QUERY PLAN': string }>(
      `explain select from aid_grant o where o.once_key = 'DILAPIDATED_HOUSE/X' and o.state = 'CURRENT'`,
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('uq_aid_grant__once_key');
  });
});
