import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `create table policy_version (
    version int not null,
    digest bytea not null,
    published_at timestamptz not null default now(),
    constraint pk_policy_version primary key (version)
  )`,
  // One row: the version in force. Every statement of the reading road compares it with the version it was planned for.
  `create table policy_head (
    only_row boolean not null default true,
    version int not null,
    constraint pk_policy_head primary key (only_row),
    constraint ck_policy_head__only_row check (only_row),
    constraint fk_policy_head__version foreign key (version) references policy_version (version)
  )`,
  `create table policy_group (
    version int not null,
    name varchar not null,
    title varchar not null,
    owner varchar not null,
    attribute varchar not null,
    legal_basis varchar not null,
    constraint pk_policy_group primary key (version, name),
    constraint fk_policy_group__version foreign key (version) references policy_version (version),
    constraint ck_policy_group__attribute check (attribute in ('UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'))
  )`,
  `create table policy_agreement (
    id uuid not null,
    version int not null,
    department varchar not null,
    role varchar not null,
    title varchar not null,
    legal_basis varchar not null,
    purposes varchar[] not null,
    valid_from date not null,
    valid_until date,
    smallest_count int not null,
    constraint pk_policy_agreement primary key (id),
    constraint fk_policy_agreement__version foreign key (version) references policy_version (version),
    constraint uq_policy_agreement__version_department_role unique (version, department, role),
    constraint ck_policy_agreement__validity check (valid_until >= valid_from)
  )`,
  `create table policy_operation (
    agreement_id uuid not null,
    name varchar not null,
    constraint pk_policy_operation primary key (agreement_id, name),
    constraint fk_policy_operation__agreement_id foreign key (agreement_id) references policy_agreement (id)
  )`,
  `create table policy_row (
    agreement_id uuid not null,
    type_name varchar not null,
    scope varchar not null,
    constraint pk_policy_row primary key (agreement_id, type_name),
    constraint fk_policy_row__agreement_id foreign key (agreement_id) references policy_agreement (id),
    constraint ck_policy_row__scope check (scope in ('everything', 'region', 'caseload', 'case', 'own-department', 'match'))
  )`,
  `create table policy_field (
    agreement_id uuid not null,
    group_name varchar not null,
    access varchar not null,
    scope varchar,
    constraint pk_policy_field primary key (agreement_id, group_name),
    constraint fk_policy_field__agreement_id foreign key (agreement_id) references policy_agreement (id),
    constraint ck_policy_field__access check (access in ('full', 'masked')),
    constraint ck_policy_field__scope check (scope in ('region', 'caseload', 'case', 'own-department'))
  )`,
  // Status checks that told nothing, by client and day: guessing ID numbers is the attack that matters.
  `create table miss_count (
    client varchar not null,
    day date not null,
    misses int not null,
    constraint pk_miss_count primary key (client, day),
    constraint ck_miss_count__misses check (misses >= 0)
  )`,
];

/** The sharing policy in force and all before it, and the counter of fruitless status checks. */
export class Policy1790000000002 implements MigrationInterface {
  readonly name = 'Policy1790000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [
      'miss_count',
      'policy_field',
      'policy_row',
      'policy_operation',
      'policy_agreement',
      'policy_group',
      'policy_head',
      'policy_version',
    ]) {
      await queryRunner.query(`drop table ${table}`);
    }
  }
}
