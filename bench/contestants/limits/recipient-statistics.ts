/** Persons and households of a province by county and programme. */
import { PROVINCE } from '../../callers.ts';
import { coordinates } from './standing.ts';
import type { Given, Statement } from './statement.ts';

/** Bare, counts as they are. */
const COUNTS = `
  select county_code as "countyCode", programme, count(*)::int as persons, count(distinct household_id)::int as households
  from recipient
  where province_code = $1 and valid_from <= $2::date and (valid_to is null or valid_to >= $2::date) and programme <> ''
  group by county_code, programme`;

/** Within the caller's scope, of cells of at least ten, in tens. */
const SUPPRESSED = `
  select county_code as "countyCode", programme, sum(persons)::int as persons, sum(households)::int as households
  from (
    select county_code, programme, (count(*) + 5) / 10 * 10 as persons,
      case when count(distinct household_id) < 10 then 0 else (count(distinct household_id) + 5) / 10 * 10 end as households
    from recipient
    where province_code = $1 and valid_from <= $2::date and (valid_to is null or valid_to >= $2::date) and programme <> ''
      and province_code = $3
    group by county_code, programme, urban_rural, category
    having count(*) >= 10
  ) cell
  group by county_code, programme`;

/** The statement; its record names nobody, as its answer does. */
export function recipientStatistics(guarded: boolean): Statement {
  return {
    name: 'recipient-statistics',
    text: `
      select (select row_to_json(d) from (
        select coalesce(json_agg(c order by c."countyCode", c.programme), '[]') as "recipientStatistics"
        from (${guarded ? SUPPRESSED : COUNTS}) c) d)::text as data, ''`,
    values: (given: Given) => [given['region'], given['onDate'], ...(guarded ? [PROVINCE] : [])],
    coordinates: [coordinates('RecipientStatistic', 'countyCode programme persons households')],
  };
}
