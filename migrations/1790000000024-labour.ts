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

const TABLES = [
  `create table employment_record (
    id uuid not null,
    person_id uuid not null,
    status varchar not null,
    employer_uscc varchar,
    registered_on date not null,
    training varchar,
    refusals smallint,${DELIVERED},
    constraint pk_employment_record primary key (id),
    constraint uq_employment_record__source_system_source_key unique (source_system, source_key),
    constraint fk_employment_record__person_id foreign key (person_id) references person (id),
    constraint ck_employment_record__status check (status in ('EMPLOYED', 'REGISTERED_JOBLESS', 'HARD_TO_EMPLOY', 'NOT_IN_LABOUR_FORCE')),
    constraint ck_employment_record__refusals check (refusals >= 0)
  )`,
  `create index ix_employment_record__person_id_registered_on_id on employment_record (person_id, registered_on, id)`,

  `create table training_record (
    id uuid not null,
    person_id uuid not null,
    course varchar not null,
    from_on date not null,
    to_on date,
    provider_uscc varchar not null,
    certificate_no varchar,
    subsidy_claimed boolean not null,${DELIVERED},
    constraint pk_training_record primary key (id),
    constraint uq_training_record__source_system_source_key unique (source_system, source_key),
    constraint fk_training_record__person_id foreign key (person_id) references person (id),
    constraint ck_training_record__days check (to_on >= from_on)
  )`,
  `create index ix_training_record__person_id_from_on_id on training_record (person_id, from_on, id)`,

  `create table public_post (
    id uuid not null,
    person_id uuid not null,
    post varchar not null,
    employer_uscc varchar not null,
    valid_from date not null,
    valid_to date,${DELIVERED},
    constraint pk_public_post primary key (id),
    constraint uq_public_post__source_system_source_key unique (source_system, source_key),
    constraint fk_public_post__person_id foreign key (person_id) references person (id),
    constraint ck_public_post__validity check (valid_to >= valid_from)
  )`,
  `create index ix_public_post__person_id_valid_from_id on public_post (person_id, valid_from, id)`,

  `create table work_refusal (
    id uuid not null,
    person_id uuid not null,
    offer varchar not null,
    employer_uscc varchar,
    refused_on date not null,
    justified boolean not null,
    reason varchar,${DELIVERED},
    constraint pk_work_refusal primary key (id),
    constraint uq_work_refusal__source_system_source_key unique (source_system, source_key),
    constraint fk_work_refusal__person_id foreign key (person_id) references person (id),
    constraint ck_work_refusal__justified check (not justified or reason is not null)
  )`,
  `create index ix_work_refusal__person_id_refused_on_id on work_refusal (person_id, refused_on, id)`,
  `create index ix_work_refusal__refused_on_id on work_refusal (refused_on, id)`,

  `create table community_service (
    id uuid not null,
    person_id uuid not null,
    served_on date not null,
    organiser varchar not null,
    attended boolean not null,
    hours numeric(4,1),${DELIVERED},
    constraint pk_community_service primary key (id),
    constraint uq_community_service__source_system_source_key unique (source_system, source_key),
    constraint fk_community_service__person_id foreign key (person_id) references person (id),
    constraint ck_community_service__hours check (hours between 0 and 24)
  )`,
  `create index ix_community_service__person_id_served_on_id on community_service (person_id, served_on, id)`,

  // Reference data: what a rule says in a division (000000000000: everywhere) in a time, and which document says so.
  `create table labour_rule (
    rule varchar not null,
    region_code varchar(12) not null,
    valid_from date not null,
    valid_to date,
    value int not null,
    source varchar not null,
    constraint pk_labour_rule primary key (rule, region_code, valid_from),
    constraint ck_labour_rule__region_code check (region_code ~ '^[0-9]{12}$'),
    constraint ck_labour_rule__validity check (valid_to >= valid_from)
  )`,
];

/** 人力资源社会保障 · The tables of labour: registrations, training, posts, refusals, community service; its dated rules. */
export class Labour1790000000024 implements MigrationInterface {
  readonly name = 'Labour1790000000024';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table labour_rule, community_service, work_refusal, public_post, training_record, employment_record',
    );
  }
}
