import type { MigrationInterface, QueryRunner } from 'typeorm';

const DEPARTMENTS = "'CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT'";
const STATES =
  "'STAGING', 'STAGED', 'PREVIEWING', 'PREVIEWED', 'APPLYING', 'APPLIED', 'WITHDRAWN', 'FAILED', 'ABANDONED'";

/** Counts of rows by what became of them. */
const COUNTS = [
  'row_count',
  'faulty_count',
  'repeated_count',
  'recorded_count',
  'changed_count',
  'unchanged_count',
  'rejected_count',
  'held_count',
  'conflict_count',
  'missing_count',
  'ended_count',
];

const UP = [
  `create table delivery (
    id uuid not null,
    department varchar not null,
    source_system varchar not null,
    record varchar not null,
    mode varchar not null,
    state varchar not null,
    as_of timestamptz not null,
    region_code varchar(12),
    file_name varchar,
    file_digest bytea,
    format varchar not null,
    byte_count bigint not null default '0',
    ${COUNTS.map((count) => `${count} int not null default 0`).join(',\n    ')},
    applied_through int not null default 0,
    code varchar,
    end_all boolean not null default false,
    opened_by varchar not null,
    opened_at timestamptz not null,
    seen_at timestamptz not null,
    staged_at timestamptz,
    asked_by jsonb,
    lease_by uuid,
    lease_until timestamptz,
    finished_at timestamptz,
    forgotten_at timestamptz,
    constraint pk_delivery primary key (id),
    constraint ck_delivery__department check (department in (${DEPARTMENTS})),
    constraint ck_delivery__mode check (mode in ('SNAPSHOT', 'DELTA')),
    constraint ck_delivery__state check (state in (${STATES})),
    constraint ck_delivery__region_code check (region_code ~ '^[0-9]{12}$'),
    constraint ck_delivery__file_digest check (octet_length(file_digest) = 32),
    constraint ck_delivery__finished check ((state in ('STAGING', 'STAGED', 'PREVIEWING', 'PREVIEWED', 'APPLYING')) = (finished_at is null)),
    constraint ck_delivery__lease check ((lease_by is null) = (lease_until is null))
  )`,
  `create index ix_delivery__department_opened_at_id on delivery (department, opened_at, id)`,
  `create index ix_delivery__opened_at_id on delivery (opened_at, id)`,
  `create index ix_delivery__file_digest on delivery (file_digest) where file_digest is not null`,
  `create index ix_delivery__source_system_record on delivery (source_system, record)`,
  `create index ix_delivery__state on delivery (state) where finished_at is null`,

  // Filled with COPY: no foreign key, no index but the key. FAULTY rows keep their own key alone, so that a snapshot
  // does not end what it did deliver; HELD ones wait for a decision.
  `create table delivery_row (
    delivery_id uuid not null,
    row_no int not null,
    state varchar not null,
    source_key varchar,
    id uuid,
    new_person_id uuid,
    content jsonb,
    digest bytea,
    id_type varchar,
    id_value varchar,
    id_key varchar,
    name varchar,
    name_key varchar,
    sex char(1),
    birth_date date,
    region varchar(12),
    constraint pk_delivery_row primary key (delivery_id, row_no),
    constraint ck_delivery_row__state check (state in ('STAGED', 'FAULTY', 'REPEATED', 'HELD', 'DECIDED'))
  )`,
  `create index ix_delivery_row__held on delivery_row (delivery_id, row_no) where state = 'HELD'`,

  `create table delivery_finding (
    id uuid not null,
    delivery_id uuid not null,
    department varchar not null,
    row_no int not null,
    source_key varchar,
    field varchar not null,
    code varchar not null,
    other_row int,
    found_at timestamptz not null,
    constraint pk_delivery_finding primary key (id),
    constraint fk_delivery_finding__delivery_id foreign key (delivery_id) references delivery (id),
    constraint ck_delivery_finding__department check (department in (${DEPARTMENTS}))
  )`,
  `create index ix_delivery_finding__delivery_id_row_no_id on delivery_finding (delivery_id, row_no, id)`,

  // Old versions of the departments' records: as the row stood, until when.
  `create table record_history (
    id uuid not null default gen_random_uuid(),
    record varchar not null,
    row_id uuid not null,
    person_id uuid,
    source_system varchar not null,
    source_key varchar not null,
    content jsonb not null,
    recorded_at timestamptz not null,
    superseded_at timestamptz not null,
    delivery_id uuid,
    constraint pk_record_history primary key (id)
  )`,
  `create index ix_record_history__row_id_superseded_at on record_history (row_id, superseded_at)`,
  `create index ix_record_history__person_id on record_history (person_id)`,

  // The server's role may delete nothing; this it may call. What was delivered is kept in the records; of finished
  // deliveries the rows as they came go, those that wait for a decision excepted.
  `create function forget_delivered_rows(finished_before timestamptz) returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
    as $$ with due as (
        select id from public.delivery where finished_at < least(finished_before, now()) and forgotten_at is null
      ), gone as (
        delete from public.delivery_row r using due where r.delivery_id = due.id and r.state <> 'HELD' returning 1
      ), noted as (
        update public.delivery d set forgotten_at = now() from due where d.id = due.id returning 1
      ) select (select count(*) from gone) + 0 * (select count(*) from noted) $$`,
  // A held row that was decided after its delivery was forgotten has no further use.
  `create function forget_decided_rows() returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
    as $$ with gone as (
        delete from public.delivery_row r using public.delivery d
        where r.delivery_id = d.id and d.forgotten_at is not null and r.state = 'DECIDED' returning 1
      ) select count(*) from gone $$`,
];

const DOWN = [
  'drop function forget_decided_rows',
  'drop function forget_delivered_rows',
  'drop table record_history',
  'drop table delivery_finding',
  'drop table delivery_row',
  'drop table delivery',
];

/** What departments deliver: deliveries, their rows and findings, and the old versions of records. */
export class Intake1790000000015 implements MigrationInterface {
  readonly name = 'Intake1790000000015';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
