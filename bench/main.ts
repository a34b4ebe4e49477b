/** `npm run bench`: builds, loads, compares, measures, writes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, installPeers } from './build.ts';
import { openDataSet } from './data-set.ts';
import { USAGE, readOptions } from './options.ts';
import { SCRATCH } from './places.ts';
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
  try {
    const results = await run(options, data, say);
    mkdirSync(SCRATCH, { recursive: true });
    writeFileSync(join(SCRATCH, 'trial.json'), JSON.stringify(results, undefined, 2));
  } finally {
    await data.close();
  }
}
