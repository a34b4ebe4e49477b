/** Rules of labour that depend on region and day: rows of `labour_rule`, from seeds/reference/labour-rules.csv. */
import { raw, sql } from '../../graph/index.ts';
import type { Sql } from '../../graph/index.ts';

/** What the rules say, in the unit of their value. */
export type LabourRule =
  /** Unjustified refusals in a row from which on the person's own share may be cut (R649 art. 45). */
  | 'REFUSALS_IN_A_ROW'
  /** Months of age from which on, and before which, somebody is of working age (劳动法 art. 15; 延迟法定退休年龄的决定). */
  | 'WORKING_AGE_FROM'
  | 'WORKING_AGE_TO_MEN'
  | 'WORKING_AGE_TO_WOMEN';

/** The whole country, in the rows' region. */
const NATIONAL = '000000000000';

/** The value of a rule on a day where a person lives; the finest division that has a row decides. `person` is its alias. */
export const ruleOn = (rule: LabourRule, day: Sql, person: Sql): Sql =>
  sql`(select rule.value from labour_rule rule where rule.rule = ${raw(`'${rule}'`)}
    and rule.valid_from <= ${day} and (rule.valid_to is null or rule.valid_to >= ${day})
    and rule.region_code in (${raw(`'${NATIONAL}'`)}, ${person}.province_code, ${person}.prefecture_code, ${person}.county_code)
    order by rule.region_code desc limit 1)`;
