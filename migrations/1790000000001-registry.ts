import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists as they were when this migration was written; a later change of a list is a later migration. */
const PROGRAMMES = `'DIBAO', 'TEKUN', 'DIBAO_EDGE', 'RIGID_EXPENDITURE', 'RELAPSE_MONITORED', 'TEMPORARY_AID', 'LEGACY_RURAL_HARDSHIP'`;
const DEPARTMENTS = `'CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT'`;
const URBAN_RURAL = `'URBAN', 'RURAL'`;

/** Where a row belongs: the finest known division and its ancestors, 12 digits each, resolved when the row was written. */
const place = (needed = ' not null'): string => `
    region_code varchar(12)${needed},
    township_code varchar(12),
    county_code varchar(12)${needed},
    prefecture_code varchar(12)${needed},
    province_code varchar(12)${needed}`;

/** Where a row came from and when it was true there. */
const PROVENANCE = `
    source_system varchar not null,
    source_key varchar not null,
    as_of timestamptz not null,
    recorded_at timestamptz not null default now()`;

/** All digits, finest first; a division that ceased to exist keeps its code (stale codes are data, not errors). */
const placeCheck = (table: string): string => `
    constraint ck_${table}__region_code check (region_code ~ '^[0-9]{12}$')`;

/** Both ends are included; an open end is null. */
const validityCheck = (table: string): string => `
    constraint ck_${table}__validity check (valid_to >= valid_from)`;

const oneOf = (table: string, column: string, values: string): string => `
    constraint ck_${table}__${column} check (${column} in (${values}))`;

