/** A sharing agreement (共享协议) as rows of policy: who gets which field groups, of whom, for which purposes, on which basis. */
import type { Sensitivity } from '../../graph/index.ts';
import type { Department, Purpose, Role } from '../caller.ts';
import type { Revocations } from '../revocations/index.ts';
import type { ScopeKind } from '../row-scope.ts';

/** How much of a field group an agreement opens, and on which rows when that is narrower than the row scope. */
export interface FieldGrant {
  readonly access: 'full' | 'masked';
  readonly scope: Exclude<ScopeKind, 'everything' | 'match'> | undefined;
}

/** 生效, 中止, 撤销: only an ACTIVE agreement within its validity ever decides. */
export const AGREEMENT_STATES = ['ACTIVE', 'SUSPENDED', 'REVOKED'] as const;
/** State of an agreement in a version of the policy. */
export type AgreementState = (typeof AGREEMENT_STATES)[number];

/** One agreement of one department and role; of several the purpose of a request picks one. */
export interface Agreement {
  /** Stable over all versions: the stem of its file, or `AG-<yyyy>-<6 digits>`. */
  readonly number: string;
  readonly department: Department;
  readonly role: Role;
  readonly title: string;
  readonly legalBasis: string;
  readonly purposes: readonly Purpose[];
  /** Both ends included. */
  readonly validFrom: string;
  readonly validUntil: string | undefined;
  readonly state: AgreementState;
  /** Why it is suspended or revoked. */
  readonly stateReason: string | undefined;
  /** Decides for the purpose EMERGENCY and for no other, and only while an emergency is open. */
  readonly emergency: boolean;
  /** Counts below this are not told (分析 suppresses cells under 10); 0 tells all. */
  readonly smallestCount: number;
  /** Fruitless checks a day of each client; the hub's own setting where it is left out. */
  readonly missesPerDay?: number | undefined;
  readonly operations: ReadonlySet<string>;
  /** Row scope by GraphQL type; a type that is not there is denied. */
  readonly rows: ReadonlyMap<string, ScopeKind>;
  /** Grant by field group; a group that is not there is denied. */
  readonly fields: ReadonlyMap<string, FieldGrant>;
}

/** 无条件共享, 有条件共享, 不予共享 (政务数据共享条例 art. 13–15). */
export const SHARING_ATTRIBUTES = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'] as const;
/** How often a source delivers: 实时, 每日, 每周, 每月, 每季, 每年, 变更时. */
export const RHYTHMS = ['REALTIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'ON_CHANGE'] as const;

/** A group of the sharing catalogue (共享目录): what 政务数据共享条例 art. 13–15 asks an entry to say. */
export interface FieldGroup {
  readonly name: string;
  /** Chinese term. */
  readonly title: string;
  readonly owner: Department;
  readonly attribute: (typeof SHARING_ATTRIBUTES)[number];
  readonly legalBasis: string;
  /** 数据格式. Format, rhythm and sensitivity are undefined only in versions from before the catalogue held them. */
  readonly format: string | undefined;
  readonly rhythm: (typeof RHYTHMS)[number] | undefined;
  readonly sensitivity: Sensitivity | undefined;
  /** Conditions of sharing, or why it is not shared. */
  readonly note: string | undefined;
}

/** What a version of the policy says. */
export interface PolicyContent {
  readonly groups: ReadonlyMap<string, FieldGroup>;
  readonly agreements: readonly Agreement[];
}

/** The policy in force. */
export interface PolicyData extends PolicyContent {
  readonly version: number;
  /** Rises with every version and every revoked token: what statements and services compare. */
  readonly stamp: number;
  /** Tokens that were revoked before they expired. */
  readonly revocations: Revocations;
}
