import type { PoolClient } from '../../src/platform/database.ts';
import { parseDate } from '../../src/platform/dates.ts';
import { parseYuan } from '../../src/platform/money.ts';
import { Random } from '../synthetic/random.ts';
import { readTable } from './tables.ts';

/** A line of dated configuration: what was in force where, from when until when, and on which document. */
interface Dated {
  readonly region: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly source: string;
}

/** A disease on a list of serious illnesses. */
export interface ListedIllness extends Dated {
  readonly list: string;
  readonly disease: string;
  readonly codes: readonly string[];
}

/** What is paid of whose premium; fen, null where it is all of it. */
export interface PremiumRate extends Dated {
  readonly category: string;
  readonly mode: string;
  readonly fen: bigint | null;
}

/**
 * Reads `serious-illness.csv`.
 * @throws Error that names the row: no document, days out of order, a disease without a code
 */
export async function readIllnesses(): Promise<ListedIllness[]> {
  const file = 'serious-illness.csv';
  return (await readTable(file)).map((row) => {
    const { list = '', disease = '', codes = '' } = row;
    if (list === '' || disease === '' || !/^[A-Z]\d\d(\.\d+)?( [A-Z]\d\d(\.\d+)?)*$/u.test(codes))
      throw new Error(`${file}, ${disease}: list, disease and codes of ICD-10 are needed`);
    return { ...dated(file, disease, row), list, disease, codes: codes.split(' ') };
  });
}

/**
 * Reads `premium-aid.csv`.
 * @throws Error that names the row: no document, days out of order, an amount where it is in full, none where it is fixed
 */
export async function readPremiumRates(): Promise<PremiumRate[]> {
  const file = 'premium-aid.csv';
  return (await readTable(file)).map((row) => {
    const { category = '', mode = '', amount = '' } = row;
    const fen = amount === '' ? null : parseYuan(amount);
    if (fen === undefined || (mode === 'FIXED') !== (fen !== null))
      throw new Error(`${file}, ${category}: an amount in yuan where the mode is FIXED, and none where it is FULL`);
    return { ...dated(file, category, row), category, mode, fen };
  });
}

function dated(file: string, key: string, row: Readonly<Record<string, string>>): Dated {
  const { region = '', valid_from: validFrom = '', valid_to: validTo = '', source = '' } = row;
  const fault = (reason: string): Error => new Error(`${file}, ${key} ${validFrom}: ${reason}`);
  if (!/^\d{12}$/u.test(region)) throw fault('region is 12 digits');
  if (parseDate(validFrom) === undefined || (validTo !== '' && (parseDate(validTo) ?? '') < validFrom))
    throw fault('valid_from and valid_to are dates in order');
  if (source === '') throw fault('every line names its document');
  return { region, validFrom, validTo: validTo === '' ? null : validTo, source };
}

/** Brings both lists into the database, where health has its tables; run again with newer files it updates what changed. */
export async function loadHealth(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('serious_illness') is not null and to_regclass('premium_aid_rate') is not null as there`,
  );
  if (rows[0]?.there !== true) return;
  const illnesses = await readIllnesses();
  await client.query(ILLNESSES, [
    illnesses.map(({ region, list, disease }) => idOf('serious_illness', region, list, disease)),
    illnesses.map(({ region }) => region),
    illnesses.map(({ list }) => list),
    illnesses.map(({ disease }) => disease),
    illnesses.map(({ codes }) => codes.join(' ')),
    illnesses.map(({ validFrom }) => validFrom),
    illnesses.map(({ validTo }) => validTo),
    illnesses.map(({ source }) => source),
  ]);
  const rates = await readPremiumRates();
  await client.query(RATES, [
    rates.map(({ region, category, validFrom }) => idOf('premium_aid_rate', region, category, validFrom)),
    rates.map(({ region }) => region),
    rates.map(({ category }) => category),
    rates.map(({ mode }) => mode),
    rates.map(({ fen }) => fen?.toString() ?? null),
    rates.map(({ validFrom }) => validFrom),
    rates.map(({ validTo }) => validTo),
    rates.map(({ source }) => source),
  ]);
}

/** The same id on every installation, whatever else is in the file. */
function idOf(table: string, ...key: readonly string[]): string {
  return new Random('reference', [table, ...key].join('/')).uuid(Date.parse('2026-01-01T00:00:00Z'));
}

const ILLNESSES = `
  insert into serious_illness (id, region_code, list, disease, codes, valid_from, valid_to, source)
  select id, region_code, list, disease, string_to_array(codes, ' '), valid_from, valid_to, source
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::text[])
    as given (id, region_code, list, disease, codes, valid_from, valid_to, source)
  on conflict (region_code, list, disease) do update set codes = excluded.codes, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to, source = excluded.source
  where (serious_illness.codes, serious_illness.valid_from, serious_illness.valid_to, serious_illness.source)
    is distinct from (excluded.codes, excluded.valid_from, excluded.valid_to, excluded.source)`;

const RATES = `
  insert into premium_aid_rate (id, region_code, category, mode, amount_fen, valid_from, valid_to, source)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::date[], $7::date[], $8::text[])
  on conflict (region_code, category, valid_from) do update set mode = excluded.mode, amount_fen = excluded.amount_fen,
    valid_to = excluded.valid_to, source = excluded.source
  where (premium_aid_rate.mode, premium_aid_rate.amount_fen, premium_aid_rate.valid_to, premium_aid_rate.source)
    is distinct from (excluded.mode, excluded.amount_fen, excluded.valid_to, excluded.source)`;
