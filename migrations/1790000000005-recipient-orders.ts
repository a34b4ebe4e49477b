import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of recipients by the day from which they benefit, read from either end. */
const INDEXES = [
  `create index ix_recipient__province_code_valid_from_id on recipient (province_code, valid_from, id)`,
  `create index ix_recipient__county_code_valid_from_id on recipient (county_code, valid_from, id)`,
  // For callers of several divisions and for caseloads: no index can keep an order over several codes.
  `create index ix_recipient__valid_from_id on recipient (valid_from, id)`,
];

/** Indexes for the orders that a caller may choose. */
export class RecipientOrders1790000000005 implements MigrationInterface {
  readonly name = 'RecipientOrders1790000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of INDEXES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const columns of ['province_code_valid_from', 'county_code_valid_from', 'valid_from'])
      await runner.query(`drop index ix_recipient__${columns}_id`);
  }
}
