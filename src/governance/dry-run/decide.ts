/** What a policy says to recorded requests if they were made today: the same gates, in the same order, as the reading road's. */
import { OperationTypeNode } from 'graphql';
import type { Agreement, Profile, SharingPolicy } from '../../access/index.ts';
import { collectFields, isDenial } from '../../graph/index.ts';
import type { DeniedCoordinate, Graph } from '../../graph/index.ts';
import { keyOf } from './alike.ts';
import { valuesOf } from './forms.ts';
import type { Form, Part } from './forms.ts';
import type { Recorded } from './recorded.ts';
import { tryOperation } from './trial.ts';
import type { Trial } from './trial.ts';

/** A policy on a day. */
export interface Side {
  readonly graph: Graph;
  readonly policy: SharingPolicy;
  readonly today: string;
}

/** A refusal, with what it names. */
export interface Refused {
  readonly passes: false;
  readonly code: 'OPERATION_DENIED' | 'FIELD_DENIED' | 'PURPOSE_NOT_ALLOWED' | 'CASE_REQUIRED' | 'CASE_NOT_IN_CASELOAD';
  readonly denied: readonly DeniedCoordinate[];
}

/** An answer, with how much each coordinate tells: `full`, `masked`, of which rows. */
export interface Passed {
  readonly passes: true;
  readonly told: ReadonlyMap<string, Grade>;
}

/** How much a coordinate tells. */
export interface Grade {
  readonly part: 'full' | 'masked';
  /** Row scopes that bound it: that of the row and, where it is narrower, its own. */
  readonly scopes: ReadonlySet<string>;
}

/** The profile of an agreement, of a caller with no region in particular: what is denied does not depend on regions. */
export const profileOf = (agreement: Agreement): Profile => ({
  key: agreement.number,
  agreement,
  places: { properties: [], single: true },
});

/** What decides about requests: of the caller only department, role and purpose matter to what is denied. */
export const standingOf = (
  { policy, today }: Side,
  { department, role, purpose }: Pick<Recorded, 'department' | 'role' | 'purpose'>,
): Profile =>
  policy.profileOf(
    { client: '', department, role, regions: [], purposes: [], tokenId: '', ...(purpose && { purpose }) },
    today,
  );

/** The agreement that requests stand on; undefined where none is in force. */
export const agreementOf = ({ policy, today }: Side, of: Pick<Recorded, 'department' | 'role' | 'purpose'>) =>
  policy.agreementOf({ department: of.department, role: of.role, ...(of.purpose && { purpose: of.purpose }) }, today);

/** @returns undefined for a form that no statement can answer */
export function decide(
  side: Side,
  asked: Recorded,
  form: Form,
  parts: readonly Part[],
  onDenied: 'refuse' | 'null',
): Refused | Passed | undefined {
  const profile = standingOf(side, asked);
  const { agreement } = profile;
  const unbound = unboundBy(agreement, asked);
  if (asked.kind === 'WRITE') {
    const denied = deniedActs(side, form, profile);
    if (denied.length > 0) return { passes: false, code: 'OPERATION_DENIED', denied };
    return unbound ?? { passes: true, told: new Map() };
  }
  const trial = tryForm(side, profile, form, parts);
  if (trial === undefined) return undefined;
  const denied = onDenied === 'null' ? trial.refused : trial.denied;
  if (denied.length > 0) return { passes: false, code: codeOf(denied), denied };
  if (trial.personal && unbound !== undefined) return unbound;
  if ((trial.scopes.has('caseload') || trial.scopes.has('case')) && !asked.caseKnown)
    return { passes: false, code: 'CASE_NOT_IN_CASELOAD', denied: [] };
  return { passes: true, told: gradesOf(side, profile, trial) };
}

// Versions of a policy differ in few agreements: what one decided about a form is kept with the form.
const tried = new WeakMap<Form, Map<string, Trial | undefined>>();

