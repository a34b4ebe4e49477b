/** Whose value is disputed: a person's or a household's; and under which ids the ledger knows them. */
import type { PoolClient } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import { isId } from '../platform/id.ts';
import type { ValueSubject } from '../registry/index.ts';

/** `<kind>_id` is the column of rows about one, `<kind>_access` the view of the ledger. */
export type SubjectKind = 'person' | 'household';

/** A person or a household. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Of a person who was merged into another: of the one who stands. */
  readonly id: string;
  /** Every id under which it was told: its own, and those merged into it. */
  readonly ids: readonly string[];
}

/** The two columns of rows that are about one or the other. */
export interface SubjectColumns {
  readonly personId: string | null;
  readonly householdId: string | null;
}

/** An id that a caller sent; undefined for what is none. */
export const idOf = (given: string | null | undefined): string | undefined =>
  given && isId(given) ? given.toLowerCase() : undefined;

/** The one that a caller names; its id is undefined for what is none. @throws BAD_USER_INPUT where it is none or both */
export function namedSubject({
  personId,
  householdId,
}: {
  readonly personId?: string | null | undefined;
  readonly householdId?: string | null | undefined;
}): { readonly kind: SubjectKind; readonly id: string | undefined } {
  const [person, household] = [personId ?? undefined, householdId ?? undefined];
  if ((person === undefined) === (household === undefined))
    throw badUserInput('personId, householdId: name whose value it is, the person or the household; one of them');
  return person === undefined ? { kind: 'household', id: idOf(household) } : { kind: 'person', id: idOf(person) };
}

/** The subject with that id. Households are never merged. */
export async function standing(
  tx: PoolClient,
  { kind, id }: { readonly kind: SubjectKind; readonly id: string },
): Promise<Subject> {
  if (kind === 'household') return { kind, id, ids: [id] };
  const { rows } = await tx.query<Pick<Subject, 'id' | 'ids'>>(
    'select standing_person($1) as id, person_ids($1) as ids',
    [id],
  );
  return { kind, id: rows[0]?.id ?? id, ids: rows[0]?.ids ?? [id] };
}

/** The subject of a row. */
export const subjectOf = ({ personId, householdId }: SubjectColumns): Omit<Subject, 'ids'> =>
  personId === null ? { kind: 'household', id: householdId ?? '' } : { kind: 'person', id: personId };

/** As orders of recalls name it. */
export const asValueSubject = ({ kind, id }: Omit<Subject, 'ids'>): ValueSubject =>
  kind === 'person' ? { personId: id } : { householdId: id };

/** As the ledger names it. */
export const asNamed = (row: SubjectColumns): { readonly persons: string[]; readonly households: string[] } => ({
  persons: row.personId === null ? [] : [row.personId],
  households: row.householdId === null ? [] : [row.householdId],
});
