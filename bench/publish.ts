/** Where results go: a complete run into the repository, a trial beside its data. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import type { Options } from './options.ts';
import { ROOT, SCRATCH } from './places.ts';
import { chart } from './report/chart.ts';
import { importsOf } from './report/imports.ts';
import { toMarkdown } from './report/markdown.ts';
import type { Latest } from './report/markdown.ts';
import type { ImportResults, Results } from './results.ts';

const RESULTS = join(ROOT, 'bench/results');
/** Names of what was found of deliveries begin so; those of other runs with the day. */
const IMPORTS = 'imports-';
const DOCUMENT = join(ROOT, 'docs/performance.md');
const CHART = join(ROOT, 'docs/performance.svg');
const FROM = '<!-- bench: generated from here -->';
const TO = '<!-- bench: generated to here -->';

/** Writes what was found, the smallest data set first, and what deliveries cost; resolves to the paths. */
export async function publish(
  results: readonly Results[],
  imports: ImportResults | undefined,
  options: Options,
): Promise<readonly string[]> {
  const raced = await publishRuns(results, options);
  if (imports === undefined) return raced;
  const json = await format(JSON.stringify(imports, rounded), { parser: 'json', printWidth: 120 });
  const [folder, name] = options.trial ? [SCRATCH, 'trial-imports'] : [RESULTS, `${IMPORTS}${imports.day}`];
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, json);
  if (!options.trial) return [...new Set([...raced, file, ...(await writeDocument())])];
  writeFileSync(join(folder, `${name}.md`), await markdown(importsOf(imports)));
  return [...raced, file, join(folder, `${name}.md`)];
}

async function publishRuns(results: readonly Results[], { trial }: Options): Promise<readonly string[]> {
  const [first] = results;
  if (first === undefined) return [];
  const json = await format(JSON.stringify(results, rounded), { parser: 'json', printWidth: 120 });
  if (trial) {
    const at = (name: string): string => join(SCRATCH, name);
    writeFileSync(at('trial.json'), json);
    writeFileSync(at('trial.svg'), chart(first));
    writeFileSync(at('trial.md'), await markdown(`# A trial\n\n${toMarkdown(latestOf([results]), 'trial.svg')}`));
    return ['trial.json', 'trial.md', 'trial.svg'].map(at);
  }
  mkdirSync(RESULTS, { recursive: true });
  const sizes = results.map(({ persons }) => String(persons)).join('-');
  const file = join(RESULTS, `${first.day}-${sizes}.json`);
  writeFileSync(file, json);
  return [file, ...(await writeDocument())];
}

/** As many digits as a measurement has, which are also fewer than those of a resident ID. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value;

/** Writes the generated part of the document, and its chart, from the latest results of each kind. */
export async function writeDocument(): Promise<readonly string[]> {
  const latest = latestRuns();
  const before = readFileSync(DOCUMENT, 'utf8');
  const [start, end] = [before.indexOf(FROM), before.indexOf(TO)];
  if (start < 0 || end < start) throw new Error(`${DOCUMENT} has lost its marks: ${FROM} and ${TO}.`);
  const generated = toMarkdown(latest, 'performance.svg');
  writeFileSync(DOCUMENT, await markdown(`${before.slice(0, start)}${FROM}\n\n${generated}\n\n${before.slice(end)}`));
  if (latest.race === undefined) return [DOCUMENT];
  writeFileSync(CHART, chart(latest.race));
  return [DOCUMENT, CHART];
}

function latestRuns(): Latest {
  const names = existsSync(RESULTS) ? readdirSync(RESULTS).filter((name) => name.endsWith('.json')) : [];
  // Names begin with the day.
  const read = (name: string): unknown => JSON.parse(readFileSync(join(RESULTS, name), 'utf8'));
  const runs = names.filter((name) => !name.startsWith(IMPORTS)).toSorted();
  const imports = names.filter((name) => name.startsWith(IMPORTS)).toSorted();
  const [last] = imports.slice(-1);
  return {
    ...latestOf(runs.map((name) => read(name) as readonly Results[])),
    imports: last === undefined ? undefined : (read(last) as ImportResults),
  };
}

/** Of runs in the order of their days: the last of one size, and the last of several. */
const latestOf = (runs: readonly (readonly Results[])[]): Latest => ({
  race: runs.findLast(({ length }) => length === 1)?.[0],
  growth: runs.findLast(({ length }) => length > 1) ?? [],
  imports: undefined,
});

const markdown = (text: string): Promise<string> =>
  format(text, { parser: 'markdown', singleQuote: true, printWidth: 120 });
