/** The words of explanations: Chinese terms of departments, roles, purposes, scopes and masks. */
import type { Department, Purpose, Role } from '../../access/index.ts';

/** 部门 */
export const DEPARTMENT_WORDS: Readonly<Record<Department, string>> = {
  CIVIL_AFFAIRS: '民政',
  EDUCATION: '教育',
  HEALTH: '卫生健康',
  MEDICAL_SECURITY: '医疗保障',
  HOUSING: '住房城乡建设',
  LABOUR: '人力资源社会保障',
  AUDIT: '审计',
};

/** 角色 */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  SYSTEM: '业务系统',
  ANALYST: '分析人员',
  WINDOW: '乡镇窗口',
  AUDITOR: '审计人员',
  STEWARD: '数据共享管理员',
  REGISTRAR: '数据管理员',
};

/** 目的 */
export const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  AID_ELIGIBILITY: '审核救助资格',
  AID_REPORTING: '回传救助结果',
  DYNAMIC_MONITORING: '动态监测',
  CASE_HANDLING: '办理个案',
  STATISTICS: '统计分析',
  AUDIT: '审计监督',
  GOVERNANCE: '共享治理',
  EMERGENCY: '应急处置',
  DATA_SUPPLY: '数据报送',
  DATA_QUALITY: '数据校核',
};

/** Of whom: a row scope in Chinese and in English. */
export const SCOPE_WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  everything: ['全部对象', 'of everybody'],
  region: ['本辖区对象', 'of its own region'],
  caseload: ['本部门在办案件的对象', 'of its own caseload'],
  case: ['所填案件的对象', 'of the case that the request names'],
  'own-department': ['本部门自己的记录', 'of its own department’s records'],
  match: ['所核对的对象本人', 'of the person asked about'],
};

/** What a mask leaves. */
export const MASK_WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'name-surname': ['只显示姓', 'the surname alone'],
  'id-number': ['只显示末四位', 'the last four characters'],
  'age-band': ['只显示十年年龄段', 'the ten-year age band'],
  phone: ['只显示前三后四位', 'the first three and the last four digits'],
  'region-county': ['只到县级', 'the county alone'],
  'region-township': ['只到乡级', 'the township alone'],
  'account-last4': ['只显示末四位', 'the last four digits'],
  'amount-band': ['只到百元', 'whole hundreds of yuan'],
  certificate: ['只显示末两位', 'the last two characters'],
  presence: ['只显示有无', 'whether there is one'],
  'count-band': ['五人以上按五人', 'five and more as five'],
};
