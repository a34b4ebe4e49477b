/** What the generator says will become of its files: reckoned from what it put into them, by nothing that the hub is made of. */

/** Counts of the rows of one delivery, named as the hub names them. */
export interface FileCounts {
  rows: number;
  faulty: number;
  repeated: number;
  recorded: number;
  changed: number;
  unchanged: number;
  rejected: number;
  held: number;
  conflicts: number;
  missing: number;
  ended: number;
}

/** Findings by code. */
export type Findings = Record<string, number>;

/** A file and what becomes of it. */
export interface FileAccount {
  readonly file: string;
  readonly record: string;
  readonly department: string;
  readonly mode: 'snapshot' | 'delta';
  /** An instant with its zone. */
  readonly asOf: string;
  readonly region: string | undefined;
  readonly encoding: string;
  readonly first: { readonly counts: FileCounts; readonly findings: Findings };
  /** The same rows delivered once more, when all files have been: another file, of the same day. */
  readonly again: { readonly counts: FileCounts; readonly findings: Findings };
}

/** The account of a month. */
export interface MonthAccount {
  readonly seed: number;
  readonly rows: number;
  /** In the order in which they are to be delivered. */
  readonly files: readonly FileAccount[];
  /** Rows of each table at the end. */
  readonly tables: Readonly<Record<string, number>>;
  /** Rows of each record's table that their source has ended. */
  readonly ended: Readonly<Record<string, number>>;
  /** Persons by the county that they live in today. */
  readonly personsByCounty: Readonly<Record<string, number>>;
  /** Persons of whom a day of death is known. */
  readonly dead: number;
}

/** Nothing yet. */
export const noCounts = (): FileCounts => ({
  rows: 0,
  faulty: 0,
  repeated: 0,
  recorded: 0,
  changed: 0,
  unchanged: 0,
  rejected: 0,
  held: 0,
  conflicts: 0,
  missing: 0,
  ended: 0,
});

/** Adds findings. */
export function addFindings(findings: Findings, codes: readonly string[], times = 1): void {
  for (const code of codes) findings[code] = (findings[code] ?? 0) + times;
}
