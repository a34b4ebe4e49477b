import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `create table aid_item (
    code varchar not null,
    programme varchar not null,
    name varchar not null,
    other_names varchar[] not null,
    form varchar,
    stages varchar[],
    once varchar not null,
    once_as varchar not null,
    reference varchar,
    most_fen bigint,
    region_code varchar(12) not null,
    valid_from date not null,
    valid_to date,
    source varchar not null,
    constraint pk_aid_item primary key (code, region_code, valid_from),
    constraint ck_aid_item__code check (code ~ '^[A-Z][A-Z0-9_]*$'),
    constraint ck_aid_item__form check (form in ('SCHOLARSHIP', 'LOAN', 'GRANT', 'SUBSIDY', 'REDUCTION', 'EXEMPTION', 'WORK_STUDY')),
    constraint ck_aid_item__once check (once in ('NONE', 'PERSON', 'REFERENCE', 'PERSON_REFERENCE', 'PERSON_TERM')),
    constraint ck_aid_item__reference check (
      reference in ('HOUSE_CODE', 'VOUCHER_NO', 'EVENT_CODE', 'COURSE_CODE') and reference is not null or once not in ('REFERENCE', 'PERSON_REFERENCE')),
    constraint ck_aid_item__most_fen check (most_fen > 0),
    constraint ck_aid_item__region_code check (region_code ~ '^[0-9]{12}$'),
    constraint ck_aid_item__validity check (valid_to >= valid_from)
  )`,
  `alter table aid_grant
    add column item varchar,
    add column reference varchar,
    add column once_key varchar,
    add constraint ck_aid_grant__once_key check (once_key is null or item is not null)`,
  // What is granted once is in force once.
  `create unique index uq_aid_grant__once_key on aid_grant (once_key) where state = 'CURRENT' and once_key is not null`,
];

const DOWN = [
  'drop index uq_aid_grant__once_key',
  `alter table aid_grant drop constraint ck_aid_grant__once_key, drop column once_key, drop column reference, drop column item`,
  'drop table aid_item',
];

/** 救助细项 · The items of aid with their dated rules, and which item a grant is. */
export class AidItems1790000000018 implements MigrationInterface {
  readonly name = 'AidItems1790000000018';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}
