/** What a person decides about a subject that rules could not settle: kept for later deliveries, and applied at once. */
import type { Done } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import { isId, newId } from '../platform/id.ts';
import { nameKey, normaliseResidentId } from '../registry/index.ts';
import { openConflicts } from './conflicts.ts';
import type { ReviewState } from './match-review.ts';
import { inRegions } from './move-persons.ts';
import type { Acting } from './move-persons.ts';

/** Takes held rows up again in the transaction of the decision; the intake provides it. Says how many left the review. */
export type ApplyHeldRows = (
  tx: PoolClient,
  deliveryId: string,
  rowNos: readonly number[],
  options?: { readonly drop?: boolean },
) => Promise<number>;

/** Somebody known, somebody new, or nobody whose rows are used: one of the three. */
export interface MatchDecision {
  readonly reviewId: string;
  readonly personId?: string | null | undefined;
  readonly newPerson?: boolean | null | undefined;
  readonly reject?: boolean | null | undefined;
}

/** Where the review stands afterwards. */
export interface DecidedMatch {
  readonly id: string;
  readonly state: ReviewState;
  readonly personId: string | null;
  /** Rows that were waiting and were taken up, or let go. */
  readonly rows: number;
}

interface Held {
  readonly id: string;
  readonly state: ReviewState;
  readonly sourceSystem: string;
  readonly sourceKey: string;
  readonly department: Parameters<typeof openConflicts>[2][number]['department'];
  readonly subjectKey: Buffer;
  readonly name: string;
  readonly idType: string | null;
  readonly idValue: string | null;
  readonly asOf: Date;
}

/** Decides a review. Throws BAD_USER_INPUT for one that is not there or decided, for no or two answers, and a person who is none. */
export async function decideReview(
  tx: PoolClient,
  decision: MatchDecision,
  acting: Acting,
  applyRows: ApplyHeldRows,
): Promise<Done<DecidedMatch>> {
  const { reviewId, personId, newPerson = false, reject = false } = decision;
  if ([personId != null, newPerson === true, reject === true].filter(Boolean).length !== 1)
    throw badUserInput('input: give one of personId, newPerson: true and reject: true');
  const review = await lockReview(tx, reviewId, acting);
  const person =
    newPerson === true
      ? await createFor(tx, review, acting)
      : personId == null
        ? null
        : await standing(tx, personId, acting);
  await tx.query(
    'update match_decision set superseded_at = $3 where source_system = $1 and subject_key = $2 and superseded_at is null',
    [review.sourceSystem, review.subjectKey, acting.at],
  );
  await tx.query(
    `insert into match_decision (id, source_system, subject_key, person_id, review_id, reason, decided_by, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [newId(), review.sourceSystem, review.subjectKey, person, review.id, acting.reason, acting.by, acting.at],
  );
  const state: ReviewState = person === null ? 'REJECTED' : newPerson === true ? 'CREATED' : 'MATCHED';
  await tx.query('update match_review set state = $2, reason = $3, decided_by = $4, decided_at = $5 where id = $1', [
    review.id,
    state,
    acting.reason,
    acting.by,
    acting.at,
  ]);
  const rows = await applyHeld(tx, review.id, person === null, applyRows);
  return { result: { id: review.id, state, personId: person, rows }, persons: person === null ? [] : [person] };
}

async function lockReview(tx: PoolClient, id: string, { regions }: Acting): Promise<Held> {
  const { rows } = await tx.query<Held>(
    `select id, state, source_system as "sourceSystem", source_key as "sourceKey", department, subject_key as "subjectKey", name,
       id_type as "idType", id_value as "idValue", as_of as "asOf"
     from match_review m where id = $1 and ${inRegions('m', '$2')} for no key update`,
    [isId(id) ? id : null, [...regions]],
  );
  const [review] = rows;
  if (review === undefined) throw badUserInput('reviewId: there is no review with this identifier');
  if (review.state !== 'OPEN')
    throw badUserInput('reviewId: it was decided; a mistake is mended by mergePersons or splitPerson');
  return review;
}

async function standing(tx: PoolClient, personId: string, { regions }: Acting): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from person p where id = standing_person($1) and ${inRegions('p', '$2')} for key share`,
    [isId(personId) ? personId : null, [...regions]],
  );
  const [person] = rows;
  if (person === undefined) throw badUserInput('personId: there is no such person');
  return person.id;
}

const NEW_PERSON = `
  insert into person (id, name, name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code, province_code,
    source_system, source_key, as_of, recorded_at)
  select $1, r.name, $2, case when r.sex in ('1', '2') then r.sex else coalesce($3, '0') end, coalesce(r.birth_date, $4::date), r.region_code,
    r.township_code, r.county_code, r.prefecture_code, r.province_code, r.source_system, r.source_key, r.as_of, $6
  from match_review r where r.id = $5`;

const NEW_IDENTIFIER = `
  insert into person_identifier (id, person_id, type, value, match_key, verified, source_system, source_key, as_of, recorded_at)
  values ($1, $2, $3, $4, $5, false, $6, $7, $8, $9)
  on conflict (match_key, type) where superseded_by_id is null do nothing`;

/**
 * Somebody new with what was delivered. Where the number is somebody else's, the new person is known by a temporary key of the
 * source, and the shared number becomes a conflict of the two.
 */
async function createFor(tx: PoolClient, review: Held, { at }: Acting): Promise<string> {
  const id = newId();
  const { sourceSystem, sourceKey, idValue, asOf, department } = review;
  const type = review.idType ?? 'RESIDENT_ID';
  const read = type === 'TEMPORARY' || idValue === null ? undefined : normaliseResidentId(idValue);
  const key = read?.ok === true ? read.key : undefined;
  await tx.query(NEW_PERSON, [
    id,
    nameKey(review.name),
    key === undefined ? null : Number(key.charAt(16)) % 2 === 1 ? '1' : '2',
    key === undefined ? null : `${key.slice(6, 10)}-${key.slice(10, 12)}-${key.slice(12, 14)}`,
    review.id,
    at,
  ]);
  const common = [sourceSystem, sourceKey, asOf, at];
  if (key !== undefined && idValue !== null) {
    const { rowCount } = await tx.query(NEW_IDENTIFIER, [newId(), id, type, idValue, key, ...common]);
    if (rowCount === 1) return id;
    const { rows } = await tx.query<{ personId: string }>(
      `select person_id as "personId" from person_identifier where match_key = $1 and type = $2 and superseded_by_id is null`,
      [key, type],
    );
    const holder = rows[0]?.personId;
    if (holder !== undefined)
      await openConflicts(tx, at, [
        { kind: 'ID_SHARED', personId: holder, otherPersonId: id, department, sourceSystem, sourceKey, asOf },
      ]);
  }
  // One key for each review: a source's own keys stay free for those who have no number at all.
  const temporary = `${sourceSystem}:review:${review.id}`;
  await tx.query(NEW_IDENTIFIER, [newId(), id, 'TEMPORARY', review.id, temporary, ...common]);
  return id;
}

async function applyHeld(tx: PoolClient, reviewId: string, drop: boolean, applyRows: ApplyHeldRows): Promise<number> {
  const { rows } = await tx.query<{ deliveryId: string; rowNos: number[] }>(
    `select delivery_id as "deliveryId", array_agg(row_no order by row_no) as "rowNos" from match_review_row
     where review_id = $1 group by delivery_id order by min(delivery_id::text)`,
    [reviewId],
  );
  let applied = 0;
  for (const { deliveryId, rowNos } of rows) applied += await applyRows(tx, deliveryId, rowNos, { drop });
  return applied;
}