const SPINE = [
  // The exclusion of overlapping recipients compares a uuid and a text by equality in a GiST index.
  `create extension if not exists btree_gist`,

  `create table region (
    code varchar(12) not null,
    name varchar not null,
    level varchar not null,
    parent_code varchar(12),
    province_code varchar(12) not null,
    prefecture_code varchar(12),
    county_code varchar(12),
    township_code varchar(12),
    valid_from date not null,
    valid_to date,
    constraint pk_region primary key (code),
    constraint fk_region__parent_code foreign key (parent_code) references region (code),
    constraint ck_region__code check (code ~ '^[0-9]{12}$'),${oneOf('region', 'level', `'PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP', 'VILLAGE'`)},${validityCheck('region')}
  )`,
  `create index ix_region__parent_code_code on region (parent_code, code)`,
  `create index ix_region__level_code on region (level, code)`,

  `create table region_version (
    id uuid not null,
    code varchar(12) not null,
    name varchar not null,
    parent_code varchar(12),
    valid_from date not null,
    valid_to date,
    constraint pk_region_version primary key (id),
    constraint uq_region_version__code_valid_from unique (code, valid_from),
    constraint fk_region_version__code foreign key (code) references region (code),${validityCheck('region_version')}
  )`,

  // Both codes are free: the other end may lie in a province that is not loaded.
  `create table region_change (
    id uuid not null,
    kind varchar not null,
    from_code varchar(12) not null,
    to_code varchar(12) not null,
    effective_on date not null,
    source varchar not null,
    constraint pk_region_change primary key (id),
    constraint uq_region_change__from_code_to_code_effective_on unique (from_code, to_code, effective_on),${oneOf('region_change', 'kind', `'MERGE', 'SPLIT', 'RENAME', 'RECODE'`)}
  )`,
  `create index ix_region_change__to_code on region_change (to_code)`,

  `create table person (
    id uuid not null,
    name varchar not null,
    name_key varchar not null,
    sex char(1) not null,
    birth_date date,
    ethnicity varchar(2),
    phone varchar,
    address varchar,
    disability_type varchar,
    disability_grade smallint,
    disability_certificate_no varchar,
    labour_ability varchar,
    self_care_grade varchar,
    died_on date,${place()},${PROVENANCE},
    constraint pk_person primary key (id),${oneOf('person', 'sex', `'0', '1', '2', '9'`)},${oneOf('person', 'disability_type', `'VISUAL', 'HEARING', 'SPEECH', 'PHYSICAL', 'INTELLECTUAL', 'MENTAL', 'MULTIPLE'`)},
    constraint ck_person__disability_grade check (disability_grade between 1 and 4),${oneOf('person', 'labour_ability', `'ABLE', 'PARTIAL', 'TOTAL_LOSS', 'NONE_BY_AGE'`)},${oneOf('person', 'self_care_grade', `'ABLE', 'PARTIAL_LOSS', 'FULL_LOSS'`)},${placeCheck('person')}
  )`,

  `create table person_identifier (
    id uuid not null,
    person_id uuid not null,
    type varchar not null,
    value varchar not null,
    match_key varchar not null,
    issuer varchar,
    valid_from date,
    valid_to date,
    verified boolean not null,
    superseded_by_id uuid,${PROVENANCE},
    constraint pk_person_identifier primary key (id),
    constraint fk_person_identifier__person_id foreign key (person_id) references person (id),
    constraint fk_person_identifier__superseded_by_id foreign key (superseded_by_id) references person_identifier (id),${oneOf('person_identifier', 'type', `'RESIDENT_ID', 'HMT_PERMIT', 'FOREIGN_PERMIT', 'TEMPORARY'`)},${validityCheck('person_identifier')}
  )`,
  // One number, one person, as long as nobody has superseded it.
  `create unique index uq_person_identifier__match_key_type on person_identifier (match_key, type) where superseded_by_id is null`,
  `create index ix_person_identifier__match_key on person_identifier (match_key) include (person_id)`,
  `create index ix_person_identifier__person_id on person_identifier (person_id)`,
  `create index ix_person_identifier__superseded_by_id on person_identifier (superseded_by_id) where superseded_by_id is not null`,

  `create table household (
    id uuid not null,
    head_person_id uuid,
    urban_rural varchar not null,
    address varchar,
    member_count int not null,
    monthly_income_fen bigint,
    assets_fen bigint,${place()},${PROVENANCE},
    constraint pk_household primary key (id),
    constraint fk_household__head_person_id foreign key (head_person_id) references person (id),${oneOf('household', 'urban_rural', URBAN_RURAL)},
    constraint ck_household__member_count check (member_count >= 0),${placeCheck('household')}
  )`,
  `create index ix_household__head_person_id on household (head_person_id)`,

  `create table membership (
    id uuid not null,
    household_id uuid not null,
    person_id uuid not null,
    relation varchar(2) not null,
    role varchar not null,
    valid_from date not null,
    valid_to date,${PROVENANCE},
    constraint pk_membership primary key (id),
    constraint fk_membership__household_id foreign key (household_id) references household (id),
    constraint fk_membership__person_id foreign key (person_id) references person (id),${oneOf('membership', 'role', `'APPLICANT', 'BENEFICIARY', 'COUNTED_NOT_BENEFICIARY'`)},${validityCheck('membership')}
  )`,
  `create index ix_membership__household_id_valid_from_id on membership (household_id, valid_from, id)`,
  `create index ix_membership__person_id_valid_from_id on membership (person_id, valid_from, id)`,

  `create table enrolment (
    id uuid not null,
    household_id uuid not null,
    applicant_id uuid not null,
    programme varchar not null,
    urban_rural varchar not null,
    category varchar,
    certificate_no varchar,
    amount_fen bigint not null,
    top_up_fen bigint not null,
    payee_account varchar,
    support_mode varchar,
    causes text[] not null,
    status varchar not null,
    valid_from date not null,
    valid_to date,${place()},${PROVENANCE},
    constraint pk_enrolment primary key (id),
    constraint fk_enrolment__household_id foreign key (household_id) references household (id),
    constraint fk_enrolment__applicant_id foreign key (applicant_id) references person (id),${oneOf('enrolment', 'programme', PROGRAMMES)},${oneOf('enrolment', 'urban_rural', URBAN_RURAL)},
    constraint ck_enrolment__amounts check (amount_fen >= 0 and top_up_fen >= 0),${oneOf('enrolment', 'support_mode', `'CENTRALISED', 'SCATTERED'`)},
    constraint ck_enrolment__causes check (causes <@ array['ILLNESS', 'DISABILITY', 'SCHOOLING', 'DISASTER', 'NO_LABOUR', 'OTHER']),${oneOf('enrolment', 'status', `'ACTIVE', 'SUSPENDED', 'STOPPED'`)},${validityCheck('enrolment')},${placeCheck('enrolment')}
  )`,
  `create index ix_enrolment__household_id_valid_from_id on enrolment (household_id, valid_from, id)`,
  `create index ix_enrolment__applicant_id on enrolment (applicant_id)`,
  `create index ix_enrolment__source_system_certificate_no on enrolment (source_system, certificate_no)`,

  `create table enrolment_event (
    id uuid not null,
    enrolment_id uuid not null,
    kind varchar not null,
    effective_on date not null,
    amount_fen bigint,
    reason varchar,${PROVENANCE},
    constraint pk_enrolment_event primary key (id),
    constraint fk_enrolment_event__enrolment_id foreign key (enrolment_id) references enrolment (id),${oneOf('enrolment_event', 'kind', `'NEW', 'ADJUST_UP', 'ADJUST_DOWN', 'SUSPEND', 'STOP', 'RESTORE'`)}
  )`,
  `create index ix_enrolment_event__enrolment_id_effective_on_id on enrolment_event (enrolment_id, effective_on, id)`,

  // One person benefiting from one enrolment, with what status checks and lists read, so that they read one table.
  `create table recipient (
    id uuid not null,
    enrolment_id uuid not null,
    person_id uuid not null,
    household_id uuid not null,
    programme varchar not null,
    urban_rural varchar not null,
    category varchar,
    valid_from date not null,
    valid_to date,${place()},${PROVENANCE},
    constraint pk_recipient primary key (id),
    constraint fk_recipient__enrolment_id foreign key (enrolment_id) references enrolment (id),
    constraint fk_recipient__person_id foreign key (person_id) references person (id),
    constraint fk_recipient__household_id foreign key (household_id) references household (id),${oneOf('recipient', 'programme', PROGRAMMES)},${oneOf('recipient', 'urban_rural', URBAN_RURAL)},${validityCheck('recipient')},${placeCheck('recipient')},
    constraint ex_recipient__one_programme_at_a_time
      exclude using gist (person_id with =, programme with =, daterange(valid_from, valid_to, '[]') with &&)
  )`,
  `create index ix_recipient__province_code_id on recipient (province_code, id)`,
  `create index ix_recipient__prefecture_code_id on recipient (prefecture_code, id)`,
  `create index ix_recipient__county_code_id on recipient (county_code, id)`,
  `create index ix_recipient__township_code_id on recipient (township_code, id)`,
  `create index ix_recipient__person_id on recipient (person_id)`,
  `create index ix_recipient__enrolment_id on recipient (enrolment_id)`,
  `create index ix_recipient__household_id on recipient (household_id)`,

  `create table caseload (
    id uuid not null,
    department varchar not null,
    person_id uuid not null,
    household_id uuid,
    case_no varchar not null,
    opened_on date not null,
    closed_on date,
    constraint pk_caseload primary key (id),
    constraint uq_caseload__department_case_no_person_id unique (department, case_no, person_id),
    constraint fk_caseload__person_id foreign key (person_id) references person (id),
    constraint fk_caseload__household_id foreign key (household_id) references household (id),${oneOf('caseload', 'department', DEPARTMENTS)},
    constraint ck_caseload__opened check (closed_on >= opened_on)
  )`,
  `create index ix_caseload__department_person_id on caseload (department, person_id)`,
  `create index ix_caseload__department_household_id on caseload (department, household_id)`,

  `create table feed (
    id uuid not null,
    source_system varchar not null,
    department varchar not null,
    record varchar not null,
    as_of timestamptz not null,
    rhythm_hours int not null,
    constraint pk_feed primary key (id),
    constraint uq_feed__source_system_record unique (source_system, record),${oneOf('feed', 'department', DEPARTMENTS)},
    constraint ck_feed__rhythm_hours check (rhythm_hours > 0)
  )`,
];

