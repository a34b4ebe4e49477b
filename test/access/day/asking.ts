/** What the callers of a day ask, faults among it: fixed documents, drawn variables. */
import type { Random } from '../../../seeds/synthetic/random.ts';
import type { Caller, Purpose } from '../../../src/access/index.ts';
import type { People, Somebody } from './people.ts';

/** One request. */
export interface Ask {
  readonly kind: string;
  readonly caller: Pick<Caller, 'department' | 'role'>;
  readonly purpose?: Purpose;
  readonly caseNo?: string;
  readonly onDenied?: 'null';
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The token of nobody that the hub knows. */
  readonly stranger?: true;
  /** The body as it goes out, where it is no request. */
  readonly body?: string;
}

const CHECK = `query Check($checks: [StatusCheckInput!]!) {
  checkStatus(checks: $checks) { result nameAgrees caseNo programmes { programme validFrom validTo } freshness { stale } } }`;
const PERSON = `query Person($id: ID!) { person(id: $id) {
  id name birthDate phone disabilityGrade
  recipientOf { id programme validFrom person { id } }
  aidGrants(first: 5) { nodes { department programme amount state } }
  housingRecords { tenure address } medicalSettlements { total self } } }`;
const HOUSEHOLD = `query Household($id: ID!) { household(id: $id) {
  id memberCount members { relation role person { id name sex idNumber } } head { id name } } }`;
const NODE = `query Node($id: ID!) { node(id: $id) { __typename id ... on Person { townshipCode named: name } } }`;
const LIST = `query List($programme: Programme!, $first: Int!) {
  recipients(first: $first, filter: { programme: $programme }) { nodes {
    id programme validFrom person { id name birthDate } household { id members { id person { id sex } } } } } }`;
const HOUSING_LIST = `query Caseload($first: Int!) { recipients(first: $first) { nodes {
  id programme person { id name birthDate address housingRecords { areaM2 dangerGrade } } } } }`;
const REPORT = `mutation Report($input: ReportAidInput!) { reportAid(input: $input) { results { outcome code } } }`;
const DENIED = `query Denied($id: ID!) { person(id: $id) { id name medicalSettlements { diagnosis } } }`;
const STATISTICS = `query Statistics { recipientStatistics(region: "620000000000", groupBy: [PROGRAMME]) { programme persons } }`;

const CIVIL = { department: 'CIVIL_AFFAIRS', role: 'SYSTEM' } as const;
const EDUCATION = { department: 'EDUCATION', role: 'SYSTEM' } as const;
const HOUSING = { department: 'HOUSING', role: 'SYSTEM' } as const;
const ANALYST = { department: 'CIVIL_AFFAIRS', role: 'ANALYST' } as const;

