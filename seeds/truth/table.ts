import { GOALS, recallOf } from './measure.ts';
import type { Measurement, Tally } from './measure.ts';

const COLUMNS = ['rows', 'known', 'certain', 'wrong', 'review', 'in vain', 'created', 'none', 'recall'] as const;
const WIDEST = 46;

/** The measurement as a table of text, one line for each kind of mistake. */
export function tableOf(
  { kinds, total, precision, recall, microsecondsPerRow }: Measurement,
  of: { persons: number; seed: number },
): string {
  const head = `${'what went wrong'.padEnd(WIDEST)}${COLUMNS.map((name) => name.padStart(9)).join('')}`;
  const lines = Object.entries(kinds).map(([kind, tally]) => line(kind, tally));
  return [
    `${of.persons} people, seed ${of.seed}: one row about each, ${percent(total.known / total.rows)} of them in the registry.`,
    '',
    head,
    '-'.repeat(head.length),
    ...lines,
    '-'.repeat(head.length),
    line('all', total),
    '',
    'certain: a person at once; wrong: another one. review: held, the right person among the candidates; in vain: held without.',
    '',
    `准确率 precision of certain           ${precision.toFixed(5)}   goal ${GOALS.precision}   ${precision >= GOALS.precision ? 'met' : 'NOT MET'}`,
    `召回率 recall of certain and review   ${recall.toFixed(5)}   goal ${GOALS.recall}    ${recall >= GOALS.recall ? 'met' : 'NOT MET'}`,
    `matching took ${microsecondsPerRow.toFixed(0)} µs a row of this mix`,
    '',
  ].join('\n');
}

function line(name: string, tally: Tally): string {
  const { rows, known, certain, wrong, reviewed, reviewedInVain, created, none } = tally;
  const counts = [rows, known, certain, wrong, reviewed, reviewedInVain, created, none];
  const recall = known === 0 ? '–' : recallOf(tally).toFixed(4);
  return `${name.padEnd(WIDEST)}${[...counts.map(String), recall].map((cell) => cell.padStart(9)).join('')}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
