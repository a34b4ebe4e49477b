/** Operations planned and run without a caller: the engine alone, over any graph and any policy. */
import { getVariableValues, parse, validate } from 'graphql';
import { makePlan, readOperation, readValues, statementRunner } from '../../src/graph/index.ts';
import type { Graph, Policy, StatementPlan, Values } from '../../src/graph/index.ts';
import { DEFAULT_BOUNDS } from '../../src/platform/bounds.ts';
import { fromBytes } from '../../src/platform/bytes.ts';
import type { Pool } from '../../src/platform/database.ts';

const ALL_ROWS = { kind: 'everything', predicate: () => undefined };

/** A policy that opens everything, or everything but what a test changes. */
export const open = (change: Partial<Policy> = {}): Policy => ({
  version: 1,
  operation: () => ({ kind: 'allow', personal: true }),
  field: () => ({ kind: 'full' }),
  rows: () => ALL_ROWS,
  smallestCount: () => 0,
  ...change,
});

/** What is asked of the engine. */
export interface Asking {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly policy?: Policy;
  readonly onDenied?: 'refuse' | 'null';
}

/** Plans a valid operation. */
export function plan(
  graph: Graph,
  text: string,
  { variables = {}, operationName, policy = open(), onDenied = 'refuse' }: Asking = {},
): { readonly plan: StatementPlan; readonly values: Values } {
  const document = parse(text);
  const [fault] = validate(graph.schema, document);
  if (fault) throw fault;
  const operation = readOperation(graph.schema, document, operationName);
  const declared = operation.definition.variableDefinitions ?? [];
  const { coerced = {}, errors } = getVariableValues(graph.schema, declared, variables);
  if (errors?.[0]) throw errors[0];
  const rules = { levelOf: () => 'county', maxFirst: 1_000 };
  const values = readValues(operation, coerced, rules);
  const profile = { key: 'test' };
  return { plan: makePlan({ graph, policy, profile, operation, values, rules, onDenied }), values };
}

/** A reader of plans over the policy that a database holds. */
export async function reader(graph: Graph, pool: Pool, today: string) {
  const { rows } = await pool.query<{ stamp: string }>('select stamp from policy_head');
  const caller = { today, policyStamp: rows[0]?.stamp };
  const run = statementRunner(pool, DEFAULT_BOUNDS);
  return async (text: string, asking?: Asking): Promise<Record<string, unknown>> => {
    const planned = plan(graph, text, asking);
    const answer = await run(planned.plan, { args: planned.values.args, caller });
    if (answer === undefined) throw new Error('The statement was planned for another policy');
    return JSON.parse(fromBytes(answer.text)) as Record<string, unknown>;
  };
}
