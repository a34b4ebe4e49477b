/**
 * What the ledger holds of a span of time, counted by the database: month by month, since it is kept in months, and never an
 * entry at a time.
 */
import type { Department, Purpose, Role } from '../../access/index.ts';
import { inTransaction } from '../../platform/database.ts';
import type { Pool, PoolClient } from '../../platform/database.ts';
import type { Recorded } from './recorded.ts';

/** From an instant on, up to another one that is not in it. */
export interface Span {
  readonly since: Date;
  readonly until: Date;
}

/** An operation as the ledger keeps it. */
export interface LedgerOperation extends Pick<
  Recorded,
  'kind' | 'department' | 'role' | 'purpose' | 'policyVersion' | 'name' | 'text' | 'nodes'
> {
  readonly number: number;
}

/** Requests of one client that had one operation and one outcome. */
export interface Count extends Pick<
  Recorded,
  'client' | 'decision' | 'reason' | 'caseGiven' | 'caseKnown' | 'requests' | 'firstAt' | 'lastAt'
> {
  readonly operation: number;
}

/** How long a month of the ledger may take to be counted, in ms: longer than any request that reads. */
const PATIENCE = 300_000;

/** Reads the ledger with time enough for a big one. */
const readingLedger = <T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> =>
  inTransaction(pool, async (tx) => {
    await tx.query(`set local statement_timeout = ${PATIENCE}`);
    await tx.query('set transaction read only');
    return work(tx);
  });

/** A piece of the ledger, by the ids of its entries: from one on, and up to another one that is not in it. */
interface Piece {
  readonly from: string;
  readonly to: string;
}

// An id is made when its entry is, with the machine's clock: never far from the moment that the entry tells.
const LEEWAY = 2 * 86_400_000;
const SHANGHAI = 8 * 3_600_000;
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The pieces in which the ledger of a span is read: months in Asia/Shanghai, as its tables are; the last one is open. */
function piecesOf({ since, until }: Span): Piece[] {
  const bounds = [new Date(since.getTime() - LEEWAY)];
  for (let last = bounds[0]; last !== undefined;) {
    const local = new Date(last.getTime() + SHANGHAI);
    const next = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - SHANGHAI);
    last = next < until ? next : undefined;
    if (last !== undefined) bounds.push(last);
  }
  const ids = bounds.map(lowestIdAt);
  return ids.map((from, i) => ({ from, to: ids[i + 1] ?? LAST_ID }));
}

/** The lowest UUID of version 7 that can be made at the moment. */
function lowestIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Counts the span. `onPiece` is told how many months of it are done. */
export async function countRequests(
  pool: Pool,
  span: Span,
  onPiece: (done: number, of: number) => void = () => undefined,
): Promise<readonly Count[]> {
  const counts = new Map<string, Count>();
  const pieces = piecesOf(span);
  for (const [i, { from, to }] of pieces.entries()) {
    const { rows } = await readingLedger(pool, (tx) => tx.query<CountRow>(COUNTS, [span.since, span.until, from, to]));
    for (const { reason, ...row } of rows) {
      const key = JSON.stringify([row.operation, row.client, row.decision, reason, row.caseGiven, row.caseKnown]);
      const known = counts.get(key);
      counts.set(key, {
        ...row,
        reason: reason ?? undefined,
        requests: (known?.requests ?? 0) + row.requests,
        firstAt: known !== undefined && known.firstAt < row.firstAt ? known.firstAt : row.firstAt,
        lastAt: known !== undefined && known.lastAt > row.lastAt ? known.lastAt : row.lastAt,
      });
    }
    onPiece(i + 1, pieces.length);
  }
  return [...counts.values()];
}

interface CountRow extends Omit<Count, 'reason'> {
  readonly reason: string | null;
}

