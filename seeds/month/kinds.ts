/**
 * The records of a month: who is in which, what a row says, under which headers, and which of its own faults may be put into
 * it. Headers are those of the templates, and their aliases; what they mean is written down here once more, on purpose.
 */
import { BLOCK } from './people.ts';
import type { Draw, MonthPerson } from './people.ts';

/** The cells of a row by field; the subject's own are added by the writer. */
export type Cells = Readonly<Record<string, string>>;

/** A fault that one record can have: cells in place of the sound ones, and the findings that name it. */
export interface Spoil {
  readonly cells: Cells;
  readonly codes: readonly string[];
  /** Found when the row is judged and not when it is read: its person is known from then on. */
  readonly judged?: true;
}

/** A record of the month. */
export interface MonthKind {
  readonly record: string;
  readonly department: 'CIVIL_AFFAIRS' | 'EDUCATION' | 'MEDICAL_SECURITY' | 'HEALTH' | 'HOUSING' | 'LABOUR';
  readonly table: string | undefined;
  /** Before the number of the person, in the key. */
  readonly key: string;
  /** Header by field, as each of two kinds of clerks writes it. */
  readonly headers: Readonly<Record<string, readonly [string, string]>>;
  readonly has: (index: number) => boolean;
  /** @param version 0, or 1 after a change */
  readonly cells: (person: MonthPerson, version: number, draw: Draw) => Cells;
  readonly spoils: readonly Spoil[];
  /** A finding that loses no row. */
  readonly warns?: (index: number) => string | undefined;
}

const every =
  (n: number, ...rests: readonly number[]) =>
  (index: number): boolean =>
    rests.includes(index % n);

/** Yuan of so many fen, with a separator where it is drawn. */
function yuan(fen: number, apart: boolean): string {
  const whole = String(Math.floor(fen / 100));
  return `${apart ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole}.${String(fen % 100).padStart(2, '0')}`;
}

/** Weights of GB 32100: 3^i mod 31. A code of the demo, with the sign that it checks by, or the one after it. */
function uscc(n: number, wrong: boolean): string {
  const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const first = `91620100MA${String(n % 10_000_000).padStart(7, '0')}`;
  let sum = 0;
  for (let i = 0, weight = 1; i < 17; i += 1, weight = (weight * 3) % 31)
    sum += signs.indexOf(first.charAt(i)) * weight;
  return first + signs.charAt((31 - (sum % 31) + (wrong ? 1 : 0)) % 31);
}
const isWrongUscc = every(100, 5, 45);

/** Places of a block of which the persons live in households with a certificate: of one, two and three members. */
const PLACES = [[0], [1, 2], [3, 4, 5]] as const;
/** Households of a block. */
export const HOUSEHOLDS = PLACES.length;

/** The household of a person, and whether the person is its head; undefined for those without a certificate. */
export function householdOf(index: number): { readonly number: number; readonly head: boolean } | undefined {
  const at = PLACES.findIndex((places) => (places as readonly number[]).includes(index % BLOCK));
  return at < 0
    ? undefined
    : { number: Math.floor(index / BLOCK) * HOUSEHOLDS + at, head: PLACES[at]?.[0] === index % BLOCK };
}

/** The members of a household. */
export const membersOf = (household: number): readonly number[] =>
  (PLACES[household % HOUSEHOLDS] ?? []).map((place) => Math.floor(household / HOUSEHOLDS) * BLOCK + place);

/** Whether a household's amount goes up in the second list. */
export const isRaised = (household: number, draw: Draw): boolean => draw('raised', household) < 0.1;

/** The line of somebody on the certificate of a household. */
export function enrolmentCells(household: number, head: boolean, version: number, draw: Draw): Cells {
  const raised = version === 1 && isRaised(household, draw);
  return {
    certificateNo: `DB-${String(household)}`,
    relation: head ? '户主' : '子女',
    scheme: '农村低保',
    amount: yuan(120_000 + (household % 500) * 100 + (raised ? 5_000 : 0), true),
    startMonth: ['2025-03', '2025/3', '2025年3月', '202503'][household % 4] ?? '',
    phone: '',
  };
}

