/**
 * Random requests are made and recorded, a random small change is tried on the ledger and published, the same requests are
 * made again: once a round.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../seeds/synthetic/random.ts';
import { faultsOf, readPolicyFiles } from '../../src/access/index.ts';
import type { PolicyContent } from '../../src/access/index.ts';
import { tryOnThePast } from '../../src/governance/dry-run/dry-run.ts';
import type { AffectedRequests, DryRunReport } from '../../src/governance/dry-run/report.ts';
import { NOUNS } from '../access/oracle/nouns.ts';
import { covers } from '../access/oracle/scopes.ts';
import type { Agreement } from '../access/oracle/scopes.ts';
import { decide } from '../access/oracle/sharing.ts';
import { testFolder } from '../harness/folder.ts';
import { askedBy, smallChange } from './dry-run-world.ts';
import type { Asked, DryRunWorld, Outcome, Request } from './dry-run-world.ts';

const TODAY = '2026-11-22';
const SPAN = { since: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-12-01T00:00:00Z') };

/** Refusals that the policy decides; whatever else refuses a request is none of a dry run's business. */
const BY_POLICY = new Set(['FIELD_DENIED', 'OPERATION_DENIED', 'PURPOSE_NOT_ALLOWED', 'CASE_NOT_IN_CASELOAD']);

/** What a run has seen. */
export interface Seen {
  /** Requests by what was foreseen of them. */
  readonly effects: Readonly<Record<string, number>>;
  /** Where something else happened than was foreseen. */
  readonly strange: readonly string[];
}

/** Runs so many rounds over so many requests. */
export async function runRounds(world: DryRunWorld, seed: number, size: number, rounds: number): Promise<Seen> {
  const random = new Random(seed, 'dry run');
  const requests = Array.from({ length: size }, () => world.drawRequest(random));
  let agreements: readonly Agreement[] = world.agreements;
  const makeAll = async (version: number): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const [i, request] of requests.entries()) outcomes.push(await world.make(request, `q${i} v${version}`));
    return outcomes;
  };
  const history = [await makeAll(0)];
  const seen: Record<string, number> = {};
  const strange: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    // Every second round goes back to what is shipped, so that what was closed is opened again.
    const isBack = round % 2 === 0;
    const [changed, content] = isBack
      ? ([world.agreements, contentOf(world.agreements)] as const)
      : drawChange(world, random, agreements, answered(requests, history.at(-1) ?? []));
    const report = await foreseen(world, content);
    const affected = byRequest(report);
    await world.publish(changed);
    history.push(await makeAll(round));
    for (const [i, request] of requests.entries()) {
      for (let version = 0; version < round; version++) {
        const [then, was, is] = [version, round - 1, round].map((at) => history[at]?.[i]);
        if (then === undefined || was === undefined || is === undefined) continue;
        const rows = affected.get(`q${i} v${version}`) ?? [];
        const fault = disagreement(request, { then, was, is }, rows, {
          was: (coordinate) => reachOf(request, agreements, coordinate),
          is: (coordinate) => reachOf(request, changed, coordinate),
        });
        const effect = rows[0]?.effect ?? 'UNCHANGED';
        seen[effect] = (seen[effect] ?? 0) + 1;
        if (fault !== undefined)
          strange.push(
            `round ${round}, recorded in ${version}: ${fault}\n${JSON.stringify({ rows, was, is, request }, sets)}`,
          );
      }
    }
    agreements = changed;
  }
  return { effects: seen, strange };
}

