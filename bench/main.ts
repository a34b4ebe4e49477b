/** `npm run bench`: builds, loads, compares, measures, writes. Exit codes: 0 done, 1 stopped, 2 somebody failed. */
import { build, installPeers } from './build.ts';
import { measureImports } from './imports/measure.ts';
import { USAGE, readOptions } from './options.ts';
import type { Options } from './options.ts';
import { publish } from './publish.ts';
import { faultsOf } from './results.ts';
import { run } from './run.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function bench(options: Options): Promise<number> {
  installPeers(options, say);
  say('building');
  build();
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // Whoever asks twice does not want to wait.
      if (stop.signal.aborted) process.exit(130);
      say(`${name}: stopping`);
      stop.abort(new Error('Stopped; nothing was written.'));
    });
  }
  const surroundings = { say, signal: stop.signal };
  const results = options.races ? await run(options, surroundings) : [];
  const [persons = 0] = options.sizes;
  const imports = options.imports
    ? await measureImports({ persons, beside: 1, ...surroundings }, options.rounds)
    : undefined;
  const faults = results.flatMap(faultsOf);
  for (const fault of faults) say(`FAULT ${fault}`);
  if (options.rounds > 0) {
    for (const path of await publish(results, imports, options)) say(`written: ${path}`);
    if (options.trial) say('A trial: too short or too partial for the repository; see --help.');
  }
  return faults.length === 0 ? 0 : 2;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(`${USAGE}\n`);
  else process.exitCode = await bench(options);
} catch (error) {
  say(error instanceof Error ? error.message : 'stopped by an unknown error');
  process.exitCode = 1;
}
