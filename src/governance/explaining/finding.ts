/** What an agreement decides about a coordinate, and what it lacks for it. */
import { isDenial } from '../../graph/index.ts';
import type { FieldRule, Graph, Noun, NounField } from '../../graph/index.ts';
import type { Agreement, Department, SharingPolicy } from '../../access/index.ts';
import { profileOf } from '../dry-run/decide.ts';
import type { Named } from './coordinates.ts';
import type { ExplainedDecision, Finding } from './explanation.ts';
import { tryArgument, tryCount } from './probe.ts';

/** What is asked about an agreement. */
export interface Deciding {
  readonly graph: Graph;
  readonly policy: SharingPolicy;
}

const PLAIN = { scopes: [], masks: [], groups: [], names: [], missing: undefined, isPublic: false } as const;

/** The decision about what a coordinate names. */
export function findingUnder(deciding: Deciding, agreement: Agreement, named: Named): Finding {
  switch (named.kind) {
    case 'field':
      return ofField(deciding, agreement, named.noun, named.field);
    case 'interface':
      return ofInterface(deciding, agreement, named.fields);
    case 'operation':
      return ofOperation(deciding, agreement, named);
    case 'page':
      return ofPage(deciding, agreement, named.noun, named.isCount);
    case 'argument':
      return together(named.uses.map((use) => ofArgument(deciding, agreement, use)));
    case 'frame':
      // The answer of an act holds what the act may say.
      return { ...PLAIN, decision: 'FULL', owner: 'CIVIL_AFFAIRS', isPublic: true };
  }
}

const ownerOf = ({ owner }: FieldRule): Department => owner as Department;

/** The rows of a noun: their scope, `public`, or undefined where the agreement has none. */
function rowsOf({ policy }: Deciding, agreement: Agreement, noun: Noun): string | undefined {
  if (noun.groups === undefined && noun.anchors.public === true) return 'public';
  const rows = policy.rows(profileOf(agreement), (noun.groups?.of ?? noun).name);
  return isDenial(rows) ? undefined : rows.kind;
}

function ofField(deciding: Deciding, agreement: Agreement, noun: Noun, field: NounField): Finding {
  const { graph, policy } = deciding;
  const { coordinate, rule, leadsTo } = field;
  const base = { ...PLAIN, owner: ownerOf(rule), groups: [rule.group] };
  const denied = { ...base, decision: 'DENIED' } as const;
  const rows = rowsOf(deciding, agreement, noun);
  if (rows === undefined) return { ...denied, missing: 'ROWS', names: [(noun.groups?.of ?? noun).name] };
  const own = policy.field(profileOf(agreement), coordinate, rule);
  if (own.kind === 'deny') {
    if (agreement.fields.has(rule.group)) return { ...denied, missing: 'PARTIAL_FORM', names: [rule.group] };
    const isShared = policy.groups.get(rule.group)?.attribute !== 'NOT_SHARED';
    return { ...denied, missing: isShared ? 'GROUP' : 'NOT_SHARED', names: [rule.group] };
  }
  const ends = leadsTo.flatMap((name) => graph.nouns.get(name) ?? []);
  if (ends.length > 0 && ends.every((end) => rowsOf(deciding, agreement, end) === undefined))
    return { ...denied, missing: 'ROWS', names: ends.map(({ name }) => name) };
  const isPublic = rows === 'public';
  const scopes = [
    ...(isPublic ? [] : [rows]),
    ...(own.scope === undefined || own.scope.kind === rows ? [] : [own.scope.kind]),
  ];
  const masks = own.kind === 'mask' && rule.mask !== undefined ? [rule.mask] : [];
  const found: Finding = { ...base, decision: own.kind === 'mask' ? 'MASKED' : 'FULL', scopes, masks, isPublic };
  // What a statistic tells depends on what it counts as well.
  return noun.groups === undefined ? found : { ...found, ...tryCount(deciding, agreement, field) };
}

