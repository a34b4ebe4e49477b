/** `npm run bench`: builds, loads, compares, measures, writes. */
import { build, installPeers } from './build.ts';
import { openDataSet } from './data-set.ts';
import { USAGE, readOptions } from './options.ts';
import { publish } from './publish.ts';
import { run } from './run.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const options = readOptions(process.argv.slice(2));
if (options === undefined) process.stdout.write(`${USAGE}\n`);
else {
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
  } finally {
    await data.close();
  }
}
