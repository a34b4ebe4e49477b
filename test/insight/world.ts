/** Small counties whose cells lie about the smallest count, drawn at random. */
import type { Pool } from 'pg';
import { Random } from '../../seeds/synthetic/random.ts';

type Values = Readonly<Record<string, unknown>>;

/** Sizes of cells: under ten, about ten, and where rounding turns. */
const SIZES = [0, 1, 5, 8, 9, 10, 11, 12, 14, 15, 24, 25];
const PROGRAMMES = ['DIBAO', 'TEKUN', 'TEMPORARY_AID'] as const;
/** Two counties of a prefecture, one of another, and one of another province. */
const COUNTIES = [
  ['620102000000', '620100000000', '620000000000'],
  ['620103000000', '620100000000', '620000000000'],
  ['620302000000', '620300000000', '620000000000'],
  ['360102000000', '360100000000', '360000000000'],
] as const;

/** Divisions that somebody lives in, of every level. */
export const REGIONS = [
  ...new Set(COUNTIES.flatMap(([county, prefecture, province]) => [county, prefecture, province])),
];
/** Townships of the first county. */
export const TOWNSHIPS = ['620102001000', '620102002000'];
/** Days between which somebody comes or goes. */
export const DAYS = ['2026-01-01', '2026-06-30', '2026-07-01', '2026-11-22'];
/** Months in which something was granted. */
export const MONTHS = ['2026-05', '2026-06', '2026-08'];

/** Draws the rows with the seed and writes them as the owner of the tables. */
export async function writeWorld(pool: Pool, seed: number): Promise<void> {
  const random = new Random(seed, 'insight');
  const tables = new Map<string, Values[]>();
  let number = 0;
  const add = (table: string, values: Values): string => {
    number += 1;
    const id = `019a0000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
    const rows = tables.get(table) ?? [];
    tables.set(table, rows);
    rows.push({ id, ...values });
    return id;
  };
  const source = (): Values => ({
    source_system: 'test',
    source_key: String(number),
    as_of: '2026-11-01T00:00:00Z',
    recorded_at: '2026-11-01T00:00:00Z',
  });
  const inHousehold = (place: Values, urbanRural: string): { head: string; household: string } => {
    const head = add('person', { name: '张三', name_key: '张三', sex: '1', ...place, ...source() });
    const household = add('household', {
      head_person_id: head,
      urban_rural: urbanRural,
      member_count: 1,
      ...place,
      ...source(),
    });
    return { head, household };
  };

  for (const [county, prefecture, province] of COUNTIES) {
    const place = (): Values => ({
      region_code: county,
      township_code: county === COUNTIES[0][0] ? random.pick([...TOWNSHIPS, null]) : null,
      county_code: county,
      prefecture_code: prefecture,
      province_code: province,
    });
    for (const programme of PROGRAMMES)
      for (const urban_rural of ['URBAN', 'RURAL'])
        for (const category of ['A', 'B', null]) {
          let members: { head: string; household: string; enrolment: string; at: Values } | undefined;
          for (let left = random.pick(SIZES); left > 0; left--) {
            if (members === undefined || random.chance(0.6)) {
              const at = place();
              const { head, household } = inHousehold(at, urban_rural);
              const enrolment = add('enrolment', {
                household_id: household,
                applicant_id: head,
                programme,
                urban_rural,
                category,
                amount_fen: random.whole(1, 90_000),
                top_up_fen: 0,
                causes: [],
                status: random.pick(['ACTIVE', 'ACTIVE', 'SUSPENDED']),
                valid_from: '2026-01-01',
                ...at,
                ...source(),
              });
              members = { head, household, enrolment, at };
            }
            const { head, household, enrolment, at } = members;
            const isFirst = random.chance(0.5) && !tables.get('recipient')?.some((row) => row['person_id'] === head);
            const person = isFirst
              ? head
              : add('person', { name: '李四', name_key: '李四', sex: '2', ...at, ...source() });
            const life = random.pick(['whole', 'whole', 'ended', 'began'] as const);
            const benefit = {
              household_id: household,
              enrolment_id: enrolment,
              person_id: person,
              urban_rural,
              valid_from: life === 'began' ? '2026-07-01' : '2026-01-01',
              valid_to: life === 'ended' ? '2026-06-30' : null,
              ...at,
            };
            add('recipient', { ...benefit, programme, category, ...source() });
            // Somebody of two programmes at once: one person, one household, two cells.
            if (programme === 'DIBAO' && random.chance(0.2))
              add('recipient', { ...benefit, programme: 'TEMPORARY_AID', category: null, ...source() });
          }
        }
    for (const month of MONTHS)
      for (const [department, programme] of [
        ['EDUCATION', 'EDUCATION_AID'],
        ['HOUSING', 'RENT_SUBSIDY'],
      ]) {
        for (let left = random.pick(SIZES); left > 0; left--) {
          const at = place();
          const { head, household } = inHousehold(at, 'RURAL');
          for (let grants = random.whole(1, 2); grants > 0; grants--)
            add('aid_grant', {
              department,
              version: 1,
              digest: `\\x${'00'.repeat(32)}`,
              programme,
              mode: 'CASH',
              person_id: head,
              household_id: household,
              amount_fen: random.chance(0.9) ? random.whole(1, 300_000) : null,
              decided_on: `${month}-${random.pick(['01', '15', '30'])}`,
              state: random.pick(['CURRENT', 'CURRENT', 'CURRENT', 'REVERSED']),
              reported_by: 'test',
              reported_at: '2026-09-01T00:00:00Z',
              ...at,
              ...source(),
            });
        }
      }
  }
  for (const [table, rows] of tables) {
    const columns = Object.keys(rows[0] ?? {}).join(', ');
    await pool.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }
  await pool.query('vacuum (analyze)');
}
