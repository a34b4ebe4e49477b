/** What owners grant of what was asked: never more, perhaps less. */
import type { AccessGroupInput } from './access-requests.types.ts';
import type { Fault } from './asked.ts';
import { isNarrowing } from './lists.ts';
import type { GroupAccess, Narrowing } from './lists.ts';

/** A group of a request, as it stands in the table. */
export interface HeldGroup {
  readonly name: string;
  readonly access: GroupAccess;
  readonly scope: Narrowing | null;
}

/** What the owner grants of its groups: all that was asked of it where it names none. Faults name the field. */
export function readGranted(
  chosen: readonly AccessGroupInput[] | null | undefined,
  asked: readonly HeldGroup[],
): { readonly granted: readonly HeldGroup[]; readonly faults: readonly Fault[] } {
  if (chosen === null || chosen === undefined) return { granted: asked, faults: [] };
  const byName = new Map(asked.map((group) => [group.name, group]));
  const names = chosen.map(({ name }) => name);
  const faults = chosen.flatMap(({ name, access, scope = null }, i): Fault[] => {
    const group = byName.get(name);
    if (group === undefined) return [{ field: `groups[${i}].name`, reason: 'it was not asked of your department' }];
    return isNarrowing(scope) && isWithin({ access, scope: scope ?? null }, group)
      ? []
      : [{ field: `groups[${i}]`, reason: 'more than was asked for; grant as much or less' }];
  });
  if (chosen.length === 0) faults.push({ field: 'groups', reason: 'to grant nothing is to refuse; say REFUSE' });
  if (new Set(names).size < names.length) faults.push({ field: 'groups', reason: 'something is named twice' });
  const granted = chosen.map(({ name, access, scope }) => ({
    name,
    access,
    scope: (scope ?? null) as Narrowing | null,
  }));
  return { granted, faults };
}

/**
 * Whether a grant opens nothing that the other does not. Of the narrowings only the case lies within another, the
 * caseload: a division and a caseload may each hold rows that the other lacks.
 */
export function isWithin(
  grant: { readonly access: string; readonly scope: string | null },
  other: { readonly access: string; readonly scope: string | null },
): boolean {
  if (grant.access === 'FULL' && other.access === 'MASKED') return false;
  return other.scope === null || grant.scope === other.scope || (grant.scope === 'CASE' && other.scope === 'CASELOAD');
}
