/**
 * What each department may report as its own. The list is closed: a department never speaks for another's aid.
 * As of 2026-07-01 (社会救助法 in force; after the 2018 reform medical aid lies with 医保, disease-emergency aid with 卫健).
 * A new programme is one line here, one in the table's CHECK (a migration) and, where it needs one, a row of policy.
 */
import { registerEnumType } from 'type-graphql';

/** An aid programme (救助项目) that a department reports back. */
export enum AidProgramme {
  EDUCATION_AID = 'EDUCATION_AID',
  TWO_EXEMPT_ONE_SUBSIDY = 'TWO_EXEMPT_ONE_SUBSIDY',
  STUDENT_LOAN = 'STUDENT_LOAN',
  MEDICAL_AID = 'MEDICAL_AID',
  PREMIUM_AID = 'PREMIUM_AID',
  DISEASE_EMERGENCY_AID = 'DISEASE_EMERGENCY_AID',
  RENT_SUBSIDY = 'RENT_SUBSIDY',
  PUBLIC_RENTAL = 'PUBLIC_RENTAL',
  DILAPIDATED_HOUSE = 'DILAPIDATED_HOUSE',
  TRAINING_SUBSIDY = 'TRAINING_SUBSIDY',
  POST_SUBSIDY = 'POST_SUBSIDY',
  SKILL_APPRAISAL = 'SKILL_APPRAISAL',
  TEMPORARY_AID = 'TEMPORARY_AID',
  PRICE_SUBSIDY = 'PRICE_SUBSIDY',
}

/** In what form aid is granted (救助方式). */
export enum AidMode {
  CASH = 'CASH',
  KIND = 'KIND',
  SERVICE = 'SERVICE',
  WAIVER = 'WAIVER',
  LOAN = 'LOAN',
  JOB = 'JOB',
  PREMIUM = 'PREMIUM',
}

interface ProgrammeEntry {
  /** The department that decides and pays (主管部门), as in the closed list of departments. */
  readonly department: string;
  /** Official Chinese name, also accepted in a report. */
  readonly name: string;
  /** Other names that departments write in their files. */
  readonly alsoCalled: readonly string[];
  readonly description: string;
}

/** The closed list: programme → the one department whose own it is. */
export const PROGRAMMES: Readonly<Record<AidProgramme, ProgrammeEntry>> = {
  EDUCATION_AID: {
    department: 'EDUCATION',
    name: '教育救助',
    alsoCalled: ['教育资助', '助学金', '国家助学金', '学生资助'],
    description: '教育救助(助学金、困难学生补助、减免) education aid: grants, hardship allowances, fee waivers',
  },
  TWO_EXEMPT_ONE_SUBSIDY: {
    department: 'EDUCATION',
    name: '两免一补',
    alsoCalled: ['寄宿生生活补助'],
    description: '两免一补 two exemptions, one subsidy: fees, textbooks, boarding',
  },
  STUDENT_LOAN: {
    department: 'EDUCATION',
    name: '助学贷款',
    alsoCalled: ['国家助学贷款', '生源地助学贷款'],
    description: '助学贷款 student loan; a loan is not income',
  },
  MEDICAL_AID: {
    department: 'MEDICAL_SECURITY',
    name: '医疗救助',
    alsoCalled: ['大病医疗救助', '门诊救助', '住院救助'],
    description: '医疗救助 medical aid with inpatient or outpatient bills',
  },
  PREMIUM_AID: {
    department: 'MEDICAL_SECURITY',
    name: '参保资助',
    alsoCalled: ['资助参保', '参保缴费资助'],
    description: '资助参保 aid with the premium of basic medical insurance',
  },
  DISEASE_EMERGENCY_AID: {
    department: 'HEALTH',
    name: '疾病应急救助',
    alsoCalled: ['应急救助'],
    description: '疾病应急救助 disease-emergency fund for patients who are unknown or cannot pay',
  },
  RENT_SUBSIDY: {
    department: 'HOUSING',
    name: '租赁补贴',
    alsoCalled: ['住房租赁补贴', '租金补贴', '廉租住房租赁补贴'],
    description: '住房租赁补贴 rent subsidy',
  },
  PUBLIC_RENTAL: {
    department: 'HOUSING',
    name: '公租房',
    alsoCalled: ['公租房实物配租', '公共租赁住房', '实物配租', '公租房保障'],
    description: '公租房实物配租、租金减免 public rental housing',
  },
  DILAPIDATED_HOUSE: {
    department: 'HOUSING',
    name: '农村危房改造',
    alsoCalled: ['危房改造'],
    description: '农村危房改造 rebuilding of a dilapidated rural house',
  },
  TRAINING_SUBSIDY: {
    department: 'LABOUR',
    name: '职业培训补贴',
    alsoCalled: ['培训补贴'],
    description: '职业培训补贴 vocational-training subsidy',
  },
  POST_SUBSIDY: {
    department: 'LABOUR',
    name: '岗位补贴',
    alsoCalled: ['公益性岗位补贴', '社会保险补贴', '社保补贴'],
    description: '公益性岗位补贴、社会保险补贴 public-interest post and social-insurance subsidy',
  },
  SKILL_APPRAISAL: {
    department: 'LABOUR',
    name: '职业技能鉴定补贴',
    alsoCalled: ['技能鉴定补贴', '鉴定补贴', '职业技能评价补贴'],
    description: '一次性职业技能鉴定补贴 one-off skill-appraisal subsidy',
  },
  TEMPORARY_AID: {
    department: 'CIVIL_AFFAIRS',
    name: '临时救助',
    alsoCalled: ['急难型临时救助', '支出型临时救助', '小额快救'],
    description: '临时救助 temporary aid, urgent or expenditure type',
  },
  PRICE_SUBSIDY: {
    department: 'CIVIL_AFFAIRS',
    name: '价格临时补贴',
    alsoCalled: ['物价补贴', '价格补贴', '物价联动补贴'],
    description: '社会救助和保障标准与物价上涨挂钩联动的价格临时补贴 price-linked subsidy',
  },
};