const COUNTS = `
  select r.operation, r.client, r.decision, r.reason, r.case_no is not null as "caseGiven", k.found is not null as "caseKnown",
    count(*)::int as requests, min(r.at) as "firstAt", max(r.at) as "lastAt"
  from access_record r
  join access_operation o on o.number = r.operation
  left join lateral (
    select true as found from caseload c
    where c.department = o.department and c.case_no = r.case_no
      and c.opened_on <= (r.at at time zone 'Asia/Shanghai')::date
      and (c.closed_on is null or c.closed_on >= (r.at at time zone 'Asia/Shanghai')::date)
    limit 1
  ) k on true
  where r.at >= $1 and r.at < $2 and r.id >= $3 and r.id < $4
  group by r.operation, r.client, r.decision, r.reason, r.case_no is not null, k.found is not null`;

/** The operations of these numbers. */
export async function readOperations(pool: Pool, numbers: readonly number[]): Promise<readonly LedgerOperation[]> {
  const { rows } = await pool.query<OperationRow>(
    `select number, kind, department, role, purpose, policy_version as "policyVersion", name, text, nodes
     from access_operation where number = any ($1::int[]) order by number`,
    [numbers],
  );
  return rows.map(({ purpose, name, ...row }) => ({ ...row, purpose: purpose ?? undefined, name: name ?? undefined }));
}

interface OperationRow extends Omit<LedgerOperation, 'purpose' | 'name'> {
  readonly department: Department;
  readonly role: Role;
  readonly purpose: Purpose | null;
  readonly name: string | null;
}

/** Nodes of operations whose persons and households are counted together under a key. */
export interface Counted {
  readonly operation: number;
  readonly node: number;
  readonly key: number;
}

/** How many different persons and households were told of under a key. */
export interface Told {
  readonly persons: number;
  readonly households: number;
}

/** Counts whom answers of the span told of, each once a key. */
export async function countTold(
  pool: Pool,
  { since, until }: Span,
  nodes: readonly Counted[],
): Promise<Map<number, Told>> {
  if (nodes.length === 0) return new Map();
  const columns = [nodes.map(({ operation }) => operation), nodes.map(({ node }) => node), nodes.map(({ key }) => key)];
  const count = (ids: 'persons' | 'households', line: string) =>
    readingLedger(pool, (tx) =>
      tx.query<{ key: number; told: number }>(toldOf(ids, line), [
        ...columns,
        since,
        until,
        [...new Set(columns[0])],
        lowestIdAt(new Date(since.getTime() - LEEWAY)),
      ]),
    );
  const persons = await count('persons', 'person_nodes');
  const households = await count('households', 'household_nodes');
  const told = new Map<number, Told>();
  for (const { key, told: number } of persons.rows) told.set(key, { persons: number, households: 0 });
  for (const { key, told: number } of households.rows)
    told.set(key, { persons: told.get(key)?.persons ?? 0, households: number });
  return told;
}

/** Unpacks `50:0,2 3:1` (access/ledger/disclosed.ts): the first fifty ids at nodes 0 and 2, the next three at node 1. */
const toldOf = (ids: string, line: string): string => `
  with counted as (
    select * from unnest($1::int[], $2::int[], $3::int[]) as c (operation, node, key)
  )
  select c.key, count(distinct told.id)::int as told
  from access_record r
  cross join lateral (
    select sum(g.many) over (order by g.place)::int as till, g.many, g.nodes
    from (
      select place, split_part(part, ':', 1)::int as many,
        string_to_array(split_part(part, ':', 2), ',')::int[] as nodes
      from string_to_table(r.${line}, ' ') with ordinality as p (part, place)
    ) g
  ) g
  join counted c on c.operation = r.operation and c.node = any (g.nodes)
  cross join lateral unnest(r.${ids}[g.till - g.many + 1 : g.till]) as told (id)
  where r.at >= $4 and r.at < $5 and r.decision = 'ALLOWED' and r.${ids} is not null and r.operation = any ($6::int[])
    and r.id >= $7
  group by c.key`;
