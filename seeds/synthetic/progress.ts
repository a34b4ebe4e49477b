import { Presets, SingleBar } from 'cli-progress';
import type { SyntheticOptions } from './load.ts';

type OnProgress = NonNullable<SyntheticOptions['onProgress']>;

const LABELS = { persons: 'Persons', indexes: 'Indexes' } as const;

/** What the progress of a load looks like: a bar on a terminal, a line for each quarter anywhere else. */
export function showProgress(out: NodeJS.WriteStream = process.stderr): { onProgress: OnProgress; stop: () => void } {
  return out.isTTY ? bars(out) : lines(out);
}

function bars(out: NodeJS.WriteStream): { onProgress: OnProgress; stop: () => void } {
  let bar: SingleBar | undefined;
  let current: string | undefined;
  return {
    onProgress: (done, total, what) => {
      if (what !== current) {
        bar?.stop();
        const format = `${LABELS[what]} {bar} {value}/{total} {eta_formatted}`;
        bar = new SingleBar({ format, stream: out, hideCursor: true, barsize: 30 }, Presets.shades_classic);
        bar.start(total, 0);
        current = what;
      }
      bar?.update(done);
    },
    stop: () => bar?.stop(),
  };
}

function lines(out: NodeJS.WriteStream): { onProgress: OnProgress; stop: () => void } {
  let current: string | undefined;
  let quarter = 0;
  return {
    onProgress: (done, total, what) => {
      if (what !== current) quarter = 0;
      current = what;
      const now = total === 0 ? 4 : Math.floor((4 * done) / total);
      if (now <= quarter) return;
      quarter = now;
      out.write(`${LABELS[what]}: ${done} of ${total}\n`);
    },
    stop: () => undefined,
  };
}
