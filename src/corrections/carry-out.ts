/** Carrying out recalls: everybody whom the ledger shows to have been told a value, and nobody else, is told that it no longer holds. */
import type { Department } from '../access/index.ts';
import { notify } from '../governance/index.ts';
import type { Graph } from '../graph/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { toldIn } from './disputable.ts';
import type { SubjectKind } from './subject.ts';

/** What a round of recalls is made with. */
export interface CarryingOut {
  readonly graph: Graph;
  readonly at: Date;
  /** The orders that are meant, and of what they follow from; left out: the oldest ones that wait. */
  readonly only?: { readonly orders: readonly string[]; readonly reference: string };
}

/** Orders in one round: each looks into the ledger once. */
const MOST_ORDERS = 200;

interface Order {
  readonly id: string;
  readonly told: readonly string[];
}

interface Relied {
  readonly orderId: string;
  readonly personId: string | null;
  readonly householdId: string | null;
  readonly department: Department;
  readonly client: string;
  readonly purpose: string | null;
  readonly caseNo: string | null;
  readonly cause: string;
  readonly reference: string;
  readonly coordinates: readonly string[];
  readonly toldAt: Date;
}

/**
 * Carries out orders that wait, in the transaction that is open; orders under way elsewhere are left to it. What was told
 * after the order is what holds, so nobody is recalled for it.
 * @returns how many orders were carried out, and how many recalls they came to
 */
export async function carryOut(
  tx: PoolClient,
  { graph, at, only }: CarryingOut,
): Promise<{ readonly orders: number; readonly recalls: number }> {
  const { rows: orders } = await tx.query<Order>(
    only === undefined
      ? `select id, told from recall_order where done_at is null order by ordered_at, id limit ${String(MOST_ORDERS)}
         for update skip locked`
      : `select id, told from recall_order where done_at is null and id = any($1::uuid[]) order by id for update`,
    only === undefined ? [] : [only.orders],
  );
  if (orders.length === 0) return { orders: 0, recalls: 0 };
  const meant = orders.map(({ id, told }) => ({
    id,
    coordinates: [...new Set(told.flatMap((one) => inFull(graph, one)))],
  }));
  const { rows: relied } = await tx.query<Relied>(RELIED, [
    JSON.stringify(meant),
    [...new Set(meant.flatMap(({ coordinates }) => coordinates))],
  ]);
  if (relied.length > 0) await insertRecalls(tx, relied, at);
  await tx.query('update recall_order set done_at = $2 where id = any($1::uuid[])', [orders.map(({ id }) => id), at]);
  await notify(tx, {
    departments: relied.map(({ department }) => department),
    kind: 'VALUE_RECALLED',
    reference: only?.reference ?? 'recalls',
    text: '贵部门使用过的数据已更正或终止，请查看“recalls”并复核 · Values that you were told no longer hold; see "recalls" and look again',
    at,
  });
  return { orders: orders.length, recalls: relied.length };
}

/** A coordinate is meant as it stands, since who ordered said what was told; a group is every field in it. */
const inFull = (graph: Graph, told: string): readonly string[] => (told.includes('.') ? [told] : toldIn(graph, told));

/** Who was told, of the orders about that kind of subject; `ids`: under which ids one was told of it. */
const reliedOn = (kind: SubjectKind, ids: string): string => `
  select o.id as "orderId", o.person_id as "personId", o.household_id as "householdId", o.cause, o.reference,
    told.department, told.client, told.purpose, told.case_no as "caseNo", told.coordinates, told.told_at as "toldAt"
  from jsonb_to_recordset($1::jsonb) as meant (id uuid, coordinates text[])
  join recall_order o on o.id = meant.id and o.${kind}_id is not null
  cross join lateral (select ${ids} as ids) who
  cross join lateral (
    select access.department, access.client, access.purpose, access.case_no, max(access.at) as told_at,
      array_agg(distinct field.coordinate order by field.coordinate) as coordinates
    from ${kind}_access access cross join lateral unnest(access.coordinates) as field (coordinate)
    where access.buckets && person_buckets(who.ids) and access.${kind}_id = any(who.ids)
      and access.operation = any((select disclosing_operations($2::text[]))::integer[])
      and access.decision = 'ALLOWED' and access.at >= coalesce(o.since, '-infinity') and access.at <= o.ordered_at
      and field.coordinate = any(meant.coordinates)
    group by access.department, access.client, access.purpose, access.case_no) told`;

const RELIED = `
  -- Of somebody who was merged it was told under each of the ids; a household keeps its own.
  ${reliedOn('person', 'person_ids(o.person_id)')}
  union all
  ${reliedOn('household', 'array[o.household_id]')}
  order by "orderId", department, client, purpose, "caseNo"`;

async function insertRecalls(tx: PoolClient, relied: readonly Relied[], at: Date): Promise<void> {
  await tx.query(
    `insert into recall (id, order_id, person_id, household_id, department, client, purpose, case_no, cause, reference, coordinates, told_at,
       recalled_at)
     select r.*, $2 from jsonb_to_recordset($1::jsonb) as r (id uuid, "orderId" uuid, "personId" uuid, "householdId" uuid,
       department varchar, client varchar, purpose varchar, "caseNo" varchar, cause varchar, reference varchar, coordinates varchar[],
       "toldAt" timestamptz)
     on conflict (order_id, department, client, purpose, case_no) do nothing`,
    [JSON.stringify(relied.map((one) => ({ id: newId(), ...one }))), at],
  );
}
