/** Drafts of changes as rows: written once, locked while somebody decides about them. */
import { loadPolicy, lockPolicy } from '../../access/index.ts';
import type { Department } from '../../access/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { dateInChina } from '../../platform/dates.ts';
import { newId } from '../../platform/id.ts';
import type { PolicyChangeKind, PolicyChangeState } from './lists.ts';

/** A change as it stands. */
export interface HeldChange {
  readonly id: string;
  readonly kind: PolicyChangeKind;
  readonly number: string | undefined;
  readonly content: unknown;
  readonly summary: string;
  readonly baseVersion: number;
  readonly requestId: string | undefined;
  readonly draftedBy: string;
  readonly draftedDepartment: Department;
  readonly state: PolicyChangeState;
  readonly decidedBy: string | undefined;
  readonly publishedVersion: number | undefined;
}

/** A draft to be written. */
export interface NewDraft {
  /** The drafter's own key: sent again, it is the same draft. */
  readonly key: string;
  readonly kind: PolicyChangeKind;
  readonly number: string | undefined;
  readonly content: unknown;
  readonly summary: string;
  readonly baseVersion: number;
  readonly requestId?: string | undefined;
  readonly draftedBy: string;
  readonly draftedDepartment: Department;
  readonly at: Date;
}

const COLUMNS = `id, kind, agreement_number as "number", content, summary, base_version as "baseVersion",
  request_id as "requestId", drafted_by as "draftedBy", drafted_department as "draftedDepartment", state,
  decided_by as "decidedBy", published_version as "publishedVersion"`;

type Nullable = 'number' | 'requestId' | 'decidedBy' | 'publishedVersion';
type Row = {
  readonly [K in keyof HeldChange]: K extends Nullable ? Exclude<HeldChange[K], undefined> | null : HeldChange[K];
};

const toChange = ({ number, requestId, decidedBy, publishedVersion, ...row }: Row): HeldChange => ({
  ...row,
  number: number ?? undefined,
  requestId: requestId ?? undefined,
  decidedBy: decidedBy ?? undefined,
  publishedVersion: publishedVersion ?? undefined,
});

/** Writes a draft. */
export async function insertDraft(tx: PoolClient, draft: NewDraft): Promise<string> {
  const id = newId();
  await tx.query(
    `insert into policy_change (id, draft_key, kind, agreement_number, content, summary, base_version, request_id,
       drafted_by, drafted_department, drafted_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      draft.key,
      draft.kind,
      draft.number ?? null,
      JSON.stringify(draft.content),
      draft.summary,
      draft.baseVersion,
      draft.requestId ?? null,
      draft.draftedBy,
      draft.draftedDepartment,
      draft.at,
    ],
  );
  return id;
}

/** The draft that the drafter wrote under the key. */
export async function findByKey(tx: PoolClient, draftedBy: string, key: string): Promise<HeldChange | undefined> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from policy_change where drafted_by = $1 and draft_key = $2`,
    [draftedBy, key],
  );
  return rows[0] && toChange(rows[0]);
}

/** The change, locked; undefined where there is none. */
export async function lockChange(tx: PoolClient, id: string): Promise<HeldChange | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await tx.query<Row>(`select ${COLUMNS} from policy_change where id = $1 for update`, [id]);
  return rows[0] && toChange(rows[0]);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who suspended the agreement last, and the version in which it last decided; undefined where it never was suspended. */
export async function lastSuspension(
  tx: PoolClient,
  number: string,
): Promise<{ readonly department: Department; readonly activeVersion: number | undefined } | undefined> {
  const { rows } = await tx.query<{ department: Department; active: number | null }>(
    `select c.drafted_department as department,
       (select max(a.version) from policy_agreement a where a.number = c.agreement_number and a.state = 'ACTIVE') as active
       from policy_change c where c.kind = 'SUSPEND' and c.state = 'PUBLISHED' and c.agreement_number = $1
      order by c.published_version desc limit 1`,
    [number],
  );
  const [row] = rows;
  return row && { department: row.department, activeVersion: row.active ?? undefined };
}

/** The id of a request for access by its number; undefined where there is none. */
export async function requestByNumber(tx: PoolClient, number: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>('select id from access_request where number = $1', [number]);
  return rows[0]?.id;
}

/** What was decided about a change, and by whom. */
export async function settleChange(
  tx: PoolClient,
  id: string,
  decided: {
    readonly state: 'PUBLISHED' | 'WITHDRAWN';
    readonly by: string;
    readonly department: Department;
    readonly at: Date;
    readonly version?: number;
  },
): Promise<void> {
  await tx.query(
    `update policy_change set state = $2, decided_by = $3, decided_department = $4, decided_at = $5, published_version = $6
      where id = $1`,
    [id, decided.state, decided.by, decided.department, decided.at, decided.version ?? null],
  );
}

/** The next number of a new agreement: counted within the year over all versions and drafts. Under `lockPolicy`. */
export async function nextNumber(tx: PoolClient, year: string): Promise<string> {
  const { rows } = await tx.query<{ last: string | null }>(
    `select max(number) as last from (
       select number from policy_agreement union all select agreement_number from policy_change) n
      where number ~ $1`,
    [`^AG-${year}-[0-9]{6}$`],
  );
  const last = Number(rows[0]?.last?.slice(-6) ?? 0);
  return `AG-${year}-${String(last + 1).padStart(6, '0')}`;
}

/** A change of an agreement that a service itself drafts, e.g. from what owners granted; checked again when it is published. */
export interface ServiceDraft extends Omit<NewDraft, 'kind' | 'number' | 'content' | 'baseVersion'> {
  /** Undefined for a new agreement, which gets the next number. */
  readonly number: string | undefined;
  /** The agreement in the form of its file, without its number. */
  readonly agreement: Readonly<Record<string, unknown>>;
}

/** Writes the draft of an amendment in the transaction of what it follows from. Returns its id and the agreement's number. */
export async function writeAmendment(
  tx: PoolClient,
  { number: given, agreement, ...draft }: ServiceDraft,
): Promise<{ readonly id: string; readonly number: string }> {
  await lockPolicy(tx);
  const { version } = await loadPolicy(tx);
  const number = given ?? (await nextNumber(tx, dateInChina(draft.at).slice(0, 4)));
  const content = { agreement: { ...agreement, number } };
  const id = await insertDraft(tx, { ...draft, kind: 'AMEND', number, content, baseVersion: version });
  return { id, number };
}
