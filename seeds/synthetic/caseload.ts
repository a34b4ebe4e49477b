import { dateOf } from './calendar.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** How each department numbers its cases. */
const PREFIX = {
  CIVIL_AFFAIRS: 'CA',
  EDUCATION: 'ED',
  HEALTH: 'HE',
  MEDICAL_SECURITY: 'MS',
  HOUSING: 'HO',
  LABOUR: 'LA',
  AUDIT: 'AU',
} as const;
type Department = keyof typeof PREFIX;

/** Opens one case of a department for these persons, some months ago; one in eight is closed by now. */
export function openCase(
  world: World,
  department: Department,
  persons: readonly Person[],
  householdId: string | null,
): void {
  const random = world.dice.caseload;
  const opened = world.today - random.whole(3, 200);
  const closed = random.chance(0.125) ? Math.min(world.today, opened + random.whole(10, 60)) : null;
  const caseNo = caseNumber(world, department);
  for (const person of persons) addToCase(world, department, caseNo, person, householdId, opened, closed);
}

/** A new case number of a department, 'ED-2026-000001'. */
export function caseNumber(world: World, department: Department): string {
  const year = dateOf(world.today).slice(0, 4);
  return `${PREFIX[department]}-${year}-${String(world.number(`case/${department}`)).padStart(6, '0')}`;
}

/** Adds a person to a case. */
export function addToCase(
  world: World,
  department: Department,
  caseNo: string,
  person: Person,
  householdId: string | null,
  opened: number,
  closed: number | null,
): void {
  world.sheets.add('caseload', [
    world.id('caseload'),
    department,
    person.id,
    householdId,
    caseNo,
    world.date(opened),
    world.date(closed),
  ]);
}
