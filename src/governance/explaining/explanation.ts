/** Why a coordinate is open to somebody, or what is missing for it. */
import type { Agreement, Department, Purpose, Role } from '../../access/index.ts';

/** Who is asked about. */
export interface Subject {
  readonly department: Department;
  readonly role: Role;
  readonly purpose: Purpose | undefined;
}

/** 全文, 部分, 不开放. */
export type ExplainedDecision = 'FULL' | 'MASKED' | 'DENIED';

/** What is missing where a coordinate is denied. */
export type Missing =
  | 'NO_AGREEMENT'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'SUSPENDED'
  | 'REVOKED'
  | 'PURPOSE'
  | 'OPERATION'
  | 'ROWS'
  | 'GROUP'
  | 'NOT_SHARED'
  | 'PARTIAL_FORM'
  | 'CHOICE'
  | 'COUNTS';

/** What an explanation is made from. */
export interface Finding {
  readonly decision: ExplainedDecision;
  /** Row scopes that bound it. */
  readonly scopes: readonly string[];
  /** Names of the masks. */
  readonly masks: readonly string[];
  /** Groups of the catalogue that it belongs to. */
  readonly groups: readonly string[];
  /** Who answers for it. */
  readonly owner: Department;
  readonly missing: Missing | undefined;
  /** What is missing, by name: a type, a group, an operation. */
  readonly names: readonly string[];
  /** Whether neither a purpose nor a case is asked for. */
  readonly isPublic: boolean;
}

/** An explanation in its parts and in one sentence. */
export interface Explanation extends Subject, Omit<Finding, 'names'> {
  readonly coordinate: string;
  /** The agreement that decides, or the one that would if it were in force. */
  readonly agreement: Agreement | undefined;
  /** Articles that the catalogue names for the groups. */
  readonly articles: readonly string[];
  /** Other purposes for which it is open to the same department and role. */
  readonly opensFor: readonly Purpose[];
  /** 中文。English. */
  readonly sentence: string;
}
