/**
 * The standard writer: one row per (source_system, source_key) of a department's own table, judged by digest and person.
 * Few statements a chunk, each over the whole chunk; the number of rows is the number of index lookups.
 */
import type { PoolClient } from '../platform/database.ts';
import { dateInChina } from '../platform/dates.ts';
import type { RecordKind, RecordWriter, SnapshotScope, Step } from './record-kind.ts';

/** What is given once only: no two rows of the table agree in these columns. */
export interface OnceKey {
  /** Columns that make the key; a row that lacks one of them has no key. */
  readonly columns: readonly string[];
  /** Predicate on the columns of the table, all of them bare, for which the rule holds; always unless said. */
  readonly where?: string;
  /** Field that the refusal names. */
  readonly field: string;
}

/** How a kind is kept. */
export interface TableWriterOptions {
  readonly table: string;
  /** Column of the person; 'person_id' for a kind of persons unless said. */
  readonly person?: string;
  /** Columns region_code, township_code, county_code, prefecture_code and province_code hold the row's home. */
  readonly place?: boolean;
  /** Further columns, each with an SQL expression over `intake_row i`, its type cast. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly onceKey?: OnceKey | readonly OnceKey[];
}

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];

/** The columns of a kind's table that come from a row, each with its expression over `intake_row i`. */
function columnsOf(kind: RecordKind, { person, place = false, columns = {} }: TableWriterOptions): [string, string][] {
  return [
    ...(kind.subject === 'person' ? [[person ?? 'person_id', 'i.person_id'] satisfies [string, string]] : []),
    ...kind.fields.flatMap(({ name, column, sqlType }): [string, string][] =>
      column === undefined ? [] : [[column, `(i.content->>'${name}')::${sqlType}`]],
    ),
    ...(place ? PLACE.map((column): [string, string] => [column, `i.${column}`]) : []),
    ...Object.entries(columns),
  ];
}

/** Makes the writer of a kind that has a table of its own. */
export function tableWriter(options: TableWriterOptions): RecordWriter {
  const { table, onceKey = [] } = options;
  const onceKeys: readonly OnceKey[] = Array.isArray(onceKey) ? (onceKey as readonly OnceKey[]) : [onceKey as OnceKey];
  const personOf = (kind: RecordKind): string | undefined =>
    kind.subject === 'person' ? (options.person ?? 'person_id') : undefined;
  /** Judges the rows whose keys are held. */
  async function judgeHeld(tx: PoolClient, { kind, delivery }: Step): Promise<void> {
    const person = personOf(kind);
    const same = person === undefined ? 't.digest = i.digest' : `t.digest = i.digest and t.${person} = i.person_id`;
    // A version that was true later stands: deliveries may arrive in another order than they were made.
    const { rowCount } = await tx.query(
      `update intake_row i set id = t.id,
         verdict = case when ${same} and t.ended_on is null then 'UNCHANGED'
                        when t.as_of > $2 then 'REJECTED' else 'CHANGED' end,
         code = case when t.as_of > $2 and not (${same} and t.ended_on is null) then 'OLDER_THAN_HELD' end,
         field = case when t.as_of > $2 and not (${same} and t.ended_on is null) then 'sourceKey' end
       from ${table} t
       where t.source_system = $1 and t.source_key = i.source_key and i.verdict is null and i.held is not false`,
      [delivery.sourceSystem, delivery.asOf],
    );
    if (rowCount === 0) return;
    // Whoever else changes one of these waits until this is done.
    await tx.query(
      `select from ${table} t where t.id in (select id from intake_row where verdict = 'CHANGED') order by t.id for update`,
    );
  }

  return {
    rights: (kind) => ({
      [table]: {
        insert: true,
        update: [...columnsOf(kind, options).map(([column]) => column), ...PROVENANCE],
      },
    }),

    keyed: (kind) => ({ table, person: personOf(kind) }),

    async judge(tx, step) {
      const { rowCount } = await tx.query('select from intake_row where verdict is null and held is not false limit 1');
      if (rowCount !== 0) await judgeHeld(tx, step);
      await tx.query(`update intake_row set verdict = 'NEW' where verdict is null`);
      for (const once of onceKeys) await refuseSecond(tx, { table, once, columns: columnsOf(step.kind, options) });
    },

    async write(tx, step) {
      const columns = columnsOf(step.kind, options);
      const { id, sourceSystem, asOf } = step.delivery;
      const provenance = [id, asOf, step.at];
      const changed = await tx.query(`select from intake_row where verdict = 'CHANGED' limit 1`);
      if (changed.rowCount !== 0) {
        await tx.query(
          keepHistory(table, personOf(step.kind), `t.id in (select id from intake_row where verdict = 'CHANGED')`),
          [step.kind.name, step.at],
        );
        await tx.query(
          `update ${table} t set ${columns.map(([column, value]) => `${column} = ${value}`).join(', ')},
             delivery_id = $1, as_of = $2, recorded_at = $3, digest = i.digest, ended_on = null
           from intake_row i where i.verdict = 'CHANGED' and t.id = i.id`,
          provenance,
        );
      }
      await tx.query(
        `insert into ${table} (id, source_system, source_key, delivery_id, as_of, recorded_at, digest,
           ${columns.map(([column]) => column).join(', ')})
         select i.id, $4, i.source_key, $1, $2, $3, i.digest, ${columns.map(([, value]) => value).join(', ')}
         from intake_row i where i.verdict = 'NEW' order by i.source_key`,
        [...provenance, sourceSystem],
      );
    },

    async missing(tx, { absent, params }) {
      await tx.query('set local enable_nestloop = off');
      const { rows } = await tx.query<{ missing: number }>(
        `select count(*)::int as missing from ${table} t where ${absent}`,
        [...params],
      );
      await tx.query('set local enable_nestloop = on');
      return rows[0]?.missing ?? 0;
    },

    end: (tx, scope) => endMissing(tx, { table, person: personOf(scope.kind) }, scope),
  };
}

/** Temporary table of the transaction that ends what a snapshot does not have: the `id` of each row that ended. */
export const ENDED = 'intake_ended';

const PROVENANCE = ['delivery_id', 'as_of', 'recorded_at', 'digest', 'ended_on'];

/** Keeps the rows as they stand now; $1 is the record's name and $2 the instant. */
const keepHistory = (table: string, person: string | undefined, where: string): string => `
  insert into record_history (record, row_id, person_id, source_system, source_key, content, recorded_at, superseded_at, delivery_id)
  select $1, t.id, ${person === undefined ? 'null::uuid' : `t.${person}`}, t.source_system, t.source_key, to_jsonb(t), t.recorded_at, $2, t.delivery_id
  from ${table} t where ${where}`;

/** Ends what a snapshot does not have any more: its last day is the one before the snapshot, and never before it was reported. */
async function endMissing(
  tx: PoolClient,
  { table, person }: { readonly table: string; readonly person: string | undefined },
  { kind, delivery, at, absent, params }: SnapshotScope,
): Promise<number> {
  await tx.query('set local enable_nestloop = off');
  await tx.query(`create temporary table if not exists ${ENDED} (id uuid primary key) on commit delete rows`);
  await tx.query(`insert into ${ENDED} select t.id from ${table} t where ${absent}`, [...params]);
  await tx.query('set local enable_nestloop = on');
  await tx.query(`analyze ${ENDED}`);
  await tx.query(`select from ${table} t where t.id in (select id from ${ENDED}) order by t.id for update`);
  await tx.query(keepHistory(table, person, `t.id in (select id from ${ENDED})`), [kind.name, at]);
  const { rowCount } = await tx.query(
    `update ${table} t set delivery_id = $1, recorded_at = $3,
       ended_on = greatest($4::date - 1, (t.as_of at time zone 'Asia/Shanghai')::date), as_of = $2
     from ${ENDED} e where t.id = e.id`,
    [delivery.id, delivery.asOf, at, dateInChina(delivery.asOf)],
  );
  return rowCount ?? 0;
}

interface Once {
  readonly table: string;
  readonly once: OnceKey;
  readonly columns: readonly (readonly [column: string, value: string])[];
}

/**
 * Refuses rows whose once-only key another record has, or an earlier row of the chunk. What two processes write at the
 * same time is refused by the table's unique index, and the chunk begins anew.
 */
async function refuseSecond(tx: PoolClient, { table, once, columns }: Once): Promise<void> {
  const { columns: key, where = 'true', field } = once;
  const agree = key.map((column) => `held.${column} = mine.${column}`).join(' and ');
  const whole = key.map((column) => `${column} is not null`).join(' and ');
  await tx.query(
    `with mine as materialized (
       select * from (
         select i.row_no, i.id, ${columns.map(([column, value]) => `${value} as ${column}`).join(', ')}
         from intake_row i where i.verdict in ('NEW', 'CHANGED')
       ) as own where ${whole} and ${where}
     ), ranked as (
       select mine.*, row_number() over (partition by ${key.join(', ')} order by row_no) as place from mine
     )
     update intake_row i set verdict = 'REJECTED', code = 'ALREADY_HELD', field = $1
     from ranked mine
     where i.row_no = mine.row_no and (mine.place > 1 or exists (
       select from (select * from ${table} where ${where}) held where held.id <> mine.id and ${agree}))`,
    [field],
  );
}
