/** Reports a file batch by batch and writes what became of every row. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { detectEncoding } from '../../platform/csv/encoding.ts';
import { readLines } from '../../platform/csv/lines.ts';
import type { Progress, Tally } from './progress.ts';
import { openResultFile } from './result-file.ts';
import type { ResultLine } from './result-file.ts';
import { readRows } from './rows.ts';
import type { Item, Row } from './rows.ts';
import { StoppedError, sendBatch } from './send.ts';
import type { Destination } from './send.ts';

/** How a file is reported. */
export interface FileReport {
  readonly path: string;
  readonly resultPath: string;
  /** Rows a call. */
  readonly batch: number;
  /** Office of rows that name none. */
  readonly officeRegion: string | undefined;
  readonly to: Omit<Destination, 'onRetry'>;
  /** Shows how far it is in a file of so many bytes. */
  readonly openProgress: (total: number) => Progress;
}

/** What became of a file. */
export interface FileResult {
  readonly tally: Tally;
  /** False when it was stopped before its end. */
  readonly finished: boolean;
}

/**
 * Reads, sends and writes in step, so that the memory needed does not grow with the file. Throws HeaderError,
 * StoppedError, and what the file system throws; the result file then holds what was acknowledged before.
 */
export async function reportFile(report: FileReport, tally: Tally): Promise<FileResult> {
  const { path, batch } = report;
  const { size } = await stat(path);
  const rows = readRows(readLines(createReadStream(path), await detectEncoding(createReadStream(path))));
  // The header is read before the result file of an earlier run is overwritten.
  let next = await rows.next();
  const results = await openResultFile(report.resultPath);
  const progress = report.openProgress(size);
  const to: Destination = {
    ...report.to,
    onRetry: (reason, waitMs) => {
      progress.note(`${reason} 稍后重试 Trying again in ${Math.ceil(waitMs / 1000)} s.`);
    },
  };
  try {
    while (next.done !== true && !to.stop.aborted) {
      const some: Row[] = [];
      for (; next.done !== true && some.length < batch; next = await rows.next()) some.push(next.value);
      const lines = await sendRows(some, to, report.officeRegion);
      await results.write(lines);
      for (const { outcome } of lines) count(tally, outcome);
      progress.update(next.done === true ? size : (some.at(-1)?.bytes ?? 0), tally);
    }
    return { tally, finished: next.done === true };
  } finally {
    progress.stop();
    await rows.return(undefined);
    await results.close();
  }
}

/** One line for each row: what the hub said, or why the row could not be sent. */
async function sendRows(
  rows: readonly Row[],
  to: Destination,
  officeRegion: string | undefined,
): Promise<readonly ResultLine[]> {
  const items = rows.flatMap(({ item }): Item[] => {
    if (item === undefined) return [];
    return [officeRegion !== undefined && (item.officeRegion ?? '') === '' ? { ...item, officeRegion } : item];
  });
  const receipts = items.length === 0 ? [] : await sendBatch(items, to);
  let sent = 0;
  return rows.map(({ line, item, fault }): ResultLine => {
    if (item === undefined) {
      const unread = { sourceKey: undefined, outcome: 'UNREADABLE', code: 'BAD_ROW', field: null } as const;
      return { line, ...unread, remedy: fault ?? null };
    }
    const receipt = receipts[sent];
    if (receipt === undefined) throw new StoppedError('The hub left an item without a result.');
    sent += 1;
    return { ...receipt, line, sourceKey: item.sourceKey };
  });
}

function count(tally: Tally, outcome: ResultLine['outcome']): void {
  tally.rows += 1;
  tally[KEYS[outcome]] += 1;
}

const KEYS = {
  RECORDED: 'recorded',
  UNCHANGED: 'unchanged',
  SUPERSEDED: 'superseded',
  PENDING: 'pending',
  REJECTED: 'rejected',
  UNREADABLE: 'unreadable',
} as const satisfies Record<ResultLine['outcome'], keyof Tally>;
