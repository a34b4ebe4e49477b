import { inTransaction, type Pool, type PoolClient } from '../../src/platform/database.ts';
import { Random } from '../synthetic/random.ts';
import { loadAidItems } from './aid-items.ts';
import { loadCivilAffairsRules } from './civil-affairs-rules.ts';
import { loadHealth } from './health.ts';
import { loadCorrectionTerms } from './correction-terms.ts';
import { loadCalendar } from './holidays.ts';
import { loadLabourRules } from './labour-rules.ts';
import { readRegionChanges, readRegions, type Region, type RegionChange } from './regions.ts';

/** How many rows of reference data the database holds after loading. */
export interface ReferenceCounts {
  readonly regions: number;
  readonly regionVersions: number;
  readonly regionChanges: number;
}

interface Version {
  readonly code: string;
  readonly name: string;
  readonly parentCode: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/**
 * Brings divisions, their former names, the known changes and the calendar of working days into the database. Run again, it changes nothing; with newer
 * files it updates what changed and removes nothing, because rows may refer to it.
 * @param into a pool (a transaction of its own) or a client (joins the transaction that is open there)
 */
export async function loadReference(into: { pool: Pool } | { client: PoolClient }): Promise<ReferenceCounts> {
  const regions = await readRegions();
  const changes = await readRegionChanges();
  const load = (client: PoolClient): Promise<ReferenceCounts> => write(client, regions, changes);
  return 'client' in into ? load(into.client) : inTransaction(into.pool, load);
}

async function write(client: PoolClient, regions: Region[], changes: RegionChange[]): Promise<ReferenceCounts> {
  const versions = versionsOf(regions, changes);
  await client.query(REGIONS, [
    regions.map((region) => region.code),
    regions.map((region) => region.name),
    regions.map((region) => region.level),
    regions.map((region) => region.parentCode),
    regions.map((region) => region.validFrom),
    regions.map((region) => region.validTo),
  ]);
  await client.query(VERSIONS, [
    ids('region_version', versions.length),
    versions.map((version) => version.code),
    versions.map((version) => version.name),
    versions.map((version) => version.parentCode),
    versions.map((version) => version.validFrom),
    versions.map((version) => version.validTo),
  ]);
  await client.query(CHANGES, [
    ids('region_change', changes.length),
    changes.map((change) => change.kind),
    changes.map((change) => change.fromCode),
    changes.map((change) => change.toCode),
    changes.map((change) => change.effectiveOn),
    changes.map((change) => change.source),
  ]);
  await loadCalendar(client);
  await loadCorrectionTerms(client);
  await loadAidItems(client);
  await loadCivilAffairsRules(client);
  await loadLabourRules(client);
  await loadHealth(client);
  return { regions: regions.length, regionVersions: versions.length, regionChanges: changes.length };
}

/** What each code meant when: a change of name under the same code ends one version and begins the next. */
function versionsOf(regions: readonly Region[], changes: readonly RegionChange[]): Version[] {
  return regions.flatMap(({ code, name, parentCode, validFrom, validTo }) => {
    const renames = changes.filter((change) => change.kind === 'RENAME' && change.fromCode === code);
    const starts = [validFrom, ...renames.map((change) => change.effectiveOn)];
    const called = [...renames.map((change) => change.fromName), name];
    return starts.map((start, index) => {
      const next = starts[index + 1];
      return {
        code,
        name: called[index] ?? name,
        parentCode,
        validFrom: start,
        validTo: next === undefined ? validTo : dayBefore(next),
      };
    });
  });
}

/** The same ids on every installation: reference data is the same everywhere. */
function ids(table: string, count: number): string[] {
  const random = new Random('reference', table);
  const start = Date.parse('2026-01-01T00:00:00Z');
  return Array.from({ length: count }, (_, index) => random.uuid(start + index));
}

function dayBefore(date: string): string {
  return new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
}

// A division's ancestors follow from its code: two digits province, four prefecture, six county, nine township.
const REGIONS = `
  insert into region (code, name, level, parent_code, province_code, prefecture_code, county_code, township_code,
    valid_from, valid_to)
  select code, name, level, parent_code,
    rpad(left(code, 2), 12, '0'),
    case when level <> 'PROVINCE' then rpad(left(code, 4), 12, '0') end,
    case when level not in ('PROVINCE', 'PREFECTURE') then rpad(left(code, 6), 12, '0') end,
    case when level = 'TOWNSHIP' then code end,
    valid_from, valid_to
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[])
    as given (code, name, level, parent_code, valid_from, valid_to)
  on conflict (code) do update set name = excluded.name, level = excluded.level, parent_code = excluded.parent_code,
    province_code = excluded.province_code, prefecture_code = excluded.prefecture_code,
    county_code = excluded.county_code, township_code = excluded.township_code,
    valid_from = excluded.valid_from, valid_to = excluded.valid_to
  where (region.name, region.level, region.parent_code, region.valid_from, region.valid_to)
    is distinct from (excluded.name, excluded.level, excluded.parent_code, excluded.valid_from, excluded.valid_to)`;

const VERSIONS = `
  insert into region_version (id, code, name, parent_code, valid_from, valid_to)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[])
  on conflict (code, valid_from) do update set name = excluded.name, parent_code = excluded.parent_code,
    valid_to = excluded.valid_to
  where (region_version.name, region_version.parent_code, region_version.valid_to)
    is distinct from (excluded.name, excluded.parent_code, excluded.valid_to)`;

const CHANGES = `
  insert into region_change (id, kind, from_code, to_code, effective_on, source)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[])
  on conflict (from_code, to_code, effective_on) do update set kind = excluded.kind, source = excluded.source
  where (region_change.kind, region_change.source) is distinct from (excluded.kind, excluded.source)`;
