/** What a request costs in larger hubs, for one in the smallest. */
import { CONTESTANTS } from '../contestants.ts';
import type { ContestantName } from '../contestants.ts';
import type { OperationName } from '../operations.ts';
import type { Entry, Results } from '../results.ts';
import { count, figure, gigabytes, grid } from './format.ts';
import { MOST } from './goals.ts';

/** Compares the sizes of a run; the smallest comes first. */
export function growth(sizes: readonly Results[]): string {
  const [least, ...larger] = sizes;
  if (least === undefined || larger.length === 0) return '';
  const of = (name: ContestantName): string => {
    if (least.nodes[name] === undefined) return '';
    const head = ['', `p50 ms, ${count(least.persons)}`];
    for (const { persons } of larger) head.push(`p50, ${count(persons)}`, 'CPU', 'bytes');
    const rows = least.operations.map((operation) => {
      const before = entryOf(least, operation.name, name);
      const cells = larger.flatMap((run, index) => {
        const after = entryOf(run, operation.name, name);
        const p50 = ratio(before, after, (entry) => entry.figures?.p50?.median);
        const isLast = index === larger.length - 1 && name === 'hub';
        return [
          `${times(p50)}${p50 === undefined || !isLast ? '' : p50 < MOST.growth ? ' ✓' : ` ✗ goal ${String(MOST.growth)}`}`,
          times(ratio(before, after, cpu)),
          times(ratio(before, after, (entry) => entry.figures?.bytes?.median)),
        ];
      });
      const p50 = before?.figures?.p50?.median;
      return [operation.title, p50 === undefined ? '–' : figure(p50), ...cells];
    });
    return `**${CONTESTANTS[name].title}**\n\n${grid(head, rows)}\n`;
  };
  const databases = sizes.map(({ persons, databaseBytes }) => `${count(persons)}: ${gigabytes(databaseBytes)}`);
  return `### Growth

How many times what a request needs with ${count(least.persons)} persons it needs with more of them: time at
${String(least.connections)} connections, CPU of server and PostgreSQL together, bytes of the answer. Measured on ${least.day}
with ${String(least.rounds)} rounds of ${String(least.seconds)} s, the sizes taking turns, each with a PostgreSQL of its own
(${least.postgres.settings['shared_buffers'] ?? '?'} of shared buffers; databases by persons: ${databases.join(', ')}).
Every size is asked as many different requests, each once before the clock starts: what is measured is the work and not
the disk. The limits show what of it is the database's own.

${(['hub', 'limit-b', 'limit-a'] as const).map(of).join('\n')}`;
}

const entryOf = ({ operations }: Results, operation: OperationName, contestant: ContestantName): Entry | undefined =>
  operations.find(({ name }) => name === operation)?.entries.find((entry) => entry.contestant === contestant);

const cpu = ({ figures }: Entry): number | undefined =>
  figures?.serverCpu && figures.postgresCpu ? figures.serverCpu.median + figures.postgresCpu.median : undefined;

function ratio(before: Entry | undefined, after: Entry | undefined, of: (entry: Entry) => number | undefined) {
  const [a, b] = [before && of(before), after && of(after)];
  return a === undefined || b === undefined || a === 0 ? undefined : b / a;
}

const times = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
