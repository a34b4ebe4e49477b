/**
 * What the hub's role may do with each table, all of it in one place. It may read every table; what is not named here
 * it may not write, and nothing may it delete. The rights are those of the database, so no fault in the code goes round
 * them.
 */
import type { PoolClient } from '../platform/database.ts';
import { quoteIdent } from '../platform/database.ts';
import { recordKinds } from './department-modules.ts';

/** The right to write to one table. */
export interface WriteRight {
  readonly insert?: true;
  /** Columns that may change in a row that stands. */
  readonly update?: readonly string[];
}

/** Tables of the shared rooms. */
const SHARED: Readonly<Record<string, WriteRight>> = {
  // Versions stay as they were reported; a later version or a reversal changes the bookkeeping of an earlier one.
  aid_grant: { insert: true, update: ['state', 'superseded_by_version', 'reversed_by_key'] },
  // The ledger only grows.
  access_operation: { insert: true },
  access_record: { insert: true },
  ledger_chain: { insert: true },
  ledger_seal: { insert: true },
  ledger_sealed_write: { insert: true },
  ledger_key: { insert: true },
  ledger_checkpoint: { insert: true },
  // Published versions stay as they are; what changes is which one is in force, and what becomes of a draft.
  policy_version: { insert: true },
  policy_group: { insert: true },
  policy_agreement: { insert: true },
  policy_operation: { insert: true },
  policy_row: { insert: true },
  policy_field: { insert: true },
  policy_head: { update: ['version', 'stamp'] },
  policy_change: {
    insert: true,
    update: ['state', 'decided_by', 'decided_department', 'decided_at', 'published_version'],
  },
  // Both change once each: an emergency is closed early and reviewed, a notice is acknowledged.
  emergency_access: { insert: true, update: ['closed_at', 'reviewed_by', 'reviewed_at', 'verdict', 'note'] },
  notice: { insert: true, update: ['acknowledged_by', 'acknowledged_at'] },
  // What is past its time is forgotten by forget_expired_revocations(), and nothing else ever is.
  revocation: { insert: true },
  // Which assertions were used; what is expired goes by a function of the owner's.
  used_assertion: { insert: true },
  // What was asked for stays; what became of it is added, once.
  access_request: { insert: true, update: ['state', 'closed_by', 'closed_at'] },
  access_request_group: { insert: true, update: ['granted_access', 'granted_scope'] },
  access_request_answer: {
    insert: true,
    update: [
      'extended_days',
      'extension_reason',
      'extended_by',
      'extended_at',
      'verdict',
      'granted_until',
      'reason',
      'legal_basis',
      'answered_by',
      'answered_at',
    ],
  },
  // Whom a delivery made known; a death that was reported, or decided. Persons are merged and split by functions of the owner's.
  person: { insert: true, update: ['died_on'] },
  person_identifier: { insert: true },
  // Where somebody was in two households, one of the memberships ends.
  membership: { update: ['valid_to'] },
  recipient: { update: ['valid_to'] },
  person_act: { insert: true, update: ['undone_by', 'undone_at', 'undo_reason'] },
  person_alias: { insert: true },
  match_review: { insert: true, update: ['state', 'reason', 'decided_by', 'decided_at'] },
  match_review_row: { insert: true },
  match_candidate: { insert: true },
  match_decision: { insert: true, update: ['superseded_at'] },
  registry_conflict: { insert: true, update: ['state', 'outcome', 'reason', 'decided_by', 'decided_at'] },
  miss_count: { insert: true, update: ['misses'] },
  // What was claimed stays; that it was answered or withdrawn is added, once.
  correction: {
    insert: true,
    update: ['state', 'reason', 'corrected_record_id', 'delivery_id', 'closed_by', 'closed_at'],
  },
  recall_order: { insert: true, update: ['done_at'] },
  recall: {
    insert: true,
    update: ['acknowledged_by', 'acknowledged_at', 'outcome', 'note', 'acted_by', 'acted_at'],
  },
  // What was delivered stays; how far it got, what became of it and who works on it changes.
  delivery: {
    insert: true,
    update: [
      'state',
      'byte_count',
      'row_count',
      'faulty_count',
      'repeated_count',
      'recorded_count',
      'changed_count',
      'unchanged_count',
      'rejected_count',
      'held_count',
      'conflict_count',
      'missing_count',
      'ended_count',
      'applied_through',
      'code',
      'end_all',
      'seen_at',
      'staged_at',
      'asked_by',
      'lease_by',
      'lease_until',
      'finished_at',
    ],
  },
  delivery_row: { insert: true, update: ['state'] },
  delivery_finding: { insert: true },
  record_history: { insert: true },
  // A delivery moves its feeds; a feed begins with its first one, or is declared; it ends where nothing more is expected.
  feed: { insert: true, update: ['as_of', 'rhythm_hours', 'ended_at'] },
};

/** Tables that the hub's role writes to: the shared ones, and those of the kinds of records that departments deliver. */
export const WRITE_RIGHTS: Readonly<Record<string, WriteRight>> = recordKinds.reduce<Record<string, WriteRight>>(
  (all, kind) => {
    for (const [table, right] of Object.entries(kind.writer.rights?.(kind) ?? {})) {
      const { insert, update = [] } = all[table] ?? {};
      const columns = [...new Set([...update, ...(right.update ?? [])])];
      all[table] = {
        ...(insert === true || right.insert === true ? { insert: true } : {}),
        ...(columns.length === 0 ? {} : { update: columns }),
      };
    }
    return all;
  },
  { ...SHARED },
);

/**
 * Gives the role exactly the rights above on the owner's tables in schema public, and takes every other right on them
 * away, whoever gave it. A table named above that does not exist is an error. The caller holds the migration lock.
 */
export async function applyPrivileges(owner: PoolClient, role: string): Promise<void> {
  const to = quoteIdent(role);
  const { rows } = await owner.query<{ tables: string[]; sequences: string[]; schema: boolean }>(OWNED);
  const { tables = [], sequences = [], schema = false } = rows[0] ?? {};
  await owner.query('begin');
  try {
    // Where the schema is somebody else's, its defaults stand: since version 15 everybody may use it and nobody create.
    if (schema) {
      await owner.query(`revoke create on schema public from public, ${to}`);
      await owner.query(`grant usage on schema public to ${to}`);
    }
    await owner.query(`revoke all on table ${tables.join(', ')} from public, ${to}`);
    if (sequences.length > 0) await owner.query(`revoke all on sequence ${sequences.join(', ')} from public, ${to}`);
    await owner.query(`grant select on table ${tables.join(', ')} to ${to}`);
    for (const [table, { insert, update }] of Object.entries(WRITE_RIGHTS)) {
      const rights = [
        ...(insert === true ? ['insert'] : []),
        ...(update === undefined ? [] : [`update (${update.map(quoteIdent).join(', ')})`]),
      ];
      await owner.query(`grant ${rights.join(', ')} on public.${quoteIdent(table)} to ${to}`);
    }
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

// Only what is the owner's own: an extension may have put a view of its own into the same schema.
const OWNED = `
  select coalesce(array_agg(c.oid::regclass::text) filter (where c.relkind <> 'S'), '{}') as tables,
         coalesce(array_agg(c.oid::regclass::text) filter (where c.relkind = 'S'), '{}') as sequences,
         (select pg_has_role(nspowner, 'usage') from pg_namespace where nspname = 'public') as schema
    from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
     and c.relowner = (select oid from pg_roles where rolname = current_user)`;
