/** The generated part of docs/performance.md. */
import { CONTESTANT_NAMES } from '../contestants.ts';
import type { ImportResults, Results } from '../results.ts';
import { figures, memory } from './figures.ts';
import { count, gigabytes } from './format.ts';
import { growth } from './growth.ts';
import { importsOf } from './imports.ts';
import { shares } from './shares.ts';

/** The latest run of each kind, where there is one. */
export interface Latest {
  readonly race: Results | undefined;
  readonly growth: readonly Results[];
  readonly imports: ImportResults | undefined;
}

/** What is known so far. `chart` is where the chart lies, as the document names it. */
export function toMarkdown({ race, growth: sizes, imports }: Latest, chart: string): string {
  const parts =
    race === undefined
      ? ['No complete run has been recorded yet: `npm run bench` makes one.']
      : [about(race), shares(race), `![Requests a second](${chart})\n`, memory(race), figures(race)];
  return [...parts, growth(sizes), ...(imports === undefined ? [] : [importsOf(imports)])].join('\n');
}

function about(results: Results): string {
  const { machine, postgres, nodes, connections, databaseConnections, seconds, rounds, persons } = results;
  const versions = [...new Set(CONTESTANT_NAMES.flatMap((name) => nodes[name] ?? []))].join(' and ');
  const settings = Object.entries(postgres.settings).map(([name, value]) => `${name} ${value}`);
  return `- Measured on ${results.day}: ${machine.processor}, ${String(machine.cores)} cores, ${gigabytes(machine.memory)} of memory, ${machine.system}; server, database and load share it.
- PostgreSQL ${postgres.version} (the hub's own settings and ${settings.join(', ')}), Node ${versions}.
- ${count(persons)} synthetic persons, a database of ${gigabytes(results.databaseBytes)}.
- Load by autocannon over ${String(connections)} connections; for each contestant one process and ${String(databaseConnections)} database connections, and one more for the ledger where there is one.
- Rounds: ${String(rounds)}, of ${String(seconds)} s for each contestant (\`reportAid\`: twice that); contestants take turns, no two requests in a row are the same.

Again: \`npm run bench -- --persons ${String(persons)} --seconds ${String(seconds)} --rounds ${String(rounds)}\`; \`--help\` tells the rest.
`;
}
