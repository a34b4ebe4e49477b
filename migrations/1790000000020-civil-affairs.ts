import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a row came from, in which delivery, when it was true there, and the last day on which its source reported it. */
const DELIVERED = `
    source_system varchar not null,
    source_key varchar not null,
    as_of timestamptz not null,
    recorded_at timestamptz not null default now(),
    delivery_id uuid,
    digest bytea,
    ended_on date`;

/** Where it happened, which may be far from the person's home: the finest known division and its ancestors. */
const PLACE = `
    region_code varchar(12) not null,
    township_code varchar(12),
    county_code varchar(12) not null,
    prefecture_code varchar(12) not null,
    province_code varchar(12) not null`;

const PROGRAMMES = `'DIBAO', 'TEKUN', 'DIBAO_EDGE', 'RIGID_EXPENDITURE', 'RELAPSE_MONITORED', 'TEMPORARY_AID', 'LEGACY_RURAL_HARDSHIP'`;
const URBAN_RURAL = `'URBAN', 'RURAL'`;

const oneOf = (table: string, column: string, values: string): string => `
    constraint ck_${table}__${column} check (${column} in (${values}))`;
const validity = (table: string): string => `
    constraint ck_${table}__validity check (valid_to >= valid_from)`;
/** Keys of a table of deliveries about a person. */
const keys = (table: string): string => `
    constraint pk_${table} primary key (id),
    constraint uq_${table}__source_system_source_key unique (source_system, source_key),
    constraint fk_${table}__person_id foreign key (person_id) references person (id)`;
const placed = (table: string): string => `
    constraint ck_${table}__region_code check (region_code ~ '^[0-9]{12}$')`;

