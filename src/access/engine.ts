/** What runs operations, and what it is made of. */
import type { DocumentNode, GraphQLError } from 'graphql';
import type { Graph, ValueRules } from '../graph/index.ts';
import type { Bounds } from '../platform/bounds.ts';
import type { ByteText } from '../platform/bytes.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pool } from '../platform/database.ts';
import type { HubContext } from './caller.ts';
import type { Ledger } from './ledger/index.ts';
import type { GuessWatch } from './enumeration.ts';
import type { MissBudget } from './miss-budget.ts';
import type { SharingPolicy } from './policy/sharing-policy.ts';

/** One validated operation of one caller. */
export interface EngineRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: HubContext;
}

/** `text` is the JSON of `data`, as bytes to be spliced in unparsed; `data` stands where graphql-js completed the answer. */
export interface EngineResult {
  readonly text?: ByteText;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Record<string, unknown>;
}

/** What runs operations. */
export interface Engine {
  /** @throws HubError or GraphQLError when the operation is refused as a whole */
  execute(request: EngineRequest): Promise<EngineResult>;
  /** The policy that the next request is planned with. */
  readonly policy: SharingPolicy;
  /** Takes up a policy that another process published; requests do so by themselves when theirs is outdated. */
  reload(): Promise<void>;
}

/** What an engine is made of. */
export interface EngineParts {
  readonly graph: Graph;
  /** Connections of the server's own role. */
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'record' | 'missKey'>;
  readonly budget: MissBudget;
  /** Slows down who guesses; nobody where none is given. */
  readonly watch?: GuessWatch;
  readonly clock: Clock;
  readonly rules: ValueRules;
  /** What an answer may cost and hold; the defaults where none are given. */
  readonly bounds?: Bounds;
  /** Reads the policy in force and checks it against the graph. */
  readonly loadPolicy: () => Promise<SharingPolicy>;
}
