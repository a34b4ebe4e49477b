/** Closed lists of agreements and of changes to them. */
import { closedList } from '../../graph/index.ts';

export const CallerRole = closedList('CallerRole', '角色 · What a caller is within its department', {
  SYSTEM: '业务系统 · Business system',
  ANALYST: '统计分析 · Analyst',
  WINDOW: '受理窗口 · Township window',
  AUDITOR: '审计人员 · Auditor',
  STEWARD: '数据共享管理员 · Steward of data sharing',
  REGISTRAR: '数据管理员 · Registrar: supplies data and answers for its quality',
});
export type CallerRole = keyof typeof CallerRole;

export const CallerPurpose = closedList('CallerPurpose', '使用目的 · What a request is for', {
  AID_ELIGIBILITY: '审核救助资格 · Deciding on aid',
  AID_REPORTING: '回传救助结果 · Reporting aid',
  DYNAMIC_MONITORING: '动态监测 · Monitoring',
  CASE_HANDLING: '办理个案 · Handling a case',
  STATISTICS: '统计分析 · Statistics',
  AUDIT: '审计监督 · Audit',
  GOVERNANCE: '共享治理 · Governing what is shared',
  EMERGENCY: '应急处置 · Emergency',
  DATA_SUPPLY: '数据报送 · Supplying data',
  DATA_QUALITY: '数据校核 · Data quality: reviews, merges, corrections',
});
export type CallerPurpose = keyof typeof CallerPurpose;

export const AgreementState = closedList('AgreementState', '协议状态 · State of an agreement', {
  ACTIVE: '生效 · Decides within its validity',
  SUSPENDED: '中止 · Opens nothing until it is resumed',
  REVOKED: '撤销 · Opens nothing any more',
});
export type AgreementState = keyof typeof AgreementState;

export const SharingAttribute = closedList(
  'SharingAttribute',
  '共享属性 · Sharing attribute (政务数据共享条例 art. 13–15)',
  {
    UNCONDITIONAL: '无条件共享 · Shared unconditionally',
    CONDITIONAL: '有条件共享 · Shared on conditions',
    NOT_SHARED: '不予共享 · Not shared',
  },
);
export type SharingAttribute = keyof typeof SharingAttribute;

export const CatalogueRhythm = closedList('CatalogueRhythm', '更新频率 · How often a group is delivered', {
  REALTIME: '实时 · At once',
  DAILY: '每日 · Daily',
  WEEKLY: '每周 · Weekly',
  MONTHLY: '每月 · Monthly',
  QUARTERLY: '每季度 · Quarterly',
  YEARLY: '每年 · Yearly',
  ON_CHANGE: '变更时 · When it changes',
});
export type CatalogueRhythm = keyof typeof CatalogueRhythm;

export const DataSensitivity = closedList('DataSensitivity', '数据分级 · How much harm a disclosure may do', {
  PUBLIC: '公开 · Public',
  INTERNAL: '内部 · Internal',
  PERSONAL: '个人信息 · Personal',
  SENSITIVE: '敏感个人信息 · Sensitive personal (个人信息保护法 art. 28)',
});
export type DataSensitivity = keyof typeof DataSensitivity;

const CHANGES = {
  AMEND: '订立或修订协议 · Makes an agreement, or amends one',
  SUSPEND: '中止协议 · Suspends an agreement, at once and by one steward',
  RESUME: '恢复协议 · Takes a suspension back',
  REVOKE: '撤销协议 · Revokes an agreement for good',
  CATALOGUE: '变更目录 · Adds or changes entries of the catalogue',
} as const;

export const PolicyChangeKind = closedList('PolicyChangeKind', '变更类型 · What a change does', CHANGES);
export type PolicyChangeKind = keyof typeof PolicyChangeKind;

const { SUSPEND: _atOnce, ...DRAFTED } = CHANGES;
/** What may be drafted: a suspension never is, it takes effect at once. */
export const DraftKind = closedList('DraftKind', '起草类型 · What may be drafted', DRAFTED);
export type DraftKind = keyof typeof DraftKind;

export const PolicyChangeState = closedList('PolicyChangeState', '变更状态 · Where a change stands', {
  DRAFT: '草案 · Drafted; decides nothing',
  PUBLISHED: '已发布 · Published as a version',
  WITHDRAWN: '已撤回 · Withdrawn',
});
export type PolicyChangeState = keyof typeof PolicyChangeState;

export const PolicyChangeOutcome = closedList('PolicyChangeOutcome', '办理结果 · What became of an act', {
  DRAFTED: '已起草 · Drafted; another steward publishes it',
  PUBLISHED: '已发布 · In force from the next request on',
  WITHDRAWN: '已撤回 · Withdrawn',
  UNCHANGED: '未变 · It was so already; nothing was written',
  FAULTY: '有误 · Does not fit; `faults` lists all that is wrong',
  OUTDATED: '已过时 · The policy changed since the draft; `differences` says how. Draft anew',
  SAME_PERSON: '须由他人发布 · Whoever drafts a change does not publish it',
  CONSENT_MISSING: '缺少数源部门同意 · `consentMissing` names the owners who have not agreed',
  NOT_YOURS: '与本部门无关 · It concerns neither what your department owns nor what it receives',
  NOT_OPEN: '已办结 · The change was withdrawn or published before',
  UNKNOWN: '未找到 · There is no such change or agreement',
});
export type PolicyChangeOutcome = keyof typeof PolicyChangeOutcome;
