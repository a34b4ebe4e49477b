/** Who each row of a step is about, and what becomes of it; nobody is created for a row that is refused. */
import type { PoolClient } from '../platform/database.ts';
import type { FaultCode } from './faults.ts';
import type { Step } from './record-kind.ts';
import type { MatchSubjects } from './match-subjects.ts';

/** A row that was refused although its person was new. */
interface Refused {
  readonly rowNo: number;
  readonly code: FaultCode;
  readonly field: string;
  readonly idKey: string | null;
}

/** How often rows of one number under several names are tried as its first; then nobody can say who it is. */
const MOST_FIRSTS = 4;

/** Gives every row of `intake_row` its verdict. In a preview nothing else is written. */
export async function judgeRows(tx: PoolClient, step: Step, matchSubjects: MatchSubjects): Promise<void> {
  const { kind, preview } = step;
  const open = kind.subject === 'person' && (await areOpen(tx));
  if (!open || preview) {
    if (open) await match(tx, step, matchSubjects);
    await kind.writer.judge(tx, step);
    return;
  }
  // A refusal is known only after somebody was created, and nothing is ever deleted: so it is taken back, and the refused row
  // is no longer asked about. Who else waited for the number is then found by the next round.
  for (let firsts = 1; ; firsts += 1) {
    await tx.query('savepoint judging');
    if (await areOpen(tx)) await match(tx, step, matchSubjects);
    await kind.writer.judge(tx, step);
    const refused = await refusedNew(tx);
    if (refused.length === 0) {
      await tx.query('release savepoint judging');
      return;
    }
    const others = firsts < MOST_FIRSTS ? [] : await heldUnder(tx, refused);
    await tx.query('rollback to savepoint judging');
    await tx.query('release savepoint judging');
    // Behind the savepoint, so that a later round does not take the refusal back as well.
    await refuse(tx, [...refused, ...others]);
  }
}

async function areOpen(tx: PoolClient): Promise<boolean> {
  const { rowCount } = await tx.query('select from intake_row where match is null and verdict is null limit 1');
  return rowCount !== 0;
}

/** Who has no person is told apart before anybody judges it. */
async function match(tx: PoolClient, { delivery, at, preview }: Step, matchSubjects: MatchSubjects): Promise<void> {
  const { id: deliveryId, asOf, sourceSystem, department, regionCode } = delivery;
  await matchSubjects(tx, { at, asOf, sourceSystem, department, deliveryId, regionCode, preview });
  await tx.query(
    `update intake_row set
       verdict = case when match in ('REVIEW', 'CONFLICT') then 'HELD' else 'REJECTED' end,
       code = case when match in ('REVIEW', 'CONFLICT') then 'HELD_FOR_REVIEW' else 'NOT_IDENTIFIED' end,
       field = case when match in ('REVIEW', 'CONFLICT') then '' else 'idNumber' end
     where verdict is null and (match is null or match not in ('CERTAIN', 'CREATED') or person_id is null)`,
  );
}

const REFUSED_NEW = `
  select row_no as "rowNo", code, field, id_key as "idKey" from (
    select r.*, bool_or(match = 'CREATED') over same as created, bool_and(verdict = 'REJECTED') over same as refused
    from intake_row r where person_id is not null window same as (partition by person_id)
  ) r where created and refused`;

/** Rows of persons who were created just now, and of whom no row is taken. */
async function refusedNew(tx: PoolClient): Promise<readonly Refused[]> {
  const { rowCount } = await tx.query(
    `select from intake_row where match = 'CREATED' and verdict = 'REJECTED' limit 1`,
  );
  if (rowCount === 0) return [];
  const { rows } = await tx.query<Refused>(REFUSED_NEW);
  return rows;
}

/** Rows of the same numbers under other names. */
async function heldUnder(tx: PoolClient, refused: readonly Refused[]): Promise<readonly Refused[]> {
  const { rows } = await tx.query<Refused>(
    `select row_no as "rowNo", 'NOT_IDENTIFIED' as code, 'idNumber' as field, id_key as "idKey" from intake_row
     where verdict = 'HELD' and id_key = any($1::text[])`,
    [refused.flatMap(({ idKey }) => idKey ?? [])],
  );
  return rows;
}

async function refuse(tx: PoolClient, rows: readonly Refused[]): Promise<void> {
  await tx.query(
    `update intake_row r set verdict = 'REJECTED', code = said.code, field = said.field
     from unnest($1::int[], $2::text[], $3::text[]) as said (row_no, code, field) where r.row_no = said.row_no`,
    [rows.map(({ rowNo }) => rowNo), rows.map(({ code }) => code), rows.map(({ field }) => field)],
  );
}
