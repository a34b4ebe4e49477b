/** Who asks, and what for. The lists are closed: a value that is not in them is refused, never ignored. */
import type { Asker } from '../platform/cancel.ts';
import type { HubError } from '../platform/errors.ts';

/** Departments that take part; AUDIT (审计) owns no data. */
export const DEPARTMENTS = [
  'CIVIL_AFFAIRS',
  'EDUCATION',
  'HEALTH',
  'MEDICAL_SECURITY',
  'HOUSING',
  'LABOUR',
  'AUDIT',
] as const;
/** One of the departments. */
export type Department = (typeof DEPARTMENTS)[number];

/**
 * What a caller is within its department: a system, an analyst (分析), a township window (乡镇窗口), an auditor, a steward
 * of what the department shares and receives (数据共享管理员), a registrar of what it delivers (数据管理员).
 */
export const ROLES = ['SYSTEM', 'ANALYST', 'WINDOW', 'AUDITOR', 'STEWARD', 'REGISTRAR'] as const;
/** One of the roles. */
export type Role = (typeof ROLES)[number];

/** What data may be asked for; a token names those that are open to its client. */
export const PURPOSES = [
  'AID_ELIGIBILITY',
  'AID_REPORTING',
  'DYNAMIC_MONITORING',
  'CASE_HANDLING',
  'STATISTICS',
  'AUDIT',
  'GOVERNANCE',
  'EMERGENCY',
  'DATA_SUPPLY',
  'DATA_QUALITY',
] as const;
/**
 * One of the purposes (审核救助资格, 回传救助结果, 动态监测, 办理个案, 统计分析, 审计监督, 共享治理, 应急处置, 数据报送,
 * 数据校核).
 */
export type Purpose = (typeof PURPOSES)[number];

const WITHIN: Readonly<Record<Role, readonly Department[]>> = {
  SYSTEM: ['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR'],
  ANALYST: ['CIVIL_AFFAIRS'],
  WINDOW: ['CIVIL_AFFAIRS'],
  AUDITOR: ['AUDIT'],
  STEWARD: DEPARTMENTS,
  REGISTRAR: ['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR'],
};

/** Whether the role exists in the department. */
export const roleFits = (role: Role, department: Department): boolean => WITHIN[role].includes(department);

/** A caller as the token says. */
export interface Caller {
  /** Name of the calling system, e.g. `education.demo`. */
  readonly client: string;
  readonly department: Department;
  readonly role: Role;
  /** Divisions the caller answers for, 12 digits each, subtrees included. */
  readonly regions: readonly string[];
  /** Purposes that the token opens; the request names one of them. */
  readonly purposes: readonly Purpose[];
  /** `jti` of the token: what a revocation list keys on, since one token has many spellings. */
  readonly tokenId: string;
  /** When the token was issued (`iat`), in seconds since 1970. */
  readonly issuedAt?: number;
}

/** A caller whose request said what for, and in which case: both checked. */
export interface Bound extends Caller {
  readonly purpose?: Purpose;
  /** The caller's own case number, from the header `Hub-Case`. */
  readonly caseNo?: string;
  /** Set where a purpose outside the token was sent: raised, and put on record, as soon as personal data is asked for. */
  readonly refusal?: HubError;
}

/** What becomes of denied fields: the operation is refused, or each is null with one error per coordinate. */
export type OnDenied = 'refuse' | 'null';

/** What travels with every operation. */
export interface HubContext {
  readonly caller: Bound;
  readonly onDenied: OnDenied;
  /** Stands in the log, in the header `X-Request-Id` and in the answer to an unforeseen error. */
  readonly requestId: string;
  /** Who waits for the answer; an operation that only reads ends when they go. */
  readonly asker?: Asker;
  /** Waits on purpose, for so many ms, without the place and the connection that others could use meanwhile. */
  readonly pause?: ((ms: number) => Promise<void>) | undefined;
  /** Gives the operation's place to others for good: what is left of it waits for somebody else's answer. */
  readonly stepAside?: (() => void) | undefined;
}
