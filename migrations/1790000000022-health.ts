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

/** Who gets help with the premium. */
const AIDED_AS = `'TEKUN', 'ORPHAN', 'DIBAO', 'DIBAO_EDGE', 'RELAPSE_MONITORED', 'OTHER'`;

/** The keys that every record has: its id, its key in its source, the person that it is about. */
const keys = (table: string): string => `
    constraint pk_${table} primary key (id),
    constraint uq_${table}__source_system_source_key unique (source_system, source_key),
    constraint fk_${table}__person_id foreign key (person_id) references person (id)`;

const TABLES = [
  `create table medical_settlement (
    id uuid not null,
    person_id uuid not null,
    insured_type varchar not null,
    visit varchar not null,
    admitted_on date not null,
    discharged_on date,
    diagnosis varchar,
    diagnosis_code varchar,
    serious_illness boolean not null,
    total_fen bigint not null,
    in_policy_fen bigint not null,
    basic_fen bigint not null,
    major_fen bigint not null,
    aid_fen bigint not null,
    other_fen bigint not null,
    self_fen bigint not null,${DELIVERED},${keys('medical_settlement')},
    constraint ck_medical_settlement__insured_type check (insured_type in ('EMPLOYEE', 'RESIDENT')),
    constraint ck_medical_settlement__visit check (visit in ('INPATIENT', 'OUTPATIENT')),
    constraint ck_medical_settlement__stay check (discharged_on >= admitted_on),
    constraint ck_medical_settlement__split check (total_fen = basic_fen + major_fen + aid_fen + other_fen + self_fen),
    constraint ck_medical_settlement__in_policy check (in_policy_fen between 0 and total_fen)
  )`,
  `create index ix_medical_settlement__person_id_admitted_on_id on medical_settlement (person_id, admitted_on, id)`,

  `create table insured_record (
    id uuid not null,
    person_id uuid not null,
    insured_type varchar not null,
    valid_from date not null,
    valid_to date,
    premium_fen bigint,
    aided_as varchar,
    premium_aid_mode varchar,
    premium_aid_fen bigint,${DELIVERED},${keys('insured_record')},
    constraint ck_insured_record__insured_type check (insured_type in ('EMPLOYEE', 'RESIDENT')),
    constraint ck_insured_record__validity check (valid_to >= valid_from),
    constraint ck_insured_record__aided_as check (aided_as in (${AIDED_AS})),
    constraint ck_insured_record__premium_aid_mode check (premium_aid_mode in ('FULL', 'FIXED')),
    constraint ck_insured_record__premium check (premium_fen >= 0),
    constraint ck_insured_record__premium_aid check (premium_aid_fen between 0 and premium_fen)
  )`,
  `create index ix_insured_record__person_id_valid_from_id on insured_record (person_id, valid_from, id)`,

  `create table emergency_case (
    id uuid not null,
    person_id uuid not null,
    hospital varchar not null,
    arrived_on date not null,
    identity_known boolean not null,
    found_at varchar,
    description varchar,
    total_fen bigint not null,
    insurance_fen bigint not null,
    aid_fen bigint not null,
    self_fen bigint not null,
    fund_fen bigint not null,
    unpaid_fen bigint not null,
    fund_paid_on date,${DELIVERED},${keys('emergency_case')},
    constraint ck_emergency_case__amounts
      check (least(insurance_fen, aid_fen, self_fen, fund_fen, unpaid_fen) >= 0),
    constraint ck_emergency_case__split
      check (total_fen = insurance_fen + aid_fen + self_fen + fund_fen + unpaid_fen),
    constraint ck_emergency_case__fund_paid_on check (fund_paid_on is null or fund_fen > 0)
  )`,
  `create index ix_emergency_case__person_id_arrived_on_id on emergency_case (person_id, arrived_on, id)`,

  `create table death_report (
    id uuid not null,
    person_id uuid not null,
    died_on date not null,
    certified_by varchar not null,
    institution varchar not null,
    certificate_no varchar,${DELIVERED},${keys('death_report')},
    constraint ck_death_report__certified_by check (certified_by in ('HOSPITAL', 'FUNERAL_HOME'))
  )`,
  `create index ix_death_report__person_id_died_on_id on death_report (person_id, died_on, id)`,
];

/** Dated configuration from seeds/reference: what was in force where, from when until when, and on which document. */
const CONFIGURATION = [
  `create table serious_illness (
    id uuid not null,
    region_code varchar(12) not null,
    list varchar not null,
    disease varchar not null,
    codes text[] not null,
    valid_from date not null,
    valid_to date,
    source varchar not null,
    constraint pk_serious_illness primary key (id),
    constraint uq_serious_illness__region_code_list_disease unique (region_code, list, disease),
    constraint ck_serious_illness__validity check (valid_to >= valid_from)
  )`,

  `create table premium_aid_rate (
    id uuid not null,
    region_code varchar(12) not null,
    category varchar not null,
    mode varchar not null,
    amount_fen bigint,
    valid_from date not null,
    valid_to date,
    source varchar not null,
    constraint pk_premium_aid_rate primary key (id),
    constraint uq_premium_aid_rate__region_code_category_valid_from unique (region_code, category, valid_from),
    constraint ck_premium_aid_rate__category check (category in (${AIDED_AS})),
    constraint ck_premium_aid_rate__mode check (mode in ('FULL', 'FIXED')),
    constraint ck_premium_aid_rate__amount check ((mode = 'FIXED') = (amount_fen is not null) and amount_fen > 0),
    constraint ck_premium_aid_rate__validity check (valid_to >= valid_from)
  )`,
];

/** 卫生健康与医疗保障 · The tables of health and medical security: the insured, bills, emergencies, deaths, and dated lists. */
export class Health1790000000022 implements MigrationInterface {
  readonly name = 'Health1790000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...CONFIGURATION]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table premium_aid_rate, serious_illness, death_report, emergency_case, insured_record, medical_settlement',
    );
  }
}
