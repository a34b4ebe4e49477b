/** What entries of the ledger say in the words of the sharing policy: kinds of data, and the law an access stood on. */
import { raw, sql } from '../graph/index.ts';
import type { PlanAt, Row, Slot, Sql } from '../graph/index.ts';

const constantList = (name: string, list: readonly (string | null)[]): Slot => ({
  key: `accountability.${name}`,
  type: 'text[]',
  read: () => list,
});

/** Names of the kinds of data behind a row's coordinates, in the catalogue of the policy version that the row names. */
export function kindsOf(access: Row, at: PlanAt): Sql {
  const all = at.disclosable();
  const column = (name: string, of: (one: (typeof all)[number]) => string | null): Slot =>
    constantList(name, all.map(of));
  const coordinates = column('coordinates', ({ coordinate }) => coordinate);
  const groups = column('groups', ({ group }) => group);
  const titles = column('titles', ({ title }) => title);
  return sql`(select coalesce(array_agg(distinct coalesce(catalogued.title, known.title)), '{}')
    from unnest(${coordinates}, ${groups}, ${titles}) as known (coordinate, name, title)
    left join policy_group catalogued on catalogued.version = ${access.column('policyVersion')}
      and catalogued.name = known.name
    where known.coordinate = any(${access.column('coordinates')}))`;
}

/** The legal basis of the agreement that the caller of an entry stood on: of several, the one for its purpose. */
export const legalBasisOf = (access: Row): Sql =>
  sql`select agreement.legal_basis from policy_agreement agreement
    where agreement.version = ${access.column('policyVersion')}
      and agreement.department = ${access.column('department')} and agreement.role = ${access.column('role')}
    order by coalesce(${access.column('purpose')} = any(agreement.purposes), false) desc, agreement.id limit 1`;

/**
 * Rows of the ledger that name the person, under whichever id they had before a merge; the second condition holds for all of
 * them, the first finds them.
 */
export const namesPerson = (access: Row, person: Slot): Sql =>
  sql`${access.column('buckets')} && person_buckets((select person_ids(${person}))) and ${access.column('personId')} = any((select person_ids(${person}))::uuid[])`;

/** Instants within days in China, both included; a side that is not given is open. */
export function within(
  instant: Sql,
  { from, to }: { readonly from?: Slot | undefined; readonly to?: Slot | undefined },
): Sql {
  const midnight = (day: Slot, later: string): Sql =>
    sql`((${day} + ${raw(later)})::timestamp at time zone 'Asia/Shanghai')`;
  const since = from === undefined ? raw('true') : sql`${instant} >= ${midnight(from, '0')}`;
  const until = to === undefined ? raw('true') : sql`${instant} < ${midnight(to, '1')}`;
  return sql`${since} and ${until}`;
}
