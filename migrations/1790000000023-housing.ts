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
  `create table housing_record (
    id uuid not null,
    person_id uuid not null,
    household_id uuid,
    tenure varchar not null,
    area_m2 numeric(8,2) not null,
    danger_grade varchar,
    address varchar,${DELIVERED},
    constraint pk_housing_record primary key (id),
    constraint uq_housing_record__source_system_source_key unique (source_system, source_key),
    constraint fk_housing_record__person_id foreign key (person_id) references person (id),
    constraint fk_housing_record__household_id foreign key (household_id) references household (id),
    constraint ck_housing_record__tenure check (tenure in ('OWNED', 'PUBLIC_RENTAL', 'PRIVATE_RENTAL', 'NONE')),
    constraint ck_housing_record__area_m2 check (area_m2 >= 0),
    constraint ck_housing_record__danger_grade check (danger_grade in ('A', 'B', 'C', 'D'))
  )`,
  `create index ix_housing_record__person_id_id on housing_record (person_id, id)`,
  `create index ix_housing_record__household_id_id on housing_record (household_id, id)`,
];

/** 住房保障 · The tables of housing: how a person is housed. */
export class Housing1790000000023 implements MigrationInterface {
  readonly name = 'Housing1790000000023';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table housing_record');
  }
}
