/** How figures are written. */
import type { Figure } from '../results.ts';

/** A table. */
export const grid = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** Three figures or so. */
export const figure = (value: number): string =>
  value >= 100 ? count(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** The median, with the lowest and the highest of the rounds. */
export const spread = (of: Figure | null | undefined, written = figure): string => {
  if (of === null || of === undefined) return '–';
  return of.least === of.most ? written(of.median) : `${written(of.median)} (${written(of.least)}–${written(of.most)})`;
};

/** A whole number with commas. */
export const count = (value: number): string => value.toLocaleString('en-US');
/** Bytes as MB. */
export const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
/** Bytes as GB. */
export const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
