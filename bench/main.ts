/** `npm run bench`: builds, loads, compares, measures, writes. Exit codes: 0 done, 1 stopped, 2 somebody failed. */
import { build, installPeers } from './build.ts';
import { openDataSet } from './data-set.ts';
import { USAGE, readOptions } from './options.ts';
import type { Options } from './options.ts';
import { publish } from './publish.ts';
import { run } from './run.ts';
import { faultsOf } from './results.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function bench(options: Options): Promise<number> {
  installPeers();
  say('building');
  build();
  say(`opening the data set of ${String(options.persons)} persons`);
  const data = await openDataSet(options.persons);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say(`${signal}: stopping`);
      void data.close().finally(() => process.exit(130));
    });
  }
  try {
    const results = await run(options, data, say);
    for (const path of await publish(results, options)) say(`written: ${path}`);
    if (options.trial) say('A trial: too short or too partial for the repository; see --help.');
    const faults = faultsOf(results);
    for (const fault of faults) say(`FAULT ${fault}`);
    return faults.length === 0 ? 0 : 2;
  } finally {
    await data.close();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(`${USAGE}\n`);
  else process.exitCode = await bench(options);
} catch (error) {
  say(error instanceof Error ? error.message : 'stopped by an unknown error');
  process.exitCode = 1;
}
