/** How far a report is: a bar on a terminal, a plain line now and then anywhere else. On standard error. */
import { Presets, SingleBar } from 'cli-progress';

/** Rows so far. */
export interface Tally {
  rows: number;
  recorded: number;
  unchanged: number;
  superseded: number;
  pending: number;
  rejected: number;
  unreadable: number;
}

/** Shows how far a report is. */
export interface Progress {
  /** `bytes` of the file are done. */
  update(bytes: number, tally: Tally): void;
  /** A line beside the bar. */
  note(text: string): void;
  stop(): void;
}

const PLAIN_EVERY = 5_000; // ms between plain lines

/** Progress through a file of so many bytes. */
export function openProgress(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(total, stream) : plainLines(total, stream);
}

function bar(total: number, stream: NodeJS.WriteStream): Progress {
  const shown = new SingleBar(
    {
      stream,
      clearOnComplete: true,
      hideCursor: true,
      etaBuffer: 50,
      format: '{bar} {percentage}% | {rows} 行 rows | 拒收 rejected {bad} | 剩余 left {eta_formatted}',
    },
    Presets.shades_classic,
  );
  shown.start(total, 0, { rows: 0, bad: 0 });
  return {
    update: (bytes, { rows, rejected, unreadable }) => {
      shown.update(bytes, { rows, bad: rejected + unreadable });
    },
    note: (text) => {
      stream.write(`\r\u001b[K${text}\n`);
    },
    stop: () => {
      shown.stop();
    },
  };
}

function plainLines(total: number, stream: NodeJS.WriteStream): Progress {
  const begun = Date.now();
  let last = begun;
  return {
    update: (bytes, { rows, rejected, unreadable }) => {
      const now = Date.now();
      if (now - last < PLAIN_EVERY || bytes === 0) return;
      last = now;
      const left = Math.round((((now - begun) / bytes) * (total - bytes)) / 1000);
      const percent = Math.floor((100 * bytes) / total);
      stream.write(`${percent}% | ${rows} 行 rows | 拒收 rejected ${rejected + unreadable} | 剩余 left ${left} s\n`);
    },
    note: (text) => {
      stream.write(`${text}\n`);
    },
    stop: () => undefined,
  };
}
