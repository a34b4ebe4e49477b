/** The rows behind the acts on emergency access. Each function is one statement. */
import type { Bound, Department } from '../../access/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import type { EmergencyVerdict } from './emergency-access.ts';

/** An emergency access as it stands. */
export interface HeldEmergency {
  readonly id: string;
  readonly client: string;
  readonly department: Department;
  readonly caseNo: string;
  readonly openedAt: Date;
  readonly until: Date;
  readonly closedAt: Date | null;
  readonly told: readonly Department[];
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  readonly verdict: EmergencyVerdict | null;
  readonly note: string | null;
}

const COLUMNS = `id, client, department, case_no as "caseNo", opened_at as "openedAt", until, closed_at as "closedAt", told,
  reviewed_by as "reviewedBy", reviewed_at as "reviewedAt", verdict, note`;

/** Acts of one client come one after the other, so that none is counted twice or not at all. */
export async function lockClient(tx: PoolClient, client: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hub emergency'), hashtext($1))`, [client]);
}

/** The newest emergency access of the client in the case, open or over. */
export async function findNewest(
  tx: PoolClient,
  { client, department, caseNo }: Pick<Bound, 'client' | 'department' | 'caseNo'>,
): Promise<HeldEmergency | undefined> {
  const { rows } = await tx.query<HeldEmergency>(
    `select ${COLUMNS} from emergency_access where client = $1 and department = $2 and case_no = $3
     order by opened_at desc, id desc limit 1`,
    [client, department, caseNo],
  );
  return rows[0];
}

/** How often the client opened one on that day in China. */
export async function countOpened(tx: PoolClient, client: string, day: string): Promise<number> {
  const { rows } = await tx.query<{ opened: number }>(
    `select count(*)::int as opened from emergency_access
     where client = $1 and opened_at >= $2::date::timestamp at time zone 'Asia/Shanghai'
       and opened_at < ($2::date + 1)::timestamp at time zone 'Asia/Shanghai'`,
    [client, day],
  );
  return rows[0]?.opened ?? 0;
}

/** The emergency agreement in force for the role, and who owns what it opens. */
export async function findAgreement(
  tx: PoolClient,
  { department, role }: Pick<Bound, 'department' | 'role'>,
  today: string,
): Promise<{ readonly number: string; readonly owners: readonly Department[] } | undefined> {
  const { rows } = await tx.query<{ number: string; owners: Department[] }>(
    `select a.number, array_agg(distinct g.owner) as owners
     from policy_head h
     join policy_agreement a on a.version = h.version
     join policy_field f on f.agreement_id = a.id
     join policy_group g on g.version = h.version and g.name = f.group_name
     where a.department = $1 and a.role = $2 and a.emergency and a.state = 'ACTIVE'
       and a.valid_from <= $3 and (a.valid_until is null or a.valid_until >= $3)
     group by a.number order by a.number limit 1`,
    [department, role, today],
  );
  return rows[0];
}

/** What is written when one is opened. */
export interface NewEmergency extends Pick<HeldEmergency, 'id' | 'openedAt' | 'until' | 'told'> {
  readonly agreement: string;
  readonly reason: string;
  readonly reviewDueOn: string;
}

/** Writes one that is opened now. */
export async function insertEmergency(
  tx: PoolClient,
  { client, department, caseNo }: Pick<Bound, 'client' | 'department' | 'caseNo'>,
  { id, agreement, reason, openedAt, until, reviewDueOn, told }: NewEmergency,
): Promise<void> {
  await tx.query(
    `insert into emergency_access (id, client, department, agreement, case_no, reason, opened_at, until, review_due_on, told)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, client, department, agreement, caseNo, reason, openedAt, until, reviewDueOn, told],
  );
}

/** Ends it at that instant. */
export async function closeAt(tx: PoolClient, id: string, at: Date): Promise<void> {
  await tx.query('update emergency_access set closed_at = $2 where id = $1', [id, at]);
}

/** The emergency access with this id, locked until the transaction ends. */
export async function lockEmergency(tx: PoolClient, id: string): Promise<HeldEmergency | undefined> {
  const { rows } = await tx.query<HeldEmergency>(
    `select ${COLUMNS} from emergency_access where id = $1 for no key update`,
    [id],
  );
  return rows[0];
}

/** Writes its review; that there is none yet is the caller's to know, under the lock. */
export async function writeReview(
  tx: PoolClient,
  id: string,
  { reviewedBy, reviewedAt, verdict, note }: Pick<HeldEmergency, 'reviewedBy' | 'reviewedAt' | 'verdict' | 'note'>,
): Promise<void> {
  await tx.query(
    'update emergency_access set reviewed_by = $2, reviewed_at = $3, verdict = $4, note = $5 where id = $1',
    [id, reviewedBy, reviewedAt, verdict, note],
  );
}
