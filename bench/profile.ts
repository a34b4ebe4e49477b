/** Where the time of a process went: its CPU profile, summed up by function and by package. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** Flags of Node that make it write a profile when it ends. */
export const profileFlags = (dir: string): readonly string[] => ['--cpu-prof', `--cpu-prof-dir=${dir}`];

const SHOWN = 25;

/** The functions and the packages that took most, in lines; of the newest profile in the folder. */
export function readProfile(dir: string): readonly string[] {
  const [file] = readdirSync(dir).toSorted().reverse();
  if (file === undefined) return ['no profile was written'];
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let busy = 0;
  for (const [index, sample] of samples.entries()) {
    const frame = frames.get(sample);
    const time = timeDeltas[index] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)' || frame.functionName === '(program)') continue;
    busy += time;
    const place = packageOf(frame.url);
    const name = `${frame.functionName === '' ? '(anonymous)' : frame.functionName}  ${place}:${String(frame.lineNumber + 1)}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
    packages.set(place, (packages.get(place) ?? 0) + time);
  }
  return [join(dir, file), ...most(packages, busy), '', ...most(functions, busy)];
}

/** The package of a file, or its path within the hub. */
function packageOf(url: string): string {
  if (url === '') return 'V8';
  if (url.startsWith('node:')) return url;
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules\/)/.exec(url)?.[1];
  return inPackage ?? url.replace(/^.*\/build\//, '');
}

const most = (times: ReadonlyMap<string, number>, busy: number): readonly string[] =>
  [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `${((time / busy) * 100).toFixed(1).padStart(5)} %  ${name}`);