const AID = [
  // Every version ever reported stays; only state, superseded_by_version and reversed_by_key are ever updated.
  `create table aid_grant (
    id uuid not null,
    department varchar not null,
    source_key varchar not null,
    version int not null,
    digest bytea not null,
    programme varchar not null,
    mode varchar not null,
    person_id uuid,
    household_id uuid,
    amount_fen bigint,
    kind_description varchar,
    period_from char(7),
    period_to char(7),
    decided_on date not null,
    paid_on date,
    fund_source varchar,
    reversal_of varchar,
    state varchar not null,
    superseded_by_version int,
    reversed_by_key varchar,
    reported_by varchar not null,
    reported_at timestamptz not null,${place('')},
    source_system varchar not null,
    as_of timestamptz not null,
    recorded_at timestamptz not null default now(),
    constraint pk_aid_grant primary key (id),
    constraint uq_aid_grant__department_source_key_version unique (department, source_key, version),
    constraint fk_aid_grant__person_id foreign key (person_id) references person (id),
    constraint fk_aid_grant__household_id foreign key (household_id) references household (id),${oneOf('aid_grant', 'department', DEPARTMENTS)},
    constraint ck_aid_grant__version check (version > 0),
    constraint ck_aid_grant__digest check (octet_length(digest) = 32),
    constraint ck_aid_grant__programme check (programme in (
      'EDUCATION_AID', 'TWO_EXEMPT_ONE_SUBSIDY', 'STUDENT_LOAN', 'MEDICAL_AID', 'PREMIUM_AID', 'DISEASE_EMERGENCY_AID',
      'RENT_SUBSIDY', 'PUBLIC_RENTAL', 'DILAPIDATED_HOUSE', 'TRAINING_SUBSIDY', 'POST_SUBSIDY', 'SKILL_APPRAISAL',
      'TEMPORARY_AID', 'PRICE_SUBSIDY')),${oneOf('aid_grant', 'mode', `'CASH', 'KIND', 'SERVICE', 'WAIVER', 'LOAN', 'JOB', 'PREMIUM'`)},
    constraint ck_aid_grant__amount check (amount_fen >= 0),
    constraint ck_aid_grant__period check (
      period_from ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and period_to ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and period_to >= period_from),${oneOf('aid_grant', 'state', `'CURRENT', 'SUPERSEDED', 'REVERSED', 'REVERSAL', 'PENDING'`)},
    constraint ck_aid_grant__known_person check (state in ('PENDING', 'SUPERSEDED') or (person_id is not null and region_code is not null
      and county_code is not null and prefecture_code is not null and province_code is not null)),${placeCheck('aid_grant')}
  )`,
  `create unique index uq_aid_grant__department_source_key on aid_grant (department, source_key) where state <> 'SUPERSEDED'`,
  `create index ix_aid_grant__person_id_decided_on_id on aid_grant (person_id, decided_on desc, id)`,
  `create index ix_aid_grant__household_id_decided_on_id on aid_grant (household_id, decided_on desc, id)`,
  `create index ix_aid_grant__department_reversal_of on aid_grant (department, reversal_of) where reversal_of is not null`,
  `create index ix_aid_grant__department_county_code_id on aid_grant (department, county_code, id)`,
];

/** In reverse order of creation. */
const TABLES = [
  'aid_grant',
  'feed',
  'caseload',
  'recipient',
  'enrolment_event',
  'enrolment',
  'membership',
  'household',
  'person_identifier',
  'person',
  'region_change',
  'region_version',
  'region',
];

/** The spine (regions, persons, households, enrolments, recipients) and the aid granted; each department has its own. */
export class Registry1790000000001 implements MigrationInterface {
  readonly name = 'Registry1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...SPINE, ...AID]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`drop table ${table}`);
    // Where an administrator made it, it is the administrator's.
    await runner.query(`do $$ begin
      if (select pg_has_role(extowner, 'usage') from pg_extension where extname = 'btree_gist') then
        drop extension btree_gist;
      end if;
    end $$`);
  }
}