/** How often each is asked, in shares of the whole. */
const SHARES: readonly (readonly [share: number, make: (random: Random, people: People, n: number) => Ask])[] = [
  [
    44,
    (random, people, n) => ({
      ...{ kind: 'check', caller: EDUCATION, purpose: 'AID_ELIGIBILITY', caseNo: `ED-${String(n)}`, query: CHECK },
      variables: { checks: Array.from({ length: random.whole(1, 12) }, () => question(random, people)) },
    }),
  ],
  [
    14,
    (random, people, n) => ({
      ...{ kind: 'person', caller: CIVIL, purpose: 'CASE_HANDLING', caseNo: `CA-${String(n)}`, query: PERSON },
      variables: { id: anyone(random, people).id },
    }),
  ],
  [
    8,
    (random, people, n) => ({
      ...{ kind: 'household', caller: CIVIL, purpose: 'CASE_HANDLING', caseNo: `CA-${String(n)}`, query: HOUSEHOLD },
      variables: { id: anyone(random, people).householdId },
    }),
  ],
  [
    6,
    (random, people, n) => ({
      ...{ kind: 'node', caller: CIVIL, purpose: 'CASE_HANDLING', caseNo: `CA-${String(n)}`, query: NODE },
      variables: { id: random.chance(0.9) ? anyone(random, people).id : anyone(random, people).householdId },
    }),
  ],
  [
    6,
    (random, _people, n) => ({
      ...{ kind: 'list', caller: CIVIL, purpose: 'DYNAMIC_MONITORING', caseNo: `CA-${String(n)}`, query: LIST },
      variables: { programme: random.chance(0.7) ? 'DIBAO' : 'TEKUN', first: random.whole(1, 25) },
    }),
  ],
  [
    4,
    (random, people) => ({
      ...{ kind: 'caseload', caller: HOUSING, purpose: 'AID_ELIGIBILITY', query: HOUSING_LIST },
      caseNo: people.housingCases[random.whole(0, people.housingCases.length - 1)] ?? '',
      variables: { first: random.whole(1, 15) },
    }),
  ],
  [
    6,
    (random, people, n) => ({
      ...{ kind: 'report', caller: EDUCATION, purpose: 'AID_REPORTING', caseNo: `ED-${String(n)}`, query: REPORT },
      variables: { input: { items: Array.from({ length: random.whole(1, 8) }, () => grant(random, people)) } },
    }),
  ],
  [
    3,
    (random, people, n) => ({
      ...{ kind: 'nulled', caller: HOUSING, purpose: 'AID_ELIGIBILITY', query: DENIED, onDenied: 'null' },
      caseNo: people.housingCases[n % people.housingCases.length] ?? '',
      variables: { id: anyone(random, people).id },
    }),
  ],
  [
    3,
    (random, people, n) => ({
      ...{ kind: 'denied', caller: EDUCATION, purpose: 'AID_ELIGIBILITY', caseNo: `ED-${String(n)}`, query: DENIED },
      variables: { id: anyone(random, people).id },
    }),
  ],
  [
    2,
    (random, people) => ({
      ...{ kind: 'no purpose', caller: CIVIL, query: PERSON },
      variables: { id: anyone(random, people).id },
    }),
  ],
  [
    1,
    (random, people) => ({
      ...{ kind: 'stranger', caller: CIVIL, purpose: 'CASE_HANDLING', caseNo: 'CA-1', query: PERSON, stranger: true },
      variables: { id: anyone(random, people).id },
    }),
  ],
  [1, () => ({ kind: 'malformed', caller: CIVIL, query: '', variables: {}, body: '{"query": "{ person(id: 1) {' })],
  [
    1,
    (_random, _people, n) => ({
      ...{ kind: 'nobody', caller: CIVIL, purpose: 'CASE_HANDLING', caseNo: `CA-${String(n)}`, query: PERSON },
      variables: { id: `019ad000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` },
    }),
  ],
  [
    1,
    (_random, _people, n) => ({
      ...{ kind: 'statistics', caller: ANALYST, purpose: 'STATISTICS', caseNo: `ST-${String(n)}`, query: STATISTICS },
      variables: {},
    }),
  ],
];

/** All kinds of requests. */
export const KINDS: readonly string[] = [
  'check',
  'person',
  'household',
  'node',
  'list',
  'caseload',
  'report',
  'nulled',
  'denied',
  'no purpose',
  'stranger',
  'malformed',
  'nobody',
  'statistics',
];

const TOTAL = SHARES.reduce((sum, [share]) => sum + share, 0);

/** The n-th request of a day. */
export function draw(random: Random, people: People, n: number): Ask {
  let at = random.whole(0, TOTAL - 1);
  for (const [share, make] of SHARES) {
    if (at < share) return make(random, people, n);
    at -= share;
  }
  throw new RangeError('Shares do not add up');
}

function anyone(random: Random, { all }: People): Somebody {
  const found = all[random.whole(0, all.length - 1)];
  if (found === undefined) throw new Error('There is nobody to ask about');
  return found;
}

/** Somebody's number with a right, wrong or no name; in one of twenty a digit is mistyped. */
function question(random: Random, people: People): Readonly<Record<string, unknown>> {
  const { number, name } = anyone(random, people);
  const typed = random.chance(0.05)
    ? `${number.slice(0, 16)}${(Number(number[16]) + 1) % 10}${number.slice(17)}`
    : number;
  return { idNumber: typed, ...(random.chance(0.7) ? { name: random.chance(0.9) ? name : `${name}某` } : {}) };
}

function grant(random: Random, people: People): Readonly<Record<string, unknown>> {
  const { number, name } = anyone(random, people);
  return {
    sourceKey: `day-${random.whole(1, 20_000)}`,
    version: 1,
    idNumber: number,
    name: random.chance(0.9) ? name : `${name}某`,
    programme: 'EDUCATION_AID',
    mode: 'CASH',
    amountYuan: '500.00',
    decidedOn: '2026-09-01',
  };
}
