/** What is asked: documents of the repository, variables that differ from request to request, and who asks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Purpose } from '../src/access/index.ts';
import { PROVINCE } from './callers.ts';
import type { CallerName } from './callers.ts';
import { cursor } from './cursor.ts';
import { BENCH_KEYS } from './data-set.ts';
import { ROOT } from './places.ts';
import { SYNC_PAGE } from './samples.ts';
import type { Samples } from './samples.ts';

/** The operations, in the order of the report; the one that writes comes last. */
export const OPERATION_NAMES = [
  'check-1',
  'check-100',
  'check-1000',
  'page-50',
  'page-50-caseload',
  'person',
  'aggregate',
  'ids-1000',
  'report-aid-1000',
] as const;
/** One of them. */
export type OperationName = (typeof OPERATION_NAMES)[number];

/** Those that must not become slower in a larger hub: a check, a page or a person is as large there as in a small one. */
export const GROWING: readonly OperationName[] = [
  'check-1',
  'check-100',
  'check-1000',
  'page-50',
  'page-50-caseload',
  'person',
];

/** How many times as long as the others an operation is measured: a call of many items takes its time. */
export const stretchOf = (name: OperationName): number => (name === 'report-aid-1000' ? 2 : 1);

/** Variables of a request. */
export type Variables = Readonly<Record<string, unknown>>;

/** One thing that is measured. */
export interface Operation {
  readonly name: OperationName;
  readonly title: string;
  readonly caller: CallerName;
  readonly purpose: Purpose;
  /** File in schema/operations, without its ending. */
  readonly document: string;
  readonly operationName: string;
  /** Whether it changes the database. */
  readonly writes: boolean;
  /** The requests, each different; the load goes round and round through them. */
  readonly requests: readonly Variables[];
}

/** What a key of a reported grant holds in place of the number of its request, which the load fills in. */
export const REQUEST_NUMBER = '@@@@@@@@';

/** The text of a document. */
export const documentOf = ({ document }: Operation): string =>
  readFileSync(join(ROOT, 'schema/operations', `${document}.graphql`), 'utf8');

/** The operation with its requests. */
export function makeOperation(name: OperationName, samples: Samples, today: string): Operation {
  switch (name) {
    case 'check-1':
      return checks(name, 'status check of one number', samples, { size: 1, requests: 20_000 });
    case 'check-100':
      return checks(name, 'status check of 100 numbers', samples, { size: 100, requests: 640 });
    case 'check-1000':
      return checks(name, 'status check of 1,000 numbers', samples, { size: 1_000, requests: 64 });
    case 'page-50':
      return {
        ...recipients,
        name,
        title: 'page of 50 recipients, three levels deep, scope of a province',
        requests: samples.prefecturePages.map(({ region, after }) => ({
          filter: { programme: 'DIBAO', region },
          first: 50,
          after: cursor(after),
        })),
      };
    case 'page-50-caseload':
      return {
        ...recipients,
        name,
        title: 'the same page for housing: scope of its caseload, birth dates masked',
        caller: 'housing',
        purpose: 'AID_ELIGIBILITY',
        requests: samples.caseloadPages.map(({ after }) => ({
          filter: { programme: 'DIBAO' },
          first: 50,
          after: cursor(after),
        })),
      };
    case 'person':
      return {
        ...recipients,
        name,
        title: 'one person with everything',
        document: 'person',
        operationName: 'Person',
        requests: samples.persons.map((id) => ({ id })),
      };
    case 'aggregate':
      return {
        ...recipients,
        name,
        title: 'an analyst’s aggregate over a province: persons and households by county and programme',
        caller: 'analyst',
        purpose: 'STATISTICS',
        document: 'recipient-statistics',
        operationName: 'RecipientStatistics',
        requests: daysBefore(today, DAYS).map((onDate) => ({ region: PROVINCE, onDate })),
      };
    case 'ids-1000':
      return {
        ...recipients,
        name,
        title: 'page of 1,000 recipients, identifiers and status only, one page after the other',
        document: 'recipient-ids',
        operationName: 'RecipientIds',
        requests: samples.syncPages.map(({ region, after }) => ({
          filter: { region },
          first: SYNC_PAGE,
          after: cursor(after),
        })),
      };
    case 'report-aid-1000':
      return {
        name,
        title: 'reportAid of 1,000 grants a call',
        caller: 'education',
        purpose: 'AID_REPORTING',
        document: 'report-aid',
        operationName: 'ReportAid',
        writes: true,
        requests: Array.from({ length: 16 }, (_, n) => ({ input: { items: grants(samples, n, today) } })),
      };
  }
}

/** Different days that statistics are asked for. */
const DAYS = 300;

const daysBefore = (today: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(today) - n * 86_400_000).toISOString().slice(0, 10));

const recipients = {
  caller: 'civil',
  purpose: 'DYNAMIC_MONITORING',
  document: 'recipients',
  operationName: 'Recipients',
  writes: false,
} as const;

function checks(
  name: OperationName,
  title: string,
  { known, unknown }: Samples,
  { size, requests }: { readonly size: number; readonly requests: number },
): Operation {
  return {
    name,
    title,
    caller: 'education',
    purpose: 'AID_ELIGIBILITY',
    document: 'check-status',
    operationName: 'CheckStatus',
    writes: false,
    // The numbers of one request lie side by side in the drawn order, so no two requests ask the same question. One in
    // ten is nobody's, and goes on record as a hash.
    requests: Array.from({ length: requests }, (_, request) => ({
      checks: Array.from({ length: size }, (_, n) => request * size + n)
        .map((n) => (n % 10 === 9 ? asked(unknown, (n - 9) / 10) : asked(known, n)))
        .map(({ number: idNumber, name }) => ({ idNumber, name })),
    })),
  };
}

function grants({ known }: Samples, request: number, today: string): readonly Variables[] {
  return Array.from({ length: 1_000 }, (_, n) => {
    const { number, name } = asked(known, request * 1_000 + n);
    return {
      sourceKey: `${BENCH_KEYS}${REQUEST_NUMBER}-${String(n)}`,
      version: '1',
      idNumber: number,
      name,
      programme: 'EDUCATION_AID',
      mode: 'CASH',
      amountYuan: `${String(800 + (n % 40) * 50)}.00`,
      periodFrom: today.slice(0, 7),
      periodTo: today.slice(0, 7),
      decidedOn: today,
      fundSource: '中央财政补助',
    };
  });
}

function asked<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('The data set has nobody to ask about: load more persons.');
  return found;
}
