/**
 * What only the planner knows: whether an argument may choose rows, and what a statistic tells. The least operation that
 * shows it is planned, and never run.
 */
import { isLeafType, getNamedType, isNonNullType } from 'graphql';
import type { GraphQLField } from 'graphql';
import type { Agreement, Department, SharingPolicy } from '../../access/index.ts';
import type { DeniedCoordinate, Graph, NounField, Policy } from '../../graph/index.ts';
import type { Profile } from '../../access/index.ts';
import { profileOf } from '../dry-run/decide.ts';
import { formsOf, valuesOf } from '../dry-run/forms.ts';
import type { Form, Part } from '../dry-run/forms.ts';
import { tryOperation } from '../dry-run/trial.ts';
import type { Trial } from '../dry-run/trial.ts';
import type { ArgumentUse } from './coordinates.ts';
import type { Finding } from './explanation.ts';

/** What a probe asks. */
interface Probing {
  readonly graph: Graph;
  readonly policy: SharingPolicy;
}

/** How an argument is open: FULL, MASKED (some of its values), DENIED. */
export function tryArgument(
  probing: Probing,
  agreement: Agreement,
  { of, argument, path, value }: ArgumentUse,
): Partial<Finding> {
  const [type = '', name = ''] = of.split('.');
  const form = formOf(probing.graph, type, name, [argument.name]);
  if (form === undefined) return {};
  const tried = (parts: readonly Part[]) => tryForm(probing, agreement, form, parts);
  const base = tried([]);
  if (base === undefined) return {};
  if (base.denied.length > 0 && isAbout(base.denied, of)) return denied(base.denied);
  const place = form.operation.places.findIndex(({ owner, definition }) => owner === type && definition.name === name);
  const parts = form.parts.filter(
    (part) => part.place === place && part.argument === argument.name && fits(part, path, value),
  );
  const before = new Set(base.denied.map(({ coordinate }) => coordinate));
  const outcomes = parts.map((part) =>
    (tried([part])?.denied ?? []).filter(({ coordinate }) => !before.has(coordinate)),
  );
  const refused = outcomes.filter((outcome) => outcome.length > 0);
  if (refused.length === 0) return {};
  if (refused.length === outcomes.length) return denied(refused.flat());
  return { decision: 'MASKED', names: refused.flatMap((outcome) => outcome.map(({ coordinate }) => coordinate)) };
}

/** What a field over groups tells: rounded where small counts are not told, nothing where that would not help. */
export function tryCount(probing: Probing, agreement: Agreement, { coordinate }: NounField): Partial<Finding> {
  const [type = '', name = ''] = coordinate.split('.');
  const root = [...probing.graph.roots.values()].find(({ leadsTo }) => leadsTo.includes(type));
  if (root === undefined) return {};
  const text = `{ ${root.name}${requiredOf(root.definition)} { ${name} } }`;
  const form = formsOf(probing.graph.schema, text)[0];
  const trial = form && tryForm(probing, agreement, form, []);
  if (trial === undefined) return {};
  if (trial.denied.length > 0) return denied(trial.denied);
  return trial.masked.has(coordinate) ? { decision: 'MASKED' } : {};
}

const denied = (denials: readonly DeniedCoordinate[]): Partial<Finding> => ({
  decision: 'DENIED',
  missing: denials.some(({ reason }) => reason.startsWith('counts under ')) ? 'COUNTS' : 'CHOICE',
  masks: [],
  scopes: [],
  owner: (denials[0]?.owner ?? 'CIVIL_AFFAIRS') as Department,
  names: [...new Set(denials.map(({ coordinate }) => coordinate))],
});

/** Whether the field itself cannot be asked for, e.g. since its rows are ordered by what is not open in full. */
const isAbout = (denials: readonly DeniedCoordinate[], of: string): boolean =>
  denials.some(({ coordinate }) => coordinate !== of);

function fits(part: Part, path: ArgumentUse['path'], value: ArgumentUse['value']): boolean {
  let held: unknown = part.value;
  for (const { name } of path) {
    if (typeof held !== 'object' || held === null || !Object.hasOwn(held, name)) return false;
    held = (held as Readonly<Record<string, unknown>>)[name];
  }
  return value === undefined || held === value.value || (Array.isArray(held) && held.includes(value.value));
}

const tryForm = (
  { graph, policy }: Probing,
  agreement: Agreement,
  form: Form,
  parts: readonly Part[],
): Trial | undefined =>
  tryOperation({
    graph,
    policy: withEveryOperation(policy),
    profile: profileOf(agreement),
    operation: form.operation,
    values: valuesOf(form, parts),
  });

/** The way to a field is not what is asked about. */
const withEveryOperation = (policy: SharingPolicy): Policy<Profile> => ({
  version: policy.version,
  operation: () => ({ kind: 'allow', personal: true }),
  field: (profile, coordinate, rule) => policy.field(profile, coordinate, rule),
  rows: (profile, type) => policy.rows(profile, type),
  smallestCount: (profile) => policy.smallestCount(profile),
});

/** The least operation with a field and these arguments; undefined where no root leads to its type. */
function formOf({ schema, roots }: Graph, type: string, name: string, args: readonly string[]): Form | undefined {
  const parent = schema.getType(type);
  if (parent === undefined || !('getFields' in parent)) return undefined;
  const field = (parent.getFields() as Readonly<Record<string, GraphQLField<unknown, unknown>>>)[name];
  if (field === undefined) return undefined;
  const below = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  const selection = `${name}${requiredOf(field, args)}${below}`;
  if (type === schema.getQueryType()?.name) return formsOf(schema, `{ ${selection} }`)[0];
  const root =
    [...roots.values()].find(({ leadsTo, shape }) => shape === 'one' && leadsTo.includes(type)) ??
    [...roots.values()].find(({ leadsTo, shape }) => shape === 'list' && leadsTo.includes(type));
  if (root === undefined) return undefined;
  return formsOf(schema, `{ ${root.name}${requiredOf(root.definition)} { ... on ${type} { ${selection} } } }`)[0];
}

/** The arguments that a field must have, and those asked about. */
function requiredOf({ args }: GraphQLField<unknown, unknown>, asked: readonly string[] = []): string {
  const written = args.filter(
    ({ name, type, defaultValue }) => asked.includes(name) || (isNonNullType(type) && defaultValue === undefined),
  );
  return written.length === 0 ? '' : `(${written.map(({ name }) => `${name}: _`).join(', ')})`;
}
