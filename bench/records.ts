/** Whether limit B leaves the same record as the hub: otherwise it would be a limit of something else. */
import { unpackDisclosed } from '../src/access/ledger/index.ts';
import type { Pool } from '../src/platform/database.ts';
import type { Operation } from './operations.ts';

interface Row {
  readonly chain: number;
  readonly persons: readonly string[] | null;
  readonly nodes: string | null;
  readonly households: readonly string[] | null;
  readonly household_nodes: string | null;
  readonly misses: readonly Buffer[] | null;
  readonly client: string;
  readonly case_no: string;
  /** Of the operation: kind, department, role, purpose, and the coordinates of its nodes, each in alphabetical order. */
  readonly said: string;
}

/**
 * Compares what the last questions of each chain disclosed; a chain is a process. Undefined when all of them agree, or
 * only one process keeps a record.
 */
export async function compareRecords(
  owner: Pool,
  { operationName, writes }: Operation,
  questions: number,
): Promise<string | undefined> {
  const { rows } = await owner.query<Row>(
    `select chain, persons, person_nodes as nodes, households, household_nodes, misses, client, case_no, said from (
       select r.*, row_number() over (partition by r.chain order by r.at desc, r.id desc) as back,
         jsonb_build_array(o.kind, o.department, o.role, o.purpose,
           (select jsonb_agg((select jsonb_agg(c order by c) from jsonb_array_elements(n) c) order by nth)
            from jsonb_array_elements(o.nodes) with ordinality as node (n, nth)))::text as said
       from access_record r join access_operation o on o.number = r.operation
       where o.name = $1 and r.decision = 'ALLOWED'
     ) r where back <= $2 order by chain, at, id`,
    [operationName, questions],
  );
  const byChain = new Map<number, string[]>();
  for (const row of rows) {
    const told = writes ? [...ids(row.persons), ...ids(row.households)] : disclosed(row);
    const misses = (row.misses ?? []).map((miss) => miss.toString('hex')).toSorted();
    const record = [row.client, row.case_no, ...(writes ? [] : [row.said]), ...told, ...misses].join(' ');
    byChain.set(row.chain, [...(byChain.get(row.chain) ?? []), record]);
  }
  const [first, ...others] = [...byChain.values()];
  for (const other of others) {
    const wrong = other.findIndex((record, index) => record !== first?.[index]);
    if (wrong >= 0 || other.length !== first?.length) return `record ${String(wrong + 1)} of ${String(other.length)}`;
  }
  return undefined;
}

const ids = (of: readonly string[] | null): readonly string[] => (of ?? []).toSorted();

function disclosed({ persons, nodes, households, household_nodes }: Row): readonly string[] {
  const of = (kind: string, who: readonly string[] | null, at: string | null): readonly string[] =>
    who === null || at === null
      ? []
      : unpackDisclosed({ ids: who, nodes: at }).map(({ id, node }) => `${kind}${id}/${String(node)}`);
  return [...of('p', persons, nodes), ...of('h', households, household_nodes)].toSorted();
}
