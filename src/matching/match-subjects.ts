/** Finds the person of every row of a step. */
import type { PoolClient } from '../platform/database.ts';
import { findCandidates, readDoubtful } from './candidates.ts';
import type { DoubtfulRow } from './candidates.ts';
import { openFromRows } from './conflicts.ts';
import { createPersons } from './create-persons.ts';
import { beforehand, matchByDecision, matchByNumber, matchByTemporaryKey } from './known.ts';
import type { Differing } from './known.ts';
import { openReviews } from './open-reviews.ts';
import { decide } from './score.ts';
import type { Scored, Verdict } from './score.ts';
import type { MatchStep } from './step.ts';

/** A row with what the rules found. */
interface Judged {
  readonly row: DoubtfulRow;
  readonly verdict: Verdict;
}

/**
 * Sets `person_id` and `match` of every row of `intake_row` whose match is null and that has no verdict yet. In this order: what was decided by hand; the number,
 * in every form that it has; the score over name, birth date, sex, home and slips of the number; and for a number that
 * nobody has, somebody new. Writes persons, identifiers, reviews and conflicts unless the step is a preview. An error of
 * PostgreSQL passes through, so that the transaction can be tried again.
 */
async function match(tx: PoolClient, step: MatchStep): Promise<void> {
  await matchByDecision(tx, step);
  const differing: Differing[] = [...(await lookUp(tx, step))];
  const judged: Judged[] = [];
  if (await someAreOpen(tx)) {
    judged.push(...(await judgeDoubtful(tx)));
    if ((await createPersons(tx, step)) > 0 && (await someAreOpen(tx))) {
      // A row of the same number may say another name than the first one, or than what was written meanwhile.
      differing.push(...(await lookUp(tx, step)));
      judged.push(...(await judgeDoubtful(tx)));
    }
    await tx.query(`update intake_row set match = 'NONE' where match is null and verdict is null`);
  }
  if (step.preview) return;
  await openReviews(tx, step, held(judged));
  await openFromRows(tx, step, 'SEX_OR_BIRTH', differing);
  await openFromRows(tx, step, 'NAME_DIFFERS', otherwiseNamed(judged));
}

/** The matching of a step; what is beyond doubt may be matched `beforehand`, by the same rule. */
export const matchSubjects = Object.assign(match, { beforehand });

async function someAreOpen(tx: PoolClient): Promise<boolean> {
  const { rowCount } = await tx.query('select from intake_row where match is null and verdict is null limit 1');
  return rowCount !== 0;
}

async function lookUp(tx: PoolClient, step: MatchStep): Promise<readonly Differing[]> {
  const differing = await matchByNumber(tx);
  await matchByTemporaryKey(tx, step);
  return differing;
}

const SETTLE = `
  update intake_row r set match = settled.match, person_id = settled.person_id
  from unnest($1::int[], $2::text[], $3::uuid[]) as settled (row_no, match, person_id)
  where r.row_no = settled.row_no`;

/** Scores what a lookup cannot settle. A row with a valid number and nobody who may be meant stays open: it is new. */
async function judgeDoubtful(tx: PoolClient): Promise<Judged[]> {
  const rows = await readDoubtful(tx);
  if (rows.length === 0) return [];
  const candidates = await findCandidates(tx, rows);
  const judged = rows.map((row) => ({ row, verdict: decide(row, candidates.get(row.rowNo) ?? []) }));
  const settled = judged.filter(({ row, verdict }) => verdict.kind !== 'NOBODY' || row.idKey === null);
  await tx.query(SETTLE, [
    settled.map(({ row }) => row.rowNo),
    settled.map(({ verdict }) => (verdict.kind === 'NOBODY' ? 'NONE' : verdict.kind)),
    settled.map(({ verdict }) => (verdict.kind === 'CERTAIN' ? verdict.scored.personId : null)),
  ]);
  return judged;
}

const held = (
  judged: readonly Judged[],
): readonly { readonly row: DoubtfulRow; readonly candidates: readonly Scored[] }[] =>
  judged.flatMap(({ row, verdict }) => (verdict.kind === 'REVIEW' ? [{ row, candidates: verdict.candidates }] : []));

/** The number is the person's and the name is not quite: somebody should look which of the two is right. */
const otherwiseNamed = (judged: readonly Judged[]): readonly Differing[] =>
  judged.flatMap(({ row, verdict }) =>
    verdict.kind === 'CERTAIN' &&
    verdict.scored.agreements.number === 'SAME' &&
    verdict.scored.agreements.name !== 'SAME'
      ? [{ rowNo: row.rowNo, personId: verdict.scored.personId }]
      : [],
  );
