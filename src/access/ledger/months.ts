/**
 * The ledger by months (in Asia/Shanghai). An entry's month is that of its id: a UUID of version 7 begins with the
 * milliseconds at which it was made, so a seal, which lists ids, tells the months of its entries, and the key of an entry
 * stays unique over all of them.
 */
import { Temporal } from 'temporal-polyfill';
import type { Pool, PoolClient } from '../../platform/database.ts';
import { quoteIdent, sqlState } from '../../platform/database.ts';

/** How many months beyond the present one `hub migrate` makes ready. */
export const MONTHS_AHEAD = 12;
/** Fewer than this, and whoever operates the hub is told to run `hub migrate`. */
export const FEWEST_AHEAD = 2;

const FIRST = '2020-01';
const REST = 'access_record_default';
const PARTITION = /^access_record_(\d{4})_(\d{2})$/;

/** A month of the ledger as it lies in the database. */
export interface LedgerMonth {
  /** 'YYYY-MM', in Asia/Shanghai. */
  readonly month: string;
  /** Estimated by PostgreSQL; exact where it is 0. */
  readonly entries: number;
  /** With indexes. */
  readonly bytes: number;
}

/** The month so many months later; earlier when negative. */
export const addToMonth = (month: string, months: number): string =>
  Temporal.PlainYearMonth.from(month).add({ months }).toString();

/** Name of the month's partition. */
export const partitionOf = (month: string): string => `access_record_${month.replace('-', '_')}`;

/** The lowest id that can be made in the month. */
export function firstIdOf(month: string): string {
  const start = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 }).toZonedDateTime('Asia/Shanghai');
  const hex = start.epochMilliseconds.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** The month in which an id of version 7 was made. */
export function monthOfId(id: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  return at.toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toPlainYearMonth().toString();
}

/** The months that have a partition, oldest first. */
export async function listMonths(db: Pool | PoolClient): Promise<LedgerMonth[]> {
  const { rows } = await db.query<{ name: string; entries: number; bytes: string }>(
    `select c.relname as name, pg_total_relation_size(c.oid)::text as bytes,
       case when pg_relation_size(c.oid) = 0 then 0 else greatest(c.reltuples, 1)::float8 end as entries
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'access_record'::regclass order by c.relname`,
  );
  return rows.flatMap(({ name, entries, bytes }) => {
    const [, year, month] = PARTITION.exec(name) ?? [];
    return year === undefined ? [] : [{ month: `${year}-${month ?? ''}`, entries, bytes: Number(bytes) }];
  });
}

/** How many months in a row after this one are ready; -1 when not even this one is. */
export async function monthsAhead(db: Pool | PoolClient, present: string): Promise<number> {
  const ready = new Set((await listMonths(db)).map(({ month }) => month));
  let ahead = -1;
  while (ready.has(addToMonth(present, ahead + 1))) ahead += 1;
  return ahead;
}

/**
 * Makes the partitions of the present month, of those ahead, and of every month that entries lie in which have none yet;
 * those entries are moved there. Resolves to the months made. Works as the owner of the tables; the server's role may
 * make none, so what comes after the last month goes to the default partition until this runs again.
 */
export async function makeMonths(owner: PoolClient, present: string, ahead = MONTHS_AHEAD): Promise<string[]> {
  const there = new Set((await listMonths(owner)).map(({ month }) => month));
  const gone = await archivedMonths(owner);
  const last = addToMonth(present, ahead);
  const wanted = new Set([
    // What claims to come from beyond the last month, or from before there was a hub, has no month.
    ...(await monthsOfRest(owner)).filter((month) => FIRST <= month && month <= last),
    ...Array.from({ length: ahead + 1 }, (_, i) => addToMonth(present, i)),
  ]);
  const missing = [...wanted].filter((month) => !there.has(month) && !gone.has(month)).sort();
  for (const month of missing) await makeMonth(owner, month);
  await returnSpace(owner);
  return missing;
}

async function archivedMonths(owner: PoolClient): Promise<ReadonlySet<string>> {
  const { rows } = await owner.query<{ month: string }>('select month from ledger_archive');
  return new Set(rows.map(({ month }) => month));
}

/** Months of the entries that lie in no month's partition. */
async function monthsOfRest(owner: PoolClient): Promise<string[]> {
  const { rows } = await owner.query<{ month: string }>(
    `select distinct to_char(to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000)
       at time zone 'Asia/Shanghai', 'YYYY-MM') as month
     from ${REST}`,
  );
  return rows.map(({ month }) => month);
}

/**
 * How long a statement of the owner waits for a table: a hub's own statements wait behind it, and a long reading such as
 * `hub ledger verify` must not stop them.
 */
export const WAIT_NO_LONGER = `set local lock_timeout = '3s'`;

/** SQLSTATE of a table that was in use for longer than that. */
export const IN_USE = '55P03';

/** One month in one transaction: nobody writes to the default partition while its rows move. */
async function makeMonth(owner: PoolClient, month: string): Promise<void> {
  const name = quoteIdent(partitionOf(month));
  const [from, to] = [firstIdOf(month), firstIdOf(addToMonth(month, 1))];
  await owner.query('begin');
  try {
    await owner.query(WAIT_NO_LONGER);
    await owner.query(`lock table ${REST} in access exclusive mode`);
    await owner.query(`create table ${name} (like access_record including defaults including constraints)`);
    await owner.query(
      `with moved as (delete from ${REST} where id >= $1 and id < $2 returning *) insert into ${name} select * from moved`,
      [from, to],
    );
    await owner.query(`alter table access_record attach partition ${name} for values from ('${from}') to ('${to}')`);
    await owner.query('commit');
  } catch (cause) {
    await owner.query('rollback');
    if (sqlState(cause) !== IN_USE) throw cause;
    throw new Error(
      'The ledger is being read by something that takes long, such as hub ledger verify: run this again.',
      {
        cause,
      },
    );
  }
}

/** An emptied default partition keeps its pages until somebody cuts them off. */
async function returnSpace(owner: PoolClient): Promise<void> {
  const { rows: pages } = await owner.query<{ some: boolean }>(`select pg_relation_size('${REST}') > 0 as some`);
  if (pages[0]?.some !== true) return;
  await owner.query('begin');
  try {
    await owner.query(WAIT_NO_LONGER);
    await owner.query(`lock table ${REST} in access exclusive mode`);
    const { rows } = await owner.query<{ left: boolean }>(`select exists (select from ${REST}) as left`);
    if (rows[0]?.left === false) await owner.query(`truncate ${REST}`);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    // Another time.
    if (sqlState(error) !== IN_USE) throw error;
  }
}
