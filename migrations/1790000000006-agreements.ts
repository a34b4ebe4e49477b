import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Every statement of the reading road compares the stamp with the one that it was planned under. It rises with each
  // published version and with each revoked token, in the transaction that does either.
  `alter table policy_head add column stamp bigint not null default 1`,
  `alter table policy_group
    add column format varchar,
    add column rhythm varchar,
    add column sensitivity varchar,
    add column note varchar,
    add constraint ck_policy_group__rhythm
      check (rhythm in ('REALTIME', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'ON_CHANGE')),
    add constraint ck_policy_group__sensitivity check (sensitivity in ('PUBLIC', 'INTERNAL', 'PERSONAL', 'SENSITIVE'))`,
  `alter table policy_agreement
    add column number varchar,
    add column state varchar not null default 'ACTIVE',
    add column state_reason varchar,
    add column emergency boolean not null default false,
    drop constraint uq_policy_agreement__version_department_role`,
  // Agreements from before numbers: there was one of each department and role.
  `update policy_agreement set number = replace(lower(department || '-' || role), '_', '-')`,
  `alter table policy_agreement
    alter column number set not null,
    add constraint uq_policy_agreement__version_number unique (version, number),
    add constraint ck_policy_agreement__state check (state in ('ACTIVE', 'SUSPENDED', 'REVOKED')),
    add constraint ck_policy_agreement__state_reason check (state = 'ACTIVE' or state_reason is not null)`,
  `create table policy_change (
    id uuid not null,
    draft_key varchar not null,
    kind varchar not null,
    agreement_number varchar,
    content jsonb not null,
    summary varchar not null,
    base_version int not null,
    request_id uuid,
    drafted_by varchar not null,
    drafted_department varchar not null,
    drafted_at timestamptz not null,
    state varchar not null default 'DRAFT',
    decided_by varchar,
    decided_department varchar,
    decided_at timestamptz,
    published_version int,
    constraint pk_policy_change primary key (id),
    -- A draft that is sent again is the same draft.
    constraint uq_policy_change__drafted_by_draft_key unique (drafted_by, draft_key),
    constraint fk_policy_change__base_version foreign key (base_version) references policy_version (version),
    constraint fk_policy_change__published_version foreign key (published_version) references policy_version (version),
    constraint ck_policy_change__kind check (kind in ('AMEND', 'RESUME', 'REVOKE', 'SUSPEND', 'CATALOGUE')),
    constraint ck_policy_change__state check (state in ('DRAFT', 'PUBLISHED', 'WITHDRAWN')),
    constraint ck_policy_change__decided check ((state = 'DRAFT') = (decided_by is null)),
    constraint ck_policy_change__published check ((state = 'PUBLISHED') = (published_version is not null)),
    -- Two pairs of eyes, whatever the code says; the brake alone takes one.
    constraint ck_policy_change__two_pairs_of_eyes
      check (state <> 'PUBLISHED' or kind = 'SUSPEND' or decided_by <> drafted_by)
  )`,
  `create index ix_policy_change__drafted_at_id on policy_change (drafted_at, id)`,
  `alter table policy_version
    add column origin varchar not null default 'FILES',
    add column change_id uuid,
    add column drafted_by varchar,
    add column published_by varchar,
    add column summary varchar,
    add constraint fk_policy_version__change_id foreign key (change_id) references policy_change (id),
    add constraint ck_policy_version__origin check (origin in ('FILES', 'CHANGE')),
    add constraint ck_policy_version__change check ((origin = 'CHANGE') = (change_id is not null))`,
];

// A database whose policy knows several agreements of one department and role has no way back to one.
const DOWN = [
  `alter table policy_version
    drop column origin, drop column change_id, drop column drafted_by, drop column published_by, drop column summary`,
  `drop table policy_change`,
  `alter table policy_agreement
    drop column number, drop column state, drop column state_reason, drop column emergency,
    add constraint uq_policy_agreement__version_department_role unique (version, department, role)`,
  `alter table policy_group drop column format, drop column rhythm, drop column sensitivity, drop column note`,
  `alter table policy_head drop column stamp`,
];

/** The life of agreements: states, numbers, drafts of changes, and the stamp that every statement compares. */
export class Agreements1790000000006 implements MigrationInterface {
  readonly name = 'Agreements1790000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
