/** `hub feeds`: how fresh and how accurate each source is, over the hub's own interface. Public, so no purpose and no case. */
import type { Command } from 'commander';
import { z } from 'zod';
import { NoTokenError } from '../server/demo-token/index.ts';
import { expecting } from './feeds/expect.ts';
import { inChina, toAsking } from './governing.ts';
import { RefusedError, UnreachableError, ask } from './query/ask.ts';

const EXIT_STOPPED = 1;
const EXIT_REFUSED = 2;

const HELP = `
Environment:
  HUB_URL    address of the hub (default http://127.0.0.1:4000)
  HUB_TOKEN  token of the caller

Exit codes: 0 done, 1 stopped, 2 the hub refused

Examples:
  hub feeds --client civil-affairs.demo
  hub feeds --stale --department MEDICAL_SECURITY --client civil-affairs.demo
  hub feeds expect --help`;

const feed = z.object({
  department: z.string(),
  sourceSystem: z.string(),
  record: z.string(),
  regionCode: z.string().nullable(),
  asOf: z.string().nullable(),
  rhythmHours: z.number(),
  stale: z.boolean(),
  hoursLate: z.number().nullable(),
  rhythmsLate: z.string().nullable(),
  lastRows: z.number().nullable(),
  lastRejected: z.number().nullable(),
  errorRate: z.string().nullable(),
  openCorrections: z.number(),
  overdueCorrections: z.number(),
});
type Feed = z.infer<typeof feed>;

const FEEDS = `query Feeds($department: Department, $record: String, $staleOnly: Boolean) {
  feedStatus(department: $department, record: $record, staleOnly: $staleOnly) { ${Object.keys(feed.shape).join(' ')} } }`;

interface Options {
  readonly url: string;
  readonly token?: string;
  readonly client?: string;
  readonly department?: string;
  readonly record?: string;
  readonly stale?: true;
  readonly json?: true;
}

/** Adds the subcommand. */
export function addFeeds(program: Command): void {
  // What stands after "expect" is its own: both commands have --department and --record.
  program
    .enablePositionalOptions()
    .command('feeds')
    .summary('数据时效 · how fresh and how accurate each source is')
    .description('各来源数据时效 · Each source by kind of record and region: as of, lateness, errors, disputed values.')
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the caller; better in HUB_TOKEN, where no process list shows it')
    .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR')
    .option('--department <code>', 'only feeds of this department, e.g. HOUSING')
    .option('--record <name>', 'only this kind of record, e.g. ENROLMENT')
    .option('--stale', 'only those that are overdue')
    .option('--json', 'print JSON')
    .enablePositionalOptions()
    .addHelpText('after', HELP)
    .action(run)
    .addCommand(expecting());
}

async function run(options: Options): Promise<void> {
  try {
    const asking = await toAsking({ ...options, purpose: 'DATA_QUALITY' });
    const { department, record, stale } = options;
    const { data } = await ask(
      { query: FEEDS, variables: { department, record, staleOnly: stale } },
      { ...asking, purpose: undefined, caseNo: undefined },
    );
    const feeds = z.array(feed).parse(data['feedStatus']);
    process.stdout.write(options.json ? feeds.map((one) => `${JSON.stringify(one)}\n`).join('') : table(feeds));
  } catch (error) {
    const refused = error instanceof RefusedError || error instanceof NoTokenError;
    if (!refused && !(error instanceof UnreachableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = refused ? EXIT_REFUSED : EXIT_STOPPED;
  }
}

const COLUMNS: readonly (readonly [title: string, of: (feed: Feed) => string])[] = [
  ['RECORD', ({ record }) => record],
  ['DEPARTMENT', ({ department }) => department],
  ['SOURCE', ({ sourceSystem }) => sourceSystem],
  ['REGION', ({ regionCode }) => regionCode ?? '*'],
  ['AS OF', ({ asOf }) => (asOf === null ? '从未报送 never' : inChina(asOf))],
  ['RHYTHM', ({ rhythmHours }) => `${String(rhythmHours)} h`],
  ['LATE', late],
  [
    'LAST',
    ({ lastRows, lastRejected }) => (lastRows === null ? '-' : `${String(lastRows)} (-${String(lastRejected)})`),
  ],
  ['ERRORS 30 D', ({ errorRate }) => (errorRate === null ? '-' : `${(Number(errorRate) * 100).toFixed(2)} %`)],
  [
    'DISPUTED',
    ({ openCorrections: open, overdueCorrections: overdue }) =>
      open === 0 ? '-' : `${String(open)}${overdue === 0 ? '' : ` (${String(overdue)} 逾期 overdue)`}`,
  ],
];

function late({ stale, hoursLate, rhythmsLate }: Feed): string {
  if (!stale) return '-';
  return hoursLate === null ? '逾期 overdue' : `${String(hoursLate)} h = ${rhythmsLate ?? ''} x`;
}

/** Lines with aligned columns; a Chinese character is as wide as two letters. */
function table(feeds: readonly Feed[]): string {
  if (feeds.length === 0) return '没有 · No such feed.\n';
  const cells = [COLUMNS.map(([title]) => title), ...feeds.map((one) => COLUMNS.map(([, of]) => of(one)))];
  const widths = COLUMNS.map((_, i) => Math.max(...cells.map((row) => widthOf(row[i] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 2 : 1), 0);
