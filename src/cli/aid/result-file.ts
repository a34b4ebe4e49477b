/** The result file: one line for each row of the report, in its order, for a spreadsheet. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { headerOf } from './headers.ts';
import type { Receipt } from './send.ts';

/** What is written of one row. */
export interface ResultLine {
  readonly line: number;
  readonly sourceKey: string | undefined;
  readonly outcome: Receipt['outcome'] | 'UNREADABLE';
  readonly code: string | null;
  readonly field: string | null;
  readonly remedy: string | null;
}

/** A result file that is being written. */
export interface ResultFile {
  write(lines: readonly ResultLine[]): Promise<void>;
  /** Resolves when everything is in the file. */
  close(): Promise<void>;
}

/** Outcomes as the file says them. */
export const OUTCOMES: Readonly<Record<ResultLine['outcome'], string>> = {
  RECORDED: '已记录',
  UNCHANGED: '未变',
  SUPERSEDED: '历史版本',
  PENDING: '待原记录',
  REJECTED: '拒收',
  UNREADABLE: '无法读取',
};

/** Begins the file anew. Rejects when it cannot be written. */
export async function openResultFile(path: string): Promise<ResultFile> {
  const out = createWriteStream(path);
  await new Promise<void>((resolve, reject) => {
    out.once('open', () => {
      resolve();
    });
    out.once('error', reject);
  });
  // Keys come from a file: a spreadsheet must not run one as a formula. The mark makes it read UTF-8.
  const rows = stringify({ bom: true, escape_formulas: true });
  const written = finished(rows.pipe(out));
  rows.write(['行号', '业务编号', '结果', '代码', '字段', '处理办法']);
  return {
    write: async (lines) => {
      let room = true;
      for (const { line, sourceKey, outcome, code, field, remedy } of lines) {
        const named = field === null ? '' : headerOf(field);
        room = rows.write([line, sourceKey ?? '', OUTCOMES[outcome], code ?? '', named, remedy ?? '']);
      }
      if (!room) await Promise.race([new Promise((resolve) => rows.once('drain', resolve)), written]);
    },
    close: async () => {
      rows.end();
      await written;
    },
  };
}
