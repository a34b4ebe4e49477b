/**
 * Whose agreement a change needs (政务数据共享条例 art. 20, 21: who provides data answers for its sharing), and whose business
 * it is at all.
 */
import type { Agreement, Department, PolicyContent } from '../../access/index.ts';
import type { Opening } from './opening.ts';
import { find } from './proposal.ts';
import type { Proposal } from './proposal.ts';

/** What an owner granted beforehand, by answering a request for access. */
export type Granted = (opening: Opening, owner: Department) => boolean;

/** Owners that have to agree to an opening. An operation and small counts are the hub's affair: civil affairs answers. */
export function ownersOf(opening: Opening, { groups }: PolicyContent): readonly Department[] {
  switch (opening.kind) {
    case 'FIELDS':
      return [groups.get(opening.group)?.owner ?? 'CIVIL_AFFAIRS'];
    case 'ROWS':
      // What could be seen in them is told by the openings of fields beside it.
      return [];
    default:
      return ['CIVIL_AFFAIRS'];
  }
}

/** Owners whose word is missing, where these departments act and the owners granted this. Sorted. */
export function missingConsent(
  openings: readonly Opening[],
  content: PolicyContent,
  acting: readonly Department[],
  granted: Granted,
): Department[] {
  const missing = openings.flatMap((opening) =>
    ownersOf(opening, content).filter((owner) => !acting.includes(owner) && !granted(opening, owner)),
  );
  return [...new Set(missing)].sort();
}

/** Departments whose business a change is: those that own what is in it, those that receive, and civil affairs. */
export function concerned(proposal: Proposal, before: PolicyContent, after: PolicyContent): ReadonlySet<Department> {
  if (proposal.kind === 'CATALOGUE') {
    const names = proposal.groups.map(({ name }) => name);
    return new Set([...ownersIn(names, before), ...ownersIn(names, after), 'CIVIL_AFFAIRS' as const]);
  }
  const number = proposal.kind === 'AMEND' ? proposal.agreement.number : proposal.number;
  const both = [find(before, number), find(after, number)].filter((one) => one !== undefined);
  return new Set(both.flatMap((agreement) => [agreement.department, ...brakesOf(agreement, after)]));
}

/** Departments that may suspend an agreement at once: the owners of what is in it, and civil affairs. */
export const brakesOf = ({ fields }: Agreement, content: PolicyContent): readonly Department[] => [
  ...ownersIn([...fields.keys()], content),
  'CIVIL_AFFAIRS',
];

/** Owners of entries of the catalogue whose new entry changes who answers for them, or how far they may be shared. */
export function ownersOfEntries(proposal: Proposal, before: PolicyContent, after: PolicyContent): Department[] {
  if (proposal.kind !== 'CATALOGUE') return [];
  const names = proposal.groups.map(({ name }) => name);
  return [...new Set([...ownersIn(names, before), ...ownersIn(names, after)])].sort();
}

const ownersIn = (names: readonly string[], { groups }: PolicyContent): Department[] =>
  names.flatMap((name) => groups.get(name)?.owner ?? []);
