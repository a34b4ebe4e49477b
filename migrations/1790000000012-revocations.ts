import type { MigrationInterface, QueryRunner } from 'typeorm';

const DEPARTMENTS = "'CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT'";

const UP = [
  // Keyed by what the token is called, never by its text: one token has many spellings.
  `create table revocation (
    id uuid not null,
    department varchar not null,
    token_id varchar,
    client varchar,
    issued_before timestamptz,
    reason varchar not null,
    revoked_by varchar not null,
    revoked_at timestamptz not null,
    until timestamptz not null,
    constraint pk_revocation primary key (id),
    constraint uq_revocation__token_id_department unique (token_id, department),
    constraint uq_revocation__client_department_issued_before unique (client, department, issued_before),
    constraint ck_revocation__department check (department in (${DEPARTMENTS})),
    constraint ck_revocation__what check (num_nonnulls(token_id, client) = 1 and (client is null) = (issued_before is null)),
    constraint ck_revocation__reason check (char_length(reason) between 2 and 500),
    constraint ck_revocation__until check (until > revoked_at)
  )`,
  `create index ix_revocation__department_revoked_at_id on revocation (department, revoked_at, id)`,
  `create index ix_revocation__revoked_at_id on revocation (revoked_at, id)`,
  // The server's role may delete nothing; this it may call, and this forgets nothing that still binds a token, whatever
  // instant it is called with.
  `create function forget_expired_revocations(at timestamptz) returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
    as $$ with gone as (delete from public.revocation where until < least(at, now()) returning 1) select count(*) from gone $$`,
  // A nightly check of a whole roll needs more than the setting allows: what an agreement says goes before it.
  `alter table policy_agreement
    add column misses_per_day int,
    add constraint ck_policy_agreement__misses_per_day check (misses_per_day between 0 and 100000000)`,
];

const DOWN = [
  'alter table policy_agreement drop column misses_per_day',
  'drop function forget_expired_revocations',
  'drop table revocation',
];

/** Revoked tokens and clients, and the budget of misses as a term of an agreement. */
export class Revocations1790000000012 implements MigrationInterface {
  readonly name = 'Revocations1790000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
