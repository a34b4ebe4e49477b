/** A sharing agreement (共享协议) as rows of policy: who gets which field groups, of whom, for which purposes, on which basis. */
import type { Department, Purpose, Role } from '../caller.ts';
import type { ScopeKind } from '../row-scope.ts';

/** How much of a field group an agreement opens, and on which rows when that is narrower than the row scope. */
export interface FieldGrant {
  readonly access: 'full' | 'masked';
  readonly scope: Exclude<ScopeKind, 'everything' | 'match'> | undefined;
}

/** One agreement, of one department and role. */
export interface Agreement {
  readonly department: Department;
  readonly role: Role;
  readonly title: string;
  readonly legalBasis: string;
  readonly purposes: readonly Purpose[];
  /** Both ends included. */
  readonly validFrom: string;
  readonly validUntil: string | undefined;
  /** Counts below this are not told (分析 suppresses cells under 10); 0 tells all. */
  readonly smallestCount: number;
  readonly operations: ReadonlySet<string>;
  /** Row scope by GraphQL type; a type that is not there is denied. */
  readonly rows: ReadonlyMap<string, ScopeKind>;
  /** Grant by field group; a group that is not there is denied. */
  readonly fields: ReadonlyMap<string, FieldGrant>;
}

/** A group of the sharing catalogue (共享目录). */
export interface FieldGroup {
  readonly name: string;
  /** Chinese term. */
  readonly title: string;
  readonly owner: string;
  /** 无条件共享, 有条件共享, 不予共享 (政务数据共享条例 art. 13–15). */
  readonly attribute: 'UNCONDITIONAL' | 'CONDITIONAL' | 'NOT_SHARED';
  readonly legalBasis: string;
}

/** A published policy. */
export interface PolicyData {
  readonly version: number;
  readonly groups: ReadonlyMap<string, FieldGroup>;
  readonly agreements: readonly Agreement[];
}
