import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists as they were when this migration was written; a later change of a list is a later migration. */
const DEPARTMENTS = `'CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT'`;
const PURPOSES = `'AID_ELIGIBILITY', 'AID_REPORTING', 'DYNAMIC_MONITORING', 'CASE_HANDLING', 'STATISTICS', 'AUDIT'`;
const ACCESS = `'FULL', 'MASKED'`;
const NARROWINGS = `'REGION', 'CASELOAD', 'CASE', 'OWN_DEPARTMENT'`;

const UP = [
  // Every day of the years whose arrangement of holidays is known. `ordinal` counts working days from the first day on,
  // this one included, so that a term is an addition and what is left of it a subtraction.
  `create table calendar_day (
    day date not null,
    working boolean not null,
    ordinal int not null,
    festival varchar,
    document varchar not null,
    constraint pk_calendar_day primary key (day)
  )`,
  `create index ix_calendar_day__ordinal on calendar_day (ordinal) where working`,

  `create table access_request (
    id uuid not null,
    number varchar not null,
    department varchar not null,
    parties varchar[] not null,
    client_key varchar not null,
    digest bytea not null,
    role varchar not null,
    purposes varchar[] not null,
    operations varchar[] not null,
    row_scopes varchar[] not null,
    legal_basis varchar not null,
    scenario varchar not null,
    mode varchar not null,
    valid_from date not null,
    valid_until date not null,
    requested_by varchar not null,
    requested_at timestamptz not null,
    state varchar not null,
    closed_by varchar,
    closed_at timestamptz,
    constraint pk_access_request primary key (id),
    constraint uq_access_request__number unique (number),
    constraint uq_access_request__department_client_key unique (department, client_key),
    constraint ck_access_request__department check (department in (${DEPARTMENTS})),
    constraint ck_access_request__parties check (parties <@ array[${DEPARTMENTS}]::varchar[] and department = any(parties)),
    constraint ck_access_request__digest check (octet_length(digest) = 32),
    constraint ck_access_request__role check (role in ('SYSTEM', 'ANALYST', 'WINDOW', 'AUDITOR')),
    constraint ck_access_request__purposes check (purposes <@ array[${PURPOSES}]::varchar[] and cardinality(purposes) > 0),
    constraint ck_access_request__mode check (mode in ('SERVICE_INTERFACE', 'BATCH_EXCHANGE', 'FILE_DOWNLOAD')),
    constraint ck_access_request__validity check (valid_until >= valid_from),
    constraint ck_access_request__state check (state in ('OPEN', 'GRANTED', 'PARTLY_GRANTED', 'REFUSED', 'WITHDRAWN')),
    constraint ck_access_request__closed check ((state = 'OPEN') = (closed_at is null) and (state = 'OPEN') = (closed_by is null))
  )`,

  `create table access_request_group (
    id uuid not null,
    request_id uuid not null,
    name varchar not null,
    owner varchar not null,
    attribute varchar not null,
    access varchar not null,
    scope varchar,
    granted_access varchar,
    granted_scope varchar,
    constraint pk_access_request_group primary key (id),
    constraint uq_access_request_group__request_id_name unique (request_id, name),
    constraint fk_access_request_group__request_id foreign key (request_id) references access_request (id),
    constraint ck_access_request_group__owner check (owner in (${DEPARTMENTS})),
    constraint ck_access_request_group__attribute check (attribute in ('UNCONDITIONAL', 'CONDITIONAL')),
    constraint ck_access_request_group__access check (access in (${ACCESS})),
    constraint ck_access_request_group__scope check (scope in (${NARROWINGS})),
    constraint ck_access_request_group__granted check (granted_access in (${ACCESS}) and not (access = 'MASKED' and granted_access = 'FULL')),
    constraint ck_access_request_group__granted_scope check (granted_scope is null or granted_scope in (${NARROWINGS}) and granted_access is not null)
  )`,

  `create table access_request_answer (
    id uuid not null,
    request_id uuid not null,
    owner varchar not null,
    received_on date not null,
    term_days int not null,
    extended_days int not null default 0,
    extension_reason varchar,
    extended_by varchar,
    extended_at timestamptz,
    verdict varchar not null default 'PENDING',
    granted_until date,
    reason varchar,
    legal_basis varchar,
    answered_by varchar,
    answered_at timestamptz,
    constraint pk_access_request_answer primary key (id),
    constraint uq_access_request_answer__request_id_owner unique (request_id, owner),
    constraint fk_access_request_answer__request_id foreign key (request_id) references access_request (id),
    constraint ck_access_request_answer__owner check (owner in (${DEPARTMENTS})),
    constraint ck_access_request_answer__term_days check (term_days in (1, 10)),
    constraint ck_access_request_answer__extension check (extended_days = 0 and num_nonnulls(extension_reason, extended_by, extended_at) = 0
      or extended_days = 10 and term_days = 10 and num_nulls(extension_reason, extended_by, extended_at) = 0),
    constraint ck_access_request_answer__verdict check (verdict in ('PENDING', 'GRANTED', 'REFUSED', 'LAPSED')),
    constraint ck_access_request_answer__answered check ((verdict in ('GRANTED', 'REFUSED')) = (answered_at is not null)
      and (answered_at is null) = (answered_by is null)),
    constraint ck_access_request_answer__refusal check (verdict <> 'REFUSED' or reason is not null and legal_basis is not null)
  )`,
  `create index ix_access_request_answer__received_on on access_request_answer (received_on) where verdict = 'PENDING'`,
];

/** Requests for access (共享申请), the answers of the owners, and the calendar that their terms are counted by. */
export class AccessRequests1790000000007 implements MigrationInterface {
  readonly name = 'AccessRequests1790000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['access_request_answer', 'access_request_group', 'access_request', 'calendar_day'])
      await queryRunner.query(`drop table ${table}`);
  }
}
