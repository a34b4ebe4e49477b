import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  // In the order of the groups, with all that they count: read alone, and nothing has to be sorted.
  ix_recipient__statistics:
    'recipient (province_code, prefecture_code, county_code, programme, urban_rural, category, household_id, valid_from, valid_to)',
  ix_enrolment__province_code_prefecture_code: 'enrolment (province_code, prefecture_code)',
  ix_enrolment__county_code: 'enrolment (county_code)',
  ix_aid_grant__province_code_decided_on: 'aid_grant (province_code, decided_on)',
} as const;

/** What statistics of a province read. */
export class Statistics1790000000004 implements MigrationInterface {
  readonly name = 'Statistics1790000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(INDEXES))
      await queryRunner.query(`create index ${name} on ${columns}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await queryRunner.query(`drop index ${name}`);
  }
}
