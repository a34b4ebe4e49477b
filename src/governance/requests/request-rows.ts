/** Requests and answers as rows: written, locked and read by the services that decide about them. */
import type { Department } from '../../access/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { newId } from '../../platform/id.ts';
import type { Asked } from './asked.ts';
import type { HeldGroup } from './granted.ts';
import type { AccessRequestState, ReceivingRole, RequestedPurpose, RequestableAttribute } from './lists.ts';
import { TERM_DAYS } from './terms.ts';

/** A request as it stands. */
export interface HeldRequest {
  readonly id: string;
  readonly number: string;
  readonly department: Department;
  readonly role: ReceivingRole;
  readonly purposes: readonly RequestedPurpose[];
  readonly operations: readonly string[];
  readonly rowScopes: readonly string[];
  readonly legalBasis: string;
  readonly scenario: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly requestedBy: string;
  readonly digest: Buffer;
  readonly state: Exclude<AccessRequestState, 'OVERDUE'>;
}

/** An answer as it stands. */
export interface HeldAnswer {
  readonly id: string;
  readonly owner: Department;
  readonly receivedOn: string;
  readonly termDays: number;
  readonly extendedDays: number;
  readonly extensionReason: string | null;
  readonly verdict: 'PENDING' | 'GRANTED' | 'REFUSED' | 'LAPSED';
  readonly grantedUntil: string | null;
  readonly reason: string | null;
  readonly legalBasis: string | null;
}

/** A group of a request with its owner, as asked and as granted. */
export interface HeldRequestGroup extends HeldGroup {
  readonly owner: Department;
  readonly grantedAccess: HeldGroup['access'] | null;
  readonly grantedScope: HeldGroup['scope'];
}

const REQUEST = `id, number, department, role, purposes, operations, row_scopes as "rowScopes",
  legal_basis as "legalBasis", scenario, valid_from as "validFrom", valid_until as "validUntil",
  requested_by as "requestedBy", digest, state`;

/** Requests are made one at a time: their numbers have no gaps, and a key that is sent twice at once is one request. */
export async function lockNumbers(tx: PoolClient): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hub access requests'))`);
}

/** The request of the department under its own key. */
export async function findByKey(tx: PoolClient, department: string, key: string): Promise<HeldRequest | undefined> {
  const { rows } = await tx.query<HeldRequest>(
    `select ${REQUEST} from access_request where department = $1 and client_key = $2`,
    [department, key],
  );
  return rows[0];
}

/** The request with the number, locked, where the department is one of its parties. */
export async function lockRequest(tx: PoolClient, number: string, party: string): Promise<HeldRequest | undefined> {
  const { rows } = await tx.query<HeldRequest>(
    `select ${REQUEST} from access_request where number = $1 and $2 = any(parties) for update`,
    [number, party],
  );
  return rows[0];
}

/** The answers of a request, in the order of the owners' codes. */
export async function findAnswers(tx: PoolClient, requestId: string): Promise<readonly HeldAnswer[]> {
  const { rows } = await tx.query<HeldAnswer>(
    `select id, owner, received_on as "receivedOn", term_days as "termDays", extended_days as "extendedDays",
       extension_reason as "extensionReason", verdict, granted_until as "grantedUntil", reason,
       legal_basis as "legalBasis"
     from access_request_answer where request_id = $1 order by owner`,
    [requestId],
  );
  return rows;
}

/** The groups of a request, in the order of their names. */
export async function findGroups(tx: PoolClient, requestId: string): Promise<readonly HeldRequestGroup[]> {
  const { rows } = await tx.query<HeldRequestGroup>(
    `select name, owner, access, scope, granted_access as "grantedAccess", granted_scope as "grantedScope"
     from access_request_group where request_id = $1 order by name`,
    [requestId],
  );
  return rows;
}

/** Who asks, and when. */
export interface Asker {
  readonly department: Department;
  readonly client: string;
  readonly today: string;
  readonly at: Date;
}

/** Writes a request with one awaited answer for each owner. The caller holds `lockNumbers`. */
export async function insertRequest(tx: PoolClient, asked: Asked, { department, client, today, at }: Asker) {
  const id = newId();
  const owners = new Map<Department, RequestableAttribute>();
  for (const { owner, attribute } of asked.groups) owners.set(owner, attribute);
  const prefix = `RQ-${today.slice(0, 4)}-`;
  const { rows } = await tx.query<{ next: number }>(
    `select coalesce(max(right(number, 6)::int), 0) + 1 as next from access_request where left(number, 8) = $1`,
    [prefix],
  );
  const number = `${prefix}${String(rows[0]?.next ?? 1).padStart(6, '0')}`;
  await tx.query(
    `insert into access_request (id, number, department, parties, client_key, digest, role, purposes, operations,
       row_scopes, legal_basis, scenario, mode, valid_from, valid_until, requested_by, requested_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'OPEN')`,
    [
      id,
      number,
      department,
      [...new Set([department, ...owners.keys()])].sort(),
      asked.key,
      asked.digest,
      asked.role,
      asked.purposes,
      asked.operations,
      asked.rowScopes,
      asked.legalBasis,
      asked.scenario,
      asked.mode,
      asked.validFrom,
      asked.validUntil,
      client,
      at,
    ],
  );
  const column = <T>(of: (group: Asked['groups'][number]) => T): readonly T[] => asked.groups.map(of);
  await tx.query(
    `insert into access_request_group (id, request_id, name, owner, attribute, access, scope)
     select g.id, $1, g.name, g.owner, g.attribute, g.access, g.scope
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       as g (id, name, owner, attribute, access, scope)`,
    [
      id,
      column(() => newId()),
      column((group) => group.name),
      column((group) => group.owner),
      column((group) => group.attribute),
      column((group) => group.access),
      column((group) => group.scope),
    ],
  );
  const names = [...owners.keys()];
  await tx.query(
    `insert into access_request_answer (id, request_id, owner, received_on, term_days)
     select a.id, $1, a.owner, $2, a.term_days from unnest($3::uuid[], $4::text[], $5::int[]) as a (id, owner, term_days)`,
    [id, today, names.map(() => newId()), names, [...owners.values()].map((attribute) => TERM_DAYS[attribute])],
  );
  return { id, number, owners: names };
}

/** Closes a request for good. */
export async function closeRequest(
  tx: PoolClient,
  { id }: Pick<HeldRequest, 'id'>,
  to: { readonly state: HeldRequest['state']; readonly client: string; readonly at: Date },
): Promise<void> {
  await tx.query('update access_request set state = $2, closed_by = $3, closed_at = $4 where id = $1', [
    id,
    to.state,
    to.client,
    to.at,
  ]);
}
