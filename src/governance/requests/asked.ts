/** What a request asks for: read from its input, with every fault named by its field. */
import { createHash } from 'node:crypto';
import { roleFits } from '../../access/index.ts';
import type { Department, FieldGroup, PolicyContent } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import { badUserInput } from '../../platform/errors.ts';
import type { HubError } from '../../platform/errors.ts';
import type { RequestAccessInput } from './access-requests.types.ts';
import { NARROWINGS, isNarrowing } from './lists.ts';
import type { GroupAccess, Narrowing, RequestableAttribute } from './lists.ts';

/** A group of fields that is asked for, with what the catalogue says of it on the day of the request. */
export interface AskedGroup {
  readonly name: string;
  readonly access: GroupAccess;
  readonly scope: Narrowing | null;
  readonly owner: Department;
  readonly attribute: RequestableAttribute;
}

/** A request without fault. Lists are sorted: two that say the same are the same. */
export interface Asked extends Omit<RequestAccessInput, 'groups' | 'rows'> {
  readonly groups: readonly AskedGroup[];
  /** `Person:CASELOAD`, by type. */
  readonly rowScopes: readonly string[];
  readonly digest: Buffer;
}

/** What a request is read against. */
export interface AskedRules {
  readonly department: Department;
  readonly policy: PolicyContent;
  readonly graph: Pick<Graph, 'roots' | 'nouns' | 'schema'>;
  readonly today: string;
}

const LONGEST = { key: 64, legalBasis: 500, scenario: 1_000 } as const;

/** @throws HubError BAD_USER_INPUT that names every field at fault and what to do; `extensions.fields` lists them */
export function readAsked(input: RequestAccessInput, rules: AskedRules): Asked {
  const faults: Fault[] = [
    ...faultsOfTerms(input, rules),
    ...faultsOfNames(input, rules),
    ...faultsOfGroups(input.groups, rules.policy.groups),
  ];
  if (faults.length > 0) throw refused(faults);
  const groups = input.groups
    .map(({ name, access, scope }): AskedGroup => {
      const { owner, attribute } = rules.policy.groups.get(name) as FieldGroup & { attribute: RequestableAttribute };
      return { name, access, scope: (scope ?? null) as Narrowing | null, owner, attribute };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const content = {
    role: input.role,
    purposes: [...input.purposes].sort(),
    operations: [...input.operations].sort(),
    rowScopes: input.rows.map(({ type, scope }) => `${type}:${scope}`).sort(),
    legalBasis: input.legalBasis.trim(),
    scenario: input.scenario.trim(),
    mode: input.mode,
    validFrom: input.validFrom,
    validUntil: input.validUntil,
  };
  // Owner and attribute are the catalogue's and may change; what was asked for does not.
  const said = [content, groups.map(({ name, access, scope }) => [name, access, scope])];
  const digest = createHash('sha256').update(JSON.stringify(said)).digest();
  return { ...content, key: input.key, groups, digest };
}

/** A field of an input and what is wrong with it. */
export interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** All faults in one refusal. No message holds what was sent. */
export const refused = (faults: readonly Fault[]): HubError =>
  badUserInput(faults.map(({ field, reason }) => `${field}: ${reason}`).join('\n'), {
    fields: faults.map(({ field }) => field),
  });

function faultsOfTerms(input: RequestAccessInput, { department, today }: AskedRules): Fault[] {
  const { role, purposes, validFrom, validUntil } = input;
  const texts = Object.entries(LONGEST).flatMap(([field, most]) => {
    const { length } = [...input[field as keyof typeof LONGEST].trim()];
    return length >= 1 && length <= most ? [] : [{ field, reason: `say it in 1 to ${most} characters` }];
  });
  return [
    ...texts,
    ...(roleFits(role, department) ? [] : [{ field: 'role', reason: 'your department has no such role' }]),
    ...(purposes.length > 0 ? [] : [{ field: 'purposes', reason: 'say what for' }]),
    ...twice(purposes, 'purposes'),
    ...(validUntil >= validFrom ? [] : [{ field: 'validUntil', reason: 'the period ends before it begins' }]),
    ...(validFrom >= today ? [] : [{ field: 'validFrom', reason: 'a past day; nothing is granted for the past' }]),
  ];
}

/** Types and operations. Those of stewards are no data that anybody could ask for. */
function faultsOfNames({ rows, operations }: RequestAccessInput, { graph, policy }: AskedRules): Fault[] {
  const stewards = policy.agreements.filter(({ role }) => role === 'STEWARD');
  const types = new Set([...graph.nouns.values()].filter(({ groups }) => groups === undefined).map(({ name }) => name));
  const known = new Set([...graph.roots.keys(), ...Object.keys(graph.schema.getMutationType()?.getFields() ?? {})]);
  for (const agreement of stewards) {
    for (const type of agreement.rows.keys()) types.delete(type);
    for (const operation of agreement.operations) known.delete(operation);
  }
  return [
    ...(rows.length > 0 ? [] : [{ field: 'rows', reason: 'say of whom: a type and a scope at least' }]),
    ...rows.flatMap(({ type }, i) =>
      types.has(type) ? [] : [{ field: `rows[${i}].type`, reason: 'there is no such type; see the schema' }],
    ),
    ...twice(
      rows.map(({ type }) => type),
      'rows',
    ),
    ...(operations.length > 0 ? [] : [{ field: 'operations', reason: 'name one at least, e.g. person' }]),
    ...operations.flatMap((name, i) =>
      known.has(name) ? [] : [{ field: `operations[${i}]`, reason: 'there is no such operation; see the schema' }],
    ),
    ...twice(operations, 'operations'),
  ];
}

function faultsOfGroups(asked: RequestAccessInput['groups'], catalogue: ReadonlyMap<string, FieldGroup>): Fault[] {
  if (asked.length === 0) return [{ field: 'groups', reason: 'name one group of the sharing catalogue at least' }];
  const attributes = new Map<Department, Set<string>>();
  const faults = asked.flatMap(({ name, scope }, i): Fault[] => {
    const group = catalogue.get(name);
    const field = `groups[${i}]`;
    if (group === undefined) return [{ field: `${field}.name`, reason: 'no such group in the sharing catalogue' }];
    const { owner, attribute, title, legalBasis, note } = group;
    if (attribute === 'NOT_SHARED') {
      const why = [`${title}不予共享`, `not shared by ${owner} on the basis of ${legalBasis}`, ...(note ? [note] : [])];
      return [{ field: `${field}.name`, reason: why.join('; ') }];
    }
    attributes.set(owner, (attributes.get(owner) ?? new Set()).add(attribute));
    return isNarrowing(scope) ? [] : [{ field: `${field}.scope`, reason: `one of ${NARROWINGS.join(', ')}, or none` }];
  });
  const mixed = [...attributes].filter(([, kinds]) => kinds.size > 1);
  return [
    ...faults,
    ...twice(
      asked.map(({ name }) => name),
      'groups',
    ),
    // One answer has one term, and theirs differ (政务数据共享条例 art. 21).
    ...mixed.map(([owner]) => ({
      field: 'groups',
      reason: `ask ${owner} for what it shares unconditionally in a request of its own: its term is another`,
    })),
  ];
}

const twice = (names: readonly string[], field: string): Fault[] =>
  new Set(names).size === names.length ? [] : [{ field, reason: 'something is named twice' }];
