/** How far a walk through the ledger is: a bar on a terminal, nothing where nobody watches. On standard error. */
import { SingleBar } from 'cli-progress';

/** Told so many entries of so many; a total of 0 is not known. */
export interface LedgerProgress {
  readonly onProgress: (done: number, total: number) => void;
  stop(): void;
}

/** A bar that appears with the first word. */
export function openLedgerProgress(): LedgerProgress {
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage} % | {value} / {total} 条 entries | 剩余 left {eta_formatted}',
    hideCursor: true,
    clearOnComplete: true,
  });
  let begun = false;
  return {
    onProgress: (done, total) => {
      if (!begun) bar.start(total, done);
      begun = true;
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => {
      bar.stop();
    },
  };
}
