import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists as they were when this migration was written; a later change of a list is a later migration. */
const DEPARTMENTS = `'CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT'`;
const NOTICES_BEFORE = `'EMERGENCY_OPENED', 'EMERGENCY_REVIEWED', 'REQUEST_SUBMITTED', 'REQUEST_ANSWERED', 'REQUEST_EXTENDED', 'AGREEMENT_PUBLISHED', 'AGREEMENT_SUSPENDED', 'AGREEMENT_RESUMED', 'AGREEMENT_REVOKED', 'CATALOGUE_CHANGED', 'GUESSING_SUSPECTED'`;
const NOTICES = `${NOTICES_BEFORE}, 'CORRECTION_OPENED', 'CORRECTION_ANSWERED', 'CORRECTION_WITHDRAWN', 'VALUE_RECALLED'`;
const CAUSES = `'CORRECTED', 'STATUS_ENDED', 'DIED'`;

/** A value is of a person or of a household. */
const ONE_SUBJECT = 'num_nonnulls(person_id, household_id) = 1';

const noticesAre = (kinds: string): readonly string[] => [
  'alter table notice drop constraint ck_notice__kind',
  `alter table notice add constraint ck_notice__kind check (kind in (${kinds}))`,
];

const UP = [
  // A feed is of a region, and may be expected before anything was delivered.
  `alter table feed drop constraint uq_feed__source_system_record,
    add column region_code varchar(12),
    add column ended_at timestamptz,
    alter column as_of drop not null,
    add constraint ck_feed__region_code check (region_code ~ '^[0-9]{12}$')`,
  `create unique index uq_feed__source_system_record_region_code on feed (source_system, record, region_code) nulls not distinct`,
  `create index ix_feed__department_record on feed (department, record)`,

  // Working days that the owner of a disputed value has, from a day on.
  `create table correction_term (
    valid_from date not null,
    working_days int not null,
    document varchar not null,
    constraint pk_correction_term primary key (valid_from),
    constraint ck_correction_term__working_days check (working_days > 0)
  )`,

  `create table correction (
    id uuid not null,
    number varchar not null,
    department varchar not null,
    owner varchar not null,
    parties varchar[] not null,
    client_key varchar not null,
    digest bytea not null,
    person_id uuid,
    household_id uuid,
    coordinate varchar not null,
    field_group varchar not null,
    record varchar,
    record_id uuid,
    claimed varchar not null,
    evidence varchar not null,
    case_no varchar not null,
    opened_by varchar not null,
    opened_at timestamptz not null,
    opened_on date not null,
    term_days int not null,
    value_since timestamptz,
    state varchar not null,
    reason varchar,
    corrected_record_id uuid,
    delivery_id uuid,
    closed_by varchar,
    closed_at timestamptz,
    constraint pk_correction primary key (id),
    -- A merge of persons moves what refers to a person by a foreign key.
    constraint fk_correction__person_id foreign key (person_id) references person (id),
    constraint fk_correction__household_id foreign key (household_id) references household (id),
    constraint ck_correction__subject check (${ONE_SUBJECT}),
    constraint uq_correction__number unique (number),
    constraint uq_correction__department_client_key unique (department, client_key),
    constraint ck_correction__department check (department in (${DEPARTMENTS})),
    constraint ck_correction__owner check (owner in (${DEPARTMENTS})),
    constraint ck_correction__parties check (parties = array[department, owner] and department <> owner),
    constraint ck_correction__digest check (octet_length(digest) = 32),
    constraint ck_correction__term_days check (term_days > 0),
    constraint ck_correction__state check (state in ('OPEN', 'UPHELD', 'CORRECTED', 'WITHDRAWN')),
    constraint ck_correction__closed check ((state = 'OPEN') = (closed_at is null) and (closed_at is null) = (closed_by is null)),
    constraint ck_correction__upheld check (state <> 'UPHELD' or reason is not null),
    constraint ck_correction__corrected check ((state = 'CORRECTED') = (num_nonnulls(corrected_record_id, delivery_id) > 0))
  )`,
  // A department disputes a value once at a time.
  `create unique index uq_correction__open on correction (department, person_id, household_id, coordinate, record_id) nulls not distinct where state = 'OPEN'`,
  `create index ix_correction__person_id on correction (person_id)`,
  `create index ix_correction__household_id on correction (household_id)`,
  `create index ix_correction__owner_record on correction (owner, record) where state = 'OPEN'`,

  // What no longer holds: noted by whoever ends it, carried out apart from it.
  `create table recall_order (
    id uuid not null,
    person_id uuid,
    household_id uuid,
    told varchar[] not null,
    cause varchar not null,
    reference varchar not null,
    since timestamptz,
    ordered_at timestamptz not null,
    done_at timestamptz,
    constraint pk_recall_order primary key (id),
    constraint ck_recall_order__subject check (${ONE_SUBJECT}),
    constraint ck_recall_order__cause check (cause in (${CAUSES})),
    constraint ck_recall_order__told check (cardinality(told) > 0)
  )`,
  `create unique index uq_recall_order__once on recall_order (person_id, household_id, cause, reference) nulls not distinct`,
  `create index ix_recall_order__ordered_at_id on recall_order (ordered_at, id) where done_at is null`,

  `create table recall (
    id uuid not null,
    order_id uuid not null,
    person_id uuid,
    household_id uuid,
    department varchar not null,
    client varchar not null,
    purpose varchar,
    case_no varchar,
    cause varchar not null,
    reference varchar not null,
    coordinates varchar[] not null,
    told_at timestamptz not null,
    recalled_at timestamptz not null,
    acknowledged_by varchar,
    acknowledged_at timestamptz,
    outcome varchar,
    note varchar,
    acted_by varchar,
    acted_at timestamptz,
    constraint pk_recall primary key (id),
    constraint ck_recall__subject check (${ONE_SUBJECT}),
    constraint ck_recall__department check (department in (${DEPARTMENTS})),
    constraint ck_recall__cause check (cause in (${CAUSES})),
    constraint ck_recall__acknowledged check ((acknowledged_by is null) = (acknowledged_at is null)),
    constraint ck_recall__acted check (num_nulls(acted_by, acted_at, outcome) in (0, 3) and (acted_at is null or acknowledged_at is not null)),
    constraint ck_recall__outcome check (outcome in ('NONE_NEEDED', 'REVIEWED', 'ADJUSTED'))
  )`,
  `create unique index uq_recall__once on recall (order_id, department, client, purpose, case_no) nulls not distinct`,
  `create index ix_recall__department_recalled_at_id on recall (department, recalled_at, id)`,
  ...noticesAre(NOTICES),
];

const DOWN = [
  `delete from notice where kind in ('CORRECTION_OPENED', 'CORRECTION_ANSWERED', 'CORRECTION_WITHDRAWN', 'VALUE_RECALLED')`,
  ...noticesAre(NOTICES_BEFORE),
  'drop table recall',
  'drop table recall_order',
  'drop table correction',
  'drop table correction_term',
  // What cannot be said without regions goes: a feed of a part, and one that never delivered.
  'delete from feed where region_code is not null or as_of is null or ended_at is not null',
  'drop index ix_feed__department_record',
  'drop index uq_feed__source_system_record_region_code',
  `alter table feed drop constraint ck_feed__region_code, drop column region_code, drop column ended_at, alter column as_of set not null,
    add constraint uq_feed__source_system_record unique (source_system, record)`,
];

/** Freshness by region (数据时效), disputed values (校核) and whom they reach (使用提醒). */
export class Freshness1790000000017 implements MigrationInterface {
  readonly name = 'Freshness1790000000017';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
