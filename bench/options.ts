/** The command line of the benchmark. */
import { parseArgs } from 'node:util';
import { CONTESTANT_NAMES } from './contestants.ts';
import type { ContestantName } from './contestants.ts';
import { GROWING, OPERATION_NAMES } from './operations.ts';
import type { OperationName } from './operations.ts';

/** What is measured, and for how long. */
export interface Options {
  /** Persons of the data sets, the smallest first. Several: what is measured is growth. */
  readonly sizes: readonly number[];
  /** How long each contestant is under load in each round, after its warm-up. */
  readonly seconds: number;
  /** None: answers and records are compared, and nothing is measured. */
  readonly rounds: number;
  readonly connections: number;
  readonly operations: readonly OperationName[];
  readonly contestants: readonly ContestantName[];
  /** Whether operations are measured, and whether deliveries are. */
  readonly races: boolean;
  readonly imports: boolean;
  /** Whether CPU profiles are written, which slows everybody down. */
  readonly profile: boolean;
  /** Too short or too partial to be published: it goes to the scratch folder and not into the repository. */
  readonly trial: boolean;
}

const GROWTH_SIZES = '100000,1000000,10000000';
const GROWTH_CONTESTANTS: readonly ContestantName[] = ['limit-a', 'limit-b', 'hub'];

/** How to call the benchmark. */
export const USAGE = `Measures the hub beside hand-written SQL, PostGraphile 5 and the usual stack.

  --persons N         synthetic persons in the data set (1000000); kept in .hub-bench/ for the next run
  --growth            how much slower a larger hub is: limits and hub with ${GROWTH_SIZES} persons (or a list
                      in --persons), taking turns; 10,000,000 persons want some 40 GB of disk and are loaded in about
                      20 minutes, once
  --imports           deliveries alone: rows a second from the file until they are applied, as a share of COPY, and memory
  --only a,b          operations: ${OPERATION_NAMES.join(', ')}
  --contestants a,b   ${CONTESTANT_NAMES.join(', ')}
  --seconds S         under load, for each contestant, operation and round (5)
  --rounds R          how often that is repeated, contestants taking turns (3); 0 compares answers and records and
                      measures nothing
  --connections C     HTTP connections (16)
  --profile           writes a CPU profile of each contestant and says where its time went; one operation at a time
                      tells most

A whole run of at least 5 seconds and 3 rounds (growth: 2) is written to bench/results/ and docs/performance.md; any
other one is a trial and stays in .hub-bench/. Ctrl-C stops a run: nothing is left behind but the data set.`;

const SHORTEST = { seconds: 5, rounds: 3, growthRounds: 2 };

/** Reads the arguments; undefined when only help was wanted. Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      persons: { type: 'string' },
      growth: { type: 'boolean', default: false },
      imports: { type: 'boolean', default: false },
      only: { type: 'string' },
      contestants: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '16' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const sizes = sizesOf(values.persons ?? (values.growth ? GROWTH_SIZES : '1000000'), values.growth);
  const everything = values.growth
    ? { operations: GROWING, contestants: GROWTH_CONTESTANTS }
    : { operations: OPERATION_NAMES, contestants: CONTESTANT_NAMES };
  const seconds = positive('seconds', values.seconds);
  const rounds = values.rounds === '0' ? 0 : whole('rounds', values.rounds);
  const operations = chosen('only', values.only, OPERATION_NAMES) ?? everything.operations;
  const contestants = chosen('contestants', values.contestants, CONTESTANT_NAMES) ?? everything.contestants;
  const complete =
    everything.operations.every((name) => operations.includes(name)) &&
    everything.contestants.every((name) => contestants.includes(name));
  if (values.imports && (values.growth || values.only !== undefined || values.contestants !== undefined))
    throw new Error('--imports measures deliveries alone: without --growth, --only and --contestants.');
  const fewest = values.growth ? SHORTEST.growthRounds : SHORTEST.rounds;
  return {
    sizes,
    seconds,
    rounds,
    connections: whole('connections', values.connections),
    operations,
    contestants,
    races: !values.imports,
    // Part of a whole run.
    imports: rounds > 0 && !values.growth && !values.profile && complete,
    profile: values.profile,
    trial: values.profile || !complete || seconds < SHORTEST.seconds || rounds < fewest,
  };
}

function sizesOf(text: string, growth: boolean): readonly number[] {
  const sizes = [...new Set(text.split(',').map((one) => whole('persons', one)))].sort((a, b) => a - b);
  if (growth && sizes.length < 2) throw new Error('--growth compares several sizes: --persons 20000,200000');
  if (!growth && sizes.length > 1) throw new Error('--persons takes several sizes with --growth only.');
  return sizes;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} takes a number above zero.`);
}

function whole(name: string, text: string): number {
  const value = positive(name, text);
  if (Number.isInteger(value)) return value;
  throw new Error(`--${name} takes a whole number.`);
}

function chosen<T extends string>(name: string, text: string | undefined, all: readonly T[]): readonly T[] | undefined {
  if (text === undefined) return undefined;
  const wanted = text.split(',').map((one) => one.trim());
  const unknown = wanted.filter((one) => !all.some((known) => known === one));
  if (unknown.length > 0) throw new Error(`--${name} does not know ${unknown.join(', ')}; it knows ${all.join(', ')}.`);
  return all.filter((known) => wanted.includes(known));
}
