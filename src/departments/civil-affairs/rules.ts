/**
 * Deadlines, rates and classifications that depend on place and date: rows of `civil_affairs_rule`, brought in from
 * seeds/reference/civil-affairs-rules.csv, each with its source. Code names a rule and never its value.
 */
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { sql } from '../../graph/index.ts';
import type { Slot, Sql } from '../../graph/index.ts';
import { VALIDITY_CHECK } from '../../registry/index.ts';

/** One rule in one division from one day on; of several the finest division holds. No GraphQL type. */
@Entity()
@Check('ck_civil_affairs_rule__validity', VALIDITY_CHECK)
export class CivilAffairsRule {
  /** A name of {@link RULES}, with the kind that it is about after a colon where there are several. */
  @PrimaryColumn('varchar')
  rule!: string;

  /** All zeros: everywhere. */
  @PrimaryColumn('varchar', { length: 12 })
  regionCode!: string;

  @PrimaryColumn('date')
  validFrom!: string;

  @Column('date', { nullable: true })
  validTo!: string | null;

  @Column('varchar')
  value!: string;

  /** Document and article. */
  @Column('varchar')
  source!: string;
}

/** Names of rules. */
export const RULES = {
  /** Working days after aid that came first within which its papers are due. */
  AID_FIRST_PAPERS: 'AID_FIRST_PAPERS_WORKING_DAYS',
  /** Working days within which the county that somebody left answers the station. */
  HOME_ANSWER: 'SHELTER_HOME_ANSWER_WORKING_DAYS',
  /** Years of age from which on somebody is no minor. */
  MINOR: 'MINOR_BELOW_YEARS',
  /** `LEGACY_PROGRAMME:WUBAO`: the programme that a certificate of former times counts as today. */
  LEGACY_PROGRAMME: 'LEGACY_PROGRAMME',
  /** `INCOME_EXCLUDED:ORPHAN`: what does not count as income when Dibao is judged. */
  INCOME_EXCLUDED: 'INCOME_EXCLUDED',
  /** Failed indicators of six from which on self-care is partly, or wholly, lost. */
  SELF_CARE_PARTIAL: 'TEKUN_FAILED_INDICATORS_PARTIAL_LOSS',
  SELF_CARE_FULL: 'TEKUN_FAILED_INDICATORS_FULL_LOSS',
} as const;

/** Value (or another column) of a rule on a day in a place, as SQL text; null where none holds. */
export const ruleOn = (rule: string, day: string, county: string, column: 'value' | 'source' = 'value'): string => `(
  select rule.${column} from civil_affairs_rule rule
  where rule.rule = ${rule} and ${day} >= rule.valid_from and (rule.valid_to is null or ${day} <= rule.valid_to)
    and rule.region_code in ('000000000000', rpad(left(${county}, 2), 12, '0'), rpad(left(${county}, 4), 12, '0'), ${county})
  order by rule.region_code desc limit 1)`;

/** The day so many working days after another one; null where the calendar or the number is not known. */
export const workingDaysAfter = (day: string, count: string): string => `(
  select min(due.day) from calendar_day due
  where due.ordinal = (select given.ordinal from calendar_day given where given.day = ${day}) + (${count})::int and due.working)`;

/** Whether a kind is left out of a person's income today where they live: what the fields `excludedFromIncome` tell. */
export const excludedFromIncome = (kind: Sql, personId: Sql, today: Slot<string>): Sql => sql`coalesce((
  select rule.value = 'YES' from civil_affairs_rule rule, person home
  where home.id = ${personId} and rule.rule = 'INCOME_EXCLUDED:' || ${kind}
    and rule.region_code in ('000000000000', home.province_code, home.prefecture_code, home.county_code)
    and ${today} >= rule.valid_from and (rule.valid_to is null or ${today} <= rule.valid_to)
  order by rule.region_code desc limit 1), false)`;