/** Mode → its official Chinese name, other names, and what it means. */
export const MODES: Readonly<Record<AidMode, Omit<ProgrammeEntry, 'department'>>> = {
  CASH: { name: '现金', alsoCalled: ['资金', '货币', '现金发放', '打卡'], description: '现金 cash' },
  KIND: { name: '实物', alsoCalled: ['物资', '实物发放'], description: '实物 goods or a dwelling' },
  SERVICE: { name: '服务', alsoCalled: [], description: '服务 a service' },
  WAIVER: { name: '减免', alsoCalled: ['减', '免', '费用减免', '直接减免'], description: '减免 a fee not collected' },
  LOAN: { name: '贷款', alsoCalled: ['借款'], description: '贷款 a loan' },
  JOB: { name: '岗位', alsoCalled: ['安置就业', '就业岗位'], description: '岗位 a post' },
  PREMIUM: {
    name: '代缴',
    alsoCalled: ['代缴保费', '参保代缴'],
    description: '代缴保费 an insurance premium paid for the person',
  },
};

/** The programme that a department means by a code or a Chinese name; undefined when the list has none. */
export const programmeOf = finder(PROGRAMMES);

/** The mode that a department means by a code or a Chinese name. */
export const modeOf = finder(MODES);

/** The programmes that a department may report, in the order of the list; none for a department that grants nothing. */
export function programmesOf(department: string): readonly AidProgramme[] {
  return Object.values(AidProgramme).filter((programme) => PROGRAMMES[programme].department === department);
}

function finder<K extends string>(
  entries: Readonly<Record<K, { readonly name: string; readonly alsoCalled: readonly string[] }>>,
): (text: string) => K | undefined {
  const byName = new Map<string, K>();
  for (const key in entries) {
    for (const name of [key, entries[key].name, ...entries[key].alsoCalled]) byName.set(name, key);
  }
  return (text) => byName.get(text) ?? byName.get(text.toUpperCase());
}

function described<K extends string>(
  entries: Readonly<Record<K, { readonly description: string }>>,
): Record<K, { description: string }> {
  const result = {} as Record<K, { description: string }>;
  for (const key in entries) result[key] = { description: entries[key].description };
  return result;
}

registerEnumType(AidProgramme, {
  name: 'AidProgramme',
  description: '救助项目 aid programme; each belongs to one department',
  valuesConfig: described(PROGRAMMES),
});

registerEnumType(AidMode, {
  name: 'AidMode',
  description: '救助方式 form in which aid is granted',
  valuesConfig: described(MODES),
});
