/** What a run found, as Markdown: shares, a chart, every figure. */
import { CONTESTANTS, CONTESTANT_NAMES } from './contestants.ts';
import type { ContestantName } from './contestants.ts';
import type { OperationName } from './operations.ts';
import type { Entry, Figure, OperationResult, Results } from './results.ts';

/** The whole of the generated part; `runs` are the latest of each size, the largest last. */
export function toMarkdown(results: Results, runs: readonly Results[], command: string): string {
  return [
    about(results, command),
    shares(results),
    chart(results),
    '### Every figure\n',
    'Requests a second and percentiles are medians of the rounds, with the lowest and the highest in brackets. CPU is for',
    'each request: of the server process, and of PostgreSQL with everything that it does in the background. An answer is',
    'counted with its HTTP headers. Memory is the highest of the server process during the operation.\n',
    ...results.operations.map(table),
    atRest(results),
    growth(runs),
  ].join('\n');
}

function about(results: Results, command: string): string {
  const { machine, postgres, nodes, connections, databaseConnections, seconds, rounds, persons } = results;
  const versions = [...new Set(CONTESTANT_NAMES.flatMap((name) => nodes[name] ?? []))].join(' and ');
  const settings = Object.entries(postgres.settings).map(([name, value]) => `${name} ${value}`);
  return `- Measured on ${results.day}: ${machine.processor}, ${String(machine.cores)} cores, ${gigabytes(machine.memory)} of memory, ${machine.system}; server, database and load share it.
- PostgreSQL ${postgres.version} (${settings.join(', ')}), Node ${versions}.
- ${count(persons)} synthetic persons, a database of ${gigabytes(results.databaseBytes)}.
- Load by autocannon over ${String(connections)} connections; ${String(databaseConnections)} database connections and one process for each contestant.
- Rounds: ${String(rounds)}, of ${String(seconds)} s for each contestant (longer where a call takes long); contestants take turns, no two requests in a row are the same.

Again: \`${command} --persons ${String(persons)}\`; \`--help\` tells the rest.
`;
}

/** What the hub is measured against, with the least share that it is to reach. */
interface Share {
  readonly of: ContestantName;
  readonly against: ContestantName;
  readonly title: string;
  readonly least: (operation: OperationName) => number | undefined;
}

const PAGES: readonly OperationName[] = ['page-50', 'person', 'check-100', 'check-1000'];
const RACED: readonly OperationName[] = [...PAGES, 'page-50-caseload', 'check-1', 'ids-500'];

/** Operations that must not become slower in a larger hub. */
const GROWING: readonly OperationName[] = [...PAGES, 'page-50-caseload', 'check-1'];

const SHARES: readonly Share[] = [
  {
    of: 'hub',
    against: 'limit-b',
    title: 'of limit B',
    least: (operation) => {
      if (operation === 'check-1') return 0.75;
      if (operation === 'report-aid-1000') return 0.7;
      return PAGES.includes(operation) ? 0.85 : undefined;
    },
  },
  {
    of: 'hub',
    against: 'limit-a',
    title: 'of limit A',
    least: (operation) => (PAGES.includes(operation) ? 0.7 : undefined),
  },
  {
    of: 'hub-newer-node',
    against: 'postgraphile',
    title: 'of PostGraphile, bare',
    least: (operation) => (RACED.includes(operation) ? 2 : undefined),
  },
  {
    of: 'hub-newer-node',
    against: 'postgraphile-rls',
    title: 'of PostGraphile, row-level security',
    least: (operation) => (RACED.includes(operation) ? 3 : undefined),
  },
  { of: 'hub', against: 'usual', title: 'of the usual stack', least: () => undefined },
];

function shares(results: Results): string {
  const rows = results.operations.map((operation) => {
    const cells = SHARES.map(({ of, against, least }) => {
      const share = ratio(rate(operation, of), rate(operation, against));
      const goal = least(operation.name);
      if (share === undefined) return '–';
      const reached = goal === undefined ? '' : share >= goal ? ' ✓' : ` ✗ (goal ${String(goal)})`;
      return `${share.toFixed(2)}${reached}`;
    });
    return operation.skipped === undefined
      ? [operation.title, ...cells]
      : [`${operation.title}: not measured, ${operation.skipped}`, ...cells.map(() => '–')];
  });
  return `### The hub's share

Requests a second of the hub, everything on, for one of the other. Against PostGraphile both run on its Node.

${grid(['operation', ...SHARES.map(({ title }) => title)], rows)}
`;
}

const WIDTH = 48;

