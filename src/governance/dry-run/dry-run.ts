/**
 * Tries a policy on the past: which requests on record would newly fail or pass, what would newly be told, and of how many.
 * Requests are counted by the database and judged once for each operation by the planner that will decide about them.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { SharingPolicy, loadVersion } from '../../access/index.ts';
import type { PolicyContent, RegionDirectory } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Pool } from '../../platform/database.ts';
import type { Side } from './decide.ts';
import { measureExposures } from './exposure-persons.ts';
import { foresee } from './foresee.ts';
import type { Effect, Foreseen } from './foresee.ts';
import { formsOf } from './forms.ts';
import type { Form } from './forms.ts';
import { countRequests, readOperations } from './ledger-counts.ts';
import type { Count, LedgerOperation, Span } from './ledger-counts.ts';
import type { AffectedRequests, DryRunReport } from './report.ts';
import { vanishing } from './vanishing.ts';

/** What is tried. */
export interface Candidate {
  /** Number of the change or of the agreement. */
  readonly name: string;
  readonly content: PolicyContent;
  /** The day on which it is asked. */
  readonly asOf: string;
}

/** What it is tried with. */
export interface TryingParts {
  readonly pool: Pool;
  readonly graph: Graph;
  /** The policy in force. */
  readonly policy: SharingPolicy;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

const MOST_TEXTS = 1_000;

/** What of a report is wanted; what is not is left empty, and not worked out. */
export interface Wanted {
  /** What becomes of requests. */
  readonly requests: boolean;
  readonly exposures: boolean;
}

const EVERYTHING: Wanted = { requests: true, exposures: true };

/** Operations judged before others get a turn. */
const AT_A_TIME = 50;

// Nobody's regions: what is denied does not depend on where.
const NOWHERE: RegionDirectory = { levelOf: () => undefined };

/** Tries the candidate on what the ledger holds of the span. */
export async function tryOnThePast(
  { pool, graph, policy, onProgress = () => undefined }: TryingParts,
  candidate: Candidate,
  span: Span,
  wanted: Wanted = EVERYTHING,
): Promise<DryRunReport> {
  const { asOf, content } = candidate;
  const now: Side = { graph, policy, today: asOf };
  const next: Side = { graph, policy: policyOf(content), today: asOf };
  const versions = new Map<number, Promise<Side | undefined>>([[policy.version, Promise.resolve(now)]]);
  const sideOf = (version: number): Promise<Side | undefined> => {
    const known = versions.get(version) ?? loadVersion(pool, version).then((past) => past && sideOn(past));
    versions.set(version, known);
    return known;
  };
  const sideOn = (past: PolicyContent): Side => ({ graph, policy: policyOf(past), today: asOf });

  const counts = await countRequests(pool, span, (done, of) => {
    onProgress((done / of) * COUNTING);
  });
  const byOperation = new Map<number, Count[]>();
  for (const count of counts) byOperation.set(count.operation, [...(byOperation.get(count.operation) ?? []), count]);
  const numbers = [...byOperation.keys()];
  const operations: LedgerOperation[] = [];
  const tally = new Tally();
  // One text has a row for each version of the policy under which it was asked.
  const formsByText = new LRUCache<string, readonly Form[]>({ max: MOST_TEXTS });
  for (let i = 0; i < numbers.length; i += AT_A_TIME) {
    for (const operation of await readOperations(pool, numbers.slice(i, i + AT_A_TIME))) {
      operations.push({ ...operation, text: '' });
      if (!wanted.requests) continue;
      const { text } = operation;
      const forms = formsByText.get(text) ?? readForms(graph, operation);
      formsByText.set(text, forms);
      const then = await sideOf(operation.policyVersion);
      for (const count of byOperation.get(operation.number) ?? [])
        tally.add(operation, count, foresee({ ...operation, ...count }, { then, now, next }, forms));
    }
    onProgress(COUNTING + (Math.min(1, (i + AT_A_TIME) / numbers.length) * (1 - COUNTING)) / 2);
    await breathe();
  }
  const known = { now, next, operations, counts, asked: tally.asked };
  const exposures = wanted.exposures ? await measureExposures(pool, span, known) : [];
  onProgress(1);
  return {
    candidate: candidate.name,
    baseVersion: policy.version,
    ...span,
    asOf,
    requests: counts.reduce((sum, { requests }) => sum + requests, 0),
    effects: tally.effects,
    affected: tally.affected(),
    exposures,
    vanishing: vanishing(now, next, operations, byOperation),
  };
}

/** Share of the work that counting is, for whoever watches. */
const COUNTING = 0.5;

/** A policy that nothing was published of. */
export const policyOf = (content: PolicyContent): SharingPolicy =>
  new SharingPolicy({ ...content, version: 0, stamp: 0, revocations: () => false }, NOWHERE);

/** None where the text is no operation of today's schema. */
function readForms({ schema }: Graph, { text }: LedgerOperation): readonly Form[] {
  try {
    return formsOf(schema, text);
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}

/** What was found so far. */
class Tally {
  readonly effects: Record<Effect, number> = {
    FAILS: 0,
    MAY_FAIL: 0,
    PASSES: 0,
    MAY_PASS: 0,
    TELLS_LESS: 0,
    TELLS_MORE: 0,
    UNCHANGED: 0,
    UNKNOWN: 0,
  };
  /** `HOUSING/SYSTEM Person.address`: what callers asked for and would get. */
  readonly asked = new Set<string>();
  readonly #affected = new Map<string, AffectedRequests>();

  add(operation: LedgerOperation, count: Count, foreseen: Foreseen): void {
    const { effect, code, denied, less, more } = foreseen;
    this.effects[effect] += count.requests;
    const { department, role, purpose, kind } = operation;
    for (const coordinate of more) this.asked.add(`${department}/${role} ${coordinate}`);
    if (effect === 'UNCHANGED') return;
    const named = operation.name ?? operation.text.replaceAll(/\s+/g, ' ').slice(0, LONGEST_TEXT);
    const { client, requests, firstAt, lastAt } = count;
    const key = JSON.stringify([
      named,
      client,
      department,
      role,
      purpose,
      effect,
      code,
      denied.map(({ coordinate }) => coordinate),
      less,
      more,
    ]);
    const known = this.#affected.get(key);
    this.#affected.set(key, {
      operation: named,
      client,
      department,
      role,
      purpose,
      kind,
      effect,
      code,
      denied: unique(denied),
      less,
      more,
      requests: (known?.requests ?? 0) + requests,
      firstAt: known !== undefined && known.firstAt < firstAt ? known.firstAt : firstAt,
      lastAt: known !== undefined && known.lastAt > lastAt ? known.lastAt : lastAt,
    });
  }

  /** What matters most first: failing, passing, telling; many before few. */
  affected(): AffectedRequests[] {
    return [...this.#affected.values()].sort(
      (a, b) => ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect) || b.requests - a.requests,
    );
  }
}

const LONGEST_TEXT = 60;
const ORDER: readonly Effect[] = [
  'FAILS',
  'MAY_FAIL',
  'PASSES',
  'MAY_PASS',
  'TELLS_MORE',
  'TELLS_LESS',
  'UNKNOWN',
  'UNCHANGED',
];

const unique = (denied: Foreseen['denied']): Foreseen['denied'] => [
  ...new Map(denied.map((one) => [one.coordinate, one])).values(),
];
