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
  `create table student_record (
    id uuid not null,
    person_id uuid not null,
    stage varchar not null,
    school_code varchar not null,
    school_name varchar not null,
    grade smallint not null,
    boarding boolean not null,
    term varchar not null,${DELIVERED},
    constraint pk_student_record primary key (id),
    constraint uq_student_record__source_system_source_key unique (source_system, source_key),
    constraint fk_student_record__person_id foreign key (person_id) references person (id),
    constraint ck_student_record__stage check (stage in ('PRESCHOOL', 'PRIMARY', 'JUNIOR', 'SENIOR', 'VOCATIONAL', 'UNDERGRADUATE', 'POSTGRADUATE')),
    constraint ck_student_record__grade check (grade between 0 and 12),
    constraint ck_student_record__term check (term ~ '^[0-9]{4}-[12]$')
  )`,
  `create index ix_student_record__person_id_term_id on student_record (person_id, term, id)`,
];

/** 教育 · The tables of education: students by term. */
export class Education1790000000021 implements MigrationInterface {
  readonly name = 'Education1790000000021';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table student_record');
  }
}
