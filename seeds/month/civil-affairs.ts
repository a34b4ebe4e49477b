/** What civil affairs delivers in a month, and the households of its certificates. */
import { yuan } from './kind.ts';
import type { Cells, MonthKind } from './kind.ts';
import { BLOCK } from './people.ts';
import type { Draw } from './people.ts';

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

/** 人员基本信息: four in five; the others are known from elsewhere. */
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

/** 救助对象名册: the certificates of Dibao. */
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
