/** What an agreement opens: fields in full, in part or not at all, and which of them may choose and order rows. */
import { LIVE } from './live.ts';
import { NOUNS, typesOf } from './nouns.ts';
import type { Link } from './nouns.ts';
import { ROOTS } from './roots.ts';
import { ruleOf } from './rules.ts';
import { covers } from './scopes.ts';
import type { Agreement } from './scopes.ts';

/** How a field of a type is shared with an agreement's callers. */
export type Decision = { readonly kind: 'deny' } | { readonly kind: 'full' | 'masked'; readonly scope?: string };

/** Whether the caller has any right to rows of a type. */
export const isOpenType = (agreement: Agreement, type: string): boolean =>
  NOUNS[type]?.open === true || agreement.rows[type] !== undefined;

/** How an agreement shares a field. What it does not name is denied. */
export function decide(agreement: Agreement, type: string, field: string): Decision {
  const noun = NOUNS[type];
  const link = noun?.links[field];
  if (noun?.open === true) return { kind: 'full' };
  if (link !== undefined && !typesOf(link.to).some((to) => isOpenType(agreement, to))) return { kind: 'deny' };
  const { group, mask } = ruleOf(type, field);
  if (group === 'public') return { kind: 'full' };
  const [access, scope] = (agreement.fields[group] ?? '').split(':');
  if (access !== 'full' && access !== 'masked') return { kind: 'deny' };
  if (access === 'masked' && mask === undefined) return { kind: 'deny' };
  const rows = agreement.rows[type] ?? 'everything';
  if (isPartOfLive(agreement, type, link, scope)) return { kind: 'deny' };
  return { kind: access, ...(scope === undefined || covers(scope, rows) ? {} : { scope }) };
}

/**
 * What a department answers itself is told of every person in scope or of none: the question as well as each part of its
 * answer. Whose answers a caller may have closes the question alone, as closed rows close the relation that leads to them;
 * below either, a field is denied for what its own group says.
 */
function isPartOfLive({ rows }: Agreement, type: string, link: Link | undefined, scope: string | undefined): boolean {
  const asked = link !== undefined && LIVE[link.to] !== undefined;
  const isPart = (of: string | undefined): boolean => ![undefined, 'everything', rows['Person']].includes(of);
  return (asked && isPart(rows[link.to])) || ((asked || LIVE[type] !== undefined) && isPart(scope));
}

/** Whether an agreement shares a field of every row, in full or behind a mask. */
export function isShared(agreement: Agreement, type: string, field: string): boolean {
  const [, scope] = (agreement.fields[ruleOf(type, field).group] ?? '').split(':');
  return scope === undefined && decide(agreement, type, field).kind !== 'deny';
}

/** Whether the caller sees a field in full on every row in scope, so that it may choose and order rows. */
export function isFull(agreement: Agreement, type: string, field: string): boolean {
  const decision = decide(agreement, type, field);
  return decision.kind === 'full' && decision.scope === undefined;
}

/** Whether a relation can be asked for without a refusal, its arguments aside. */
export const isOpenLink = (agreement: Agreement, type: string, field: string, link: Link): boolean =>
  decide(agreement, type, field).kind !== 'deny' &&
  typesOf(link.to)
    .filter((to) => isOpenType(agreement, to))
    .every((to) => usedBy(link).every((used) => isFull(agreement, to, used)));

/** Fields that choose and order the rows of a relation whatever its arguments are. */
const usedBy = ({ uses = [], order }: Link): readonly string[] => [...uses, ...(order === undefined ? [] : [order[1]])];

/** Whether a root field can be asked for without a refusal, its arguments aside. */
export function isOpenRoot(agreement: Agreement, name: string): boolean {
  const root = ROOTS[name];
  if (root?.personal !== true) return root !== undefined;
  if (!agreement.operations.includes(name) || !typesOf(root.to).some((to) => isOpenType(agreement, to))) return false;
  return (root.uses ?? []).every((used) => isFull(agreement, root.to, used));
}

/** Whether the caller is told how many rows a list has; small numbers are for nobody who may not be told all of them. */
export const mayCount = ({ smallestCount = 0 }: Agreement): boolean => smallestCount === 0;
