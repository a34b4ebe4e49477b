/**
 * The road of every operation: caller → plan → one statement → access record → answer. Reading is compiled; mutations
 * and introspection run on stock graphql-js behind the same gate. There is no third way.
 */
import { LRUCache } from 'lru-cache';
import { GraphQLError, OperationTypeNode, execute as executeStock, getVariableValues } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { schemaFor } from '../graph/introspection.ts';
import type { Graph } from '../graph/noun.ts';
import { collectFields, readOperation, readValues } from '../graph/operation.ts';
import type { Operation, ValueRules, Values } from '../graph/operation.ts';
import { Denied, ResponseNameTooLong, makePlan } from '../graph/planner.ts';
import type { DeniedCoordinate, Plan } from '../graph/planner.ts';
import { statementRunner } from '../graph/statement.ts';
import type { Answer, Subject } from '../graph/statement.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pool } from '../platform/database.ts';
import {
  HubError,
  badInput,
  caseNotInCaseload,
  fieldDenied,
  operationDenied,
  policyChanged,
  purposeNotAllowed,
} from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import type { HubContext } from './caller.ts';
import type { AccessEntry, Ledger } from './ledger/index.ts';
import type { MissBudget } from './miss-budget.ts';
import type { Profile, SharingPolicy } from './policy/sharing-policy.ts';
import { requirePurposeAndCase } from './purpose.ts';
import { caseIsKnown } from './row-scope.ts';

/** One validated operation of one caller. */
export interface EngineRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: HubContext;
}

/** `text` is the JSON of `data`, to be spliced in unparsed; `data` stands where graphql-js completed the answer. */
export interface EngineResult {
  readonly text?: string;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Record<string, unknown>;
}

export interface Engine {
  /** @throws HubError or GraphQLError when the operation is refused as a whole */
  execute(request: EngineRequest): Promise<EngineResult>;
  /** The policy that the next request is planned with. */
  readonly policy: SharingPolicy;
  /** Takes up a policy that another process published; requests do so by themselves when theirs is outdated. */
  reload(): Promise<void>;
}

export interface EngineParts {
  readonly graph: Graph;
  /** Connections of the server's own role. */
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'record' | 'missKey'>;
  readonly budget: MissBudget;
  readonly clock: Clock;
  readonly rules: ValueRules;
  /** Reads the policy in force and checks it against the graph. */
  readonly loadPolicy: () => Promise<SharingPolicy>;
}

const MOST_PLANS = 1_000;
const MOST_VIEWS = 100;

