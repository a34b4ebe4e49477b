import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Who may ask the hub for tokens. Public keys alone: the hub holds nothing with which anybody could pass for a client.
  `create table client (
    name varchar not null,
    department varchar not null,
    role varchar not null,
    regions varchar[] not null,
    purposes varchar[] not null,
    keys jsonb not null,
    certificates varchar[] not null,
    state varchar not null,
    valid_from date not null,
    valid_until date,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    constraint pk_client primary key (name),
    constraint ck_client__name check (name ~ '^[a-z0-9][a-z0-9.-]{1,62}[a-z0-9]$'),
    constraint ck_client__regions check (cardinality(regions) between 1 and 200),
    constraint ck_client__purposes check (cardinality(purposes) > 0),
    constraint ck_client__keys check (jsonb_typeof(keys) = 'array'),
    constraint ck_client__state check (state in ('ACTIVE', 'DISABLED')),
    constraint ck_client__validity check (valid_until >= valid_from)
  )`,
  // An assertion is good for one token, on whichever process: the primary key decides. Its jti stands here as SHA-256.
  `create table used_assertion (
    client varchar not null,
    digest bytea not null,
    expires_at timestamptz not null,
    constraint pk_used_assertion primary key (client, digest),
    constraint ck_used_assertion__digest check (octet_length(digest) = 32)
  )`,
  `create index ix_used_assertion__expires_at on used_assertion (expires_at)`,
  // The server's role may delete nothing. What is expired for an hour may go, and nothing else can go this way.
  `create function forget_used_assertions() returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
    as $$ with gone as (delete from public.used_assertion where expires_at < now() - interval '1 hour' returning 1)
          select count(*) from gone $$`,
];

/** Registered clients, and the assertions with which they asked for tokens. */
export class Clients1790000000011 implements MigrationInterface {
  readonly name = 'Clients1790000000011';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function forget_used_assertions()');
    for (const table of ['used_assertion', 'client']) await runner.query(`drop table ${table}`);
  }
}
