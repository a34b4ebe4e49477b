/** Rows to deliver, made from persons of the data set: as a department's file, and as finished rows for COPY. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UNASSIGNED_COUNTIES, makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import type { Pool } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { nameKey } from '../../src/registry/index.ts';

/** Somebody to deliver a row about. */
export interface Subject {
  /** Of a person whom the registry has; a new one gets an id of its own. */
  readonly id: string;
  readonly isNew: boolean;
  readonly name: string;
  readonly sex: string;
  /** 'YYYY-MM-DD' */
  readonly born: string;
  /** 12 digits each: the place itself, township, county, prefecture, province. */
  readonly place: readonly (string | null)[];
  readonly number: string;
}

/** Files of one delivery, by what they are copied into; `csv` is what the department would send. */
export interface RowFiles {
  readonly csv: string;
  readonly persons: string;
  readonly identifiers: string;
  readonly records: string;
}

/** Persons of the data set with a number, in an order that has nothing to do with that of the table. */
export async function drawSubjects(owner: Pool, most: number): Promise<readonly Subject[]> {
  const { rows } = await owner.query<Omit<Subject, 'isNew'>>(
    `select p.id, p.name, p.sex, p.birth_date as born, i.value as number,
       array[p.region_code, p.township_code, p.county_code, p.prefecture_code, p.province_code]::text[] as place
     from person p
     join person_identifier i on i.person_id = p.id and i.type = 'RESIDENT_ID' and i.superseded_by_id is null
     where p.birth_date is not null and p.sex in ('1', '2') and i.value ~ '^[0-9]{17}[0-9X]$'
       and not exists (select from person_alias a where a.alias_id = p.id)
     order by hashtext(p.id::text) limit $1`,
    [most],
  );
  return rows.map((row) => ({ ...row, isNew: false }));
}

/** Every `each`-th row is about somebody of whom nobody has heard: born when nobody of the data set was. */
export function withNew(known: readonly Subject[], rows: number, each: number): readonly Subject[] {
  return Array.from({ length: rows }, (_, n): Subject => {
    const one = known[n % known.length];
    if (one === undefined) throw new Error('The data set has nobody with a number.');
    if (each === 0 || n % each !== 0) return one;
    const born = new Date(Date.UTC(1901, 0, 1 + (n % 3_651))).toISOString().slice(0, 10);
    const sex = n % 2 === 0 ? '2' : '1';
    const county = UNASSIGNED_COUNTIES[Math.floor(n / 3_651) % 2] ?? UNASSIGNED_COUNTIES[0];
    const number = makeResidentId(county, born, 2 * (Math.floor(n / 7_302) % 500) + (sex === '1' ? 1 : 0));
    return { ...one, id: newId(), isNew: true, sex, born, number };
  });
}

/** Writes the files of a delivery of these people; its keys begin with `prefix`. */
export async function writeRows(
  subjects: readonly Subject[],
  source: string,
  prefix: string,
  at: (name: string) => string,
): Promise<RowFiles> {
  const now = new Date().toISOString();
  const delivery = newId();
  const files = { csv: at('file.csv'), persons: at('person'), identifiers: at('identifier'), records: at('record') };
  const key = (n: number): string => `${prefix}-${String(n).padStart(8, '0')}`;
  const copied = (cells: readonly (string | null)[]): string => `${cells.map((cell) => cell ?? '\\N').join('\t')}\n`;
  const provenance = (n: number): readonly string[] => [source, key(n), now, now];
  await write(files.csv, subjects, HEADER, (one, n) => {
    const sex = one.sex === '1' ? '男' : '女';
    return `${[key(n), one.number, one.name, sex, one.born, one.place[0], '小学', SCHOOL, '某某中心小学', '三年级', '否', '2026-1'].join(',')}\n`;
  });
  await write(files.persons, subjects, '', (one, n) =>
    one.isNew ? copied([one.id, one.name, nameKey(one.name), one.sex, one.born, ...one.place, ...provenance(n)]) : '',
  );
  await write(files.identifiers, subjects, '', (one, n) =>
    one.isNew ? copied([newId(), one.id, 'RESIDENT_ID', one.number, one.number, 'f', ...provenance(n)]) : '',
  );
  const digest = `\\\\x${'5a'.repeat(32)}`;
  await write(files.records, subjects, '', (one, n) =>
    copied([
      ...[newId(), one.id, 'PRIMARY', SCHOOL, '某某中心小学', '3', 'f', '2026-1'],
      ...provenance(n),
      ...[delivery, digest],
    ]),
  );
  return files;
}

const SCHOOL = '6211220001';
const HEADER = '学籍记录号,身份证号,姓名,性别,出生日期,户籍地区划代码,学段,学校标识码,学校名称,年级,是否寄宿,学期\n';
const PART = 2_000;

async function write(
  path: string,
  subjects: readonly Subject[],
  head: string,
  line: (one: Subject, n: number) => string,
): Promise<void> {
  function* parts(): Generator<string> {
    yield head;
    for (let first = 0; first < subjects.length; first += PART)
      yield subjects
        .slice(first, first + PART)
        .map((one, n) => line(one, first + n))
        .join('');
  }
  await pipeline(Readable.from(parts()), createWriteStream(path));
}

/** What is copied where, in this order. */
export const COPIES: readonly (readonly [file: 'persons' | 'identifiers' | 'records', into: string])[] = [
  [
    'persons',
    `person (id, name, name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code, province_code,
       source_system, source_key, as_of, recorded_at)`,
  ],
  [
    'identifiers',
    `person_identifier (id, person_id, type, value, match_key, verified, source_system, source_key, as_of, recorded_at)`,
  ],
  [
    'records',
    `student_record (id, person_id, stage, school_code, school_name, grade, boarding, term, source_system, source_key,
       as_of, recorded_at, delivery_id, digest)`,
  ],
];
