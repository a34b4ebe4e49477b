/** Callers drawn at random: of every agreement and of none, with divisions of every level, right and wrong cases. */
import type { Random } from '../../../seeds/synthetic/random.ts';
import type { World } from './nouns.ts';
import { levelOf } from './roots.ts';
import type { Agreement, Asker } from './scopes.ts';
import { CASES } from './world.ts';

/** Somebody who asks, and how. */
export interface Caller extends Asker {
  readonly purpose?: string;
  readonly onDenied: 'refuse' | 'null';
}

const PURPOSES = ['AID_ELIGIBILITY', 'DYNAMIC_MONITORING', 'CASE_HANDLING', 'STATISTICS', 'AUDIT'];

/** A code that is no division: a right that nobody gives. */
const UNKNOWN = '999999999999';

/** Draws a caller of the agreement; `sound` ones ask with a purpose and a case that their agreement opens. */
export function drawCaller(
  random: Random,
  { department, role, purposes }: Pick<Agreement, 'department' | 'role' | 'purposes'>,
  regions: readonly string[],
  world: World,
  sound: boolean,
): Caller {
  const purpose = sound || random.chance(0.9) ? random.pick(purposes) : drawOf(random, PURPOSES);
  const caseNo = sound || random.chance(0.7) ? random.pick(CASES.slice(0, 3)) : drawOf(random, CASES);
  return {
    department,
    role,
    regions: drawRegions(random, regions, world, sound),
    ...(purpose === undefined ? {} : { purpose }),
    ...(caseNo === undefined ? {} : { caseNo }),
    onDenied: random.pick(['refuse', 'refuse', 'null'] as const),
  };
}

/** One of the list, or none. */
const drawOf = (random: Random, list: readonly string[]): string | undefined =>
  random.chance(1 / (list.length + 1)) ? undefined : random.pick(list);

/** One division, several of one level, or of several levels; at times one that nobody knows, or none at all. */
function drawRegions(random: Random, regions: readonly string[], world: World, sound: boolean): readonly string[] {
  const draw = (from: readonly string[], most: number): readonly string[] => [
    ...new Set(Array.from({ length: random.whole(1, most) }, () => random.pick(from))),
  ];
  if (!sound && random.chance(0.1)) return random.pick([[], [UNKNOWN], [UNKNOWN, random.pick(regions)]]);
  const level = random.pick(['PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP', 'any']);
  const some = regions.filter((code) => level === 'any' || levelOf(code, world) === level);
  return draw(some.length === 0 ? regions : some, 3);
}

/** Departments and roles without an agreement that opens data: none in force, or a steward's. */
export const REVOKED = [
  { department: 'EDUCATION', role: 'ANALYST', purposes: ['AID_ELIGIBILITY'] },
  { department: 'AUDIT', role: 'SYSTEM', purposes: ['AUDIT'] },
  { department: 'HOUSING', role: 'WINDOW', purposes: ['CASE_HANDLING'] },
  { department: 'HOUSING', role: 'STEWARD', purposes: ['GOVERNANCE'] },
] as const;

/** In what circumstances somebody asks, for the tally: each kind must be met in a run. */
export function circumstancesOf(caller: Caller, agreement: Agreement | undefined, world: World): readonly string[] {
  const levels = new Set(caller.regions.map((code) => levelOf(code, world) ?? 'an unknown level'));
  const [only = 'none'] = levels;
  const divisions =
    levels.size > 1
      ? 'divisions of several levels'
      : caller.regions.length > 1
        ? `several divisions: ${only}`
        : `one division: ${only}`;
  return [
    divisions,
    ...(agreement === undefined ? ['no agreement in force'] : []),
    caller.purpose === undefined
      ? 'no purpose'
      : agreement?.purposes.includes(caller.purpose) === false
        ? 'a purpose of others'
        : 'a purpose of its own',
    `case ${caller.caseNo ?? 'none'}`,
    `on denied: ${caller.onDenied}`,
  ];
}

/** All circumstances that a run must meet. */
export const CIRCUMSTANCES: readonly string[] = [
  ...['PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP'].flatMap((level) => [
    `one division: ${level}`,
    `several divisions: ${level}`,
  ]),
  'divisions of several levels',
  'one division: an unknown level',
  'one division: none',
  'no agreement in force',
  'no purpose',
  'a purpose of others',
  ...CASES.map((caseNo) => `case ${caseNo}`),
  'case none',
  'on denied: refuse',
  'on denied: null',
];
