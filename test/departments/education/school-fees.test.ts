/** Education: pupils by term, a voucher that redeems once, fees that are put off. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item, Receipt } from '../delivering.ts';

let school: Delivering;
let pupil: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  school = await openDelivering();
  pupil = await school.somebody('陈小文', '2014-02-02', 61);
});
afterAll(() => school.close());

const changed: Receipt = { outcome: 'CHANGED', code: null, field: null };

const study = (change: Item): Item => ({
  ...pupil.who,
  stage: '小学',
  schoolCode: '6201990001',
  schoolName: '某某中心小学',
  grade: '六年级',
  boarding: '否',
  term: '2026-2027学年第一学期',
  ...change,
});
const voucher = (change: Item): Item => ({
  ...pupil.who,
  sourceKey: 'JYQ-1',
  term: '2026-2',
  faceValue: '300.00',
  fees: '杂费、住宿费',
  issuedOn: '2026-08-25',
  ...change,
});

const vouchers = async () => {
  const { rows } = await school.database.owner.query(
    `select source_key as key, to_char(redeemed_on, 'YYYY-MM-DD') as on, redeemed_school as school
       from education_voucher order by 1`,
  );
  return rows;
};

test('stage, grade and term are read as schools write them', async () => {
  expect(
    await school.submit('EDUCATION', 'STUDENT', [
      study({ sourceKey: 'X1' }),
      study({ sourceKey: 'X2', stage: '初级中学', grade: '七年级', term: '2026秋', boarding: '1' }),
      study({ sourceKey: 'X3', stage: '幼儿园', grade: '5' }),
      study({ sourceKey: 'X4', term: '某学期' }),
      study({ sourceKey: 'X5', stage: '补习班' }),
    ]),
  ).toEqual([
    recorded,
    recorded,
    rejected('grade', 'BAD_COMBINATION'),
    rejected('term', 'BAD_TERM'),
    rejected('stage', 'BAD_CODE'),
  ]);
  const { rows } = await school.database.owner.query(
    'select stage, grade, boarding, term, person_id as person from student_record order by source_key',
  );
  expect(rows).toEqual([
    { stage: 'PRIMARY', grade: 6, boarding: false, term: '2026-2', person: pupil.personId },
    { stage: 'JUNIOR', grade: 7, boarding: true, term: '2026-2', person: pupil.personId },
  ]);
});

test('a voucher redeems once: another school or another day is refused, and the first redemption stays', async () => {
  const redeemed = { redeemedOn: '2026-09-01', redeemedSchool: '某某中心小学' };
  expect(await school.submit('EDUCATION', 'EDUCATION_VOUCHER', [voucher({})])).toEqual([recorded]);
  expect(await school.submit('EDUCATION', 'EDUCATION_VOUCHER', [voucher(redeemed)])).toEqual([changed]);
  for (const second of [{ redeemedSchool: '另一小学' }, { redeemedOn: '2026-09-02' }])
    expect(await school.submit('EDUCATION', 'EDUCATION_VOUCHER', [voucher({ ...redeemed, ...second })])).toEqual([
      rejected('redeemedOn', 'VOUCHER_REDEEMED'),
    ]);
  expect(await vouchers()).toEqual([{ key: 'JYQ-1', on: '2026-09-01', school: '某某中心小学' }]);
  expect(await school.submit('EDUCATION', 'EDUCATION_VOUCHER', [voucher(redeemed)])).toMatchObject([
    { outcome: 'UNCHANGED' },
  ]);
});

test('a redemption by mistake is taken back first, and stays in the history', async () => {
  const right = { redeemedOn: '2026-09-03', redeemedSchool: '另一小学' };
  expect(await school.submit('EDUCATION', 'EDUCATION_VOUCHER', [voucher({})])).toEqual([changed]);
  expect(await school.submit('EDUCATION', 'EDUCATION_VOUCHER', [voucher(right)])).toEqual([changed]);
  expect(await vouchers()).toEqual([{ key: 'JYQ-1', on: '2026-09-03', school: '另一小学' }]);
  const { rows } = await school.database.owner.query<{ on: string | null }>(
    `select content->>'redeemed_on' as on from record_history where record = 'EDUCATION_VOUCHER' order by superseded_at`,
  );
  expect(rows.map(({ on }) => on)).toContain('2026-09-01');
});

test('half a redemption, one before the issue and one in the future are refused by name', async () => {
  expect(
    await school.submit('EDUCATION', 'EDUCATION_VOUCHER', [
      voucher({ sourceKey: 'JYQ-2', redeemedOn: '2026-09-01' }),
      voucher({ sourceKey: 'JYQ-3', redeemedOn: '2026-08-01', redeemedSchool: 'x' }),
      voucher({ sourceKey: 'JYQ-4', redeemedOn: '2026-11-23', redeemedSchool: 'x' }),
      voucher({ sourceKey: 'JYQ-5', faceValue: '0' }),
    ]),
  ).toEqual([
    rejected('redeemedSchool', 'BAD_COMBINATION'),
    rejected('redeemedOn', 'BAD_ORDER'),
    rejected('redeemedOn', 'FUTURE_DATE'),
    rejected('faceValue', 'BAD_AMOUNT'),
  ]);
});

test('fees that are put off are a record and no aid', async () => {
  const deferral = {
    ...pupil.who,
    kind: '绿色通道',
    schoolName: '某某大学',
    term: '2026-2',
    amount: '5800',
    grantedOn: '2026-09-01',
  };
  expect(
    await school.submit('EDUCATION', 'FEE_DEFERRAL', [
      { ...deferral, sourceKey: 'H1' },
      { ...deferral, sourceKey: 'H2', settledOn: '2026-08-01' },
    ]),
  ).toEqual([recorded, rejected('settledOn', 'BAD_ORDER')]);
  const { rowCount } = await school.database.owner.query('select from aid_grant');
  expect(rowCount).toBe(0);
});

test('where a minor studies is told to education and audit; civil affairs learns that there is a school', async () => {
  const told = 'educationVouchers { voucherNo faceValue redeemedSchool }';
  expect(await school.openTo(pupil.personId, 'educationVouchers { voucherNo }')).toEqual(
    await school.openTo(pupil.personId, 'studentRecords { stage }'),
  );
  expect(await school.ask(`{ person(id: "${pupil.personId}") { ${told} } }`, 'EDUCATION', 'SYSTEM')).toMatchObject({
    data: { person: { educationVouchers: [{ voucherNo: 'JYQ-1', faceValue: '300.00', redeemedSchool: '另一小学' }] } },
  });
  const { data } = await school.ask(`{ person(id: "${pupil.personId}") { ${told} } }`, 'CIVIL_AFFAIRS', 'SYSTEM');
  expect(JSON.stringify(data)).not.toContain('另一小学');
});
