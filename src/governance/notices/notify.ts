/** Tells departments what they answer for, in the transaction of what happened: both are there, or neither is. */
import type { Department } from '../../access/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { newId } from '../../platform/id.ts';
import type { NoticeKind } from './notice.ts';

/** What departments are told. */
export interface NewNotice {
  /** Each is told once, however often it is named. */
  readonly departments: Iterable<Department>;
  readonly kind: NoticeKind;
  /** Number of the agreement, request or emergency that it is about. */
  readonly reference: string;
  /** Chinese first, then English. Case and agreement numbers may stand in it; no name and no number of a person may. */
  readonly text: string;
  /** The injected clock's now. */
  readonly at: Date;
}

/** Writes one notice for each of the departments. An error of PostgreSQL passes through and ends the transaction. */
export async function notify(
  tx: Pick<PoolClient, 'query'>,
  { departments, kind, reference, text, at }: NewNotice,
): Promise<void> {
  const told = [...new Set(departments)].sort();
  if (told.length === 0) return;
  await tx.query(
    `insert into notice (id, department, kind, reference, text, created_at)
     select n.id, n.department, $3, $4, $5, $6 from unnest($1::uuid[], $2::text[]) as n (id, department)`,
    [told.map(() => newId()), told, kind, reference, text, at],
  );
}
