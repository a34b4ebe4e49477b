/** What medical security and health deliver in a month. */
import { PATIENT, every, yuan } from './kind.ts';
import type { MonthKind } from './kind.ts';

/** 参保记录: everybody. */
export const INSURED: MonthKind = {
  record: 'INSURED',
  department: 'MEDICAL_SECURITY',
  table: 'insured_record',
  key: 'CB',
  headers: {
    sourceKey: ['参保编号', '个人编号'],
    ...PATIENT,
    insuredType: ['参保类型', '险种'],
    validFrom: ['参保起始日期', '参保日期'],
    premium: ['个人应缴保费', '应缴金额'],
    aidedAs: ['资助参保身份', '资助类别'],
    premiumAid: ['资助金额', '代缴金额'],
  },
  has: () => true,
  cells: ({ index }) => ({
    insuredType: index % 4 === 0 ? '职工医保' : '居民',
    validFrom: '2026-01-01',
    premium: '400元',
    aidedAs: index % 20 === 3 ? '低保' : '',
    premiumAid: '',
  }),
  spoils: [
    { cells: { validFrom: '2026-02-30' }, codes: ['BAD_DATE'] },
    { cells: { aidedAs: '', premiumAid: '100' }, codes: ['MISSING_FIELD'] },
    { cells: { insuredType: '居民', aidedAs: '低保', premiumAid: '1.00' }, codes: ['RATE_DIFFERS'], judged: true },
  ],
};

/** 医疗费用结算, whose parts add up to the fen. */
export const MEDICAL_SETTLEMENT: MonthKind = {
  record: 'MEDICAL_SETTLEMENT',
  department: 'MEDICAL_SECURITY',
  table: 'medical_settlement',
  key: 'JS',
  headers: {
    sourceKey: ['结算编号', '结算流水号'],
    ...PATIENT,
    insuredType: ['参保类型', '险种'],
    visit: ['就诊类型', '医疗类别'],
    admittedOn: ['入院日期', '就诊日期'],
    dischargedOn: ['出院日期', '结束日期'],
    diagnosisCode: ['诊断编码', 'ICD-10'],
    total: ['费用总额', '医疗费总额'],
    inPolicy: ['政策范围内费用', '目录内费用'],
    basic: ['基本医保支付', '统筹支付'],
    aid: ['医疗救助支付', '救助支付'],
    self: ['个人自付', '个人负担'],
  },
  has: every(2, 1),
  cells: ({ index }) => {
    const total = 150_000 + (index % 7_919) * 37;
    const [basic, aid] = [Math.floor(total * 0.6), Math.floor(total * 0.1)];
    return {
      insuredType: '居民医保',
      visit: index % 3 === 0 ? '普通住院' : '门诊慢特病',
      admittedOn: '2026-10-03',
      dischargedOn: '2026年10月9日',
      diagnosisCode: index % 11 === 1 ? 'C34.9' : 'J18.9',
      total: yuan(total, true),
      inPolicy: yuan(total - 1_000, index % 2 === 1),
      basic: yuan(basic, true),
      aid: `￥${yuan(aid, false)}`,
      self: yuan(total - basic - aid, true),
    };
  },
  spoils: [
    { cells: { self: '0.01' }, codes: ['SPLIT_DIFFERS'] },
    { cells: { total: '1,00.00' }, codes: ['BAD_AMOUNT'] },
    { cells: { dischargedOn: '2026-10-01' }, codes: ['BAD_ORDER'] },
  ],
};

/** 死亡登记, long after the day. */
export const DEATH: MonthKind = {
  record: 'DEATH',
  department: 'HEALTH',
  table: 'death_report',
  key: 'SW',
  headers: {
    sourceKey: ['登记编号', '报告卡编号'],
    ...PATIENT,
    name: ['姓名', '死者姓名'],
    diedOn: ['死亡日期', '死亡时间'],
    certifiedBy: ['出具方', '机构类型'],
    institution: ['出具机构', '机构名称'],
  },
  // Three in a thousand, and of them some who are on the lists of civil affairs.
  has: every(1_000, 4, 341, 709),
  cells: ({ index }) => ({
    diedOn: `2026-08-${String(10 + (index % 19))}`,
    certifiedBy: '医院',
    institution: '县人民医院',
  }),
  spoils: [{ cells: { diedOn: '2099-01-01' }, codes: ['FUTURE_DATE'] }],
};