/** What an agreement decides about a form with some parts. @returns undefined where no statement can answer it */
export function tryForm(side: Side, profile: Profile, form: Form, parts: readonly Part[]): Trial | undefined {
  const trials = tried.get(form) ?? new Map<string, Trial | undefined>();
  tried.set(form, trials);
  const key = [keyOf(profile.agreement), ...parts.map((part) => form.parts.indexOf(part))].join(' ');
  if (trials.has(key)) return trials.get(key);
  const { operation } = form;
  const trial = tryOperation({ ...side, profile, operation, values: valuesOf(form, parts) });
  trials.set(key, trial);
  return trial;
}

/** Whoever asks for personal data says what for, and in which case. */
function unboundBy({ purposes }: Agreement, { purpose, caseGiven }: Recorded): Refused | undefined {
  if (purpose === undefined || !purposes.includes(purpose))
    return { passes: false, code: 'PURPOSE_NOT_ALLOWED', denied: [] };
  return caseGiven ? undefined : { passes: false, code: 'CASE_REQUIRED', denied: [] };
}

const codeOf = (denied: readonly DeniedCoordinate[]): Refused['code'] =>
  denied.some(({ coordinate }) => /^(Query|Mutation)\.\w+$/.test(coordinate)) ? 'OPERATION_DENIED' : 'FIELD_DENIED';

/** The acts of a mutation that the agreement does not open. */
const deniedActs = ({ graph, policy }: Side, form: Form, profile: Profile): readonly DeniedCoordinate[] =>
  rootFields(graph, form).flatMap((name): readonly DeniedCoordinate[] => {
    const permitted = policy.operation(profile, name);
    return permitted.kind === 'allow' ? [] : [{ ...permitted, coordinate: `Mutation.${name}` }];
  });

/** The fields of Query or Mutation that a form asks for. */
export function rootFields({ schema }: Graph, form: Form): readonly string[] {
  const { definition } = form.operation;
  const root = definition.operation === OperationTypeNode.MUTATION ? schema.getMutationType() : schema.getQueryType();
  if (!root) return [];
  const fields = collectFields(schema, form.operation, valuesOf(form, []), root, [definition.selectionSet]);
  return [...fields.values()].flatMap(([node]) => node?.name.value ?? []).filter((name) => name !== '__typename');
}

/** How much each coordinate of a plan tells. */
function gradesOf({ graph, policy }: Side, profile: Profile, trial: Trial): Map<string, Grade> {
  const told = new Map<string, Grade>();
  for (const coordinate of trial.told) {
    const [type = '', name = ''] = coordinate.split('.');
    const noun = graph.nouns.get(type);
    const field = noun?.fields.get(name);
    if (noun === undefined || field === undefined) {
      told.set(coordinate, { part: 'full', scopes: new Set() });
      continue;
    }
    const own = policy.field(profile, coordinate, field.rule);
    const rows = noun.anchors.public === true ? undefined : policy.rows(profile, (noun.groups?.of ?? noun).name);
    const scopes = new Set<string>();
    if (rows !== undefined && !isDenial(rows)) scopes.add(rows.kind);
    if (own.kind !== 'deny' && own.scope !== undefined) scopes.add(own.scope.kind);
    told.set(coordinate, {
      part:
        own.kind === 'mask' || (trial.masked.has(coordinate) && own.kind === 'full' && own.scope === undefined)
          ? 'masked'
          : 'full',
      scopes,
    });
  }
  return told;
}

/** Whether rows in these scopes are, for all that is known, among those in the others. */
export function isWithin(scopes: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...others].every(
    (other) => WHOLE.has(other) || scopes.has(other) || (other === 'caseload' && scopes.has('case')),
  );
}

const WHOLE = new Set(['everything', 'match']);

/** Whether a grade tells something that the other does not. */
export const tellsMore = (grade: Grade, than: Grade | undefined): boolean =>
  than === undefined || (grade.part === 'full' && than.part === 'masked') || !isWithin(grade.scopes, than.scopes);
