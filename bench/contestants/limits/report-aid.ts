/** Reporting grants: one statement where nothing is guarded; matching, writing and the record where everything is. */
import type { AccessEntry, Ledger } from '../../../src/access/ledger/index.ts';
import { grantDigest } from '../../../src/aid/grant-digest.ts';
import { inTransaction } from '../../../src/platform/database.ts';
import type { Pool } from '../../../src/platform/database.ts';
import { newId } from '../../../src/platform/id.ts';
import { nameKey, normaliseResidentId } from '../../../src/registry/identity/index.ts';
import { CALLERS } from '../../callers.ts';
import type { Given } from './statement.ts';

/** An item as it came; all of it text. */
interface Item {
  readonly sourceKey: string;
  readonly version: string;
  readonly idNumber: string;
  readonly name: string;
  readonly programme: string;
  readonly mode: string;
  readonly amountYuan: string;
  readonly periodFrom: string;
  readonly periodTo: string;
  readonly decidedOn: string;
  readonly fundSource: string;
}

const { client, department, regions } = CALLERS.education;

/** Whose number and name agree, and the household in which the person benefits. */
const MATCHED = `
  join person_identifier i on i.match_key = q.id_key and i.superseded_by_id is null and i.type <> 'TEMPORARY'
  join person p on p.id = i.person_id and p.name_key = q.name_key
  left join lateral (
    select m.household_id from membership m
    where m.person_id = p.id and m.valid_from <= q.decided_on and (m.valid_to is null or m.valid_to >= q.decided_on)
    order by m.role = 'COUNTED_NOT_BENEFICIARY', m.valid_from desc, m.id limit 1
  ) home on true`;

const INTO = `
  insert into aid_grant (department, reported_by, source_system, reported_at, as_of, recorded_at, id, source_key, version,
    digest, programme, mode, person_id, household_id, amount_fen, period_from, period_to, decided_on, fund_source, state,
    region_code, township_code, county_code, prefecture_code, province_code)
  select $1, $2, $2, $3::timestamptz, $3::timestamptz, $3::timestamptz`;

const ONCE = 'on conflict (department, source_key, version) do nothing returning source_key as "sourceKey"';

const BARE = `${INTO}, q.id, q.source_key, q.version,
    sha256(convert_to(concat_ws('|', p.id, q.programme, q.mode, q.amount_fen, q.period_from, q.period_to, q.decided_on,
      q.fund_source), 'UTF8')),
    q.programme, q.mode, p.id, home.household_id, q.amount_fen, q.period_from, q.period_to, q.decided_on, q.fund_source,
    'CURRENT', p.region_code, p.township_code, p.county_code, p.prefecture_code, p.province_code
  from unnest($4::uuid[], $5::text[], $6::int[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::text[],
    $12::date[], $13::text[], $14::text[], $15::text[])
    q (id, source_key, version, programme, mode, amount_fen, period_from, period_to, decided_on, fund_source, id_key,
      name_key)
  ${MATCHED} ${ONCE}`;

const MATCH = `
  select q.ordinal::int, p.id as "personId", home.household_id as "householdId", p.region_code as "regionCode",
    p.township_code as "townshipCode", p.county_code as "countyCode", p.prefecture_code as "prefectureCode",
    p.province_code as "provinceCode"
  from unnest($1::text[], $2::text[], $3::date[]) with ordinality q (id_key, name_key, decided_on, ordinal) ${MATCHED}`;

const WRITE = `${INTO}, q.id, q.source_key, q.version, q.digest, q.programme, q.mode, q.person_id, q.household_id,
    q.amount_fen, q.period_from, q.period_to, q.decided_on, q.fund_source, 'CURRENT', q.region_code, q.township_code,
    q.county_code, q.prefecture_code, q.province_code
  from unnest($4::uuid[], $5::text[], $6::int[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::text[],
    $12::date[], $13::text[], $14::bytea[], $15::uuid[], $16::uuid[], $17::text[], $18::text[], $19::text[], $20::text[],
    $21::text[])
    q (id, source_key, version, programme, mode, amount_fen, period_from, period_to, decided_on, fund_source, digest,
      person_id, household_id, region_code, township_code, county_code, prefecture_code, province_code)
  ${ONCE}`;

/** Writes what fits; the answer is the JSON of `data`. */
export type Report = (given: Given, asked: Asked) => Promise<string>;

/** What is known of a request beside its items. */
interface Asked {
  readonly now: Date;
  /** What the entry says of who asked, for what and how. */
  readonly entry: (kind: 'WRITE') => Omit<AccessEntry, 'coordinates' | 'persons' | 'households' | 'misses'>;
}

const itemsOf = (given: Given): readonly Item[] => (given['input'] as { readonly items: readonly Item[] }).items;

