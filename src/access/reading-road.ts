/**
 * The road of every operation: caller → plan → one statement → access record → answer. Reading is compiled; mutations
 * and introspection run on stock graphql-js behind the same gate. There is no third way.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import {
  Denied,
  FormRefused,
  beyondStatement,
  collectFields,
  documentForCoerced,
  makePlan,
  readOperation,
  readValues,
  schemaFor,
  schemaForCoerced,
  schemaForCompleting,
  statementRunner,
} from '../graph/index.ts';
import type { Bindings, DeniedCoordinate, Operation, StatementPlan, Values } from '../graph/index.ts';
import { DEFAULT_BOUNDS } from '../platform/bounds.ts';
import { fromBytes } from '../platform/bytes.ts';
import { HubError, documentFault, policyChanged, unauthenticated, purposeNotAllowed } from '../platform/errors.ts';
import { disclosureEntries, refusedEntry } from './access-entries.ts';
import { answerByCode } from './answering.ts';
import type { HubContext } from './caller.ts';
import type { Engine, EngineParts, EngineRequest, EngineResult } from './engine.ts';
import { guardOf, guardRefusal } from './guards.ts';
import type { Profile, SharingPolicy } from './policy/sharing-policy.ts';
import { requirePurposeAndCase } from './purpose.ts';
import { foundIn, questionsOf } from './questions.ts';
import { BY_POLICY, Overspent, asBadInput, asHubError, asNullError, isPolicyChange } from './refusals.ts';
import { executeStock } from './stock.ts';

const MOST_PLANS = 1_000;
const MOST_VIEWS = 100;

/** The engine with the policy in force. */
export async function createEngine(parts: EngineParts): Promise<Engine> {
  return new ReadingRoad(parts, await parts.loadPolicy());
}

/** The statement answered nothing: the database holds another policy than the plan relies on. */
class PolicyMoved extends Error {}

/** What a request stands on, from its first look at the policy to its record. */
interface Standing {
  readonly policy: SharingPolicy;
  readonly profile: Profile;
  readonly moment: { readonly today: string; readonly now: Date };
}

class ReadingRoad implements Engine {
  readonly #parts: EngineParts;
  readonly #forWrites: GraphQLSchema;
  #forCompleting: GraphQLSchema | undefined;
  readonly #run: ReturnType<typeof statementRunner>;
  readonly #operations = new WeakMap<DocumentNode, Map<string, Operation>>();
  readonly #plans = new LRUCache<string, StatementPlan>({ max: MOST_PLANS });
  readonly #views = new LRUCache<string, GraphQLSchema>({ max: MOST_VIEWS });
  #policy: SharingPolicy;

  constructor(parts: EngineParts, policy: SharingPolicy) {
    this.#parts = parts;
    this.#forWrites = schemaForCoerced(parts.graph.schema);
    this.#run = statementRunner(parts.pool, parts.bounds ?? DEFAULT_BOUNDS);
    this.#policy = policy;
  }

  get policy(): SharingPolicy {
    return this.#policy;
  }

