/** How two versions of the policy differ, one line each: `housing.fields.name: masked → full`. */
import type { PolicyContent } from '../../access/index.ts';
import { toForm } from '../../access/index.ts';

/** The lines, sorted; none where both say the same. */
export function differences(before: PolicyContent, after: PolicyContent): string[] {
  const [held, holds] = [flat(before), flat(after)];
  return [...new Set([...held.keys(), ...holds.keys()])]
    .sort()
    .filter((member) => held.get(member) !== holds.get(member))
    .map((member) => `${member}: ${held.get(member) ?? ABSENT} → ${holds.get(member) ?? ABSENT}`);
}

const ABSENT = '—';

/** Every member of a policy by its path. */
function flat({ groups, agreements }: PolicyContent): Map<string, string> {
  const members = new Map<string, string>();
  const note = (path: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) for (const item of value) members.set(`${path}.${String(item)}`, '✓');
    else if (typeof value === 'object')
      for (const [name, inner] of Object.entries(value)) note(`${path}.${name}`, inner);
    else members.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  };
  for (const { name, ...entry } of groups.values()) note(`catalogue.${name}`, entry);
  for (const agreement of agreements) {
    const { number, ...terms } = toForm(agreement);
    note(number, { ...terms, state: agreement.state, stateReason: agreement.stateReason });
  }
  return members;
}
