import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS =
  'recipient (province_code, prefecture_code, county_code, programme, urban_rural, category, household_id, valid_from, valid_to)';

/**
 * The index of statistics is for statistics alone. With ten million persons pages took it as well, since it fits more of
 * their conditions than the index in their order does, and sorted a prefecture's recipients for each page.
 */
export class StatisticsApart1790000000013 implements MigrationInterface {
  readonly name = 'StatisticsApart1790000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_recipient__statistics');
    // True of every row; only who says so too is given the index.
    await runner.query(`create index ix_recipient__statistics on ${COLUMNS} where programme <> ''`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_recipient__statistics');
    await runner.query(`create index ix_recipient__statistics on ${COLUMNS}`);
  }
}
