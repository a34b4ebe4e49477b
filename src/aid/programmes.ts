/**
 * What each department may report as its own. The list is closed: a department never speaks for another's aid.
 * As of 2026-07-01 (社会救助法 in force; after the 2018 reform medical aid lies with 医保, disease-emergency aid with 卫健).
 * A new programme is one line in each of the two tables here, one in the table's CHECK (a migration) and, where it needs
 * one, a row of policy.
 */
import type { Department } from '../access/index.ts';
import { closedList } from '../graph/index.ts';

export const AidProgramme = closedList('AidProgramme', '救助项目 · Aid programme; each is one department’s own', {
  EDUCATION_AID: '教育救助（助学金、困难补助、减免） · Education aid: grants, hardship allowances, fee waivers',
  TWO_EXEMPT_ONE_SUBSIDY: '两免一补 · Two exemptions, one subsidy: fees, textbooks, boarding',
  STUDENT_LOAN: '助学贷款 · Student loan; a loan is no income',
  MEDICAL_AID: '医疗救助 · Medical aid with inpatient or outpatient bills',
  PREMIUM_AID: '参保资助 · Aid with the premium of basic medical insurance',
  DISEASE_EMERGENCY_AID: '疾病应急救助 · Disease-emergency fund for patients who are unknown or cannot pay',
  RENT_SUBSIDY: '住房租赁补贴 · Rent subsidy',
  PUBLIC_RENTAL: '公租房实物配租、租金减免 · Public rental housing',
  DILAPIDATED_HOUSE: '农村危房改造 · Rebuilding of a dilapidated rural house',
  TRAINING_SUBSIDY: '职业培训补贴 · Vocational-training subsidy',
  POST_SUBSIDY: '公益性岗位补贴、社会保险补贴 · Public-interest post and social-insurance subsidy',
  SKILL_APPRAISAL: '一次性职业技能鉴定补贴 · One-off skill-appraisal subsidy',
  TEMPORARY_AID: '临时救助 · Temporary aid, urgent or expenditure type',
  PRICE_SUBSIDY: '价格临时补贴（与物价上涨挂钩联动） · Price-linked subsidy',
});
export type AidProgramme = keyof typeof AidProgramme;

export const AidMode = closedList('AidMode', '救助方式 · Form in which aid is granted', {
  CASH: '现金 · Cash',
  KIND: '实物 · Goods or a dwelling',
  SERVICE: '服务 · A service',
  WAIVER: '减免 · A fee that is not collected',
  LOAN: '贷款 · A loan',
  JOB: '岗位 · A post',
  PREMIUM: '代缴保费 · An insurance premium paid for the person',
});
export type AidMode = keyof typeof AidMode;

/** Programme → the one department that decides and pays it (主管部门). */
export const OWNERS: Readonly<Record<AidProgramme, Department>> = {
  EDUCATION_AID: 'EDUCATION',
  TWO_EXEMPT_ONE_SUBSIDY: 'EDUCATION',
  STUDENT_LOAN: 'EDUCATION',
  MEDICAL_AID: 'MEDICAL_SECURITY',
  PREMIUM_AID: 'MEDICAL_SECURITY',
  DISEASE_EMERGENCY_AID: 'HEALTH',
  RENT_SUBSIDY: 'HOUSING',
  PUBLIC_RENTAL: 'HOUSING',
  DILAPIDATED_HOUSE: 'HOUSING',
  TRAINING_SUBSIDY: 'LABOUR',
  POST_SUBSIDY: 'LABOUR',
  SKILL_APPRAISAL: 'LABOUR',
  TEMPORARY_AID: 'CIVIL_AFFAIRS',
  PRICE_SUBSIDY: 'CIVIL_AFFAIRS',
};

/** How departments write the programmes in their files, beside the codes. */
const PROGRAMME_NAMES: Readonly<Record<AidProgramme, readonly string[]>> = {
  EDUCATION_AID: ['教育救助', '教育资助', '助学金', '国家助学金', '学生资助'],
  TWO_EXEMPT_ONE_SUBSIDY: ['两免一补', '寄宿生生活补助'],
  STUDENT_LOAN: ['助学贷款', '国家助学贷款', '生源地助学贷款'],
  MEDICAL_AID: ['医疗救助', '大病医疗救助', '门诊救助', '住院救助'],
  PREMIUM_AID: ['参保资助', '资助参保', '参保缴费资助'],
  DISEASE_EMERGENCY_AID: ['疾病应急救助', '应急救助'],
  RENT_SUBSIDY: ['住房租赁补贴', '租赁补贴', '租金补贴', '廉租住房租赁补贴'],
  PUBLIC_RENTAL: ['公租房', '公租房保障', '公租房实物配租', '公共租赁住房', '实物配租'],
  DILAPIDATED_HOUSE: ['农村危房改造', '危房改造'],
  TRAINING_SUBSIDY: ['职业培训补贴', '培训补贴'],
  POST_SUBSIDY: ['岗位补贴', '公益性岗位补贴', '社会保险补贴', '社保补贴'],
  SKILL_APPRAISAL: ['职业技能鉴定补贴', '技能鉴定补贴', '鉴定补贴', '职业技能评价补贴'],
  TEMPORARY_AID: ['临时救助', '急难型临时救助', '支出型临时救助', '小额快救'],
  PRICE_SUBSIDY: ['价格临时补贴', '物价补贴', '价格补贴', '物价联动补贴'],
};

const MODE_NAMES: Readonly<Record<AidMode, readonly string[]>> = {
  CASH: ['现金', '资金', '货币', '现金发放', '打卡'],
  KIND: ['实物', '物资', '实物发放'],
  SERVICE: ['服务'],
  WAIVER: ['减免', '费用减免', '直接减免'],
  LOAN: ['贷款', '借款'],
  JOB: ['岗位', '就业岗位', '安置就业'],
  PREMIUM: ['代缴', '代缴保费', '参保代缴'],
};

/** The programme meant by a code or a Chinese name; undefined when the list has none. */
export const programmeOf = finder(PROGRAMME_NAMES);

/** The mode meant by a code or a Chinese name; undefined when the list has none. */
export const modeOf = finder(MODE_NAMES);

/** The programmes that a department may report, in the order of the list; none for a department that grants nothing. */
export function programmesOf(department: string): readonly AidProgramme[] {
  return Object.values(AidProgramme).filter((programme) => OWNERS[programme] === department);
}

function finder<K extends string>(names: Readonly<Record<K, readonly string[]>>): (text: string) => K | undefined {
  const byName = new Map<string, K>();
  for (const code in names) for (const name of [code, ...names[code]]) byName.set(name, code);
  return (text) => byName.get(text) ?? byName.get(text.toUpperCase());
}
