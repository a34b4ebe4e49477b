/** Rows that a person has to look at: written once for each subject, with every row that waits for the answer. */
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import type { DoubtfulRow } from './candidates.ts';
import type { Scored } from './score.ts';
import type { MatchStep } from './step.ts';

/** A row and who may be meant. */
export interface Held {
  readonly row: DoubtfulRow;
  readonly candidates: readonly Scored[];
}

// The home is the row's, or else that of the likeliest candidate: a review belongs to a place, so that somebody sees it.
const REVIEWS = `
  insert into match_review (id, delivery_id, row_no, department, subject_key, name, sex, birth_date, id_type, id_value, state, opened_at,
    region_code, township_code, county_code, prefecture_code, province_code, source_system, source_key, as_of, recorded_at)
  select held.id, $5, r.row_no, $6, held.subject_key, r.name, r.sex, r.birth_date, r.id_type, r.id_value, 'OPEN', $7,
    place.region_code, place.township_code, place.county_code, place.prefecture_code, place.province_code,
    $8, r.source_key, $9, $7
  from unnest($1::uuid[], $2::int[], $3::bytea[], $4::uuid[]) as held (id, row_no, subject_key, likeliest)
  join intake_row r on r.row_no = held.row_no
  join person p on p.id = held.likeliest
  cross join lateral (
    select r.region_code, r.township_code, coalesce(r.county_code, r.prefecture_code, r.province_code) as county_code,
      coalesce(r.prefecture_code, r.province_code) as prefecture_code, r.province_code
    where r.province_code is not null
    union all
    select p.region_code, p.township_code, p.county_code, p.prefecture_code, p.province_code where r.province_code is null
  ) place
  order by held.subject_key
  on conflict (source_system, subject_key) where state = 'OPEN' do nothing`;

const ROWS = `
  insert into match_review_row (review_id, delivery_id, row_no)
  select m.id, $3, held.row_no
  from unnest($1::int[], $2::bytea[]) as held (row_no, subject_key)
  join match_review m on m.source_system = $4 and m.subject_key = held.subject_key and m.state = 'OPEN'
  order by held.row_no
  on conflict (delivery_id, row_no) do nothing`;

const CANDIDATES = `
  insert into match_candidate (id, review_id, person_id, place, score, evidence)
  select c.id, c.review_id, c.person_id, c.place, c.score, string_to_array(c.evidence, chr(10))
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::numeric[], $6::text[])
    as c (id, review_id, person_id, place, score, evidence)
  join match_review m on m.id = c.review_id`;

/** Opens a review for each subject that has none; rows of a subject whose review is open wait with it. */
export async function openReviews(tx: PoolClient, step: MatchStep, held: readonly Held[]): Promise<void> {
  if (held.length === 0) return;
  const reviews = held.map((one) => ({ id: newId(), ...one }));
  await tx.query(REVIEWS, [
    reviews.map(({ id }) => id),
    reviews.map(({ row }) => row.rowNo),
    reviews.map(({ row }) => row.subjectKey),
    reviews.map(({ candidates }) => candidates[0]?.personId ?? null),
    step.deliveryId,
    step.department,
    step.at,
    step.sourceSystem,
    step.asOf,
  ]);
  await tx.query(ROWS, [
    reviews.map(({ row }) => row.rowNo),
    reviews.map(({ row }) => row.subjectKey),
    step.deliveryId,
    step.sourceSystem,
  ]);
  const shown = reviews.flatMap(({ id, candidates }) =>
    candidates.map((candidate, place) => ({ id: newId(), review: id, place: place + 1, ...candidate })),
  );
  // Of a review that was open before, the candidates of then stay: the join takes only those written just now.
  await tx.query(CANDIDATES, [
    shown.map(({ id }) => id),
    shown.map(({ review }) => review),
    shown.map(({ personId }) => personId),
    shown.map(({ place }) => place),
    shown.map((one) => one.score),
    shown.map(({ evidence }) => evidence.join('\n')),
  ]);
}
