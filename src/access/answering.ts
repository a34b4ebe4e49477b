/** The answer of an operation of which code answers some fields: the statement's, completed by graphql-js. */
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { complete, withinStatement } from '../graph/index.ts';
import type { Graph, Operation, StatementPlan, Values } from '../graph/index.ts';
import type { Department, HubContext } from './caller.ts';
import type { EngineRequest } from './engine.ts';

/** What code that answers about a row finds in its context, beside what every operation has. One for each operation. */
export interface AnsweringContext extends HubContext {
  /** Aborts as soon as nobody waits for the answer any more. */
  readonly gone: AbortSignal;
  /** Whether an agreement that is in force lets the department be asked about persons. */
  readonly mayAsk: (department: Department) => boolean;
}

/** What is completed. */
export interface Answering {
  readonly graph: Graph;
  /** From `schemaForCompleting`. */
  readonly schema: GraphQLSchema;
  readonly request: EngineRequest;
  readonly operation: Operation;
  readonly values: Values;
  readonly plan: StatementPlan;
  /** The statement's answer, parsed. Whom it is about is on record. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly mayAsk: AnsweringContext['mayAsk'];
}

/** Asks the code. The operation gives its place to others meanwhile, and what is asked ends when the asker goes. */
export async function answerByCode({
  graph,
  schema,
  request: { document, operationName, variables, context },
  operation,
  values,
  plan,
  data,
  mayAsk,
}: Answering): Promise<Pick<ExecutionResult, 'data' | 'errors'>> {
  const leaving = new AbortController();
  const { asker } = context;
  if (asker?.gone === true) leaving.abort();
  else if (asker !== undefined)
    asker.onGone = () => {
      leaving.abort();
    };
  context.stepAside?.();
  const asking: AnsweringContext = { ...context, gone: leaving.signal, mayAsk };
  try {
    return await complete({
      schema,
      document: plan.whole ? document : withinStatement(graph, operation, values),
      operationName,
      variables,
      data,
      withheld: new Set(plan.nulled.map(({ coordinate }) => coordinate)),
      context: asking,
    });
  } finally {
    if (asker !== undefined) asker.onGone = undefined;
  }
}
