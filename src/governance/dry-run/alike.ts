/** Whether two agreements decide alike, whatever they are called and wherever they come from. */
import { createHash } from 'node:crypto';
import type { Agreement } from '../../access/index.ts';

/** No agreement decides like no agreement. */
export function decidesAlike(one: Agreement | undefined, other: Agreement | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one === other || keyOf(one) === keyOf(other);
}

const known = new WeakMap<Agreement, string>();

/** Equal for agreements that decide alike. */
export function keyOf(agreement: Agreement): string {
  const before = known.get(agreement);
  if (before !== undefined) return before;
  const { department, role, purposes, smallestCount, operations, rows, fields } = agreement;
  const text = JSON.stringify([
    department,
    role,
    purposes.toSorted(),
    smallestCount,
    [...operations].sort(),
    [...rows].sort(byName),
    [...fields].map(([group, { access, scope }]) => [group, access, scope ?? ''] as const).sort(byName),
  ]);
  const key = createHash('sha256').update(text).digest('base64url');
  known.set(agreement, key);
  return key;
}

const byName = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number =>
  a < b ? -1 : a > b ? 1 : 0;
