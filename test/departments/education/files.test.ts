/** What education delivers and reports, as its offices do: files of its templates, and aid over the report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let school: Delivering;
let pupil: Awaited<ReturnType<Delivering['somebody']>>;
let boarder: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  school = await openDelivering();
  pupil = await school.somebody('陈小文', '2014-02-02', 61);
  boarder = await school.somebody('李小山', '2013-03-03', 62);
});
afterAll(() => school.close());

const study = (change: Item): Item => ({
  ...pupil.who,
  schoolCode: '6201990001',
  schoolName: '某某学校',
  boarding: '否',
  ...change,
});

test('every stage from pre-school to postgraduate is delivered by the words of schools and read back; a bad row costs no other', async () => {
  const rows = [
    study({ sourceKey: 'T1', stage: '幼儿园', grade: '3', term: '2010-2' }),
    study({ sourceKey: 'T2', stage: '小学', grade: '小学六年级', term: '2011-2', boarding: '寄宿' }),
    study({ sourceKey: 'T3', stage: '初级中学', grade: '初三', term: '2012-2', boarding: '是' }),
    study({ sourceKey: 'T4', stage: '高中', grade: '高一', term: '2013年秋季学期', boarding: '1' }),
    study({ sourceKey: 'T5', stage: '中职', grade: '2', term: '2014-1' }),
    study({ sourceKey: 'T6', stage: '本科', grade: '大三', term: '2015-2016学年第一学期' }),
    study({ sourceKey: 'T7', stage: '硕士', grade: '1', term: '2016-2' }),
    study({ sourceKey: 'T8', stage: '小学', grade: '七年级', term: '2016-2' }),
  ];
  const { state, counts, findings } = await school.deliverFile('EDUCATION', 'STUDENT', rows);
  expect(findings).toEqual([
    [3, '是否寄宿', 'BAD_YES_NO'],
    [9, '年级', 'BAD_COMBINATION'],
  ]);
  expect([state, counts]).toMatchObject(['APPLIED', { rows: 8, recorded: 6, faulty: 2 }]);
  expect(await school.read(pupil.personId, 'studentRecords { stage grade term boarding }', 'EDUCATION')).toEqual({
    studentRecords: [
      { stage: 'POSTGRADUATE', grade: 1, term: '2016-2', boarding: false },
      { stage: 'UNDERGRADUATE', grade: 3, term: '2015-2', boarding: false },
      { stage: 'VOCATIONAL', grade: 2, term: '2014-1', boarding: false },
      { stage: 'SENIOR', grade: 1, term: '2013-2', boarding: true },
      { stage: 'JUNIOR', grade: 3, term: '2012-2', boarding: true },
      { stage: 'PRESCHOOL', grade: 3, term: '2010-2', boarding: false },
    ],
  });
});

const aid = (who: Item, change: Item): Item => ({ ...who, amountYuan: '300.00', decidedOn: '2026-09-10', ...change });
const grants = (personId: string) =>
  school.read(personId, 'aidGrants { nodes { programme item itemName mode amount } }', 'EDUCATION');

test('all seven modes of aid 奖贷助补减免勤 are reported, each as its item; a loan stays a loan', async () => {
  const programme = '教育救助';
  expect(
    await school.reportAid('EDUCATION', [
      aid(pupil.who, { sourceKey: 'M1', programme, item: '国家奖学金', mode: 'CASH', amountYuan: '8000' }),
      aid(pupil.who, {
        sourceKey: 'M2',
        programme: '助学贷款',
        item: '国家助学贷款',
        mode: 'LOAN',
        amountYuan: '12000',
      }),
      aid(pupil.who, { sourceKey: 'M3', programme, item: '国家助学金', mode: 'CASH' }),
      aid(pupil.who, { sourceKey: 'M4', programme, item: '困难补助', mode: 'CASH' }),
      aid(pupil.who, { sourceKey: 'M5', programme, item: '减交学费', mode: 'WAIVER' }),
      aid(pupil.who, { sourceKey: 'M6', programme, item: '免学费', mode: 'WAIVER' }),
      aid(pupil.who, { sourceKey: 'M7', programme, item: '勤工助学', mode: 'JOB' }),
      aid(pupil.who, { sourceKey: 'M8', programme, item: '压岁钱', mode: 'CASH' }),
    ]),
  ).toEqual([...Array<unknown>(7).fill(recorded), rejected('item', 'UNKNOWN_ITEM')]);
  const { aidGrants } = (await grants(pupil.personId)) as { aidGrants: { nodes: readonly Item[] } };
  expect(aidGrants.nodes.map(({ item, mode, amount }) => [item, mode, amount]).sort()).toEqual([
    ['EXEMPTION', 'WAIVER', '300.00'],
    ['GRANT', 'CASH', '300.00'],
    ['HARDSHIP_ALLOWANCE', 'CASH', '300.00'],
    ['REDUCTION', 'WAIVER', '300.00'],
    ['SCHOLARSHIP', 'CASH', '8000.00'],
    ['STUDENT_LOAN', 'LOAN', '12000.00'],
    ['WORK_STUDY', 'JOB', '300.00'],
  ]);
  expect(aidGrants.nodes.find(({ item }) => item === 'STUDENT_LOAN')).toMatchObject({
    programme: 'STUDENT_LOAN',
    itemName: '国家助学贷款',
  });
});

test('两免一补 are three grants; who does not board gets no boarding item, by the record that was delivered', async () => {
  const three = ['免学杂费', '免教科书费', '寄宿生生活补助'] as const;
  const all = (who: Item, prefix: string): readonly Item[] =>
    three.map((item, n) =>
      aid(who, {
        sourceKey: `${prefix}${String(n)}`,
        programme: '两免一补',
        item,
        mode: n < 2 ? 'WAIVER' : 'CASH',
        periodFrom: '2026-09',
      }),
    );
  const term = { term: '2026-2', grade: '6', stage: '小学' };
  const { findings } = await school.deliverFile('EDUCATION', 'STUDENT', [
    study({ ...term, sourceKey: 'B1' }),
    study({ ...term, sourceKey: 'B2', ...boarder.who, boarding: '是' }),
  ]);
  expect(findings).toEqual([]);
  expect(await school.reportAid('EDUCATION', [...all(pupil.who, 'P'), ...all(boarder.who, 'B')])).toEqual([
    recorded,
    recorded,
    rejected('item', 'NOT_A_BOARDER'),
    recorded,
    recorded,
    recorded,
  ]);
  const { aidGrants } = (await grants(boarder.personId)) as { aidGrants: { nodes: readonly Item[] } };
  expect(aidGrants.nodes.map(({ programme, item }) => [programme, item]).sort()).toEqual([
    ['TWO_EXEMPT_ONE_SUBSIDY', 'BOARDING_SUBSIDY'],
    ['TWO_EXEMPT_ONE_SUBSIDY', 'TEXTBOOKS'],
    ['TWO_EXEMPT_ONE_SUBSIDY', 'TUITION_EXEMPTION'],
  ]);
});

test('a voucher redeems once, whether a file redeems it or a grant is reported for it', async () => {
  const voucher = (change: Item): Item => ({
    ...boarder.who,
    sourceKey: 'JYQ-7',
    term: '2026年秋季学期',
    faceValue: '¥300',
    fees: '杂费、住宿费',
    issuedOn: '2026/8/25',
    ...change,
  });
  const redeemed = { redeemedOn: '2026年9月1日', redeemedSchool: '某某中学' };
  expect(await school.deliverFile('EDUCATION', 'EDUCATION_VOUCHER', [voucher(redeemed)])).toMatchObject({
    counts: { recorded: 1 },
    findings: [],
  });
  const again = await school.deliverFile('EDUCATION', 'EDUCATION_VOUCHER', [
    voucher({ ...redeemed, redeemedSchool: '另一中学' }),
    voucher({ sourceKey: 'JYQ-8' }),
  ]);
  expect(again).toMatchObject({ counts: { recorded: 1, rejected: 1 } });
  expect(again.findings).toEqual([[2, '兑付日期', 'VOUCHER_REDEEMED']]);
  const told = 'educationVouchers { voucherNo term faceValue fees issuedOn redeemedOn redeemedSchool }';
  const { educationVouchers } = (await school.read(boarder.personId, told, 'EDUCATION')) as {
    educationVouchers: readonly Item[];
  };
  const issued = { term: '2026-2', faceValue: '300.00', fees: ['BOARDING', 'SUNDRY'], issuedOn: '2026-08-25' };
  expect([...educationVouchers].sort((a, b) => (String(a['voucherNo']) < String(b['voucherNo']) ? -1 : 1))).toEqual([
    { ...issued, voucherNo: 'JYQ-7', redeemedOn: '2026-09-01', redeemedSchool: '某某中学' },
    { ...issued, voucherNo: 'JYQ-8', redeemedOn: null, redeemedSchool: null },
  ]);
  const grant = { programme: '教育救助', item: '教育券', mode: 'WAIVER', reference: 'JYQ-7' };
  expect(
    await school.reportAid('EDUCATION', [
      aid(boarder.who, { ...grant, sourceKey: 'V1' }),
      aid(boarder.who, { ...grant, sourceKey: 'V2', reference: ' jyq-７' }),
    ]),
  ).toEqual([recorded, rejected('item', 'ALREADY_GRANTED')]);
});

test('fees that are put off come as a file, and are read without being aid', async () => {
  const deferral = {
    ...pupil.who,
    schoolName: '某某大学',
    term: '2026-2',
    grantedOn: '2026-09-01',
    amount: '5,800.00',
  };
  const { findings } = await school.deliverFile('EDUCATION', 'FEE_DEFERRAL', [
    { ...deferral, sourceKey: 'H1', kind: '绿色通道', fees: '学费、住宿费', dueOn: '2027-01-15' },
    { ...deferral, sourceKey: 'H2', kind: '绿色通道', dueOn: '2026-08-31' },
  ]);
  expect(findings).toEqual([[3, '应缴日期', 'BAD_ORDER']]);
  expect(await school.read(pupil.personId, 'feeDeferrals { kind fees amount dueOn settledOn }', 'EDUCATION')).toEqual({
    feeDeferrals: [
      { kind: 'GREEN_CHANNEL', fees: ['BOARDING', 'TUITION'], amount: '5800.00', dueOn: '2027-01-15', settledOn: null },
    ],
  });
});
