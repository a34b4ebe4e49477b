/** A run: everybody is started, answers are compared, then the contestants take turns. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller } from '../src/access/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { ask, comparable, difference, holdsRows } from './answers.ts';
import { bodiesOf } from './bodies.ts';
import { CALLERS } from './callers.ts';
import { CONNECTIONS, CONTESTANTS } from './contestants.ts';
import type { Contestant, ContestantName, Setting } from './contestants.ts';
import { clearGrants } from './data-set.ts';
import type { DataSet } from './data-set.ts';
import { memoryOf, postmasterOf } from './gauge.ts';
import { measure } from './measure.ts';
import type { Turn } from './measure.ts';
import { REQUEST_NUMBER, makeOperation, missing } from './operations.ts';
import type { Operation } from './operations.ts';
import type { Options } from './options.ts';
import { openPeers } from './peers.ts';
import type { Peers } from './peers.ts';
import { CURSOR_QUESTION, cursorTag } from './postgraphile-dialect.ts';
import type { Translating } from './postgraphile-dialect.ts';
import { profileFlags, readProfile } from './profile.ts';
import { start } from './processes.ts';
import type { Running } from './processes.ts';
import { compareRecords } from './records.ts';
import { figuresOf, thisMachine } from './results.ts';
import type { Entry, OperationResult, Results } from './results.ts';
import { drawSamples } from './samples.ts';
import { checkpoint, postgresVersion, untilQuiet } from './server-state.ts';
import { headersOf, makeTokens } from './tokens.ts';
import type { Tokens } from './tokens.ts';

/** A contestant in the ring. */
interface Fighter {
  readonly contestant: Contestant;
  readonly running: Running;
}

/** What all operations of a run share. */
interface Ring {
  readonly options: Options;
  readonly data: DataSet;
  readonly peers: Peers;
  readonly tokens: Tokens;
  readonly fighters: readonly Fighter[];
  readonly postmaster: number | undefined;
  readonly today: string;
  /** What PostGraphile's cursors begin with; empty where it takes no part. */
  readonly tag: string;
  readonly caseOf: Readonly<Partial<Record<Caller['department'], string>>>;
  readonly say: (line: string) => void;
  /** Resolves when the database has nothing under way. */
  readonly quiet: () => Promise<void>;
}

/** How many different questions all contestants are asked before they are measured. */
const COMPARED = 12;

/** Measures; resolves to what was found. Contestants that answer otherwise are named and not measured. */
export async function run(options: Options, data: DataSet, say: (line: string) => void): Promise<Results> {
  const today = systemClock.today();
  const samples = await drawSamples(data.owner, today);
  const tokens = makeTokens(data.dir);
  const peers = await openPeers(data);
  const setting: Setting = { serverUrl: data.serverUrl, peerUrl: peers.url, tokens, today, dir: data.dir };
  const fighters: Fighter[] = [];
  try {
    for (const name of options.contestants) fighters.push(await enter(CONTESTANTS[name], setting));
    const postmaster = await postmasterOf(data.serverUrl);
    if (postmaster === undefined) say('This system has no /proc: CPU and memory are not measured.');
    const atRest = Object.fromEntries(
      fighters.map(({ contestant, running }) => [contestant.name, memoryOf(running.pid)?.now ?? 0]),
    );
    const ring: Ring = {
      tag: await tagOf(fighters),
      quiet: () => untilQuiet(data),
      ...{ options, data, peers, tokens, fighters, postmaster, today, say },
      caseOf: { ...samples.caseOf, CIVIL_AFFAIRS: 'CA-BENCH-1' },
    };
    say(`measuring for about ${String(minutes(options))} minutes`);
    const operations: OperationResult[] = [];
    for (const name of options.operations) {
      const reason = missing(name);
      if (reason === undefined) operations.push(await contest(ring, makeOperation(name, samples, today)));
      else {
        say(`${name}: not measured, ${reason}`);
        operations.push({ name, title: 'an analyst’s aggregate over a province', skipped: reason, entries: [] });
      }
    }
    return {
      day: today,
      ...{ persons: options.persons, seconds: options.seconds, rounds: options.rounds },
      connections: options.connections,
      databaseConnections: CONNECTIONS,
      databaseBytes: data.bytes,
      machine: thisMachine(),
      postgres: { version: await postgresVersion(data), settings: data.settings },
      nodes: Object.fromEntries(
        fighters.map(({ contestant }) => [contestant.name, nodeVersion(contestant.command(setting).node)]),
      ),
      atRest,
      operations,
    };
  } finally {
    for (const { contestant, running } of fighters) {
      await running.stop();
      if (options.profile) for (const line of readProfile(profilesOf(contestant))) say(line);
    }
  }

  async function enter(contestant: Contestant, at: Setting): Promise<Fighter> {
    say(`starting ${contestant.name}`);
    const command = contestant.command(at);
    const flags = options.profile ? profileFlags(profilesOf(contestant)) : [];
    const flagged = { ...command, args: [...flags, ...command.args] };
    return { contestant, running: await start(contestant.name, flagged, join(data.dir, 'logs')) };
  }

  function profilesOf({ name }: Contestant): string {
    return join(data.dir, 'profiles', name);
  }
}