export const PERSON: MonthKind = {
  record: 'PERSON',
  department: 'CIVIL_AFFAIRS',
  table: undefined,
  key: 'RY',
  headers: {
    sourceKey: ['人员编号', '个人编号'],
    name: ['姓名', '人员姓名'],
    idNumber: ['身份证号', '公民身份号码'],
    sex: ['性别', '性别'],
    birthDate: ['出生日期', '出生年月日'],
    region: ['居住地区划', '行政区划代码'],
    ethnicity: ['民族', '民族'],
    phone: ['联系电话', '手机号'],
    labourAbility: ['劳动能力', '劳动能力状况'],
  },
  has: (index) => index % 5 !== 0,
  cells: ({ index }, version) => ({
    ethnicity: index % 2 === 0 ? '汉族' : '01',
    phone: `0932-${String(1_000_000 + index).slice(1)}${version === 1 ? '1' : '0'}`,
    labourAbility: index % 3 === 0 ? '部分丧失' : '有',
  }),
  spoils: [
    { cells: { ethnicity: '不详' }, codes: ['BAD_CODE'] },
    { cells: { labourAbility: '尚可' }, codes: ['BAD_CODE'] },
  ],
};

export const ENROLMENT: MonthKind = {
  record: 'ENROLMENT',
  department: 'CIVIL_AFFAIRS',
  table: 'enrolment_line',
  key: 'MC',
  headers: {
    sourceKey: ['名册编号', '成员编号'],
    certificateNo: ['证号', '低保证号'],
    relation: ['与户主关系', '家庭关系'],
    name: ['姓名', '保障对象姓名'],
    idNumber: ['身份证号', '身份证号码'],
    sex: ['性别', '性别'],
    birthDate: ['出生日期', '出生年月日'],
    region: ['居住地区划', '所属村（社区）代码'],
    scheme: ['类别', '救助类别'],
    amount: ['户月保障金额', '保障金额'],
    startMonth: ['起始月份', '享受起始月'],
    phone: ['联系电话', '手机号'],
  },
  has: (index) => householdOf(index) !== undefined,
  cells: ({ index }, version, draw) => {
    const { number, head } = householdOf(index) ?? { number: 0, head: false };
    return enrolmentCells(number, head, version, draw);
  },
  spoils: [
    { cells: { relation: '邻居' }, codes: ['BAD_CODE'] },
    { cells: { amount: '一百元' }, codes: ['BAD_AMOUNT'] },
    { cells: { startMonth: '2025-13' }, codes: ['BAD_MONTH'] },
  ],
};

const SUBJECT = {
  name: ['姓名', '人员姓名'],
  idNumber: ['身份证号', '公民身份号码'],
  sex: ['性别', '性别代码'],
  birthDate: ['出生日期', '出生年月日'],
  region: ['户籍地区划代码', '行政区划代码'],
} as const;
const PATIENT = {
  ...SUBJECT,
  name: ['姓名', '参保人姓名'],
  idNumber: ['证件号码', '身份证号码'],
  region: ['户籍区划代码', '所属区划'],
} as const;
const TENANT = { ...PATIENT, name: ['姓名', '承租人姓名'] } as const;

export const STUDENT: MonthKind = {
  record: 'STUDENT',
  department: 'EDUCATION',
  table: 'student_record',
  key: 'XJ',
  headers: {
    sourceKey: ['学籍记录号', '记录编号'],
    ...SUBJECT,
    stage: ['学段', '办学类型'],
    schoolCode: ['学校标识码', '学校代码'],
    schoolName: ['学校名称', '就读学校'],
    grade: ['年级', '就读年级'],
    boarding: ['是否寄宿', '是否住校'],
    term: ['学期', '学年学期'],
  },
  has: every(5, 2),
  cells: ({ index, county }, version) => ({
    stage: '小学',
    schoolCode: `${county.code}0001`,
    schoolName: '中心小学，东校区',
    grade: version === 1 ? '四年级' : '三年级',
    boarding: index % 2 === 0 ? '是' : 'N',
    term: '2026-2027学年第一学期',
  }),
  spoils: [
    { cells: { grade: '九年级' }, codes: ['BAD_COMBINATION'] },
    { cells: { stage: '小班' }, codes: ['BAD_CODE'] },
    { cells: { schoolName: ' ' }, codes: ['MISSING_FIELD'] },
    { cells: { term: '今年' }, codes: ['BAD_TERM'] },
  ],
};

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

