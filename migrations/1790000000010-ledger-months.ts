import type { MigrationInterface, QueryRunner } from 'typeorm';

// For people who read the ledger with SQL; `recent.ts` lists the last entries with it.
const ACCESS_LOG = `create view access_log as
  select r.id, r.at, r.client, o.department, o.role, o.purpose, r.case_no, o.kind, r.decision, r.reason,
    o.name as operation_name, o.text as operation_text, o.nodes as coordinates, r.items,
    r.persons, r.person_nodes, r.households, r.household_nodes, coalesce(cardinality(r.misses), 0) as misses,
    o.policy_version, r.chain, r.seal
  from access_record r
  join access_operation o on o.number = r.operation`;

/** Whom entries name: the word for one, and the columns with all of them. */
const SUBJECTS = [
  { one: 'person', all: 'persons', nodes: 'person_nodes' },
  { one: 'household', all: 'households', nodes: 'household_nodes' },
] as const;

// Few keys with many entries each. Entries that name none are no part of it.
const indexOf = ({ one, all }: (typeof SUBJECTS)[number]): string =>
  `create index ix_access_record__${one}_buckets on access_record using gin (person_buckets(${all}))
    with (fastupdate = off) where ${all} is not null`;

// One row for each person or household whom an entry names: what accessesOf, whoReliedOn and recalls read. Who looks for a
// value names the operations that tell it: an entry of a delivery names thousands of persons and tells nothing.
const accessOf = ({ one, all, nodes }: (typeof SUBJECTS)[number]): string =>
  `create view ${one}_access as
    select r.id, r.at, ${one}.id as ${one}_id, o.department, o.role, r.client, o.purpose, r.case_no, o.kind, r.decision,
      o.name as operation_name, o.policy_version,
      disclosed_coordinates(o.nodes, r.${nodes}, ${one}.place) as coordinates, person_buckets(r.${all}) as buckets,
      r.operation
    from access_record r
    join access_operation o on o.number = r.operation
    cross join unnest(r.${all}) with ordinality as ${one} (id, place)
    where r.${all} is not null`;

const KEY = 'primary key (chain, seal, id)';

const UP = [
  `drop view access_log`,

  // What there is becomes the partition for what has no month yet: nothing is copied here. hub migrate then makes the
  // months and moves the rows there.
  `alter table access_record rename to access_record_default`,
  `alter table access_record_default rename constraint pk_access_record to pk_access_record_default`,
  // By id and not by \`at\`: an id of version 7 begins with its instant, so the key stays unique over all months and as
  // short as it was, and a seal's list of ids says in which months its entries are.
  `create table access_record (like access_record_default including defaults including constraints)
    partition by range (id)`,
  `alter table access_record add constraint pk_access_record ${KEY}`,

  // Twelve bits of each id, from its random end: few keys with many entries each, which cost a fourth of as many keys
  // as persons. Whoever searches compares the whole id afterwards.
  `create function person_buckets(ids uuid[]) returns integer[] language sql immutable strict parallel safe
    return (select array_agg(('x' || right(id::text, 3))::bit(12)::integer) from unnest(ids) id)`,
  ...SUBJECTS.map(indexOf),
  `alter table access_record attach partition access_record_default default`,
  ACCESS_LOG,

  // \`50:0,2 3:1\`: the first fifty ids at nodes 0 and 2, the next three at node 1 (access/ledger/disclosed.ts).
  `create function disclosed_coordinates(nodes jsonb, line text, place bigint) returns text[]
    language sql immutable strict parallel safe
    return (
      select array_agg(distinct coordinate order by coordinate)
      from (
        select split_part(share, ':', 2) as list, sum(split_part(share, ':', 1)::bigint) over (order by n) as upto,
          split_part(share, ':', 1)::bigint as held
        from string_to_table(line, ' ') with ordinality as shares (share, n)
      ) shares
      cross join string_to_table(list, ',') as node
      cross join jsonb_array_elements_text(nodes -> node::integer) as coordinate
      where place > upto - held and place <= upto
    )`,
  `create function disclosing_operations(coordinates text[]) returns integer[] language sql stable strict parallel safe
    return (
      select array_agg(number) from access_operation
      where exists (select from jsonb_array_elements(nodes) as node where node ?| coordinates)
    )`,
  ...SUBJECTS.map(accessOf),

  // Months that were archived and dropped: what was there, and how to know the export again.
  `create table ledger_archive (
    month char(7) not null,
    entries bigint not null,
    digest bytea not null,
    place varchar not null,
    archived_at timestamptz not null,
    spans jsonb not null,
    constraint pk_ledger_archive primary key (month),
    constraint ck_ledger_archive__month check (month ~ '^\\d{4}-(0[1-9]|1[0-2])$'),
    constraint ck_ledger_archive__digest check (octet_length(digest) = 32)
  )`,
];

const DOWN = [
  `drop table ledger_archive`,
  ...SUBJECTS.map(({ one }) => `drop view ${one}_access`),
  `drop function disclosing_operations(text[])`,
  `drop function disclosed_coordinates(jsonb, text, bigint)`,
  `drop view access_log`,
  `create table access_record_whole (like access_record including defaults including constraints)`,
  `insert into access_record_whole select * from access_record`,
  `drop table access_record`,
  `drop function person_buckets(uuid[])`,
  `alter table access_record_whole rename to access_record`,
  `alter table access_record add constraint pk_access_record ${KEY}`,
  ACCESS_LOG,
];

/** The ledger by months, the indexes that find a person's and a household's accesses, and the book of archived months. */
export class LedgerMonths1790000000010 implements MigrationInterface {
  readonly name = 'LedgerMonths1790000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