/** Warm-ups and the few operations that take longer included. */
function minutes({ operations, contestants, rounds, seconds }: Options): number {
  return Math.ceil((operations.length * contestants.length * rounds * (seconds * 1.6 + 1)) / 60);
}

async function contest(ring: Ring, operation: Operation): Promise<OperationResult> {
  const { options, say } = ring;
  say(`${operation.name}: ${operation.title}`);
  const { out, wrong, recordsDiffer } = await compare(ring, operation);
  const taking = ring.fighters.filter(({ contestant }) => !out.has(contestant.name));
  const turns = new Map<ContestantName, Turn[]>(taking.map(({ contestant }) => [contestant.name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    // Nobody always comes first, or always after the same one.
    for (let place = 0; place < taking.length; place += 1) {
      const fighter = taking[(place + round) % taking.length];
      if (fighter !== undefined) turns.get(fighter.contestant.name)?.push(await turn(ring, operation, fighter, round));
    }
  }
  const entries = ring.fighters.map(({ contestant: { name } }): Entry => {
    const absent = out.get(name);
    if (absent !== undefined) return { contestant: name, absent, ...(wrong.has(name) ? { wrong: true } : {}) };
    const rounds = turns.get(name) ?? [];
    return { contestant: name, figures: figuresOf(rounds), rounds };
  });
  for (const { contestant, figures, absent } of entries) {
    const { perSecond, p50, p99, failed } = figures ?? {};
    say(
      absent === undefined
        ? `  ${contestant}: ${rounded(perSecond?.median)}/s, p50 ${rounded(p50?.median)} ms, p99 ${rounded(p99?.median)} ms${
            (failed?.most ?? 0) > 0 ? `, FAILED ${rounded(failed?.most)}` : ''
          }`
        : `  ${contestant}: not measured, ${absent}`,
    );
  }
  const { name, title } = operation;
  return { name, title, ...(recordsDiffer === undefined ? {} : { recordsDiffer }), entries };
}

/** Who takes no part in an operation. */
interface Comparison {
  /** Why, by name. */
  readonly out: ReadonlyMap<ContestantName, string>;
  /** Those that should have taken part. */
  readonly wrong: ReadonlySet<ContestantName>;
  readonly recordsDiffer: string | undefined;
}

/** Who takes no part, and why: not able to, or with other answers than the reference. */
async function compare(ring: Ring, operation: Operation): Promise<Comparison> {
  const { fighters, data } = ring;
  const out = new Map<ContestantName, string>();
  const wrong = new Set<ContestantName>();
  const able = fighters.filter(({ contestant }) => {
    const reason = contestant.absent(operation.name);
    if (reason !== undefined) out.set(contestant.name, reason);
    return reason === undefined;
  });
  // Limit B is written after the policy by hand; without it the first contestant has to do.
  const [reference] = able.toSorted((a, b) => rank(a) - rank(b));
  if (reference === undefined) return { out, wrong, recordsDiffer: undefined };
  const expected = await answersOf(ring, operation, reference);
  if (!expected.some(holdsRows)) throw new Error(`${operation.name}: the answers are all empty; load more persons.`);
  for (const fighter of able) {
    if (fighter === reference) continue;
    const { name } = fighter.contestant;
    try {
      const found = await answersOf(ring, operation, fighter);
      const differs = difference(expected, found, fighter.contestant);
      if (differs === undefined) continue;
      out.set(name, `its answers differ: ${differs}`);
    } catch (error) {
      out.set(name, `it answers with an error: ${error instanceof Error ? error.message : 'unknown'}`);
    }
    wrong.add(name);
  }
  const recordsDiffer = await compareRecords(data.owner, operation, expected.length);
  if (operation.writes) await clearGrants(data.owner);
  return { out, wrong, recordsDiffer };
}

const rank = ({ contestant: { name } }: Fighter): number => (name === 'limit-b' ? 0 : 1);

async function answersOf(ring: Ring, operation: Operation, { contestant, running }: Fighter): Promise<unknown[]> {
  const bodies = bodiesOf(operation, contestant, translating(ring, operation));
  const step = Math.max(1, Math.floor(bodies.length / COMPARED));
  const letter = String.fromCharCode(97 + ring.fighters.findIndex((one) => one.running === running));
  const answers: unknown[] = [];
  await ring.peers.rowSecurity(contestant.rowSecurity);
  try {
    for (const [index, body] of bodies.entries()) {
      if (index % step !== 0) continue;
      const number = `${letter}${String(index).padStart(REQUEST_NUMBER.length - 1, '0')}`;
      const data = await ask(running, headersFor(ring, operation), body.replaceAll(REQUEST_NUMBER, number));
      answers.push(comparable(data, contestant, operation.name));
    }
  } finally {
    await ring.peers.rowSecurity(false);
  }
  return answers;
}

async function turn(ring: Ring, operation: Operation, { contestant, running }: Fighter, round: number): Promise<Turn> {
  const { options, data, peers, postmaster } = ring;
  const bodies = join(data.dir, 'load', `${operation.name}-${contestant.name}.jsonl`);
  if (round === 0) {
    mkdirSync(join(data.dir, 'load'), { recursive: true });
    writeFileSync(bodies, bodiesOf(operation, contestant, translating(ring, operation)).join('\n'));
  }
  if (contestant.rowSecurity) await peers.rowSecurity(true);
  try {
    return await measure({
      ...{ running, postmaster, bodies, quiet: ring.quiet },
      headers: headersFor(ring, operation),
      connections: options.connections,
      seconds: options.seconds * operation.stretch,
      // Compilers of JavaScript take their time; in later rounds only the connections have to be opened again.
      warmUp: Math.max(0.5, Math.min(4, options.seconds * (round === 0 ? 0.5 : 0.2))),
      ...(operation.writes ? { marker: REQUEST_NUMBER } : {}),
    });
  } finally {
    if (contestant.rowSecurity) await peers.rowSecurity(false);
    if (operation.writes) {
      await clearGrants(data.owner);
      await checkpoint(data);
    }
  }
}

function translating({ today, tag, caseOf }: Ring, { caller }: Operation): Translating {
  return { today, tag, caseNo: caseOf[CALLERS[caller].department] ?? '' };
}

function headersFor({ tokens, caseOf }: Ring, { caller, purpose }: Operation): Readonly<Record<string, string>> {
  return headersOf(tokens.of[caller], purpose, caseOf[CALLERS[caller].department] ?? '');
}

/** Bare PostGraphile tells it to anyone; the other one has the same cursors. */
async function tagOf(fighters: readonly Fighter[]): Promise<string> {
  const one = fighters.find(({ contestant }) => contestant.dialect === 'postgraphile');
  if (one === undefined) return '';
  const headers = { 'content-type': 'application/json' };
  return cursorTag(await ask(one.running, headers, JSON.stringify({ query: CURSOR_QUESTION })));
}

const nodeVersion = (path: string): string => execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();

const rounded = (value: number | undefined): string => (value === undefined ? '?' : value.toFixed(1));
