/** A run: everybody is started, answers are compared, then the contestants take turns, those of all data sets together. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openArena } from './arena.ts';
import type { Arena, Fighter } from './arena.ts';
import { bodiesOf } from './bodies.ts';
import { compare } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { CONNECTIONS, CONTESTANTS } from './contestants.ts';
import { clearGrants } from './data-set.ts';
import { startGenerator } from './generator.ts';
import type { Generator } from './generator.ts';
import { measure } from './measure.ts';
import type { Turn } from './measure.ts';
import { REQUEST_NUMBER, makeOperation, stretchOf } from './operations.ts';
import type { Operation, OperationName } from './operations.ts';
import type { Options } from './options.ts';
import { figuresOf, thisMachine } from './results.ts';
import type { Entry, OperationResult, Results } from './results.ts';
import { checkpoint, forgetMisses, postgresVersion, untilQuiet } from './server-state.ts';

/** What a run is told of its surroundings. */
export interface Surroundings {
  readonly say: (line: string) => void;
  /** Ends the run; what it started is stopped. */
  readonly signal: AbortSignal;
}

/** A contestant of one data set, with what was found in its turns. */
interface Taking {
  readonly arena: Arena;
  readonly fighter: Fighter;
  readonly operation: Operation;
  readonly turns: Turn[];
}

/** Measures; resolves to what was found for each data set. Contestants that answer otherwise are named and not measured. */
export async function run(options: Options, { say, signal }: Surroundings): Promise<readonly Results[]> {
  const arenas: Arena[] = [];
  const generator = options.rounds === 0 ? undefined : startGenerator(signal);
  try {
    for (const persons of options.sizes) {
      say(`opening the data set of ${persons.toLocaleString('en-US')} persons`);
      const { contestants, profile, sizes } = options;
      const measured = generator !== undefined;
      arenas.push(await openArena({ persons, beside: sizes.length, contestants, profile, measured, say, signal }));
    }
    if (arenas[0]?.postmaster === undefined) say('This system has no /proc: CPU and memory are not measured.');
    const begun = Date.now();
    const expected = secondsOf(options);
    say(generator === undefined ? 'comparing answers and records' : `measuring for about ${minutes(expected)}`);
    const found = new Map<Arena, OperationResult[]>(arenas.map((arena) => [arena, []]));
    for (const [done, name] of options.operations.entries()) {
      const results = await contest(name, { options, arenas, generator, say, signal });
      for (const [arena, result] of results) found.get(arena)?.push(result);
      const passed = (Date.now() - begun) / 1000;
      const left = expected * (1 - (done + 1) / options.operations.length);
      if (generator !== undefined && left > 0) say(`  ${minutes(passed)} passed, about ${minutes(left)} to go`);
    }
    return await Promise.all(arenas.map((arena) => resultsOf(options, arena, found.get(arena) ?? [])));
  } finally {
    generator?.stop();
    for (const arena of arenas) await arena.close();
  }
}

/** What the turns of a run take: warm-ups, what lies between them, and the few operations that take longer included. */
function secondsOf({ sizes, operations, contestants, rounds, seconds }: Options): number {
  const turns = operations.flatMap((name) =>
    contestants.filter((one) => CONTESTANTS[one].absent(name) === undefined).map(() => stretchOf(name)),
  );
  const between = warmUp(seconds, 1) + 0.8;
  const round = turns.reduce((sum, stretch) => sum + stretch * seconds + between, 0) * sizes.length;
  return round * rounds + turns.length * sizes.length * 3;
}

/** Seconds. Compilers of JavaScript take their time; in later rounds only the connections have to be opened again. */
const warmUp = (seconds: number, round: number): number =>
  Math.max(0.5, Math.min(3, seconds * (round === 0 ? 0.5 : 0.2)));

