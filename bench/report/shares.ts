/** The hub's share of what others do, and whether that is enough. */
import type { ContestantName } from '../contestants.ts';
import type { Turn } from '../measure.ts';
import { figureOf } from '../results.ts';
import type { Figure, OperationResult, Results } from '../results.ts';
import { figure, grid } from './format.ts';
import { SHARES } from './goals.ts';
import type { Share } from './goals.ts';

/** Two tables: by requests a second, which is what is to be reached, and by CPU, which is steadier. */
export function shares({ operations }: Results): string {
  const head = ['operation', ...SHARES.map(({ title }) => title)];
  const rows = (cell: (operation: OperationResult, share: Share) => string): string[][] =>
    operations.map((operation) => [operation.title, ...SHARES.map((share) => cell(operation, share))]);
  return `### The hub's share

Requests a second of the hub, everything on, for one of the other: the median of the rounds, with the lowest and the
highest in brackets, both measured one shortly after the other. ✓ and ✗ say whether the goal is reached. Against
PostGraphile both run on its Node.

${grid(head, rows(byRate))}

The same by CPU: what the other takes of server and PostgreSQL for a request, for one that the hub takes.

${grid(head, rows(byCpu))}
`;
}

function byRate(operation: OperationResult, { of, against, least }: Share): string {
  const share = ratio(operation, of, against, ({ perSecond }) => perSecond);
  if (share === undefined) return '–';
  const goal = least(operation.name);
  const reached = goal === undefined ? '' : share.median >= goal ? ' ✓' : ` ✗ goal ${String(goal)}`;
  return `${share.median.toFixed(2)} (${share.least.toFixed(2)}–${share.most.toFixed(2)})${reached}`;
}

function byCpu(operation: OperationResult, { of, against }: Share): string {
  const share = ratio(operation, against, of, cpuOf);
  return share === undefined ? '–' : figure(share.median);
}

const cpuOf = ({ serverCpu, postgresCpu }: Turn): number | null =>
  serverCpu === null || postgresCpu === null ? null : serverCpu + postgresCpu;

/** Of each round, so that what a machine does in the meantime weighs on both alike. */
function ratio(
  { entries }: OperationResult,
  one: ContestantName,
  other: ContestantName,
  of: (turn: Turn) => number | null,
): Figure | undefined {
  const roundsOf = (name: ContestantName): readonly Turn[] =>
    entries.find(({ contestant }) => contestant === name)?.rounds ?? [];
  const others = roundsOf(other);
  const ratios = roundsOf(one).flatMap((turn, round) => {
    const against = others[round];
    const [a, b] = [of(turn), against === undefined ? null : of(against)];
    return a === null || b === null || b === 0 ? [] : [a / b];
  });
  return ratios.length === 0 ? undefined : figureOf(ratios);
}
