/** Which coordinates a policy opens further than another one does, and of how many the ledger knows that they could be told. */
import { isDenial } from '../../graph/index.ts';
import type { Department, Purpose, Role } from '../../access/index.ts';
import type { Noun, NounField } from '../../graph/index.ts';
import { decidesAlike } from './alike.ts';
import { agreementOf, isWithin, profileOf, tellsMore } from './decide.ts';
import type { Grade, Side } from './decide.ts';

/** A coordinate that callers of a department and role would get more of. */
export interface Opening {
  readonly department: Department;
  readonly role: Role;
  readonly purposes: readonly Purpose[];
  readonly coordinate: string;
  /** The type whose rows it stands in. */
  readonly type: string;
  /** Undefined where it was denied. */
  readonly from: Grade | undefined;
  readonly to: Grade;
  /** Whether it would be told of rows that the caller does not get now. */
  readonly ofMoreRows: boolean;
}

/** What one policy opens and the other does not, for every department, role and purpose of either. */
export function openings(now: Side, next: Side): readonly Opening[] {
  const found = new Map<string, Opening>();
  for (const asked of standings([now, next])) {
    const before = agreementOfPurpose(now, asked);
    const after = agreementOfPurpose(next, asked);
    if (after === undefined || decidesAlike(before, after)) continue;
    for (const noun of next.graph.nouns.values()) {
      if (noun.anchors.public === true) continue;
      for (const field of noun.fields.values()) {
        const to = gradeOf(next, after, noun, field);
        const from = before && gradeOf(now, before, noun, field);
        if (to === undefined || !tellsMore(to, from)) continue;
        const { department, role, purpose } = asked;
        const { coordinate } = field;
        const key = [department, role, coordinate, describe(from), describe(to)].join(' ');
        const purposes = [...(found.get(key)?.purposes ?? []), purpose];
        const ofMoreRows = from !== undefined && !isWithin(to.scopes, from.scopes);
        found.set(key, { department, role, purposes, coordinate, type: noun.name, from, to, ofMoreRows });
      }
    }
  }
  return [...found.values()];
}

/** Every department and role with every purpose that some agreement names. */
export function standings(sides: readonly Side[]): readonly Standing[] {
  const found = new Map<string, Standing>();
  for (const { policy } of sides)
    for (const { department, role, purposes } of policy.agreements)
      for (const purpose of purposes) found.set(`${department}/${role}/${purpose}`, { department, role, purpose });
  return [...found.values()];
}

/** Who asks, and what for. */
export interface Standing {
  readonly department: Department;
  readonly role: Role;
  readonly purpose: Purpose;
}

/** The agreement in force that opens the purpose. */
export function agreementOfPurpose(side: Side, asked: Standing) {
  const agreement = agreementOf(side, asked);
  return agreement?.purposes.includes(asked.purpose) === true ? agreement : undefined;
}

/** How much an agreement tells of a field; undefined where it is denied. */
export function gradeOf(
  { graph, policy }: Side,
  agreement: NonNullable<ReturnType<typeof agreementOf>>,
  noun: Noun,
  { coordinate, rule, leadsTo }: NounField,
): Grade | undefined {
  const profile = profileOf(agreement);
  const scopes = new Set<string>();
  const rowsOf = (one: Noun) =>
    one.anchors.public === true ? undefined : policy.rows(profile, (one.groups?.of ?? one).name);
  const rows = rowsOf(noun);
  if (rows !== undefined && isDenial(rows)) return undefined;
  if (rows !== undefined) scopes.add(rows.kind);
  const own = policy.field(profile, coordinate, rule);
  if (own.kind === 'deny') return undefined;
  if (own.scope !== undefined) scopes.add(own.scope.kind);
  const ends = leadsTo.flatMap((name) => graph.nouns.get(name) ?? []).map(rowsOf);
  if (ends.length > 0 && ends.every((end) => end !== undefined && isDenial(end))) return undefined;
  return { part: own.kind === 'mask' ? 'masked' : 'full', scopes };
}

/** `full:region`, `masked:caseload`, `denied`. */
export const describe = (grade: Grade | undefined): string =>
  grade === undefined ? 'denied' : [grade.part, ...[...grade.scopes].sort()].join(':');
