/** How far a file is: a bar on a terminal, a plain line now and then anywhere else. On standard error. */
import { Presets, SingleBar } from 'cli-progress';

/** Shows how far something is. */
export interface Progress {
  /** So much of the whole is done; a word beside it. */
  update(done: number, beside?: string): void;
  stop(): void;
}

const PLAIN_EVERY = 5_000; // ms between plain lines

/** Progress through `total` under a title. */
export function openProgress(title: string, total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(title, total, stream) : plainLines(title, total, stream);
}

function bar(title: string, total: number, stream: NodeJS.WriteStream): Progress {
  const shown = new SingleBar(
    {
      stream,
      clearOnComplete: true,
      hideCursor: true,
      etaBuffer: 20,
      format: `${title} {bar} {percentage}% {beside} | 剩余 left {eta_formatted}`,
    },
    Presets.shades_classic,
  );
  shown.start(total, 0, { beside: '' });
  return {
    update: (done, beside = '') => {
      shown.update(Math.min(done, total), { beside });
    },
    stop: () => {
      shown.stop();
    },
  };
}

function plainLines(title: string, total: number, stream: NodeJS.WriteStream): Progress {
  const begun = Date.now();
  let last = begun;
  return {
    update: (done, beside = '') => {
      const now = Date.now();
      if (now - last < PLAIN_EVERY || done === 0) return;
      last = now;
      const left = Math.round((((now - begun) / done) * Math.max(0, total - done)) / 1000);
      stream.write(`${title} ${Math.floor((100 * done) / total)}% ${beside} | 剩余 left ${left} s\n`);
    },
    stop: () => undefined,
  };
}