function ofOperation(
  deciding: Deciding,
  agreement: Agreement,
  { parent, name }: { readonly parent: 'Query' | 'Mutation'; readonly name: string },
): Finding {
  const { graph, policy } = deciding;
  const owner = 'CIVIL_AFFAIRS';
  const type = parent === 'Query' ? graph.schema.getQueryType() : graph.schema.getMutationType();
  const { hubCode } = (type?.getFields()[name]?.extensions ?? {}) as { readonly hubCode?: { readonly open: boolean } };
  if (parent === 'Query' && hubCode?.open === true) return { ...PLAIN, decision: 'FULL', owner, isPublic: true };
  const permitted = policy.operation(profileOf(agreement), name);
  if (permitted.kind === 'deny') return { ...PLAIN, decision: 'DENIED', owner, missing: 'OPERATION', names: [name] };
  const ends = (parent === 'Query' ? (graph.roots.get(name)?.leadsTo ?? []) : []).flatMap(
    (end) => graph.nouns.get(end) ?? [],
  );
  const open = ends.flatMap((end) => rowsOf(deciding, agreement, end) ?? []);
  if (ends.length > 0 && open.length === 0)
    return { ...PLAIN, decision: 'DENIED', owner, missing: 'ROWS', names: ends.map((end) => end.name) };
  const scopes = [...new Set(open)].filter((scope) => scope !== 'public');
  return { ...PLAIN, decision: 'FULL', owner, scopes, isPublic: !permitted.personal };
}

/** Through an interface each type decides for itself; those without rows are not among the answers. */
function ofInterface(
  deciding: Deciding,
  agreement: Agreement,
  fields: readonly { readonly noun: Noun; readonly field: NounField }[],
): Finding {
  const open = fields.filter(({ noun }) => rowsOf(deciding, agreement, noun) !== undefined);
  const all = (open.length === 0 ? fields : open).map(({ noun, field }) => ofField(deciding, agreement, noun, field));
  return together(all);
}

function ofPage(deciding: Deciding, agreement: Agreement, noun: Noun, isCount: boolean): Finding {
  const rule = noun.fields.get('id')?.rule;
  const owner = rule === undefined ? 'CIVIL_AFFAIRS' : ownerOf(rule);
  const rows = rowsOf(deciding, agreement, noun);
  if (rows === undefined) return { ...PLAIN, decision: 'DENIED', owner, missing: 'ROWS', names: [noun.name] };
  if (isCount && deciding.policy.smallestCount(profileOf(agreement)) > 0)
    return { ...PLAIN, decision: 'DENIED', owner, missing: 'COUNTS', names: [String(agreement.smallestCount)] };
  return { ...PLAIN, decision: 'FULL', owner, scopes: rows === 'public' ? [] : [rows], isPublic: rows === 'public' };
}

function ofArgument(
  deciding: Deciding,
  agreement: Agreement,
  use: Extract<Named, { kind: 'argument' }>['uses'][number],
): Finding {
  const [type = '', name = ''] = use.of.split('.');
  const noun = deciding.graph.nouns.get(type);
  const field = noun?.fields.get(name);
  const of =
    noun === undefined || field === undefined
      ? ofOperation(deciding, agreement, { parent: type === 'Mutation' ? 'Mutation' : 'Query', name })
      : ofField(deciding, agreement, noun, field);
  if (of.decision === 'DENIED' || type === 'Mutation') return of;
  // An argument shows nothing itself: it chooses rows, by what must be open in full.
  return { ...of, decision: 'FULL', masks: [], ...tryArgument(deciding, agreement, use) };
}

/** Several at once: what one of them is denied is denied. */
function together(findings: readonly Finding[]): Finding {
  const [first] = findings;
  if (first === undefined) return { ...PLAIN, decision: 'DENIED', owner: 'CIVIL_AFFAIRS', missing: 'ROWS' };
  const worst = (decision: ExplainedDecision) => findings.find((one) => one.decision === decision);
  const decisive = worst('DENIED') ?? worst('MASKED') ?? first;
  const every = (list: (finding: Finding) => readonly string[]) => [...new Set(findings.flatMap(list))];
  return {
    ...decisive,
    groups: decisive.decision === 'DENIED' ? decisive.groups : every(({ groups }) => groups),
    scopes: decisive.decision === 'DENIED' ? [] : every(({ scopes }) => scopes),
    masks: decisive.decision === 'DENIED' ? [] : every(({ masks }) => masks),
    isPublic: findings.every(({ isPublic }) => isPublic),
  };
}
