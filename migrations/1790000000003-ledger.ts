import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `create table access_operation (
    number integer generated always as identity,
    digest bytea not null,
    kind varchar not null,
    department varchar not null,
    role varchar not null,
    purpose varchar,
    policy_version integer not null,
    name varchar,
    text varchar not null,
    nodes jsonb not null,
    constraint pk_access_operation primary key (number),
    constraint uq_access_operation__digest unique (digest),
    constraint ck_access_operation__kind check (kind in ('READ', 'WRITE')),
    constraint ck_access_operation__digest check (octet_length(digest) = 32)
  )`,

  // Fixed widths first, in falling alignment: this is the table that grows.
  `create table access_record (
    id uuid not null,
    at timestamptz not null,
    chain integer not null,
    seal integer not null,
    operation integer not null,
    items integer,
    client varchar not null,
    case_no varchar,
    decision varchar not null,
    reason varchar,
    persons uuid[],
    person_nodes varchar,
    households uuid[],
    household_nodes varchar,
    misses bytea[],
    digest bytea not null,
    constraint pk_access_record primary key (chain, seal, id),
    constraint ck_access_record__seal check (seal >= 0),
    constraint ck_access_record__decision check (decision in ('ALLOWED', 'REFUSED')),
    constraint ck_access_record__digest check (octet_length(digest) = 32),
    constraint ck_access_record__persons check ((persons is null) = (person_nodes is null)),
    constraint ck_access_record__households check ((households is null) = (household_nodes is null))
  )`,

  `create table ledger_chain (
    number integer not null,
    id uuid not null,
    started_at timestamptz not null,
    constraint pk_ledger_chain primary key (number),
    constraint ck_ledger_chain__number check (number > 0)
  )`,

  `create table ledger_seal (
    at timestamptz not null,
    chain integer not null,
    seq integer not null,
    closing boolean not null,
    digest bytea not null,
    entries bytea,
    links jsonb,
    constraint pk_ledger_seal primary key (chain, seq),
    constraint ck_ledger_seal__seq check (seq > 0),
    constraint ck_ledger_seal__digest check (octet_length(digest) = 32),
    constraint ck_ledger_seal__entries check (octet_length(entries) % 16 = 0)
  )`,

  `create table ledger_sealed_write (
    chain integer not null,
    entry_id uuid not null,
    seq integer not null,
    constraint pk_ledger_sealed_write primary key (chain, entry_id)
  )`,
  `create index ix_ledger_sealed_write__chain_seq on ledger_sealed_write (chain, seq)`,

  // For people who read the ledger with SQL. The hub itself does not use it.
  `create view access_log as
    select r.id, r.at, r.client, o.department, o.role, o.purpose, r.case_no, o.kind, r.decision, r.reason,
      o.name as operation_name, o.text as operation_text, o.nodes as coordinates, r.items,
      r.persons, r.person_nodes, r.households, r.household_nodes, coalesce(cardinality(r.misses), 0) as misses,
      o.policy_version, r.chain, r.seal
    from access_record r
    join access_operation o on o.number = r.operation`,
];

/** The disclosure ledger. The server's role may select and insert here, and nothing else (server/privileges.ts). */
export class Ledger1790000000003 implements MigrationInterface {
  readonly name = 'Ledger1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop view access_log`);
    for (const table of ['ledger_sealed_write', 'ledger_seal', 'ledger_chain', 'access_record', 'access_operation']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
