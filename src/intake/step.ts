/** One chunk of a delivery in one transaction: filled with what is known at once, matched, judged, written, counted, told. */
import type { PoolClient } from '../platform/database.ts';
import { fillIntakeRows } from './intake-row.ts';
import type { RowRange } from './intake-row.ts';
import { judgeRows } from './judge-rows.ts';
import type { MatchSubjects } from './match-subjects.ts';
import type { Step } from './record-kind.ts';

/** Counts of the rows of a step. */
export interface StepCounts {
  readonly recorded: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly held: number;
  readonly conflicts: number;
}

/** What a step did. */
export interface StepDone extends StepCounts {
  /** Persons whose records were written. */
  readonly persons: readonly string[];
}

/** A judge that left rows without a verdict: a fault of the kind's writer. */
class Unjudged extends Error {}

const COUNT = `
  select count(*) filter (where verdict = 'NEW')::int as recorded,
         count(*) filter (where verdict = 'CHANGED')::int as changed,
         count(*) filter (where verdict = 'UNCHANGED')::int as unchanged,
         count(*) filter (where verdict = 'REJECTED')::int as rejected,
         count(*) filter (where verdict = 'HELD')::int as held,
         count(*) filter (where verdict = 'CONFLICT')::int as conflicts,
         count(*) filter (where verdict is null)::int as unjudged,
         exists (select from intake_region where not known) as strange
  from intake_row`;

/** Puts the rows of the range into `intake_row`, with `heldRows` those that a decision has freed; how many. */
export async function fillStep(
  tx: PoolClient,
  { kind, delivery, preview }: Pick<Step, 'kind' | 'delivery' | 'preview'>,
  range: RowRange,
  matchSubjects: MatchSubjects,
  heldRows?: readonly number[],
): Promise<number> {
  const keyed = kind.writer.keyed?.(kind);
  const known = kind.subject === 'person' ? await matchSubjects.beforehand?.(tx, delivery.sourceSystem) : undefined;
  return fillIntakeRows(tx, delivery, range, { again: preview, heldRows, lookups: { keyed, known } });
}

/**
 * Runs the rows of the range, with which `intake_row` is filled, through the kind's writer. In a preview nothing but temporary
 * tables is written, and the transaction is to be rolled back.
 */
export async function runStep(
  tx: PoolClient,
  step: Step,
  range: RowRange,
  matchSubjects: MatchSubjects,
  filled: number,
): Promise<StepDone> {
  const { kind, preview } = step;
  if (filled === 0) return { recorded: 0, changed: 0, unchanged: 0, rejected: 0, held: 0, conflicts: 0, persons: [] };
  await judgeRows(tx, step, matchSubjects);
  const { rows } = await tx.query<StepCounts & { unjudged: number; strange: boolean }>(COUNT);
  const { unjudged = 0, strange, ...counts } = rows[0] ?? NONE;
  if (unjudged > 0) throw new Unjudged(`The writer of ${kind.name} left rows without a verdict`);
  if (preview) return { ...counts, persons: [] };
  if (counts.recorded + counts.changed > 0) await kind.writer.write(tx, step);
  await tell(tx, step, counts);
  if (strange) await tellOfDivisions(tx, step, range);
  return { ...counts, persons: await writtenPersons(tx, step, counts) };
}

const NONE = { recorded: 0, changed: 0, unchanged: 0, rejected: 0, held: 0, conflicts: 0, unjudged: 0, strange: false };

/** Findings of the rows that were not recorded, and the rows that wait. */
async function tell(tx: PoolClient, { delivery, at }: Step, counts: StepCounts): Promise<void> {
  const { rejected, held, conflicts } = counts;
  if (rejected + held + conflicts > 0) {
    await tx.query(
      `insert into delivery_finding (id, delivery_id, department, row_no, source_key, field, code, found_at)
       select gen_random_uuid(), $1, $2, row_no, source_key, coalesce(field, ''), code, $3
       from intake_row where verdict in ('REJECTED', 'HELD', 'CONFLICT')`,
      [delivery.id, delivery.department, at],
    );
  }
  if (held + conflicts > 0) {
    await tx.query(
      // By a list of numbers: a join would be free to read all rows of the delivery for each chunk.
      `update delivery_row r set state = 'HELD'
       where r.delivery_id = $1 and r.state <> 'HELD'
         and r.row_no = any (array(select row_no from intake_row where verdict in ('HELD', 'CONFLICT')))`,
      [delivery.id],
    );
  }
}

/** Warnings of homes under a code that never was. */
async function tellOfDivisions(tx: PoolClient, { delivery, at }: Step, { from, through }: RowRange): Promise<void> {
  await tx.query(
    `insert into delivery_finding (id, delivery_id, department, row_no, source_key, field, code, found_at)
     select gen_random_uuid(), $1, $2, i.row_no, i.source_key, 'region', 'UNKNOWN_DIVISION', $3
     from delivery_row r join intake_row i on i.row_no = r.row_no
     where r.delivery_id = $1 and r.row_no > $4 and r.row_no <= $5 and i.verdict <> 'UNCHANGED'
       and r.region = any (array(select code from intake_region where not known))`,
    [delivery.id, delivery.department, at, from, through],
  );
}

async function writtenPersons(
  tx: PoolClient,
  { kind }: Step,
  { recorded, changed }: StepCounts,
): Promise<readonly string[]> {
  if (kind.subject !== 'person' || recorded + changed === 0) return [];
  const { rows } = await tx.query<{ id: string }>(
    `select distinct person_id as id from intake_row where verdict in ('NEW', 'CHANGED') order by 1`,
  );
  return rows.map(({ id }) => id);
}
