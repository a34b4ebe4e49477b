/** What is to be reached, with everything on, measured in the same run. */
import type { ContestantName } from '../contestants.ts';
import type { OperationName } from '../operations.ts';

/** What the hub is measured against, with the least share that it is to reach. */
export interface Share {
  readonly of: ContestantName;
  readonly against: ContestantName;
  readonly title: string;
  readonly least: (operation: OperationName) => number | undefined;
}

const PAGES: readonly OperationName[] = ['page-50', 'person', 'check-100', 'check-1000'];
/** Reads that PostGraphile and the hub answer alike. */
const RACED: readonly OperationName[] = [...PAGES, 'page-50-caseload', 'check-1', 'ids-1000'];

/** The shares, in the order of the table. */
export const SHARES: readonly Share[] = [
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

/** Least share of COPY that deliveries reach, and how much more memory ten times the rows may take. */
export const IMPORTS = { share: 0.3, memory: 1.25 };

/** Most memory of a hub's process, bytes; and how many times as long a request may take in the largest hub. */
export const MOST = { atRest: 120 * 2 ** 20, underLoad: 250 * 2 ** 20, growth: 1.3 };