const TABLES = [
  // Deadlines, rates and classifications: each holds in a division (all zeros: everywhere) from a day on.
  `create table civil_affairs_rule (
    rule varchar not null,
    region_code varchar(12) not null,
    valid_from date not null,
    valid_to date,
    value varchar not null,
    source varchar not null,
    constraint pk_civil_affairs_rule primary key (rule, region_code, valid_from),${validity('civil_affairs_rule')}
  )`,

  // The list as it was delivered, a line for each person of a certificate; households and enrolments follow from it.
  `create table enrolment_line (
    id uuid not null,
    person_id uuid not null,
    certificate_no varchar not null,
    household_no varchar,
    relation varchar(2) not null,
    role varchar not null,
    programme varchar not null,
    urban_rural varchar not null,
    category varchar,
    amount_fen bigint,
    person_amount_fen bigint,
    top_up_fen bigint,
    person_top_up_fen bigint,
    payee_account varchar,
    support_mode varchar,
    causes text[] not null,
    address varchar,
    phone varchar,
    status varchar not null,
    reason varchar,
    valid_from date not null,
    valid_to date,${PLACE},${DELIVERED},${keys('enrolment_line')},${oneOf('enrolment_line', 'role', `'APPLICANT', 'BENEFICIARY', 'COUNTED_NOT_BENEFICIARY'`)},${oneOf('enrolment_line', 'programme', PROGRAMMES)},${oneOf('enrolment_line', 'urban_rural', URBAN_RURAL)},${oneOf('enrolment_line', 'support_mode', `'CENTRALISED', 'SCATTERED'`)},${oneOf('enrolment_line', 'status', `'ACTIVE', 'SUSPENDED', 'STOPPED'`)},${validity('enrolment_line')},${placed('enrolment_line')}
  )`,
  `create index ix_enrolment_line__source_system_certificate_no on enrolment_line (source_system, certificate_no)`,
  `create index ix_enrolment_line__source_system_household_no on enrolment_line (source_system, household_no)`,
  `create index ix_enrolment_line__person_id on enrolment_line (person_id)`,
  // Certificates whose lines lie apart in a delivery: they are settled with their last line.
  `create table enrolment_pending (
    delivery_id uuid not null,
    certificate_no varchar not null,
    last_row int not null,
    constraint pk_enrolment_pending primary key (delivery_id, certificate_no)
  )`,

  `create table legacy_certificate (
    id uuid not null,
    person_id uuid not null,
    kind varchar not null,
    certificate_no varchar not null,
    issuer varchar,
    issued_on date,
    valid_to date,
    support_mode varchar,
    programme varchar,
    mapping_basis varchar,${DELIVERED},${keys('legacy_certificate')},${oneOf('legacy_certificate', 'kind', `'WUBAO', 'SANWU', 'RURAL_HARDSHIP'`)},${oneOf('legacy_certificate', 'support_mode', `'CENTRALISED', 'SCATTERED'`)},${oneOf('legacy_certificate', 'programme', `'TEKUN', 'LEGACY_RURAL_HARDSHIP'`)},
    constraint ck_legacy_certificate__hardship check (kind <> 'RURAL_HARDSHIP' or programme is distinct from 'TEKUN')
  )`,
  `create index ix_legacy_certificate__person_id_id on legacy_certificate (person_id, id)`,

  `create table related_status (
    id uuid not null,
    person_id uuid not null,
    kind varchar not null,
    grade varchar,
    certificate_no varchar,
    amount_fen bigint,
    valid_from date not null,
    valid_to date,${DELIVERED},${keys('related_status')},${oneOf('related_status', 'kind', `'ORPHAN', 'DE_FACTO_UNATTENDED_CHILD', 'CHILD_IN_DIFFICULTY', 'LEFT_BEHIND_CHILD', 'DISABLED_LIVING_SUBSIDY', 'SEVERE_DISABLED_CARE_SUBSIDY', 'ELDERLY_ALLOWANCE', 'ENTITLED_VETERAN', 'FILED_POOR', 'OTHER_LOW_INCOME'`)},
    constraint ck_related_status__amount check (amount_fen >= 0),${validity('related_status')}
  )`,
  `create index ix_related_status__person_id_valid_from_id on related_status (person_id, valid_from, id)`,

  `create table temporary_aid_case (
    id uuid not null,
    person_id uuid not null,
    household_id uuid,
    kind varchar not null,
    cause varchar,
    applied_on date,
    decided_on date not null,
    aid_first boolean not null,
    fast_track boolean not null,
    papers_due_on date,
    papers_on date,
    grant_key varchar,${PLACE},${DELIVERED},${keys('temporary_aid_case')},
    constraint fk_temporary_aid_case__household_id foreign key (household_id) references household (id),${oneOf('temporary_aid_case', 'kind', `'URGENT', 'EXPENDITURE'`)},
    constraint ck_temporary_aid_case__aid_first check (not aid_first or kind = 'URGENT'),${placed('temporary_aid_case')}
  )`,
  `create index ix_temporary_aid_case__person_id_decided_on_id on temporary_aid_case (person_id, decided_on, id)`,
  `create index ix_temporary_aid_case__household_id_decided_on_id on temporary_aid_case (household_id, decided_on, id)`,

  `create table disaster_relief (
    id uuid not null,
    person_id uuid not null,
    household_id uuid,
    event_code varchar not null,
    report_version smallint not null,
    superseded boolean not null,
    phase varchar not null,
    family_type varchar,
    family_size smallint,
    needy_count smallint,
    address varchar,
    houses_lost smallint,
    in_temporary_shelter boolean,
    mode varchar,
    cash_fen bigint,
    kind_description varchar,
    kind_value_fen bigint,
    insurance_fen bigint,
    reported_on date not null,${PLACE},${DELIVERED},${keys('disaster_relief')},
    constraint fk_disaster_relief__household_id foreign key (household_id) references household (id),${oneOf('disaster_relief', 'phase', `'EMERGENCY', 'TRANSITION', 'WINTER_SPRING', 'REBUILDING'`)},${oneOf('disaster_relief', 'mode', `'CASH', 'KIND', 'BOTH'`)},
    constraint ck_disaster_relief__amounts check (cash_fen >= 0 and kind_value_fen >= 0 and insurance_fen >= 0),
    constraint ck_disaster_relief__counts check (family_size >= 0 and needy_count <= family_size and houses_lost >= 0),
    constraint ck_disaster_relief__report_version check (report_version > 0),${placed('disaster_relief')}
  )`,
  `create index ix_disaster_relief__person_id_reported_on_id on disaster_relief (person_id, reported_on, id)`,
  `create index ix_disaster_relief__household_id_reported_on_id on disaster_relief (household_id, reported_on, id)`,

  `create table shelter_stay (
    id uuid not null,
    person_id uuid not null,
    station varchar not null,
    entered_on date not null,
    entry_mode varchar not null,
    left_on date,
    exit_mode varchar,
    minor boolean not null,
    origin_known boolean not null,
    origin_region varchar(12),
    health varchar not null,
    home_asked_on date,
    home_due_on date,
    home_answered_on date,
    home_answer varchar,${PLACE},${DELIVERED},${keys('shelter_stay')},${oneOf('shelter_stay', 'entry_mode', `'SELF', 'POLICE', 'CITY_MANAGEMENT', 'OUTREACH', 'PUBLIC', 'TRANSFER'`)},${oneOf('shelter_stay', 'exit_mode', `'LEFT', 'RELATIVES', 'ESCORTED', 'TRANSFER', 'HOSPITAL', 'SETTLED', 'REFUSED', 'DIED'`)},${oneOf('shelter_stay', 'health', `'HEALTHY', 'ILL', 'MENTAL_ILLNESS', 'DISABLED', 'UNKNOWN'`)},${oneOf('shelter_stay', 'home_answer', `'ACCEPTED', 'REFUSED'`)},
    constraint ck_shelter_stay__stay check (left_on >= entered_on),
    constraint ck_shelter_stay__origin check (origin_known or origin_region is null),${placed('shelter_stay')}
  )`,
  `create index ix_shelter_stay__person_id_entered_on_id on shelter_stay (person_id, entered_on, id)`,

  `create table charity_aid (
    id uuid not null,
    person_id uuid not null,
    donor varchar not null,
    donor_uscc varchar,
    project varchar,
    given_on date not null,
    cash_fen bigint,
    kind_description varchar,
    kind_value_fen bigint,${DELIVERED},${keys('charity_aid')},
    constraint ck_charity_aid__amounts check (cash_fen >= 0 and kind_value_fen >= 0),
    constraint ck_charity_aid__given check (cash_fen is not null or kind_description is not null)
  )`,
  `create index ix_charity_aid__person_id_given_on_id on charity_aid (person_id, given_on, id)`,
];

/** 民政 · The tables of civil affairs beside the shared spine: lists as delivered, statuses, cases, relief, stays, charity. */
export class CivilAffairs1790000000020 implements MigrationInterface {
  readonly name = 'CivilAffairs1790000000020';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'charity_aid',
      'shelter_stay',
      'disaster_relief',
      'temporary_aid_case',
      'related_status',
      'legacy_certificate',
      'enrolment_pending',
      'enrolment_line',
      'civil_affairs_rule',
    ])
      await runner.query(`drop table ${table}`);
  }
}
