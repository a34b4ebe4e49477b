import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Entries between two instants, for the review of emergency access. They are written in the order of their time, so the
 * bounds of each block range say where they are: a few kilobytes for a month of the ledger, where a B-tree would cost
 * each entry some twenty bytes.
 */
export class LedgerByTime1790000000014 implements MigrationInterface {
  readonly name = 'LedgerByTime1790000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index ix_access_record__at on access_record using brin (at) with (autosummarize = on)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_access_record__at');
  }
}
