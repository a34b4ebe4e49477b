/** What deliveries cost. */
import type { ImportResults } from '../results.ts';
import { count, gigabytes, grid, megabytes, spread } from './format.ts';
import { IMPORTS } from './goals.ts';

/** A section of its own. */
export function importsOf({ day, persons, machine, postgres, results }: ImportResults): string {
  const rows = results.map(({ title, rows: size, copy, hub, share, memory }) => {
    const reached = share.median >= IMPORTS.share ? ' ✓' : ` ✗ goal ${String(IMPORTS.share)}`;
    return [
      `${count(size)} rows, ${title}`,
      spread(copy),
      spread(hub),
      `${spread(share)}${reached}`,
      memory === null ? '–' : megabytes(memory),
    ];
  });
  return `### Imports

Rows a second from the first byte of a department's file (学籍, CSV) until the last row is applied, in a process put together as the server
does it: file read, rows checked, staged, matched to persons, judged by digest, written with findings, counts and
ledger. Beside it COPY of the same rows, finished and with their persons known, into the same tables with all their
keys, checks and indexes; for somebody new into \`person\` and \`person_identifier\` as well. They take turns; a share is of one round. Memory is the
highest of the process.

Measured on ${day}: ${count(persons)} persons, ${machine.processor}, ${String(machine.cores)} cores, ${gigabytes(machine.memory)} of memory, PostgreSQL ${postgres.version}.

${grid(['', 'COPY rows/s', 'the hub rows/s', 'share', 'memory'], rows)}
${flat(results)}
Again: \`npm run bench -- --imports --persons ${String(persons)}\`.
`;
}

function flat(results: ImportResults['results']): string {
  const [few, ...others] = results;
  const many = others.findLast(({ title, rows }) => title === few?.title && rows > few.rows);
  if (few?.memory == null || many?.memory == null) return '';
  const times = many.memory / few.memory;
  const reached = times <= IMPORTS.memory ? '✓' : `✗ goal ${String(IMPORTS.memory)}`;
  return `\n${count(many.rows / few.rows)} times the rows take ${times.toFixed(2)} times the memory ${reached}.\n`;
}
