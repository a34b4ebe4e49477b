/** What must be there before anything can be measured: the peers' packages, and everything as JavaScript. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from './options.ts';
import { BUILD, ROOT } from './places.ts';

/** Path of the newer Node that PostGraphile needs. */
export const NEWER_NODE = join(ROOT, 'bench/node_modules/node/bin/node');

/** What the benchmark cannot do without packages of its own: load anybody, or start PostGraphile and its Node. */
const needsPackages = ({ races, rounds, contestants }: Options): boolean =>
  (races && rounds > 0) ||
  (races && contestants.some((name) => name === 'hub-newer-node' || name.startsWith('postgraphile')));

/** Installs the benchmark's own packages where they are wanted and not there yet. */
export function installPeers(options: Options, say: (line: string) => void): void {
  if (!needsPackages(options) || OWN_PACKAGES.every((path) => existsSync(join(ROOT, path)))) return;
  say('installing the packages of the benchmark into bench/node_modules (about 0.5 GB, once)');
  run('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund']);
}

const OWN_PACKAGES = ['autocannon', 'node/bin/node', 'postgraphile', '@graphile/pg-aggregates'].map((name) =>
  join('bench/node_modules', name),
);

/** Compiles the hub as it stands in this checkout, and the contestants with it. */
export function build(): void {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'bench/tsconfig.build.json'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const built = existsSync(join(BUILD, 'src/cli/main.js')) && existsSync(join(BUILD, 'bench/contestants/limit.js'));
  // A fault in types is for the type check to refuse; what was emitted can be measured all the same.
  if (!built) throw new Error(`The compiler made nothing to measure (exit code ${status ?? 'none'}).`);
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
}
