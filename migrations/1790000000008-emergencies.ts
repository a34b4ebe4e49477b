import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `create table emergency_access (
    id uuid not null,
    client varchar not null,
    department varchar not null,
    agreement varchar not null,
    case_no varchar not null,
    reason varchar not null,
    opened_at timestamptz not null,
    until timestamptz not null,
    closed_at timestamptz,
    review_due_on date not null,
    told varchar[] not null,
    reviewed_by varchar,
    reviewed_at timestamptz,
    verdict varchar,
    note varchar,
    constraint pk_emergency_access primary key (id),
    constraint ck_emergency_access__department check (department in ('CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT')),
    constraint ck_emergency_access__told check (told <@ array['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT']::varchar[]),
    constraint ck_emergency_access__reason check (char_length(reason) between 10 and 500),
    constraint ck_emergency_access__span check (until > opened_at and closed_at >= opened_at and closed_at <= until),
    constraint ck_emergency_access__review check (num_nulls(reviewed_by, reviewed_at, verdict, note) in (0, 4)),
    constraint ck_emergency_access__reviewer check (reviewed_by <> client),
    constraint ck_emergency_access__verdict check (verdict in ('JUSTIFIED', 'UNJUSTIFIED')),
    constraint ex_emergency_access__one_at_a_time exclude using gist (client with =, case_no with =, tstzrange(opened_at, least(until, closed_at)) with &&)
  )`,
  `create index ix_emergency_access__opened_at_id on emergency_access (opened_at, id)`,

  `create table notice (
    id uuid not null,
    department varchar not null,
    kind varchar not null,
    reference varchar not null,
    text varchar not null,
    created_at timestamptz not null,
    acknowledged_by varchar,
    acknowledged_at timestamptz,
    constraint pk_notice primary key (id),
    constraint ck_notice__department check (department in ('CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT')),
    constraint ck_notice__kind check (kind in ('EMERGENCY_OPENED', 'EMERGENCY_REVIEWED', 'REQUEST_SUBMITTED', 'REQUEST_ANSWERED', 'REQUEST_EXTENDED', 'AGREEMENT_PUBLISHED', 'AGREEMENT_SUSPENDED', 'AGREEMENT_RESUMED', 'AGREEMENT_REVOKED', 'CATALOGUE_CHANGED', 'GUESSING_SUSPECTED')),
    constraint ck_notice__acknowledged check ((acknowledged_by is null) = (acknowledged_at is null))
  )`,
  `create index ix_notice__department_created_at_id on notice (department, created_at, id)`,
];

/** Emergency access (应急访问): who opened it, why, until when, and what its review found; notices to those responsible. */
export class Emergencies1790000000008 implements MigrationInterface {
  readonly name = 'Emergencies1790000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table notice');
    await queryRunner.query('drop table emergency_access');
  }
}