/** The engine with the policy in force. */
export async function createEngine(parts: EngineParts): Promise<Engine> {
  const { graph, pool, ledger, budget, clock, rules } = parts;
  const run = statementRunner(pool);
  const operations = new WeakMap<DocumentNode, Map<string, Operation>>();
  const plans = new LRUCache<string, Plan>({ max: MOST_PLANS });
  const views = new LRUCache<string, GraphQLSchema>({ max: MOST_VIEWS });
  let policy = await parts.loadPolicy();

  const operationOf = ({ document, operationName }: EngineRequest): Operation => {
    const known = operations.get(document) ?? new Map<string, Operation>();
    operations.set(document, known);
    const name = operationName ?? '';
    const operation = known.get(name) ?? readOperation(graph.schema, document, operationName);
    known.set(name, operation);
    return operation;
  };

  const planOf = (profile: Profile, operation: Operation, values: Values, onDenied: 'refuse' | 'null'): Plan => {
    const key = [profile.key, onDenied, operation.key, values.shape].join('\n');
    const known = plans.get(key);
    if (known !== undefined) return known;
    try {
      const plan = makePlan({ graph, policy, profile, operation, values, rules, onDenied, guard: caseGuard });
      plans.set(key, plan);
      return plan;
    } catch (error) {
      if (error instanceof ResponseNameTooLong) throw badInput(error.message);
      throw error;
    }
  };

  const read = async (
    request: EngineRequest,
    operation: Operation,
    values: Values,
    profile: Profile,
  ): Promise<Reading> => {
    const { caller, onDenied } = request.context;
    const plan = planOf(profile, operation, values, onDenied);
    if (plan.personal) {
      const { purpose } = requirePurposeAndCase(caller);
      if (!profile.agreement.purposes.includes(purpose)) throw purposeNotAllowed(purpose, profile.agreement.purposes);
    }
    const now = clock.now();
    const bindings = { args: values.args, caller: policy.valuesOf(caller, { today: clock.today(), now }) };
    const answer = await run(plan, bindings);
    if (answer === undefined) throw new PolicyMoved();
    if (!answer.permitted) throw caseNotInCaseload();
    const missed = answer.subjects.filter(({ kind }) => kind === 'miss');
    await budget.spend(caller.client, missed.length);
    const keyOf = ({ node, id }: Subject): Buffer => {
      const keys = plan.nodes[node]?.misses?.read(bindings) as readonly string[] | undefined;
      return ledger.missKey(keys?.[Number(id) - 1] ?? '');
    };
    return { plan, answer, misses: missed.map(keyOf) };
  };

  const entryOf = (
    request: EngineRequest,
    operation: Operation,
  ): Omit<AccessEntry, 'decision' | 'coordinates' | 'persons' | 'households' | 'misses'> => {
    const { caller } = request.context;
    const name = operation.definition.name?.value;
    return {
      id: newId(),
      at: clock.now(),
      client: caller.client,
      department: caller.department,
      role: caller.role,
      purpose: caller.purpose ?? '',
      caseNo: caller.caseNo ?? '',
      kind: operation.definition.operation === OperationTypeNode.MUTATION ? 'WRITE' : 'READ',
      operation: { digest: operation.digest, text: operation.text, ...(name === undefined ? {} : { name }) },
      policyVersion: policy.version,
    };
  };

  const recordRefusal = async (
    request: EngineRequest,
    operation: Operation,
    error: unknown,
  ): Promise<HubError | GraphQLError> => {
    const refusal = error instanceof Denied ? toHubError(error.denials) : error;
    if (!(refusal instanceof HubError) && !(refusal instanceof GraphQLError)) throw refusal;
    const coordinates = error instanceof Denied ? error.denials.map(({ coordinate }) => coordinate) : [];
    const reason = refusal instanceof HubError ? refusal.code : 'BAD_USER_INPUT';
    await ledger.record({
      ...entryOf(request, operation),
      decision: 'REFUSED',
      reason,
      coordinates: [coordinates],
      persons: [],
      households: [],
      misses: [],
    });
    return refusal;
  };

  const once = async (request: EngineRequest): Promise<EngineResult> => {
    const operation = operationOf(request);
    const { definition } = operation;
    const coerced = getVariableValues(graph.schema, definition.variableDefinitions ?? [], request.variables, {
      maxErrors: 20,
    });
    if (coerced.errors !== undefined) {
      return {
        errors: coerced.errors.map(
          (error) =>
            new GraphQLError(error.message, {
              originalError: error,
              ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
              extensions: { code: 'BAD_USER_INPUT' },
            }),
        ),
      };
    }
    try {
      const values = readValues(operation, coerced.coerced, rules);
      const profile = policy.profileOf(request.context.caller, clock.today());
      if (profile === undefined)
        throw operationDenied(
          'Query',
          'no sharing agreement is in force for your department and role',
          'CIVIL_AFFAIRS',
        );
      const fields = rootFields(operation, values);
      if (definition.operation === OperationTypeNode.MUTATION) {
        gateMutation(fields, profile, request);
        return await stock(request, graph.schema, {});
      }
      const { plan, answer, misses } = await read(request, operation, values, profile);
      if (plan.personal)
        await ledger.record({
          ...entryOf(request, operation),
          decision: 'ALLOWED',
          ...disclosed(plan, answer),
          misses,
        });
      const asked = {
        ...(plan.masked.length === 0 ? {} : { extensions: { masked: plan.masked } }),
        ...(plan.nulled.length === 0 ? {} : { errors: plan.nulled.map(toNullError) }),
      };
      const forCode = fields.some((name) => !graph.roots.has(name) && name !== '__typename');
      if (!forCode) return { text: answer.text, ...asked };
      const completed = await stock(request, view(profile), JSON.parse(answer.text) as Record<string, unknown>);
      return { ...completed, ...asked };
    } catch (error) {
      if (error instanceof PolicyMoved) throw error;
      throw await recordRefusal(request, operation, error);
    }
  };

  const rootFields = (operation: Operation, values: Values): string[] => {
    const root =
      operation.definition.operation === OperationTypeNode.MUTATION
        ? graph.schema.getMutationType()
        : graph.schema.getQueryType();
    if (!root) return [];
    const fields = collectFields(graph.schema, operation, values, root, [operation.definition.selectionSet]);
    return [...fields.values()].flatMap(([node]) => node?.name.value ?? []);
  };

  const gateMutation = (fields: readonly string[], profile: Profile, request: EngineRequest): void => {
    const denials = fields.flatMap((name): DeniedCoordinate[] => {
      if (name === '__typename') return [];
      const permitted = policy.operation(profile, name);
      return permitted.kind === 'deny' ? [{ ...permitted, coordinate: `Mutation.${name}` }] : [];
    });
    if (denials.length > 0) throw new Denied(denials);
    const { purpose } = requirePurposeAndCase(request.context.caller);
    if (!profile.agreement.purposes.includes(purpose)) throw purposeNotAllowed(purpose, profile.agreement.purposes);
  };

  const view = (profile: Profile): GraphQLSchema => {
    const known = views.get(profile.key) ?? schemaFor(graph, policy, profile);
    views.set(profile.key, known);
    return known;
  };

  const stock = async (
    request: EngineRequest,
    schema: GraphQLSchema,
    rootValue: Record<string, unknown>,
  ): Promise<EngineResult> => {
    const result: ExecutionResult = await executeStock({
      schema,
      document: request.document,
      operationName: request.operationName,
      variableValues: request.variables,
      contextValue: request.context,
      rootValue,
      // The SQL result holds values under their response names, written as they leave.
      fieldResolver: (source: Record<string, unknown>, _args, _context, info) => source[String(info.path.key)],
    });
    return {
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(result.errors === undefined ? {} : { errors: result.errors }),
    };
  };

  const reload = async (): Promise<void> => {
    policy = await parts.loadPolicy();
    plans.clear();
    views.clear();
  };

  return {
    get policy() {
      return policy;
    },
    reload,
    async execute(request) {
      try {
        return await once(request);
      } catch (error) {
        if (!(error instanceof PolicyMoved)) throw error;
        await reload();
      }
      try {
        return await once(request);
      } catch (error) {
        throw error instanceof PolicyMoved ? policyChanged() : error;
      }
    },
  };
}

