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

/** The list as it was when this migration was written. */
const FEES = `fees <@ array['TUITION', 'SUNDRY', 'AGENCY', 'TEXTBOOK', 'BOARDING', 'CARE', 'OUT_OF_DISTRICT']`;

const TABLES = [
  `create table student_record (
    id uuid not null,
    person_id uuid not null,
    stage varchar not null,
    school_code varchar not null,
    school_name varchar not null,
    grade smallint not null,
    boarding boolean not null,
    term varchar not null,${DELIVERED},
    constraint pk_student_record primary key (id),
    constraint uq_student_record__source_system_source_key unique (source_system, source_key),
    constraint fk_student_record__person_id foreign key (person_id) references person (id),
    constraint ck_student_record__stage check (stage in ('PRESCHOOL', 'PRIMARY', 'JUNIOR', 'SENIOR', 'VOCATIONAL', 'UNDERGRADUATE', 'POSTGRADUATE')),
    constraint ck_student_record__grade check (grade between 0 and 12),
    constraint ck_student_record__term check (term ~ '^[0-9]{4}-[12]$')
  )`,
  `create index ix_student_record__person_id_term_id on student_record (person_id, term, id)`,

  `create table education_voucher (
    id uuid not null,
    person_id uuid not null,
    term varchar not null,
    face_value_fen bigint not null,
    fees text[],
    issued_on date not null,
    redeemed_on date,
    redeemed_school varchar,${DELIVERED},
    constraint pk_education_voucher primary key (id),
    constraint uq_education_voucher__source_system_source_key unique (source_system, source_key),
    constraint fk_education_voucher__person_id foreign key (person_id) references person (id),
    constraint ck_education_voucher__face_value_fen check (face_value_fen > 0),
    constraint ck_education_voucher__fees check (${FEES}),
    constraint ck_education_voucher__term check (term ~ '^[0-9]{4}-[12]$'),
    constraint ck_education_voucher__redeemed check ((redeemed_on is null) = (redeemed_school is null) and redeemed_on >= issued_on)
  )`,
  `create index ix_education_voucher__person_id_term_id on education_voucher (person_id, term, id)`,

  `create table fee_deferral (
    id uuid not null,
    person_id uuid not null,
    kind varchar not null,
    school_name varchar not null,
    term varchar not null,
    fees text[],
    amount_fen bigint not null,
    granted_on date not null,
    due_on date,
    settled_on date,${DELIVERED},
    constraint pk_fee_deferral primary key (id),
    constraint uq_fee_deferral__source_system_source_key unique (source_system, source_key),
    constraint fk_fee_deferral__person_id foreign key (person_id) references person (id),
    constraint ck_fee_deferral__kind check (kind in ('GREEN_CHANNEL', 'DEFERRED')),
    constraint ck_fee_deferral__amount_fen check (amount_fen > 0),
    constraint ck_fee_deferral__fees check (${FEES}),
    constraint ck_fee_deferral__term check (term ~ '^[0-9]{4}-[12]$'),
    constraint ck_fee_deferral__days check (due_on >= granted_on and settled_on >= granted_on)
  )`,
  `create index ix_fee_deferral__person_id_term_id on fee_deferral (person_id, term, id)`,
];

/** 教育 · The tables of education: students by term, vouchers, fees that are put off. */
export class Education1790000000021 implements MigrationInterface {
  readonly name = 'Education1790000000021';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table fee_deferral, education_voucher, student_record');
  }
}
