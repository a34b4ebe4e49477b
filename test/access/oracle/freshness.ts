/** How fresh things are, counted on the fingers: feeds, what may be said of aid that is not there, and what is disputed. */
import type { Random } from '../../../seeds/synthetic/random.ts';
import type { Args, Link, Noun, Row, World } from './nouns.ts';

const HOUR = 3_600_000;
const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];
/** Departments that grant aid. */
export const GRANTING = ['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'HOUSING', 'LABOUR', 'MEDICAL_SECURITY'];

const as = (column: string) => (row: Row) => row[column] ?? null;
const asOf = (row: Row): string | null => (row['as_of'] as Date | null)?.toISOString() ?? null;

/** Whole hours beyond the rhythm; null where nothing was ever delivered. */
function late(row: Row, { now }: World): number | null {
  const delivered = row['as_of'] as Date | null;
  if (delivered === null) return null;
  return Math.max(0, Math.floor((now.getTime() - delivered.getTime()) / HOUR) - Number(row['rhythm_hours']));
}

const isStale = (row: Row, { now }: World): boolean => {
  const delivered = row['as_of'] as Date | null;
  return delivered === null || delivered.getTime() + Number(row['rhythm_hours']) * HOUR < now.getTime();
};

/** Feeds as everybody may read them. */
export const FEED_STATUS: Noun = {
  table: 'feed',
  open: true,
  values: {
    sourceSystem: as('source_system'),
    department: as('department'),
    record: as('record'),
    regionCode: as('region_code'),
    asOf,
    rhythmHours: as('rhythm_hours'),
    stale: isStale,
    hoursLate: late,
    rhythmsLate: (row, at) => {
      const hours = late(row, at);
      return hours === null ? null : (Math.round((hours / Number(row['rhythm_hours'])) * 10) / 10).toFixed(1);
    },
    // Nothing is disputed and nothing delivered in this world.
    openCorrections: () => 0,
    overdueCorrections: () => 0,
    lastRows: () => null,
    lastRecorded: () => null,
    lastRejected: () => null,
    errorRate: () => null,
  },
  links: {},
};

/** One row for each department that grants aid. */
export const DEPARTMENT_AID: Noun = {
  table: '',
  person: 'person_id',
  place: true,
  department: 'department',
  values: {
    department: as('department'),
    answer: as('answer'),
    asOf,
    stale: as('stale'),
    feedRegion: as('feed_region'),
  },
  links: {},
};

/** The rows of `DEPARTMENT_AID` for a person. */
export function aidByDepartment(person: Row, since: unknown, at: World): readonly Row[] {
  return GRANTING.map((department) => {
    const holds = (at.tables['aid_grant'] ?? []).some(
      (grant) =>
        grant['person_id'] === person['id'] &&
        grant['department'] === department &&
        grant['state'] === 'CURRENT' &&
        (typeof since !== 'string' || String(grant['decided_on']) >= since),
    );
    const covering = (at.tables['feed'] ?? []).filter(
      (feed) =>
        feed['department'] === department &&
        feed['record'] === 'AID_GRANT' &&
        (feed['region_code'] === null || PLACE.some((column) => person[column] === feed['region_code'])),
    );
    const finest = new Map<unknown, Row>();
    for (const feed of [...covering].sort((a, b) => rank(person, a) - rank(person, b)))
      if (!finest.has(feed['source_system'])) finest.set(feed['source_system'], feed);
    const [worst] = [...finest.values()].sort(
      (a, b) => Number(isStale(b, at)) - Number(isStale(a, at)) || millis(a) - millis(b) || compare(a['id'], b['id']),
    );
    const stale = worst === undefined || isStale(worst, at);
    return {
      ...Object.fromEntries(PLACE.map((column) => [column, person[column]])),
      person_id: person['id'],
      department,
      answer: holds ? 'HAS_AID' : stale ? 'UNKNOWN' : 'NO_AID',
      as_of: worst?.['as_of'] ?? null,
      stale,
      feed_region: worst?.['region_code'] ?? null,
    };
  });
}

const rank = (person: Row, feed: Row): number => {
  const at = PLACE.findIndex((column) => person[column] === feed['region_code']);
  return feed['region_code'] === null || at < 0 ? PLACE.length : at;
};
const millis = (feed: Row): number => (feed['as_of'] as Date | null)?.getTime() ?? -Infinity;
const compare = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

/** The rows of `feedStatus`: by record, source and region, everywhere last. */
export const feedStatus = ({ department, record, staleOnly }: Args, at: World): readonly Row[] =>
  (at.tables['feed'] ?? [])
    .filter(
      (feed) =>
        ((department ?? null) === null || feed['department'] === department) &&
        ((record ?? null) === null || feed['record'] === record) &&
        (staleOnly !== true || isStale(feed, at)),
    )
    .sort(
      (a, b) =>
        compare(a['record'], b['record']) * Number(a['record'] !== b['record']) ||
        compare(a['source_system'], b['source_system']) * Number(a['source_system'] !== b['source_system']) ||
        compare(a['region_code'] ?? '~', b['region_code'] ?? '~'),
    );

type Values = Record<string, unknown>;

/** Feeds of aid, everywhere and of single divisions, in time, late, on the border and never delivered. */
export function drawFeeds(random: Random, place: () => Values, add: (table: string, values: Values) => unknown): void {
  const known = new Set<string>();
  for (let i = 0; i < 60; i += 1) {
    const column = random.pick([...PLACE, 'nowhere']);
    const feed = {
      source_system: random.pick(['one', 'other']),
      department: random.pick(GRANTING),
      record: random.pick(['AID_GRANT', 'AID_GRANT', 'AID_GRANT', 'STUDENT']),
      region_code: place()[column] ?? null,
    };
    const key = `${feed.source_system} ${feed.record} ${String(feed.region_code)}`;
    if (known.has(key)) continue;
    known.add(key);
    add('feed', {
      ...feed,
      as_of: random.pick([
        '2026-11-22T01:59:59.999Z',
        '2026-11-21T02:00:00Z',
        '2026-11-21T01:59:59Z',
        '2026-11-18T02:00:00Z',
        null,
      ]),
      rhythm_hours: random.pick([24, 24, 744]),
    });
  }
}

const DISPUTE = {
  table: 'correction',
  values: {
    coordinate: as('coordinate'),
    openedAt: (row: Row) => (row['opened_at'] as Date).toISOString(),
    state: as('state'),
  },
  links: {},
};

/** That a value of somebody is disputed, or of a household. */
export const DISPUTES = {
  OpenCorrection: { ...DISPUTE, person: 'person_id', via: ['Person', 'person_id'] },
  OpenHouseholdCorrection: { ...DISPUTE, household: 'household_id', via: ['Household', 'household_id'] },
} satisfies Readonly<Record<string, Noun>>;

/** The open disputes of a person or household about what the caller sees anyhow, the oldest first. */
export const disputesOf = (to: keyof typeof DISPUTES, column: 'person_id' | 'household_id'): Link => ({
  to,
  many: 'list',
  uses: ['state', 'openedAt'],
  rows: (subject, _args, { tables }, sees) =>
    (tables['correction'] ?? [])
      .filter((row) => row[column] === subject['id'] && row['state'] === 'OPEN' && sees(String(row['coordinate'])))
      .sort(
        (a, b) => (a['opened_at'] as Date).getTime() - (b['opened_at'] as Date).getTime() || compare(a['id'], b['id']),
      ),
});

/** Fields that are shared with some: without a mask, with one, and hardly ever. */
const DISPUTED: readonly Values[] = [
  { coordinate: 'Person.name', field_group: 'name' },
  { coordinate: 'Person.address', field_group: 'address' },
  { coordinate: 'Person.labourAbility', field_group: 'labour-ability' },
  { coordinate: 'Person.id', field_group: 'person-id' },
];

/** The same of a household. */
const DISPUTED_OF_HOUSEHOLD: readonly Values[] = [
  { coordinate: 'Household.memberCount', field_group: 'household-count' },
  { coordinate: 'Household.address', field_group: 'address' },
  { coordinate: 'Household.monthlyIncome', field_group: 'means' },
];

/** Disputes about some of the persons and households, open and closed. */
export function drawCorrections(
  random: Random,
  { persons, households }: { readonly persons: readonly Values[]; readonly households: readonly Values[] },
  add: (table: string, values: Values) => unknown,
): void {
  const subjects = [
    ...persons.map(({ id }) => ({ of: { person_id: id }, disputed: DISPUTED })),
    ...households.map(({ id }) => ({ of: { household_id: id }, disputed: DISPUTED_OF_HOUSEHOLD })),
  ];
  for (const [i, { of, disputed }] of subjects.entries()) {
    for (let j = random.whole(0, 2); j > 0; j -= 1) {
      const open = random.chance(0.7);
      const openedAt = random.pick(['2026-11-02T01:00:00Z', '2026-11-02T01:00:00Z', '2026-11-20T01:00:00Z']);
      add('correction', {
        number: `JH-2026-${String(i)}-${String(j)}`,
        department: 'EDUCATION',
        owner: 'CIVIL_AFFAIRS',
        parties: ['EDUCATION', 'CIVIL_AFFAIRS'],
        client_key: `${String(i)}-${String(j)}`,
        digest: `\\x${'00'.repeat(32)}`,
        ...of,
        ...random.pick(disputed),
        record_id: random.uuid(1_790_000_000_000),
        claimed: '某值',
        evidence: '某据',
        case_no: 'CASE-1',
        opened_by: 'test',
        opened_at: openedAt,
        opened_on: openedAt.slice(0, 10),
        term_days: 10,
        state: open ? 'OPEN' : 'WITHDRAWN',
        closed_by: open ? null : 'test',
        closed_at: open ? null : openedAt,
      });
    }
  }
}