interface Contest {
  readonly options: Options;
  readonly arenas: readonly Arena[];
  readonly generator: Generator | undefined;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

async function contest(name: OperationName, given: Contest): Promise<ReadonlyMap<Arena, OperationResult>> {
  const { options, arenas, generator, say, signal } = given;
  const compared = new Map<Arena, Comparison>();
  const taking: Taking[] = [];
  for (const arena of arenas) {
    const operation = makeOperation(name, arena.samples, arena.today);
    if (arena === arenas[0]) say(`${name}: ${operation.title}`);
    const comparison = await compare(arena, operation);
    compared.set(arena, comparison);
    for (const fighter of arena.fighters) {
      if (!comparison.out.has(fighter.contestant.name)) taking.push({ arena, fighter, operation, turns: [] });
    }
  }
  for (let round = 0; round < options.rounds && generator !== undefined; round += 1) {
    // Nobody always comes first, or always after the same one.
    for (let place = 0; place < taking.length; place += 1) {
      signal.throwIfAborted();
      const one = taking[(place + round) % taking.length];
      if (one !== undefined) one.turns.push(await turn(one, { options, generator, round }));
    }
  }
  const results = new Map<Arena, OperationResult>();
  for (const [arena, { out, wrong, recordsDiffer }] of compared) {
    const entries = arena.fighters.map((fighter): Entry => {
      const { name: contestant } = fighter.contestant;
      const absent = out.get(contestant);
      if (absent !== undefined) return { contestant, absent, ...(wrong.has(contestant) ? { wrong: true } : {}) };
      const rounds = taking.find((one) => one.fighter === fighter)?.turns ?? [];
      return rounds.length === 0 ? { contestant } : { contestant, figures: figuresOf(rounds), rounds };
    });
    const { title } = makeOperation(name, arena.samples, arena.today);
    results.set(arena, { name, title, ...(recordsDiffer === undefined ? {} : { recordsDiffer }), entries });
    const size = arenas.length === 1 ? '' : `${arena.data.persons.toLocaleString('en-US')} persons, `;
    for (const entry of entries) say(`  ${size}${told(entry)}`);
  }
  return results;
}

function told({ contestant, figures, absent }: Entry): string {
  if (absent !== undefined) return `${contestant}: not measured, ${absent}`;
  if (figures === undefined) return `${contestant}: answers as expected`;
  const { perSecond, p50, p99, failed } = figures;
  const failures = (failed?.most ?? 0) > 0 ? `, FAILED ${rounded(failed?.most)}` : '';
  return `${contestant}: ${rounded(perSecond?.median)}/s, p50 ${rounded(p50?.median)} ms, p99 ${rounded(p99?.median)} ms${failures}`;
}

interface Taken {
  readonly options: Options;
  readonly generator: Generator;
  readonly round: number;
}

/** Requests of each operation where sizes are compared: as many, and all of them in memory, whatever the size. */
const SAME_REQUESTS = 1_000;

async function turn({ arena, fighter, operation }: Taking, { options, generator, round }: Taken): Promise<Turn> {
  const { data, peers, postmaster } = arena;
  const { contestant, running } = fighter;
  const isGrowth = options.sizes.length > 1;
  const bodies = join(data.dir, 'load', `${operation.name}-${contestant.name}.jsonl`);
  if (round === 0) {
    const all = bodiesOf(operation, contestant, arena.translating(operation));
    writeFileSync(bodies, (isGrowth ? all.slice(0, SAME_REQUESTS) : all).join('\n'));
  }
  if (contestant.rowSecurity) await peers.rowSecurity(true);
  try {
    return await measure({
      ...{ running, postmaster, generator },
      settle: async () => {
        await untilQuiet(data);
        await forgetMisses(data);
      },
      order: {
        bodies,
        headers: arena.headersFor(operation),
        connections: options.connections,
        seconds: options.seconds * stretchOf(operation.name),
        ...(operation.writes ? { marker: REQUEST_NUMBER } : {}),
      },
      warmUp: isGrowth && round === 0 ? 'once' : warmUp(options.seconds, round),
    });
  } finally {
    if (contestant.rowSecurity) await peers.rowSecurity(false);
    if (operation.writes) {
      await clearGrants(data.owner);
      await checkpoint(data);
    }
  }
}

async function resultsOf(
  options: Options,
  { data, fighters, today }: Arena,
  operations: readonly OperationResult[],
): Promise<Results> {
  const by = <T>(of: (fighter: Fighter) => T) =>
    Object.fromEntries(fighters.map((fighter) => [fighter.contestant.name, of(fighter)]));
  return {
    day: today,
    ...{ persons: data.persons, seconds: options.seconds, rounds: options.rounds },
    connections: options.connections,
    databaseConnections: CONNECTIONS,
    databaseBytes: data.bytes,
    machine: thisMachine(),
    postgres: { version: await postgresVersion(data), settings: data.settings },
    nodes: by(({ node }) => node),
    atRest: by(({ atRest }) => atRest),
    operations,
  };
}

const minutes = (seconds: number): string =>
  seconds < 90 ? `${String(Math.ceil(seconds))} s` : `${String(Math.ceil(seconds / 60))} minutes`;
const rounded = (value: number | undefined): string => (value === undefined ? '?' : value.toFixed(1));
