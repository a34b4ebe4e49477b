import type { MigrationInterface, QueryRunner } from 'typeorm';

const DEPARTMENTS = "'CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT'";

/** Home and provenance of what civil affairs keeps, as in the registry's own tables. */
const PLACED = `
    region_code varchar(12) not null,
    township_code varchar(12),
    county_code varchar(12) not null,
    prefecture_code varchar(12) not null,
    province_code varchar(12) not null,
    source_system varchar not null,
    source_key varchar not null,
    as_of timestamptz not null,
    recorded_at timestamptz not null default now()`;

const TABLES = [
  // Blocking keys: birth date with name, or with sex, county and surname among those of one day; name with county.
  `create index ix_person__birth_date_name_key on person (birth_date, name_key)`,
  `create index ix_person__name_key_county_code on person (name_key, county_code)`,

  `create table match_review (
    id uuid not null,
    delivery_id uuid not null,
    row_no int not null,
    department varchar not null,
    subject_key bytea not null,
    name varchar not null,
    sex varchar,
    birth_date date,
    id_type varchar,
    id_value varchar,
    state varchar not null,
    opened_at timestamptz not null,
    reason varchar,
    decided_by varchar,
    decided_at timestamptz,${PLACED},
    constraint pk_match_review primary key (id),
    constraint ck_match_review__department check (department in (${DEPARTMENTS})),
    constraint ck_match_review__state check (state in ('OPEN', 'MATCHED', 'CREATED', 'REJECTED')),
    constraint ck_match_review__decided check (num_nonnulls(reason, decided_by, decided_at) = case state when 'OPEN' then 0 else 3 end),
    constraint ck_match_review__region_code check (region_code ~ '^[0-9]{12}$')
  )`,
  `create unique index uq_match_review__source_system_subject_key on match_review (source_system, subject_key) where state = 'OPEN'`,
  `create index ix_match_review__opened_at_id on match_review (opened_at, id)`,

  // Every row that waits for the answer.
  `create table match_review_row (
    delivery_id uuid not null,
    row_no int not null,
    review_id uuid not null,
    constraint pk_match_review_row primary key (delivery_id, row_no),
    constraint fk_match_review_row__review_id foreign key (review_id) references match_review (id)
  )`,
  `create index ix_match_review_row__review_id on match_review_row (review_id)`,

  `create table match_candidate (
    id uuid not null,
    review_id uuid not null,
    person_id uuid not null,
    place int not null,
    score numeric(5, 1) not null,
    evidence text[] not null,
    constraint pk_match_candidate primary key (id),
    constraint uq_match_candidate__review_id_place unique (review_id, place),
    constraint fk_match_candidate__review_id foreign key (review_id) references match_review (id),
    constraint fk_match_candidate__person_id foreign key (person_id) references person (id),
    constraint ck_match_candidate__place check (place > 0)
  )`,
  `create index ix_match_candidate__person_id on match_candidate (person_id)`,

  // No person: the subject is not used.
  `create table match_decision (
    id uuid not null,
    source_system varchar not null,
    subject_key bytea not null,
    person_id uuid,
    review_id uuid,
    reason varchar not null,
    decided_by varchar not null,
    decided_at timestamptz not null,
    superseded_at timestamptz,
    constraint pk_match_decision primary key (id),
    constraint fk_match_decision__person_id foreign key (person_id) references person (id),
    constraint fk_match_decision__review_id foreign key (review_id) references match_review (id)
  )`,
  `create unique index uq_match_decision__source_system_subject_key on match_decision (source_system, subject_key) where superseded_at is null`,
  `create index ix_match_decision__person_id on match_decision (person_id)`,

  `create table registry_conflict (
    id uuid not null,
    kind varchar not null,
    department varchar not null,
    person_id uuid not null,
    other_person_id uuid,
    household_id uuid,
    other_household_id uuid,
    registered varchar,
    delivered varchar,
    matter varchar not null,
    delivery_id uuid,
    row_no int,
    state varchar not null,
    opened_at timestamptz not null,
    outcome varchar,
    reason varchar,
    decided_by varchar,
    decided_at timestamptz,${PLACED},
    constraint pk_registry_conflict primary key (id),
    constraint fk_registry_conflict__person_id foreign key (person_id) references person (id),
    constraint fk_registry_conflict__other_person_id foreign key (other_person_id) references person (id),
    constraint fk_registry_conflict__household_id foreign key (household_id) references household (id),
    constraint fk_registry_conflict__other_household_id foreign key (other_household_id) references household (id),
    constraint ck_registry_conflict__kind check (kind in ('DOUBLE_HOUSEHOLD', 'DEATH_DATE', 'NAME_DIFFERS', 'ID_SHARED', 'SEX_OR_BIRTH')),
    constraint ck_registry_conflict__department check (department in (${DEPARTMENTS})),
    constraint ck_registry_conflict__state check (state in ('OPEN', 'DECIDED')),
    constraint ck_registry_conflict__outcome check (outcome in ('KEEP', 'TAKE_DELIVERED', 'SET_DATE', 'END_OTHER', 'NOTED')),
    constraint ck_registry_conflict__decided check (num_nonnulls(outcome, reason, decided_by, decided_at) = case state when 'OPEN' then 0 else 4 end),
    constraint ck_registry_conflict__region_code check (region_code ~ '^[0-9]{12}$')
  )`,
  `create unique index uq_registry_conflict__person_id_kind_matter on registry_conflict (person_id, kind, matter) where state = 'OPEN'`,
  `create index ix_registry_conflict__opened_at_id on registry_conflict (opened_at, id)`,
  `create index ix_registry_conflict__person_id on registry_conflict (person_id)`,
  `create index ix_registry_conflict__other_person_id on registry_conflict (other_person_id)`,

  // Of a merge: who stays, and who was absorbed. Of a split: whom rows were taken from, and who has them now.
  `create table person_act (
    id uuid not null,
    number bigint not null generated always as identity,
    kind varchar not null,
    kept_id uuid not null,
    other_id uuid not null,
    reason varchar not null,
    done_by varchar not null,
    done_at timestamptz not null,
    undone_by varchar,
    undone_at timestamptz,
    undo_reason varchar,
    constraint pk_person_act primary key (id),
    constraint ck_person_act__kind check (kind in ('MERGE', 'SPLIT')),
    constraint ck_person_act__two check (kept_id <> other_id),
    constraint ck_person_act__undone check (num_nonnulls(undone_by, undone_at, undo_reason) in (0, 3))
  )`,
  `create index ix_person_act__kept_id on person_act (kept_id)`,
  `create index ix_person_act__other_id on person_act (other_id)`,

  `create table person_move (
    act_id uuid not null,
    table_name varchar not null,
    column_name varchar not null,
    row_key jsonb not null,
    from_id uuid not null,
    to_id uuid not null,
    constraint pk_person_move primary key (act_id, table_name, column_name, row_key),
    constraint fk_person_move__act_id foreign key (act_id) references person_act (id)
  )`,

  // Under which other id a person was known: what is asked under that id is told of the one who stands.
  `create table person_alias (
    alias_id uuid not null,
    person_id uuid not null,
    act_id uuid not null,
    constraint pk_person_alias primary key (alias_id),
    constraint fk_person_alias__person_id foreign key (person_id) references person (id),
    constraint fk_person_alias__act_id foreign key (act_id) references person_act (id)
  )`,
  `create index ix_person_alias__person_id on person_alias (person_id)`,
];

