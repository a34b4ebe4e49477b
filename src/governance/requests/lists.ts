/** Closed lists of requests for access; their codes stand in the tables and in the graph alike. */
import { closedList } from '../../graph/index.ts';

export const ReceivingRole = closedList('ReceivingRole', '使用方角色 · Role that shall receive what is asked for', {
  SYSTEM: '业务系统 · Business system',
  ANALYST: '统计分析 · Analyst',
  WINDOW: '受理窗口 · Township window',
  AUDITOR: '审计人员 · Auditor',
});
export type ReceivingRole = keyof typeof ReceivingRole;

/** What may be asked for. Governance and emergencies are no purposes of data: nobody asks for them. */
export const RequestedPurpose = closedList('RequestedPurpose', '使用目的 · What data is asked for', {
  AID_ELIGIBILITY: '审核救助资格 · Deciding on aid',
  AID_REPORTING: '回传救助结果 · Reporting aid',
  DYNAMIC_MONITORING: '动态监测 · Monitoring',
  CASE_HANDLING: '办理个案 · Handling a case',
  STATISTICS: '统计分析 · Statistics',
  AUDIT: '审计监督 · Audit',
});
export type RequestedPurpose = keyof typeof RequestedPurpose;

export const SharingMode = closedList('SharingMode', '共享方式 · How data is delivered (政务数据共享条例 art. 22)', {
  SERVICE_INTERFACE: '服务接口 · By interface',
  BATCH_EXCHANGE: '批量交换 · By exchange in batches',
  FILE_DOWNLOAD: '文件下载 · As files',
});
export type SharingMode = keyof typeof SharingMode;

export const GroupAccess = closedList('GroupAccess', '共享程度 · How much of a group of fields is shared', {
  FULL: '完整 · In full',
  MASKED: '脱敏 · In part only',
});
export type GroupAccess = keyof typeof GroupAccess;

/** The row scopes of the policy, as codes: `own-department` is OWN_DEPARTMENT. */
export const RequestedScope = closedList('RequestedScope', '数据范围 · Of whom', {
  EVERYTHING: '全部 · Everybody',
  REGION: '本区划 · Own divisions',
  CASELOAD: '本部门在办对象 · Own caseload',
  CASE: '本案对象 · The case that the request names',
  OWN_DEPARTMENT: '本部门记录 · Records of the own department',
  MATCH: '仅核对 · Whom the question names, and nobody else',
});
export type RequestedScope = keyof typeof RequestedScope;

/** Scopes that may bound a group of fields more narrowly than its rows. */
export const NARROWINGS = ['REGION', 'CASELOAD', 'CASE', 'OWN_DEPARTMENT'] as const;
/** One of them. */
export type Narrowing = (typeof NARROWINGS)[number];

/** Whether the scope may stand at a group of fields; none may. */
export const isNarrowing = (scope: unknown): scope is Narrowing | null | undefined =>
  scope === undefined || scope === null || NARROWINGS.some((known) => known === scope);

/** Sharing attributes that can be asked for: 不予共享 is refused before it becomes a request. */
export const RequestableAttribute = closedList('RequestableAttribute', '共享属性 · Sharing attribute', {
  UNCONDITIONAL: '无条件共享 · Shared unconditionally',
  CONDITIONAL: '有条件共享 · Shared on conditions',
});
export type RequestableAttribute = keyof typeof RequestableAttribute;

export const AccessRequestState = closedList('AccessRequestState', '申请状态 · What became of a request', {
  OPEN: '办理中 · Not all owners have answered, none is late',
  OVERDUE: '逾期未答复 · An owner is late',
  GRANTED: '全部同意 · Granted as asked',
  PARTLY_GRANTED: '部分同意 · Granted in part',
  REFUSED: '不予共享 · Refused',
  WITHDRAWN: '已撤回 · Withdrawn',
});
export type AccessRequestState = keyof typeof AccessRequestState;

export const AccessAnswerState = closedList('AccessAnswerState', '答复状态 · What an owner answered', {
  PENDING: '待答复 · Awaited',
  OVERDUE: '逾期未答复 · Late; silence grants nothing',
  GRANTED: '同意 · Granted, perhaps more narrowly than asked',
  REFUSED: '不同意 · Refused',
  LAPSED: '申请已撤回 · The request was withdrawn before the answer',
});
export type AccessAnswerState = keyof typeof AccessAnswerState;

export const AccessVerdict = closedList('AccessVerdict', '答复意见 · The answer of an owner', {
  GRANT: '同意 · Grant',
  REFUSE: '不同意 · Refuse',
});
export type AccessVerdict = keyof typeof AccessVerdict;

export const AccessRequestList = closedList('AccessRequestList', '申请列表 · Which requests to list', {
  OURS: '本部门提出的 · Asked by the own department',
  AWAITING_US: '待本部门答复的 · Awaiting the own department',
  OPEN: '办理中的 · Not answered by all',
  OVERDUE: '逾期未答复的 · With an owner who is late',
});
export type AccessRequestList = keyof typeof AccessRequestList;