  async reload(): Promise<void> {
    const { version } = this.#policy;
    this.#policy = await this.#parts.loadPolicy();
    // Plans rest on the version alone: a token that was revoked costs nobody else a plan.
    if (this.#policy.version === version) return;
    this.#plans.clear();
    this.#views.clear();
  }

  async execute(request: EngineRequest): Promise<EngineResult> {
    try {
      return await this.#once(request);
    } catch (error) {
      if (!(error instanceof PolicyMoved)) throw error;
    }
    await this.reload();
    try {
      return await this.#once(request);
    } catch (error) {
      throw error instanceof PolicyMoved ? policyChanged() : error;
    }
  }

  async #once(request: EngineRequest): Promise<EngineResult> {
    const operation = this.#operationOf(request);
    const policy = this.#policy;
    const { definition } = operation;
    const variables = operation.readVariables(request.variables);
    if ('errors' in variables) return { errors: variables.errors.map(asBadInput) };
    try {
      const values = readValues(operation, variables.coerced, this.#parts.rules);
      // One moment decides which agreement is in force and which rows are: a request never stands on both sides of midnight.
      const moment = { today: this.#parts.clock.today(), now: this.#parts.clock.now() };
      // A process that has not heard of a revocation finds out by the stamp, and comes here again.
      if (policy.isRevoked(request.context.caller)) throw unauthenticated('the token was revoked');
      const profile = policy.profileOf(request.context.caller, moment.today);
      const standing: Standing = { policy, profile, moment };
      return definition.operation === OperationTypeNode.MUTATION
        ? await this.#write(request, operation, values, standing)
        : await this.#read(request, operation, values, standing);
    } catch (thrown) {
      if (thrown instanceof PolicyMoved) throw thrown;
      const [error, misses] = thrown instanceof Overspent ? [thrown.refusal, thrown.misses] : [thrown, []];
      const refusal = error instanceof Denied ? asHubError(error.denials) : error;
      if (!(refusal instanceof HubError) && !(refusal instanceof GraphQLError)) throw refusal;
      const coordinates = error instanceof Denied ? error.denials.map(({ coordinate }) => coordinate) : [];
      const code = refusal instanceof HubError ? refusal.code : 'BAD_USER_INPUT';
      if (BY_POLICY.has(code) && (await this.#isOutdated(policy))) throw new PolicyMoved();
      const { ledger, clock } = this.#parts;
      const asked = { context: request.context, operation, at: clock.now(), policyVersion: policy.version };
      if (code !== 'LEDGER_UNAVAILABLE') await ledger.record(refusedEntry(asked, code, coordinates, misses));
      throw refusal;
    }
  }

  /** A statement finds out by itself; a refusal never gets as far as one, and a right may have been given since. */
  async #isOutdated({ stamp }: SharingPolicy): Promise<boolean> {
    const { rows } = await this.#parts.pool.query<{ stamp: string }>('select stamp from policy_head');
    return Number(rows[0]?.stamp) !== stamp;
  }

  async #read(request: EngineRequest, operation: Operation, values: Values, standing: Standing): Promise<EngineResult> {
    const { context } = request;
    const { graph, ledger, budget, watch } = this.#parts;
    const { policy, profile, moment } = standing;
    const plan = this.#planOf(standing, operation, values, context.onDenied);
    if (plan.personal) requireAgreedPurpose(context, standing);
    const at = moment.now;
    const caller = policy.valuesOf(context.caller, moment);
    const bindings: Bindings = { args: values.args, caller };
    const questions = questionsOf(plan, bindings);
    const wait = questions === 0 ? 0 : (watch?.admit(context.caller.client, questions) ?? 0);
    if (wait > 0) await (context.pause ?? sleep)(wait);
    const answer = await this.#run(plan, bindings, context.asker);
    if (answer === undefined) throw new PolicyMoved();
    if (!answer.permitted) throw guardRefusal(profile);
    const asked = { context, operation, at, policyVersion: policy.version };
    const entries = plan.personal
      ? disclosureEntries(asked, plan, answer, bindings, (number) => ledger.missKey(number))
      : [];
    const found = foundIn(answer, questions);
    if (questions > 0) watch?.note(context.caller, found);
    if (found.fruitless > 0) {
      await budget.spend(context.caller, found.fruitless, questions).catch((refusal: unknown) => {
        throw new Overspent(
          refusal,
          entries.flatMap(({ misses }) => misses),
        );
      });
    }
    await Promise.all(entries.map((entry) => ledger.record(entry)));
    const shown = plan.masked.length === 0 ? {} : { extensions: { masked: plan.masked } };
    const nulled = plan.nulled.map(asNullError);
    const withErrors = (errors: readonly GraphQLError[]) => (errors.length === 0 ? {} : { errors });
    if (plan.whole && !plan.coded) return { text: answer.text, ...shown, ...withErrors(nulled) };
    let data = JSON.parse(fromBytes(answer.text)) as Record<string, unknown>;
    let errors = nulled;
    if (plan.coded) {
      const schema = (this.#forCompleting ??= schemaForCompleting(graph));
      const mayAsk = policy.supplierOn(moment.today);
      const completed = await answerByCode({ graph, schema, request, operation, values, plan, data, mayAsk });
      errors = [...errors, ...(completed.errors ?? [])];
      if (!completed.data) return { ...shown, ...withErrors(errors) };
      ({ data } = completed);
    }
    if (plan.whole) return { data, ...shown, ...withErrors(errors) };
    const { document, names } = beyondStatement(graph, operation, values);
    const { data: rest, errors: faults = [] } = await executeStock(this.#viewOf(standing), { ...request, document });
    const whole =
      rest && Object.fromEntries(names.map((name) => [name, Object.hasOwn(data, name) ? data[name] : rest[name]]));
    return { ...(whole ? { data: whole } : {}), ...shown, ...withErrors([...errors, ...faults]) };
  }

  async #write(
    request: EngineRequest,
    operation: Operation,
    values: Values,
    standing: Standing,
  ): Promise<EngineResult> {
    const { policy, profile } = standing;
    const denials = this.#rootFields(operation, values).flatMap((name): DeniedCoordinate[] => {
      const permitted = policy.operation(profile, name);
      return name === '__typename' || permitted.kind === 'allow'
        ? []
        : [{ ...permitted, coordinate: `Mutation.${name}` }];
    });
    if (denials.length > 0) throw new Denied(denials);
    requireAgreedPurpose(request.context, standing);
    // The service that writes puts the access record into its own transaction, so it is told what was asked.
    const { name, digest, text } = operation;
    const asked = { digest, text, ...(name === undefined ? {} : { name }) };
    const { version: policyVersion, stamp: policyStamp } = policy;
    const context = { ...request.context, operation: asked, policyVersion, policyStamp };
    const document = documentForCoerced(request.document);
    const result = await executeStock(this.#forWrites, { ...request, document, variables: values.variables, context });
    // A service found the policy outdated and wrote nothing. What another field wrote meanwhile is idempotent.
    if (result.errors?.some(({ originalError }) => isPolicyChange(originalError))) throw new PolicyMoved();
    return result;
  }

  #operationOf({ document, operationName }: EngineRequest): Operation {
    const known = this.#operations.get(document) ?? new Map<string, Operation>();
    this.#operations.set(document, known);
    const name = operationName ?? '';
    const operation = known.get(name) ?? readOperation(this.#parts.graph.schema, document, operationName);
    known.set(name, operation);
    return operation;
  }

  #planOf(
    { policy, profile }: Standing,
    operation: Operation,
    values: Values,
    onDenied: 'refuse' | 'null',
  ): StatementPlan {
    const key = [profile.key, onDenied, operation.key, values.shape].join('\n');
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const { graph, rules } = this.#parts;
    try {
      const plan = makePlan({
        graph,
        policy,
        profile,
        operation,
        values,
        rules,
        onDenied,
        guard: guardOf(profile),
        largestAnswer: (this.#parts.bounds ?? DEFAULT_BOUNDS).answer,
      });
      this.#plans.set(key, plan);
      return plan;
    } catch (error) {
      throw error instanceof FormRefused ? documentFault('GRAPHQL_VALIDATION_FAILED', error.message) : error;
    }
  }

  #rootFields(operation: Operation, values: Values): string[] {
    const { schema } = this.#parts.graph;
    const { definition } = operation;
    const isWrite = definition.operation === OperationTypeNode.MUTATION;
    const root = isWrite ? schema.getMutationType() : schema.getQueryType();
    if (!root) return [];
    const fields = collectFields(schema, operation, values, root, [definition.selectionSet]);
    return [...fields.values()].flatMap(([node]) => node?.name.value ?? []);
  }

  #viewOf({ policy, profile }: Standing): GraphQLSchema {
    const view = this.#views.get(profile.key) ?? schemaFor(this.#parts.graph, policy, profile);
    this.#views.set(profile.key, view);
    return view;
  }
}

function requireAgreedPurpose(context: HubContext, { policy, profile: { agreement }, moment }: Standing): void {
  const { purpose } = requirePurposeAndCase(context.caller);
  if (!agreement.purposes.includes(purpose))
    throw purposeNotAllowed(purpose, policy.purposesOf(context.caller, moment.today));
}
