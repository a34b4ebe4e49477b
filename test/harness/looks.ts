/** What statements look at: each is run under EXPLAIN first and taken back, so that a plan that reads too much is named. */
import type { Pool, PoolClient } from '../../src/platform/database.ts';

const STATEMENT = /^\s*(with|select|insert|update|create temp table \w+ on commit drop as)\b/i;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Rows that a node looked at, those it threw away included. */
const lookedAt = (node: PlanNode): number =>
  node['Actual Loops'] *
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0));

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The connection within a transaction; any node of a plan that looks at more than `most` rows is told. */
export function watched(tx: PoolClient, most: number, told: string[]): PoolClient {
  const explain = async (text: string, values: unknown[] = []): Promise<unknown> => {
    if (STATEMENT.test(text)) {
      await tx.query('savepoint explained');
      const { rows } = await tx.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
        `explain (analyze, timing off, format json) ${text}`,
        values,
      );
      await tx.query('rollback to savepoint explained');
      for (const { Plan } of rows[0]?.['QUERY PLAN'] ?? [])
        for (const node of nodesOf(Plan))
          if (lookedAt(node) > most)
            told.push(`${node['Node Type']} looked at ${String(lookedAt(node))} rows: ${text.trim().slice(0, 60)}`);
    }
    return tx.query(text, values);
  };
  // COPY is a stream and no text.
  const query = (text: string, values?: unknown[]): unknown =>
    typeof text === 'string' ? explain(text, values) : tx.query(text);
  return Object.assign(Object.create(tx) as PoolClient, { query });
}

/** The pool; what its transactions look at is told as `watched` does. */
export function watchedPool(pool: Pool, most: number, told: string[]): Pool {
  const connect = async (): Promise<PoolClient> => watched(await pool.connect(), most, told);
  const query = pool.query.bind(pool);
  return Object.assign(Object.create(pool) as Pool, { connect, query });
}