/** What the report says is not what happened; undefined where it is. */
function disagreement(
  { caller: { onDenied }, text, variables }: Request,
  { then, was, is }: Readonly<Record<'then' | 'was' | 'is', Outcome>>,
  rows: readonly AffectedRequests[],
  reach: Readonly<Record<'was' | 'is', (coordinate: string) => Reach | undefined>>,
): string | undefined {
  const effects = new Set(rows.map(({ effect }) => effect));
  // Nobody can know from a record with nothing denied that nulls were wanted in place of a refusal.
  if (onDenied === 'null' && then.nulled.size === 0 && was.nulled.size + is.nulled.size > 0) return undefined;
  const refused = (outcome: Outcome): boolean => outcome.refusal !== undefined && BY_POLICY.has(outcome.refusal);
  if (effects.has('UNKNOWN')) return undefined;
  if (effects.has('MAY_FAIL')) return was.refusal === undefined ? undefined : 'may fail, but was refused already';
  if (effects.has('MAY_PASS')) return refused(was) ? undefined : 'may pass, but passed already';
  // Questions that name cases of their own are on record once for each, and no entry says which case the request named.
  const namesCases = /checkStatus/u.test(text) && /caseNo/u.test(text + JSON.stringify(variables));
  if (namesCases && rows.some(({ code }) => code === 'CASE_NOT_IN_CASELOAD')) return undefined;
  if (effects.has('FAILS')) {
    // What was refused as no good request, before, is so no longer where the policy refuses it first.
    return refused(is) && !refused(was) && was.refusal !== 'CASE_REQUIRED' ? undefined : 'should fail';
  }
  if (effects.has('PASSES'))
    return refused(was) && !refused(is) && is.refusal !== 'CASE_REQUIRED' ? undefined : 'should pass';
  if ((was.refusal === undefined) !== (is.refusal === undefined)) return 'nothing foreseen';
  const named = (which: 'less' | 'more'): ReadonlySet<string> => new Set(rows.flatMap((row) => row[which]));
  for (const [now, then, list, reachNow, reachThen] of [
    [is, was, named('less'), reach.is, reach.was],
    [was, is, named('more'), reach.was, reach.is],
  ] as const) {
    // Masked on rows that were not told at all: where a type is new, or its rows widen and a field does not, no row tells less.
    const newly = [...now.masked, ...now.nulled].filter(
      (one) => !then.masked.has(one) && !then.nulled.has(one) && !reachesAsFar(reachNow(one), reachThen(one)),
    );
    const missed = newly.find((one) => !list.has(one));
    if (missed !== undefined && is.refusal === undefined) return `${missed} is not foreseen`;
  }
  // A record names who was told of and what; how many were counted is nobody's coordinate.
  if (rows.length === 0 && withoutCounts(was) !== withoutCounts(is)) return 'the answer changed';
  return undefined;
}

/** How much a field tells, and of which rows at most. */
interface Reach {
  readonly kind: string;
  readonly rows: string;
}

/** No row of the type is shared. */
const NOTHING: Reach = { kind: 'nothing', rows: '' };

/** What the oracle says of a field, for whoever makes a request; undefined where it is denied or no noun's. */
function reachOf({ caller }: Request, agreements: readonly Agreement[], coordinate: string): Reach | undefined {
  const [type = '', field = ''] = coordinate.split('.');
  const { department, role, purpose } = caller;
  const mine = agreements.filter((one) => one.department === department && one.role === role);
  const agreement = mine.find(({ purposes }) => purposes.some((one) => one === purpose)) ?? mine[0];
  const rows = agreement?.rows[type];
  if (agreement === undefined || NOUNS[type] === undefined) return undefined;
  if (rows === undefined) return NOTHING;
  const decision = decide(agreement, type, field);
  return decision.kind === 'deny' ? undefined : { kind: decision.kind, rows: decision.scope ?? rows };
}

const reachesAsFar = (one: Reach | undefined, other: Reach | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  (other === NOTHING || (one.kind === other.kind && covers(one.rows, other.rows)));

const withoutCounts = ({ data }: Outcome): string => data.replaceAll(/"totalCount\w*":\d+/gu, '');

function byRequest({ affected }: DryRunReport): ReadonlyMap<string, AffectedRequests[]> {
  const found = new Map<string, AffectedRequests[]>();
  for (const one of affected) found.set(one.client, [...(found.get(one.client) ?? []), one]);
  return found;
}

const foreseen = (world: DryRunWorld, content: PolicyContent): Promise<DryRunReport> =>
  tryOnThePast(
    { pool: world.database.server, graph: world.hub.graph, policy: world.hub.engine.policy },
    { name: 'test', content, asOf: TODAY },
    SPAN,
  );

/** What was asked for and answered. */
const answered = (requests: readonly Request[], outcomes: readonly Outcome[]): readonly Asked[] =>
  requests.filter((_, at) => outcomes[at]?.refusal === undefined).map(askedBy);

/** A change that the hub would start with. */
function drawChange(
  world: DryRunWorld,
  random: Random,
  agreements: readonly Agreement[],
  asked: readonly Asked[],
): readonly [readonly Agreement[], PolicyContent] {
  for (;;) {
    const changed = smallChange(random, agreements, asked);
    const content = contentOf(changed);
    if (faultsOf(world.hub.graph, content).length === 0) return [changed, content];
  }
}

function contentOf(agreements: readonly Agreement[]): PolicyContent {
  const folder = testFolder('candidate');
  mkdirSync(join(folder, 'agreements'));
  copyFileSync('schema/policy/catalogue.json', join(folder, 'catalogue.json'));
  for (const { number, ...agreement } of agreements)
    writeFileSync(join(folder, 'agreements', `${number}.json`), JSON.stringify(agreement));
  return readPolicyFiles(folder);
}

const sets = (_key: string, value: unknown): unknown => (value instanceof Set ? [...(value as Set<unknown>)] : value);
