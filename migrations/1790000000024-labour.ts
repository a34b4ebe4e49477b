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
    refusals smallint not null,${DELIVERED},
    constraint pk_employment_record primary key (id),
    constraint uq_employment_record__source_system_source_key unique (source_system, source_key),
    constraint fk_employment_record__person_id foreign key (person_id) references person (id),
    constraint ck_employment_record__status check (status in ('EMPLOYED', 'REGISTERED_JOBLESS', 'HARD_TO_EMPLOY', 'NOT_IN_LABOUR_FORCE')),
    constraint ck_employment_record__refusals check (refusals >= 0)
  )`,
  `create index ix_employment_record__person_id_registered_on_id on employment_record (person_id, registered_on, id)`,
];

/** 人力资源社会保障 · The tables of labour: registrations with the employment service. */
export class Labour1790000000024 implements MigrationInterface {
  readonly name = 'Labour1790000000024';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table employment_record');
  }
}