const FUNCTIONS = [
  `create function standing_person(person uuid) returns uuid language sql stable strict parallel safe
    return coalesce((select a.person_id from person_alias a where a.alias_id = person), person)`,
  // Everybody's ids of one person, whichever of them is given.
  `create function person_ids(person uuid) returns uuid[] language sql stable strict parallel safe
    return (select array_agg(ids.id) from (
      select standing_person(person) as id
      union all
      select a.alias_id from person_alias a where a.person_id = standing_person(person)) ids)`,

  // Every foreign key to person there is, also of tables that came later. The server's role may update none of them; this
  // moves rows from one person to another, and writes each of them down. Rows of a split are those of the sources and the
  // identifiers that it names; of a merge, all.
  `create function move_person_rows(act uuid, giver uuid, taker uuid, sources jsonb, identifiers uuid[]) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      link record;
      chosen text;
      moved bigint;
      total bigint := 0;
    begin
      for link in
        select c.conrelid, c.conrelid::regclass::text as relation, a.attname as reference,
          (select string_agg(format('%L, t.%I', k.attname, k.attname), ', ' order by k.attnum)
           from pg_index i join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any(i.indkey)
           where i.indrelid = c.conrelid and i.indisprimary) as row_key,
          (select count(*) = 2 from pg_attribute s
           where s.attrelid = c.conrelid and s.attname in ('source_system', 'source_key') and not s.attisdropped) as sourced
        from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.confrelid = 'public.person'::regclass and cardinality(c.conkey) = 1 and c.conparentid = 0
        order by 2, 3
      loop
        chosen := '';
        if sources is not null then
          if link.conrelid = 'public.person_identifier'::regclass then
            chosen := 'and t.id = any($5)';
          elsif link.sourced then
            chosen := 'and exists (select from jsonb_to_recordset($4) as s (source_system text, source_key text)
              where s.source_system = t.source_system and (s.source_key is null or s.source_key = t.source_key))';
          else
            continue;
          end if;
        end if;
        execute format(
          'with moved as (update %s t set %I = $2 where t.%I = $1 %s returning jsonb_build_object(%s) as row_key)
           insert into public.person_move (act_id, table_name, column_name, row_key, from_id, to_id)
           select $3, %L, %L, row_key, $1, $2 from moved',
          link.relation, link.reference, link.reference, chosen, link.row_key, link.relation, link.reference)
        using giver, taker, act, sources, identifiers;
        get diagnostics moved = row_count;
        total := total + moved;
      end loop;
      return total;
    end $$`,

  // Back to where they were; a row that went elsewhere since stays there.
  `create function return_person_rows(act uuid) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      link record;
      moved bigint;
      total bigint := 0;
    begin
      delete from public.person_alias a where a.act_id = act;
      for link in
        select m.relation, m.reference,
          (select string_agg(format('t.%I = (m.row_key ->> %L)::%s', k.attname, k.attname, format_type(k.atttypid, k.atttypmod)), ' and ')
           from pg_index i join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any(i.indkey)
           where i.indrelid = to_regclass(m.relation) and i.indisprimary) as same_row
        from (select distinct table_name as relation, column_name as reference from public.person_move where act_id = act) m
        where to_regclass(m.relation) is not null
        order by 1, 2
      loop
        execute format(
          'update %s t set %I = m.from_id from public.person_move m
           where m.act_id = $1 and m.table_name = %L and m.column_name = %L and t.%I = m.to_id and %s',
          link.relation, link.reference, link.relation, link.reference, link.reference, link.same_row)
        using act;
        get diagnostics moved = row_count;
        total := total + moved;
      end loop;
      return total;
    end $$`,
];

const DOWN = [
  'drop function return_person_rows(uuid)',
  'drop function move_person_rows(uuid, uuid, uuid, jsonb, uuid[])',
  'drop function person_ids(uuid)',
  'drop function standing_person(uuid)',
  ...[
    ...['person_alias', 'person_move', 'person_act', 'registry_conflict', 'match_decision', 'match_candidate'],
    ...['match_review_row', 'match_review'],
  ].map((table) => `drop table ${table}`),
  'drop index ix_person__name_key_county_code',
  'drop index ix_person__birth_date_name_key',
];

/** Matching: reviews and decisions, conflicts to decide, persons merged and split. */
export class Matching1790000000016 implements MigrationInterface {
  readonly name = 'Matching1790000000016';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...FUNCTIONS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
