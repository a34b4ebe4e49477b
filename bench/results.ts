/** What a run found, as it is kept. */
import { cpus, release, totalmem, type } from 'node:os';
import type { ContestantName } from './contestants.ts';
import type { Turn } from './measure.ts';
import type { OperationName } from './operations.ts';

/** A figure over all rounds: the middle one, and how far the rounds lie apart. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** What one contestant did in one operation. */
export interface Entry {
  readonly contestant: ContestantName;
  /** Why there are no figures. */
  readonly absent?: string;
  /** It should have had figures: its answers were errors, or others than expected. */
  readonly wrong?: true;
  readonly figures?: Readonly<Record<keyof Turn, Figure | null>>;
  readonly rounds?: readonly Turn[];
}

/** One operation of a run. */
export interface OperationResult {
  readonly name: OperationName;
  readonly title: string;
  /** Where the records of limit B and the hub were not the same. */
  readonly recordsDiffer?: string;
  readonly entries: readonly Entry[];
}

/** What should not have happened in a run, in lines. */
export function faultsOf({ operations }: Results): readonly string[] {
  return operations.flatMap(({ name, entries, recordsDiffer }) => [
    ...(recordsDiffer === undefined ? [] : [`${name}: the records of limit B and the hub differ: ${recordsDiffer}`]),
    ...entries.flatMap(({ contestant, absent, wrong, figures }) => {
      const failed = figures?.failed?.most ?? 0;
      if (wrong === true) return [`${name}: ${contestant}: ${absent ?? 'wrong'}`];
      return failed > 0 ? [`${name}: ${contestant}: ${String(failed)} answers failed under load`] : [];
    }),
  ]);
}

/** A run. */
export interface Results {
  /** 'YYYY-MM-DD' in China. */
  readonly day: string;
  readonly persons: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  readonly databaseConnections: number;
  /** Size of the database, bytes. */
  readonly databaseBytes: number;
  readonly machine: Machine;
  readonly postgres: { readonly version: string; readonly settings: Readonly<Record<string, string>> };
  /** Version of Node by contestant. */
  readonly nodes: Readonly<Partial<Record<ContestantName, string>>>;
  /** Memory of a process some seconds after its start that has answered nothing, bytes. */
  readonly atRest: Readonly<Partial<Record<ContestantName, number>>>;
  readonly operations: readonly OperationResult[];
}

/** Deliveries of one kind and size. */
export interface ImportResult {
  readonly title: string;
  readonly rows: number;
  /** Rows a second. */
  readonly copy: Figure;
  readonly hub: Figure;
  /** Of the hub's speed in that of COPY, round by round. */
  readonly share: Figure;
  /** Highest memory of the hub's process, bytes. */
  readonly memory: number | null;
}

/** What deliveries cost, beside COPY of the same rows. */
export interface ImportResults extends Pick<Results, 'day' | 'persons' | 'machine' | 'postgres'> {
  readonly results: readonly ImportResult[];
}

/** What it was measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly system: string;
}

/** This machine. */
export function thisMachine(): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memory: totalmem(),
    system: `${type()} ${release()}`,
  };
}

/** The turns of all rounds as figures. */
export function figuresOf(turns: readonly Turn[]): Readonly<Record<keyof Turn, Figure | null>> {
  const of = (name: keyof Turn): Figure | null => {
    const values = turns.map((turn) => turn[name]).filter((value) => value !== null);
    return values.length === 0 ? null : figureOf(values);
  };
  return {
    requests: of('requests'),
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    serverCpu: of('serverCpu'),
    postgresCpu: of('postgresCpu'),
    loadCpu: of('loadCpu'),
    bytes: of('bytes'),
    memory: of('memory'),
    failed: of('failed'),
  };
}

/** The middle of some values, the least and the most of them. */
export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? 0;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  };
}
