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
}

/**
 * Compares what the last questions of each chain disclosed; a chain is a process. Undefined when all of them agree, or
 * only one process keeps a record.
 */
export async function compareRecords(owner: Pool, { operationName, writes }: Operation): Promise<string | undefined> {
  const { rows } = await owner.query<Row>(
    `select r.chain, r.persons, r.person_nodes as nodes, r.households, r.household_nodes
     from access_record r join access_operation o on o.number = r.operation
     where o.name = $1 and r.decision = 'ALLOWED' order by r.chain, r.at, r.id`,
    [operationName],
  );
  const byChain = new Map<number, string[]>();
  for (const row of rows) {
    const told = writes ? [...ids(row.persons), ...ids(row.households)] : disclosed(row);
    byChain.set(row.chain, [...(byChain.get(row.chain) ?? []), told.join(' ')]);
  }
  const [first, ...others] = [...byChain.values()];
  // Several operations share a document: the last questions are those that were just asked.
  for (const other of others) {
    const wrong = other.findIndex((told, index) => told !== first?.[index]);
    if (wrong >= 0) return `record ${String(wrong + 1)} of ${String(other.length)}`;
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
