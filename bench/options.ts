/** The command line of the benchmark. */
import { parseArgs } from 'node:util';
import { CONTESTANT_NAMES } from './contestants.ts';
import type { ContestantName } from './contestants.ts';
import { OPERATION_NAMES } from './operations.ts';
import type { OperationName } from './operations.ts';

/** What is measured, and for how long. */
export interface Options {
  readonly persons: number;
  /** How long each contestant is under load in each round, after its warm-up. */
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  readonly operations: readonly OperationName[];
  readonly contestants: readonly ContestantName[];
  /** Whether CPU profiles are written, which slows everybody down. */
  readonly profile: boolean;
  /** Too short or too partial to be published: it goes to the scratch folder and not into the repository. */
  readonly trial: boolean;
}

/** How to call the benchmark. */
export const USAGE = `Measures the hub beside hand-written SQL, PostGraphile 5 and the usual stack.

  --persons N         synthetic persons in the data set (1000000); kept in .hub-bench/ for the next run
  --only a,b          operations: ${OPERATION_NAMES.join(', ')}
  --contestants a,b   ${CONTESTANT_NAMES.join(', ')}
  --seconds S         under load, for each contestant, operation and round (10)
  --rounds R          how often that is repeated, contestants taking turns (5)
  --connections C     HTTP connections (16)
  --profile           writes a CPU profile of each contestant and says where its time went; one operation at a time
                      tells most

A whole run of at least 5 seconds and 3 rounds is written to bench/results/ and docs/performance.md; any other one is a
trial and stays in .hub-bench/.`;

const SHORTEST = { seconds: 5, rounds: 3 };

/** Reads the arguments; undefined when only help was wanted. Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      persons: { type: 'string', default: '1000000' },
      only: { type: 'string' },
      contestants: { type: 'string' },
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '16' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const seconds = positive('seconds', values.seconds);
  const rounds = whole('rounds', values.rounds);
  const operations = chosen('only', values.only, OPERATION_NAMES);
  const contestants = chosen('contestants', values.contestants, CONTESTANT_NAMES);
  const complete = operations.length === OPERATION_NAMES.length && contestants.length === CONTESTANT_NAMES.length;
  return {
    persons: whole('persons', values.persons),
    seconds,
    rounds,
    connections: whole('connections', values.connections),
    operations,
    contestants,
    profile: values.profile,
    trial: values.profile || !complete || seconds < SHORTEST.seconds || rounds < SHORTEST.rounds,
  };
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

function chosen<T extends string>(name: string, text: string | undefined, all: readonly T[]): readonly T[] {
  if (text === undefined) return all;
  const wanted = text.split(',').map((one) => one.trim());
  const unknown = wanted.filter((one) => !all.some((known) => known === one));
  if (unknown.length > 0) throw new Error(`--${name} does not know ${unknown.join(', ')}; it knows ${all.join(', ')}.`);
  return all.filter((known) => wanted.includes(known));
}
