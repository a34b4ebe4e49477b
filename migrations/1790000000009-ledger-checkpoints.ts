import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `create table ledger_key (
    fingerprint varchar not null,
    suite varchar not null,
    public_key bytea not null,
    made_at timestamptz not null,
    previous varchar,
    endorsement bytea,
    proof bytea not null,
    constraint pk_ledger_key primary key (fingerprint),
    constraint ck_ledger_key__suite check (suite in ('ED25519', 'SM3WITHSM2')),
    constraint ck_ledger_key__fingerprint check (fingerprint ~ '^[0-9a-f]{64}$'),
    constraint ck_ledger_key__endorsement check ((previous is null) = (endorsement is null))
  )`,

  `create table ledger_checkpoint (
    at timestamptz not null,
    entries bigint not null,
    chain integer not null,
    number integer not null,
    seq integer not null,
    closing boolean not null,
    seal bytea not null,
    links jsonb not null,
    suite varchar not null,
    key varchar not null,
    signature bytea not null,
    digest bytea not null,
    constraint pk_ledger_checkpoint primary key (chain, number),
    constraint ck_ledger_checkpoint__number check (number > 0 and seq > 0 and entries >= 0),
    constraint ck_ledger_checkpoint__suite check (suite in ('ED25519', 'SM3WITHSM2')),
    constraint ck_ledger_checkpoint__digest check (octet_length(digest) = 32 and octet_length(seal) = 32)
  )`,
];

/** Signed checkpoints of the ledger, and the keys that they are checked with. The server's role may select and insert. */
export class LedgerCheckpoints1790000000009 implements MigrationInterface {
  readonly name = 'LedgerCheckpoints1790000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ledger_checkpoint`);
    await runner.query(`drop table ledger_key`);
  }
}
