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
  `create table medical_settlement (
    id uuid not null,
    person_id uuid not null,
    insured_type varchar not null,
    visit varchar not null,
    admitted_on date not null,
    discharged_on date,
    diagnosis varchar,
    serious_illness boolean not null,
    total_fen bigint not null,
    in_policy_fen bigint not null,
    basic_fen bigint not null,
    major_fen bigint not null,
    aid_fen bigint not null,
    other_fen bigint not null,
    self_fen bigint not null,${DELIVERED},
    constraint pk_medical_settlement primary key (id),
    constraint uq_medical_settlement__source_system_source_key unique (source_system, source_key),
    constraint fk_medical_settlement__person_id foreign key (person_id) references person (id),
    constraint ck_medical_settlement__insured_type check (insured_type in ('EMPLOYEE', 'RESIDENT')),
    constraint ck_medical_settlement__visit check (visit in ('INPATIENT', 'OUTPATIENT')),
    constraint ck_medical_settlement__stay check (discharged_on >= admitted_on),
    constraint ck_medical_settlement__split check (total_fen = basic_fen + major_fen + aid_fen + other_fen + self_fen),
    constraint ck_medical_settlement__in_policy check (in_policy_fen between 0 and total_fen)
  )`,
  `create index ix_medical_settlement__person_id_admitted_on_id on medical_settlement (person_id, admitted_on, id)`,
];

/** 卫生健康与医疗保障 · The tables of health and medical security: settled bills. */
export class Health1790000000022 implements MigrationInterface {
  readonly name = 'Health1790000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table medical_settlement');
  }
}
