/** Where results go: a complete run into the repository, a trial beside its data. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import type { Options } from './options.ts';
import { ROOT, SCRATCH } from './places.ts';
import { toMarkdown } from './report.ts';
import type { Results } from './results.ts';

const RESULTS = join(ROOT, 'bench/results');
const DOCUMENT = join(ROOT, 'docs/performance.md');
const FROM = '<!-- bench: generated from here -->';
const TO = '<!-- bench: generated to here -->';

/** Writes what was found; resolves to the paths. */
export async function publish(results: Results, { trial }: Options): Promise<readonly string[]> {
  const json = JSON.stringify(results);
  if (trial) {
    mkdirSync(SCRATCH, { recursive: true });
    const [data, text] = [join(SCRATCH, 'trial.json'), join(SCRATCH, 'trial.md')];
    writeFileSync(data, await format(json, { parser: 'json' }));
    writeFileSync(text, await markdown(`# A trial\n\n${toMarkdown(results, [results], command())}`));
    return [data, text];
  }
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${results.day}-${String(results.persons)}.json`);
  writeFileSync(file, await format(json, { parser: 'json', printWidth: 120 }));
  const generated = toMarkdown(results, latestRuns(), command());
  const before = readFileSync(DOCUMENT, 'utf8');
  const [start, end] = [before.indexOf(FROM), before.indexOf(TO)];
  if (start < 0 || end < start) throw new Error(`${DOCUMENT} has lost its marks: ${FROM} and ${TO}.`);
  const whole = `${before.slice(0, start)}${FROM}\n\n${generated}\n\n${before.slice(end)}`;
  writeFileSync(DOCUMENT, await markdown(whole));
  return [file, DOCUMENT];
}

/** The latest run of each size, the smallest first. */
function latestRuns(): readonly Results[] {
  const names = existsSync(RESULTS) ? readdirSync(RESULTS).toSorted() : [];
  const bySize = new Map<number, Results>();
  for (const name of names) {
    const found = JSON.parse(readFileSync(join(RESULTS, name), 'utf8')) as Results;
    bySize.set(found.persons, found);
  }
  return [...bySize.values()].toSorted((a, b) => a.persons - b.persons);
}

/** How the benchmark is called in this checkout. */
function command(): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  return 'bench' in scripts ? 'npm run bench --' : 'npm --prefix bench start --';
}

const markdown = (text: string): Promise<string> =>
  format(text, { parser: 'markdown', singleQuote: true, printWidth: 120 });