export const HOUSING: MonthKind = {
  record: 'HOUSING',
  department: 'HOUSING',
  table: 'housing_record',
  key: 'FW',
  headers: {
    sourceKey: ['住房编号', '房屋编号'],
    ...TENANT,
    tenure: ['住房来源', '房屋性质'],
    areaM2: ['建筑面积', '建筑面积(㎡)'],
    dangerGrade: ['房屋安全等级', '危房等级'],
    address: ['房屋坐落', '详细地址'],
  },
  has: every(10, 6, 8, 9),
  cells: ({ index }, version) => ({
    tenure: '自建房',
    areaM2: version === 1 ? '90.5' : '０85.50',
    dangerGrade: index % 2 === 0 ? 'B级' : 'A',
    address: `东街${String(index % 300)}号，"西"院`,
  }),
  spoils: [
    { cells: { tenure: '无房' }, codes: ['BAD_COMBINATION', 'BAD_COMBINATION'] },
    { cells: { areaM2: '八十' }, codes: ['BAD_NUMBER'] },
  ],
};

export const PUBLIC_RENTAL: MonthKind = {
  record: 'PUBLIC_RENTAL',
  department: 'HOUSING',
  table: 'public_rental',
  key: 'GZ',
  headers: {
    sourceKey: ['合同编号', '配租编号'],
    ...TENANT,
    unitCode: ['房源编号', '公租房编号'],
    areaM2: ['建筑面积', '配租面积'],
    rent: ['月租金', '租金标准'],
    relief: ['月租金核减', '租金减免'],
    validFrom: ['配租起始日期', '合同开始日期'],
  },
  has: every(BLOCK, 7),
  cells: ({ index }) => ({
    unitCode: `U-${String(index)}`,
    areaM2: '48',
    rent: '300',
    relief: '100.00',
    validFrom: '2025/1/1',
  }),
  spoils: [{ cells: { relief: '400' }, codes: ['BAD_COMBINATION'] }],
};

/** Who has a flat and asks for the money as well. */
export const wantsBoth = every(200, 7, 107);

export const RENT_SUBSIDY: MonthKind = {
  record: 'RENT_SUBSIDY',
  department: 'HOUSING',
  table: 'rent_subsidy',
  key: 'BT',
  headers: {
    sourceKey: ['补贴编号', '发放编号'],
    ...TENANT,
    amount: ['月补贴金额', '补贴标准'],
    monthFrom: ['补贴起始月份', '起始月份'],
    monthTo: ['补贴终止月份', '终止月份'],
  },
  has: (index) => index % BLOCK === 8 || wantsBoth(index),
  cells: () => ({ amount: '300', monthFrom: '2026-01', monthTo: '2026年12月' }),
  spoils: [{ cells: { monthTo: '2025-12' }, codes: ['BAD_ORDER'] }],
};

export const EMPLOYMENT: MonthKind = {
  record: 'EMPLOYMENT',
  department: 'LABOUR',
  table: 'employment_record',
  key: 'JY',
  headers: {
    sourceKey: ['登记编号', '就业创业证编号'],
    ...SUBJECT,
    status: ['就业状态', '登记类别'],
    employerUscc: ['用人单位统一社会信用代码', '单位信用代码'],
    registeredOn: ['登记日期', '就业登记日期'],
  },
  has: every(5, 1, 4),
  cells: ({ index }, version) => ({
    status: version === 1 ? '失业' : '灵活就业',
    employerUscc: index % 3 === 0 ? uscc(index, false).toLowerCase() : '',
    registeredOn: '2026-09-15',
  }),
  spoils: [
    { cells: { registeredOn: '2099-01-01' }, codes: ['FUTURE_DATE'] },
    { cells: { status: '' }, codes: ['MISSING_FIELD'] },
  ],
};

export const TRAINING: MonthKind = {
  record: 'TRAINING',
  department: 'LABOUR',
  table: 'training_record',
  key: 'PX',
  headers: {
    sourceKey: ['培训编号', '培训记录号'],
    ...SUBJECT,
    course: ['培训项目', '培训工种'],
    fromOn: ['开始日期', '开班日期'],
    toOn: ['结束日期', '结业日期'],
    providerUscc: ['培训机构统一社会信用代码', '培训机构代码'],
    subsidyClaimed: ['是否申领补贴', '补贴申领'],
  },
  has: every(10, 5),
  cells: ({ index }) => ({
    course: '家政服务',
    fromOn: '20260901',
    toOn: '2026.9.20',
    providerUscc: uscc(index % 50, isWrongUscc(index)),
    subsidyClaimed: '√',
  }),
  spoils: [
    { cells: { subsidyClaimed: '也许' }, codes: ['BAD_YES_NO'] },
    { cells: { toOn: '2026-08-20' }, codes: ['BAD_ORDER'] },
  ],
  warns: (index) => (isWrongUscc(index) ? 'BAD_USCC' : undefined),
};