interface Reading {
  readonly plan: Plan;
  readonly answer: Answer;
  readonly misses: readonly Buffer[];
}

/** The statement answered nothing: the database holds a newer policy than the plan. */
class PolicyMoved extends Error {}

/** Whoever reads by caseload names an open case of its own department. */
const caseGuard = (scopes: ReadonlySet<string>) =>
  scopes.has('caseload') || scopes.has('case') ? caseIsKnown : undefined;

const disclosed = (plan: Plan, { subjects }: Answer): Pick<AccessEntry, 'coordinates' | 'persons' | 'households'> => {
  const of = (kind: Subject['kind']) =>
    subjects.filter((subject) => subject.kind === kind).map(({ id, node }) => ({ id, node }));
  return {
    coordinates: plan.nodes.map(({ coordinates }) => coordinates),
    persons: of('person'),
    households: of('household'),
  };
};

function toHubError(denials: readonly DeniedCoordinate[]): HubError {
  const listed = denials.map(({ coordinate, reason, owner }) => ({ coordinate, reason, owner }));
  const operation = listed.find(({ coordinate }) => /^(Query|Mutation)\./.test(coordinate));
  return operation === undefined
    ? fieldDenied(listed)
    : operationDenied(operation.coordinate, operation.reason, operation.owner);
}

const toNullError = ({ coordinate, reason, owner }: DeniedCoordinate): GraphQLError =>
  new GraphQLError(`${coordinate} is not open to you: ${reason}`, {
    extensions: { code: 'FIELD_DENIED', denied: [{ coordinate, reason, owner }] },
  });
