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

/** The keys that every record has: its id, its key in its source, the person and the household that it is about. */
const keys = (table: string): string => `
    constraint pk_${table} primary key (id),
    constraint uq_${table}__source_system_source_key unique (source_system, source_key),
    constraint fk_${table}__person_id foreign key (person_id) references person (id),
    constraint fk_${table}__household_id foreign key (household_id) references household (id)`;

const TABLES = [
  `create table housing_record (
    id uuid not null,
    person_id uuid not null,
    household_id uuid,
    tenure varchar not null,
    area_m2 numeric(8,2) not null,
    danger_grade varchar,
    address varchar,${DELIVERED},${keys('housing_record')},
    constraint ck_housing_record__tenure check (tenure in ('OWNED', 'PUBLIC_RENTAL', 'PRIVATE_RENTAL', 'NONE')),
    constraint ck_housing_record__area_m2 check (area_m2 >= 0),
    constraint ck_housing_record__danger_grade check (danger_grade in ('A', 'B', 'C', 'D'))
  )`,
  `create index ix_housing_record__person_id_id on housing_record (person_id, id)`,
  `create index ix_housing_record__household_id_id on housing_record (household_id, id)`,

  `create table public_rental (
    id uuid not null,
    person_id uuid not null,
    household_id uuid,
    unit_code varchar not null,
    address varchar,
    area_m2 numeric(8,2) not null,
    rent_fen bigint not null,
    relief_fen bigint not null,
    valid_from date not null,
    valid_to date,${DELIVERED},${keys('public_rental')},
    constraint ck_public_rental__area_m2 check (area_m2 > 0),
    constraint ck_public_rental__relief check (relief_fen between 0 and rent_fen),
    constraint ck_public_rental__validity check (valid_to >= valid_from)
  )`,
  `create index ix_public_rental__person_id_valid_from_id on public_rental (person_id, valid_from, id)`,
  `create index ix_public_rental__household_id_valid_from_id on public_rental (household_id, valid_from, id)`,

  `create table rent_subsidy (
    id uuid not null,
    person_id uuid not null,
    household_id uuid,
    amount_fen bigint not null,
    month_from char(7) not null,
    month_to char(7),${DELIVERED},${keys('rent_subsidy')},
    constraint ck_rent_subsidy__amount check (amount_fen > 0),
    constraint ck_rent_subsidy__months
      check (month_from ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and month_to ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' and month_to >= month_from)
  )`,
  `create index ix_rent_subsidy__person_id_month_from_id on rent_subsidy (person_id, month_from, id)`,
  `create index ix_rent_subsidy__household_id_month_from_id on rent_subsidy (household_id, month_from, id)`,

  `create table dilapidated_house (
    id uuid not null,
    person_id uuid not null,
    household_id uuid,
    house_code varchar not null,
    address varchar,
    grade varchar not null,
    surveyed_on date not null,
    reconstruction varchar,
    reconstructed_on date,${DELIVERED},${keys('dilapidated_house')},
    constraint ck_dilapidated_house__grade check (grade in ('C', 'D')),
    constraint ck_dilapidated_house__reconstruction check (reconstruction in ('REPAIRED', 'REBUILT')),
    constraint ck_dilapidated_house__reconstructed_on
      check ((reconstruction is null) = (reconstructed_on is null) and reconstructed_on >= surveyed_on)
  )`,
  `create index ix_dilapidated_house__person_id_surveyed_on_id on dilapidated_house (person_id, surveyed_on, id)`,
  `create index ix_dilapidated_house__household_id_surveyed_on_id on dilapidated_house (household_id, surveyed_on, id)`,
  // One house is rebuilt once, ever.
  `create unique index uq_dilapidated_house__house_code on dilapidated_house (house_code) where reconstruction is not null`,
];

/** 住房保障 · The tables of housing: how a person is housed, flats and subsidies for tenants, houses in danger. */
export class Housing1790000000023 implements MigrationInterface {
  readonly name = 'Housing1790000000023';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dilapidated_house, rent_subsidy, public_rental, housing_record');
  }
}