/** The columns that both ways of writing share. */
const columns = (items: readonly Item[]): readonly (readonly unknown[])[] => [
  items.map(() => newId()),
  items.map(({ sourceKey }) => sourceKey),
  items.map(({ version }) => version),
  items.map(({ programme }) => programme),
  items.map(({ mode }) => mode),
  items.map(({ amountYuan }) => fen(amountYuan)),
  items.map(({ periodFrom }) => periodFrom),
  items.map(({ periodTo }) => periodTo),
  items.map(({ decidedOn }) => decidedOn),
  items.map(({ fundSource }) => fundSource),
];

const fen = (yuan: string): string => yuan.replace('.', '');

/** One statement that matches and writes, without scope and record. */
export function bareReport(pool: Pool): Report {
  return async (given, { now }) => {
    const items = itemsOf(given);
    const persons = [items.map(({ idNumber }) => idNumber), items.map(({ name }) => name)];
    const values = [department, client, now, ...columns(items), ...persons];
    const { rows } = await pool.query<{ sourceKey: string }>({ name: 'report-aid', text: BARE, values });
    return receipts(items, rows);
  };
}

interface Matched {
  readonly ordinal: number;
  readonly personId: string;
  readonly householdId: string | null;
  readonly regionCode: string;
  readonly townshipCode: string | null;
  readonly countyCode: string;
  readonly prefectureCode: string;
  readonly provinceCode: string;
}

/** Persons in the caller's regions only, the same digests as the hub's, and the record in the same transaction. */
export function guardedReport(pool: Pool, ledger: Ledger): Report {
  return async (given, { now, entry }) => {
    const items = itemsOf(given);
    const { rows } = await pool.query<Matched>({
      name: 'match',
      text: MATCH,
      values: [
        items.map(({ idNumber }) => keyOf(idNumber)),
        items.map(({ name }) => nameKey(name)),
        items.map(({ decidedOn }) => decidedOn),
      ],
    });
    const found = rows.filter(({ provinceCode }) => regions.some((region) => region === provinceCode));
    const persons = new Map(found.map((row) => [row.ordinal, row]));
    const fitting = items.flatMap((item, index) => {
      const person = persons.get(index + 1);
      return person === undefined ? [] : [{ item, person }];
    });
    const of = (read: (person: Matched) => unknown): readonly unknown[] => fitting.map(({ person }) => read(person));
    const values = [
      department,
      client,
      now,
      ...columns(fitting.map(({ item }) => item)),
      fitting.map(({ item, person }) => digestOf(item, person)),
      of(({ personId }) => personId),
      of(({ householdId }) => householdId),
      of(({ regionCode }) => regionCode),
      of(({ townshipCode }) => townshipCode),
      of(({ countyCode }) => countyCode),
      of(({ prefectureCode }) => prefectureCode),
      of(({ provinceCode }) => provinceCode),
    ];
    const at = (ids: readonly (string | null)[]) =>
      [...new Set(ids)].flatMap((id) => (id === null ? [] : [{ id, node: 0 }]));
    const written = await inTransaction(pool, async (transaction) => {
      const result = await transaction.query<{ sourceKey: string }>({ name: 'write', text: WRITE, values });
      await ledger.recordIn(transaction, {
        ...entry('WRITE'),
        coordinates: COORDINATES,
        persons: at(found.map(({ personId }) => personId)),
        households: at(found.map(({ householdId }) => householdId)),
        misses: [],
        items: items.length,
      });
      return result.rows;
    });
    return receipts(items, written);
  };
}

const COORDINATES = [['Mutation.reportAid']];

const digestOf = (item: Item, { personId }: Matched): Buffer =>
  grantDigest({
    ...item,
    personId,
    amountFen: BigInt(fen(item.amountYuan)),
    kindDescription: null,
    paidOn: null,
    reversalOf: null,
  });

function receipts(items: readonly Item[], written: readonly { readonly sourceKey: string }[]): string {
  const kept = new Set(written.map(({ sourceKey }) => sourceKey));
  const results = items.map(({ sourceKey, version }, index) => ({
    index,
    sourceKey,
    version: Number(version),
    outcome: kept.has(sourceKey) ? 'RECORDED' : 'REJECTED',
    code: kept.has(sourceKey) ? null : 'NO_MATCH',
    field: kept.has(sourceKey) ? null : 'idNumber',
    remedy: null,
  }));
  const recorded = kept.size;
  const rejected = items.length - recorded;
  return JSON.stringify({ reportAid: { recorded, unchanged: 0, superseded: 0, pending: 0, rejected, results } });
}

function keyOf(raw: string): string | null {
  const number = normaliseResidentId(raw);
  return number.ok ? number.key : null;
}
