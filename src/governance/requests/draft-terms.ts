/**
 * The agreement that follows from what owners granted: the one that stands, widened by it, or a new one. A draft and no
 * more: a second steward reads and publishes it.
 */
import { grantText, toForm } from '../../access/index.ts';
import type { Agreement, FieldGrant } from '../../access/index.ts';
import type { HeldAnswer, HeldRequest, HeldRequestGroup } from './request-rows.ts';

/** The terms of a draft; without a number it is a new agreement. */
export interface DraftTerms {
  readonly number: string | undefined;
  /** In the form of its file, without its number. */
  readonly agreement: Readonly<Record<string, unknown>>;
  /** Chinese first. */
  readonly summary: string;
}

type Scope = Agreement['rows'] extends ReadonlyMap<string, infer S> ? S : never;

/** A code of the tables as the policy writes it: OWN_DEPARTMENT is own-department. */
const word = <T extends string>(code: string): T => code.toLowerCase().replaceAll('_', '-') as T;

/** What was granted, in the words of the policy. */
export interface GrantedTerms {
  readonly fields: ReadonlyMap<string, FieldGrant>;
  readonly rows: ReadonlyMap<string, Scope>;
  readonly validFrom: string;
  /** The earliest end that an owner set. */
  readonly validUntil: string;
}

/** What all owners together granted. */
export function grantedTerms(
  request: HeldRequest,
  groups: readonly HeldRequestGroup[],
  answers: readonly HeldAnswer[],
): GrantedTerms {
  const fields = new Map<string, FieldGrant>();
  for (const { name, grantedAccess, grantedScope } of groups) {
    if (grantedAccess === null) continue;
    const scope = grantedScope === null ? undefined : word<NonNullable<FieldGrant['scope']>>(grantedScope);
    fields.set(name, { access: word(grantedAccess), scope });
  }
  const rows = new Map<string, Scope>();
  for (const rowScope of request.rowScopes) {
    const [type = '', scope = ''] = rowScope.split(':');
    rows.set(type, word(scope));
  }
  const ends = answers.flatMap(({ grantedUntil }) => grantedUntil ?? []);
  const validUntil = [request.validUntil, ...ends].sort()[0] ?? request.validUntil;
  return { fields, rows, validFrom: request.validFrom, validUntil };
}

/**
 * The draft that follows. Undefined where no one agreement can hold it: the purposes are not those of one agreement, all of
 * them, or its rows neither contain nor lie within those that stand; then stewards draft by hand and name the request.
 */
export function draftTerms(
  request: HeldRequest,
  granted: GrantedTerms,
  agreements: readonly Agreement[],
): DraftTerms | undefined {
  const { department, role, purposes, number } = request;
  const standing = agreements.filter(
    (one) =>
      one.department === department &&
      one.role === role &&
      one.state === 'ACTIVE' &&
      !one.emergency &&
      (one.validUntil === undefined || one.validUntil >= granted.validFrom) &&
      one.purposes.some((purpose) => purposes.includes(purpose as never)),
  );
  const [only, ...more] = standing;
  const named = [...granted.fields.keys()].join(', ');
  if (only === undefined) {
    return {
      number: undefined,
      agreement: {
        department,
        role,
        title: request.scenario,
        legalBasis: request.legalBasis,
        purposes,
        validFrom: granted.validFrom,
        validUntil: granted.validUntil,
        operations: request.operations,
        rows: Object.fromEntries(granted.rows),
        fields: fieldsOf(granted.fields),
      },
      summary: `依据申请 ${number} 新订协议 · A new agreement from request ${number}: ${named}`,
    };
  }
  // Widened as a whole: for fewer purposes than it has, it would open more than was granted.
  const isWhole = purposes.length === only.purposes.length && purposes.every((one) => only.purposes.includes(one));
  if (more.length > 0 || !isWhole) return undefined;
  const rows = new Map(only.rows);
  for (const [type, scope] of granted.rows) {
    const held = rows.get(type);
    if (held === scope || held === 'everything' || (held === 'caseload' && scope === 'case')) continue;
    // A division and a caseload may each hold rows that the other lacks; no one scope is both.
    if (held !== undefined && scope !== 'everything' && !(held === 'case' && scope === 'caseload')) return undefined;
    rows.set(type, scope);
  }
  const fields = new Map(only.fields);
  for (const [name, grant] of granted.fields) {
    const held = fields.get(name);
    if (held === undefined || !covers(held, grant)) fields.set(name, grant);
  }
  // An agreement has one period: what was granted until a day is not open after it.
  const validUntil =
    only.validUntil !== undefined && only.validUntil < granted.validUntil ? only.validUntil : granted.validUntil;
  const { number: standingNumber, ...form } = toForm(only);
  return {
    number: standingNumber,
    agreement: {
      ...form,
      legalBasis: only.legalBasis.includes(request.legalBasis)
        ? only.legalBasis
        : `${only.legalBasis}；${request.legalBasis}`,
      validUntil,
      operations: [...new Set([...only.operations, ...request.operations])],
      rows: Object.fromEntries(rows),
      fields: fieldsOf(fields),
    },
    summary:
      `依据申请 ${number} 增加：${named}；协议期限至 ${validUntil}，不早于 ${granted.validFrom} 发布 · From request ${number}: ${named}; ` +
      `the agreement ends on ${validUntil}; publish no earlier than ${granted.validFrom}`,
  };
}

const fieldsOf = (fields: GrantedTerms['fields']): Readonly<Record<string, string>> =>
  Object.fromEntries([...fields].map(([name, grant]) => [name, grantText(grant)]));

/** Whether what an agreement holds opens all that a grant would. */
const covers = (held: FieldGrant, grant: FieldGrant): boolean =>
  (held.access === 'full' || grant.access === 'masked') &&
  (held.scope === undefined || held.scope === grant.scope || (held.scope === 'caseload' && grant.scope === 'case'));
