/** Every figure of a run, operation by operation. */
import { CONTESTANTS, CONTESTANT_NAMES } from '../contestants.ts';
import type { OperationResult, Results } from '../results.ts';
import { count, grid, megabytes, spread } from './format.ts';
import { MOST } from './goals.ts';

/** A table for each operation. */
export function figures({ operations }: Results): string {
  return `### Every figure

Medians of the rounds, with the lowest and the highest in brackets. CPU is for each request: of the server process, of
PostgreSQL with everything that it does in the background, and of the load generator, which takes from everybody alike.
An answer is counted with its HTTP headers. Memory is the highest of the server process during the operation.

${operations.map(table).join('\n')}`;
}

const HEAD = ['requests/s', 'p50 ms', 'p99 ms', 'server CPU ms', 'PostgreSQL CPU ms', 'load CPU ms', 'bytes', 'memory'];

function table({ title, entries }: OperationResult): string {
  const rows = entries.flatMap(({ contestant, figures: found }) => {
    if (found === undefined) return [];
    const { perSecond, p50, p99, serverCpu, postgresCpu, loadCpu, bytes, memory } = found;
    return [
      [
        CONTESTANTS[contestant].title,
        ...[perSecond, p50, p99, serverCpu, postgresCpu, loadCpu].map((of) => spread(of)),
        bytes === null ? '–' : count(Math.round(bytes.median)),
        memory === null ? '–' : megabytes(memory.most),
      ],
    ];
  });
  const notes = entries.flatMap(({ contestant, absent, figures: found }) => {
    const failed = found?.failed?.most ?? 0;
    const who = CONTESTANTS[contestant].title;
    if (absent !== undefined) return [`Not measured: ${who}; ${absent}.`];
    return failed > 0 ? [`Of ${who} ${count(failed)} answers of a round failed.`] : [];
  });
  return `#### ${title}\n\n${grid(['', ...HEAD], rows)}\n${notes.map((line) => `\n${line}\n`).join('')}`;
}

/** Of each contestant: at rest, and the highest of all operations. */
export function memory({ atRest, operations }: Results): string {
  const rows = CONTESTANT_NAMES.flatMap((name) => {
    const rest = atRest[name];
    if (rest === undefined) return [];
    const peaks = operations.flatMap(({ entries }) =>
      entries.flatMap((entry) => (entry.contestant === name ? (entry.figures?.memory?.most ?? []) : [])),
    );
    const peak = Math.max(0, ...peaks);
    const goal = name === 'hub' ? MOST : undefined;
    return [[CONTESTANTS[name].title, cell(rest, goal?.atRest), cell(peak, goal?.underLoad)]];
  });
  return `### Memory of the server process

Resident memory as the kernel counts it (\`VmRSS\`, \`VmHWM\`), shared libraries included: at rest five seconds after
everybody began to answer and before the first request; under load the highest of all operations, warm-ups included.

${grid(['', 'at rest', 'highest under load'], rows)}
`;
}

function cell(bytes: number, most: number | undefined): string {
  if (bytes === 0) return '–';
  if (most === undefined) return megabytes(bytes);
  return `${megabytes(bytes)}${bytes < most ? ' ✓' : ` ✗ goal ${megabytes(most)}`}`;
}