function chart(results: Results): string {
  const names = CONTESTANT_NAMES.filter((name) => results.nodes[name] !== undefined);
  const longest = Math.max(...names.map((name) => name.length));
  const blocks = results.operations
    .filter(({ skipped }) => skipped === undefined)
    .map((operation) => {
      const most = Math.max(...names.map((name) => rate(operation, name) ?? 0));
      const bars = names.map((name) => {
        const value = rate(operation, name);
        if (value === undefined) return `${name.padEnd(longest)}  –`;
        const bar = '█'.repeat(Math.max(1, Math.round((value / most) * WIDTH)));
        return `${name.padEnd(longest)}  ${bar} ${figure(value)}`;
      });
      return [operation.title, ...bars].join('\n');
    });
  return `### Requests a second\n\n\`\`\`text\n${blocks.join('\n\n')}\n\`\`\`\n`;
}

function table(operation: OperationResult): string {
  const { title, skipped, entries } = operation;
  if (skipped !== undefined) return `#### ${title}\n\nNot measured: ${skipped}.\n`;
  const limit = rate(operation, 'limit-b');
  const rows = entries.flatMap(({ contestant, figures }) => {
    if (figures === undefined) return [];
    const { perSecond, p50, p99, serverCpu, postgresCpu, bytes, memory, failed } = figures;
    const share = ratio(perSecond?.median, limit);
    return [
      [
        CONTESTANTS[contestant].title,
        spread(perSecond),
        share === undefined ? '–' : share.toFixed(2),
        spread(p50),
        spread(p99),
        middle(serverCpu),
        middle(postgresCpu),
        bytes === null ? '–' : count(Math.round(bytes.median)),
        memory === null ? '–' : megabytes(memory.most),
        failed === null ? '–' : String(failed.most),
      ],
    ];
  });
  const out = entries.flatMap((entry) => absence(entry));
  const head = ['', 'requests/s', 'of B', 'p50 ms', 'p99 ms', 'server CPU ms', 'PostgreSQL CPU ms', 'bytes', 'memory'];
  return `#### ${title}\n\n${grid([...head, 'failed'], rows)}\n${out.map((line) => `\n${line}\n`).join('')}`;
}

const absence = ({ contestant, absent }: Entry): string[] =>
  absent === undefined ? [] : [`Not measured: ${CONTESTANTS[contestant].title}; ${absent}.`];

function atRest({ atRest: memory, operations }: Results): string {
  const rows = CONTESTANT_NAMES.flatMap((name) => {
    const now = memory[name];
    if (now === undefined) return [];
    const peaks = operations.flatMap(({ entries }) =>
      entries.flatMap((entry) => (entry.contestant === name ? (entry.figures?.memory?.most ?? []) : [])),
    );
    const peak = peaks.length === 0 ? 0 : Math.max(...peaks);
    const goal = name === 'hub' ? GOALS : undefined;
    return [[CONTESTANTS[name].title, memoryCell(now, goal?.atRest), memoryCell(peak, goal?.underLoad)]];
  });
  return `#### Memory of the server process\n\n${grid(['', 'at rest', 'highest under load'], rows)}\n`;
}

/** Memory of the hub that is not to be exceeded, bytes; and how much longer a request may take in a larger hub. */
const GOALS = { atRest: 120 * 2 ** 20, underLoad: 250 * 2 ** 20, growth: 1.3 };

function memoryCell(bytes: number, most: number | undefined): string {
  if (bytes === 0) return '–';
  if (most === undefined) return megabytes(bytes);
  return `${megabytes(bytes)}${bytes < most ? ' ✓' : ` ✗ (goal ${megabytes(most)})`}`;
}

/** How much longer a request of the hub takes when there are more persons. */
function growth(runs: readonly Results[]): string {
  const [least, ...larger] = runs;
  if (least === undefined || larger.length === 0) return '';
  const rows = least.operations
    .filter(({ skipped }) => skipped === undefined)
    .map((operation) => [
      operation.title,
      ...larger.map((run) => {
        const other = run.operations.find(({ name }) => name === operation.name);
        const grown = other === undefined ? undefined : ratio(rate(operation, 'hub'), rate(other, 'hub'));
        if (grown === undefined) return '–';
        const goal = GROWING.includes(operation.name) ? GOALS.growth : Infinity;
        return `${grown.toFixed(2)}${goal === Infinity ? '' : grown < goal ? ' ✓' : ` ✗ (goal ${String(goal)})`}`;
      }),
    ]);
  const head = larger.map(({ persons, day }) => `${count(persons)} persons (${day})`);
  return `### Growth

How many times the time of a request with ${count(least.persons)} persons (${least.day}) the hub needs with more of them.

${grid(['operation', ...head], rows)}
`;
}

function rate({ entries }: OperationResult, name: ContestantName): number | undefined {
  return entries.find(({ contestant }) => contestant === name)?.figures?.perSecond?.median;
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || b === 0 ? undefined : a / b;
}

const grid = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const figure = (value: number): string =>
  value >= 100 ? count(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
const middle = (of: Figure | null): string => (of === null ? '–' : figure(of.median));
const spread = (of: Figure | null): string =>
  of === null ? '–' : `${figure(of.median)} (${figure(of.least)}–${figure(of.most)})`;
const count = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
