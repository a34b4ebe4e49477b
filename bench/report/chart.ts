/** Requests a second as bars: an SVG of plain shapes that reads on light and dark pages. */
import { CONTESTANT_NAMES } from '../contestants.ts';
import type { ContestantName } from '../contestants.ts';
import type { Entry, OperationResult, Results } from '../results.ts';
import { figure } from './format.ts';

const LABELS: Readonly<Record<ContestantName, string>> = {
  'limit-a': 'limit A',
  'limit-b': 'limit B',
  hub: 'hub',
  'hub-newer-node': 'hub, newer Node',
  postgraphile: 'PostGraphile',
  'postgraphile-rls': 'PostGraphile, RLS',
  usual: 'usual stack',
};

const COLUMNS = 2;
const COLUMN = 470;
const GAP = 24;
const LABEL = 118; // px left of the bars
const VALUE = 66; // px right of the longest one
const BAR = 13;
const PITCH = 18;
const TITLE = 26;

const STYLE = `
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.title{font-weight:600}.note{fill:#59636e}
.limit{fill:#afb8c1}.hub{fill:#0969da}.peer{fill:#d4a72c}
.whisker{stroke:#1f2328;stroke-width:1}
@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.note{fill:#9198a1}.limit{fill:#656c76}.hub{fill:#4493f8}
.peer{fill:#bb8009}.whisker{stroke:#f0f6fc}}`;

/** The chart: a block for each operation, a bar for each contestant, as long as its share of the fastest. */
export function chart({ operations, nodes }: Results): string {
  const names = CONTESTANT_NAMES.filter((name) => nodes[name] !== undefined);
  const height = TITLE + names.length * PITCH + GAP;
  const blocks = operations.map((operation, index) => {
    const x = (index % COLUMNS) * (COLUMN + GAP);
    const y = Math.floor(index / COLUMNS) * height;
    return `<g transform="translate(${String(x)} ${String(y)})">${block(operation, names)}</g>`;
  });
  const width = COLUMNS * COLUMN + GAP;
  const total = Math.ceil(operations.length / COLUMNS) * height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(total)}" role="img">`,
    '<title>Requests a second, by operation and contestant</title>',
    `<style>${STYLE}</style>`,
    ...blocks,
    '</svg>\n',
  ].join('\n');
}

function block({ title, entries }: OperationResult, names: readonly ContestantName[]): string {
  const found = names.map((name) => entries.find(({ contestant }) => contestant === name));
  const most = Math.max(1e-9, ...found.map((entry) => entry?.figures?.perSecond?.most ?? 0));
  const heading = `<text class="title" y="14">${escaped(shortened(title))}</text>`;
  return [heading, ...found.flatMap((entry, row) => (entry === undefined ? [] : [bar(entry, row, most)]))].join('');
}

function bar({ contestant, figures }: Entry, row: number, most: number): string {
  const y = TITLE + row * PITCH;
  const middle = y + BAR / 2;
  const label = `<text x="${String(LABEL - 8)}" y="${String(y + 11)}" text-anchor="end">${LABELS[contestant]}</text>`;
  const rate = figures?.perSecond;
  if (rate === undefined || rate === null) {
    return `${label}<text class="note" x="${String(LABEL)}" y="${String(y + 11)}">–</text>`;
  }
  const at = (value: number): number => Math.round(LABEL + (value / most) * (COLUMN - LABEL - VALUE));
  const kind = contestant.startsWith('limit') ? 'limit' : contestant.startsWith('hub') ? 'hub' : 'peer';
  const end = Math.max(at(rate.most), LABEL + 2);
  return [
    label,
    `<rect class="${kind}" x="${String(LABEL)}" y="${String(y)}" width="${String(Math.max(2, at(rate.median) - LABEL))}" height="${String(BAR)}"/>`,
    `<path class="whisker" d="M${String(at(rate.least))} ${String(middle)}H${String(at(rate.most))}"/>`,
    `<text class="note" x="${String(end + 6)}" y="${String(y + 11)}">${figure(rate.median)}</text>`,
  ].join('');
}

const MOST_LETTERS = 66;
const shortened = (title: string): string =>
  title.length <= MOST_LETTERS ? title : `${title.slice(0, title.lastIndexOf(' ', MOST_LETTERS))} …`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
