/** A call of the API: rows staged, applied and answered in one transaction, each with a result of its own. */
import type { PoolClient } from '../platform/database.ts';
import { REPLACEMENT } from './lenient-values.ts';
import { WARNINGS } from './faults.ts';
import type { FaultCode } from './faults.ts';
import type { ItemOutcome, ItemResult, SubmittedItem } from './intake-service.ts';
import type { RawRow, RecordKind, Step } from './record-kind.ts';
import { STANDARD_FIELDS } from './record-kind.ts';
import { rowReader } from './read-row.ts';
import type { ReadRow } from './read-row.ts';
import { copyRows, insertFindings, lineOf, settleKeys } from './stage.ts';
import { fillStep, runStep } from './step.ts';
import type { MatchSubjects } from './match-subjects.ts';
import type { StepDone } from './step.ts';

/** What PostgreSQL or an answer cannot hold: NUL, and half of a character. */
const BROKEN = /\0|\p{Cs}/gu;

/** What a call did. */
export interface Submitted {
  readonly done: StepDone;
  readonly results: readonly ItemResult[];
  readonly faulty: number;
  readonly repeated: number;
}

/** Stages, matches, judges and writes the items; the results in their order. Nothing is kept where the caller rolls back. */
export async function submitItems(
  tx: PoolClient,
  step: Step,
  today: string,
  items: readonly SubmittedItem[],
  matchSubjects: MatchSubjects,
): Promise<Submitted> {
  const { kind, delivery, at } = step;
  const read = rowReader(kind, today);
  const names = fieldNames(kind);
  const rows = items.map(({ fields }, index) => withUnknown(read(toRaw(index + 1, fields)), fields, names));
  await copyRows(tx, rows.map(lineOf(delivery.id)).join(''));
  await insertFindings(
    tx,
    { deliveryId: delivery.id, at },
    rows.flatMap(({ rowNo, sourceKey, findings }) => findings.map((one) => ({ ...one, rowNo, sourceKey }))),
  );
  const keys = await settleKeys(tx, { deliveryId: delivery.id, at });
  const range = { from: 0, through: items.length };
  const done = await runStep(tx, step, range, matchSubjects, await fillStep(tx, step, range, matchSubjects));
  return { done, results: await resultsOf(tx, delivery.id, rows), ...keys };
}

const fieldNames = (kind: RecordKind): ReadonlySet<string> =>
  new Set([...(kind.subject === 'person' ? STANDARD_FIELDS : ['sourceKey']), ...kind.fields.map(({ name }) => name)]);

/** An item as a row; what is null is left out, and what is a list or an object is no value of any field. */
function toRaw(rowNo: number, fields: Readonly<Record<string, unknown>>): RawRow {
  const cells: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'string') cells[name] = value.replace(BROKEN, REPLACEMENT);
    else if (typeof value === 'number' || typeof value === 'boolean') cells[name] = String(value);
    else if (Array.isArray(value)) cells[name] = value.map(String).join(',');
    else cells[name] = REPLACEMENT;
  }
  return { rowNo, cells };
}

/** A field that the kind does not have is a slip of the pen, and dropping it would lose what it says. */
function withUnknown(row: ReadRow, fields: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): ReadRow {
  // Its name is the caller's own text and is not repeated.
  if (Object.keys(fields).every((name) => names.has(name))) return row;
  const { rowNo, sourceKey, findings } = row;
  return { rowNo, row: undefined, sourceKey, findings: [...findings, { field: '', code: 'UNKNOWN_FIELD' }] };
}

const OUTCOMES: Readonly<Record<string, ItemOutcome>> = {
  NEW: 'RECORDED',
  CHANGED: 'CHANGED',
  UNCHANGED: 'UNCHANGED',
  REJECTED: 'REJECTED',
  HELD: 'HELD',
  CONFLICT: 'CONFLICT',
};

interface Verdict {
  readonly rowNo: number;
  readonly verdict: string;
  readonly code: FaultCode | null;
  readonly field: string | null;
}

async function resultsOf(tx: PoolClient, deliveryId: string, rows: readonly ReadRow[]): Promise<readonly ItemResult[]> {
  // A repeated row is told what became of the one that stands for it.
  const { rows: found } = await tx.query<Verdict>(
    `select r.row_no as "rowNo", coalesce(i.verdict, 'REJECTED') as verdict,
            coalesce(i.code, case when r.state = 'FAULTY' then 'DUPLICATE_KEY' end) as code, coalesce(i.field, case when r.state = 'FAULTY' then 'sourceKey' else '' end) as field
     from delivery_row r
     left join intake_row i on i.row_no = r.row_no or (r.state = 'REPEATED' and i.source_key = r.source_key)
     where r.delivery_id = $1`,
    [deliveryId],
  );
  const verdicts = new Map(found.map((one) => [one.rowNo, one]));
  return rows.map(({ rowNo, row, sourceKey, findings }, index): ItemResult => {
    const [first] = findings;
    if (row === undefined) {
      // What lost the row, not a doubt that stands before it.
      const fault = findings.find(({ code }) => !WARNINGS.has(code)) ?? first;
      return { index, sourceKey, outcome: 'REJECTED', code: fault?.code ?? null, field: fault?.field ?? null };
    }
    const verdict = verdicts.get(rowNo);
    const outcome = OUTCOMES[verdict?.verdict ?? ''] ?? 'REJECTED';
    const code = verdict?.code ?? first?.code ?? null;
    const field = verdict?.code != null ? verdict.field : (first?.field ?? null);
    return { index, sourceKey, outcome, code, field: code === null ? null : field };
  });
}
