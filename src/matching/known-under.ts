/** Under which ids a person was ever known: before a merge, while one stood that was undone since, and before a split. */
import type { PoolClient } from '../platform/database.ts';

// Acts that touch the person, and those that touch whoever they lead to; of these the ids that an identifier of the person had.
const KNOWN_UNDER = `
  with recursive near (asked, id) as (
    select asked, asked from unnest($1::uuid[]) as asked
    union
    select near.asked, case when act.kept_id = near.id then act.other_id else act.kept_id end
    from near join person_act act on near.id in (act.kept_id, act.other_id))
  select distinct near.asked as "personId", known.id as "id"
  from near
  join person_act act on near.id in (act.kept_id, act.other_id)
  join person_move moved on moved.act_id = act.id and moved.table_name in ('person_identifier', 'public.person_identifier')
  join person_identifier number on number.id = (moved.row_key ->> 'id')::uuid and number.person_id = near.asked
  cross join lateral (values (moved.from_id), (moved.to_id)) as known (id)
  where known.id <> near.asked`;

/**
 * Other ids under which these persons were told or reported before: those between which a merge, a split or the undoing of one
 * moved an identifier that is theirs today. By person; who was never merged or split is not in it.
 */
export async function knownUnder(
  tx: Pick<PoolClient, 'query'>,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await tx.query<{ personId: string; id: string }>(KNOWN_UNDER, [[...new Set(personIds)]]);
  const known = new Map<string, string[]>();
  for (const { personId, id } of rows) known.set(personId, [...(known.get(personId) ?? []), id]);
  return known;
}
