/** Operations drawn at random: fields, relations, aliases, fragments, directives, values as literals or variables. */
import fc from 'fast-check';
import { isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { NOUNS } from './nouns.ts';
import { ROOTS } from './roots.ts';

/** A value in an argument, written into the text or sent beside it. */
interface Value {
  readonly json: unknown;
  readonly asVariable: boolean;
}

interface Directive {
  readonly name: 'skip' | 'include';
  readonly on: Value;
}

/** One node of a selection set. */
export type Selection =
  | {
      readonly kind: 'field';
      readonly type: string;
      readonly name: string;
      readonly alias?: string;
      readonly args: Readonly<Record<string, Value>>;
      readonly directive?: Directive;
      readonly children: readonly Selection[];
    }
  | {
      readonly kind: 'inline';
      readonly on?: string;
      readonly directive?: Directive;
      readonly children: readonly Selection[];
    }
  | {
      readonly kind: 'spread';
      readonly on: string;
      readonly directive?: Directive;
      readonly children: readonly Selection[];
    };

/** An operation as a client sends it. */
export interface Printed {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the values of arguments are drawn from. */
export interface Choices {
  readonly persons: readonly string[];
  readonly households: readonly string[];
  readonly regions: readonly string[];
  readonly idNumbers: readonly string[];
  /** How often a field is taken, in comparison with the others of its type; 0 for never. */
  readonly weight: (type: string, field: string) => number;
}

const DAYS = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-07-01', '2025-01-01'];
const DEEPEST = 4;

const valueOf = (json: fc.Arbitrary<unknown>): fc.Arbitrary<Value> => fc.record({ json, asVariable: fc.boolean() });

const directive: fc.Arbitrary<Directive | undefined> = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 9 },
  {
    arbitrary: fc.record({ name: fc.constantFrom('skip' as const, 'include' as const), on: valueOf(fc.boolean()) }),
    weight: 1,
  },
);

/** Draws root selections. */
export function selections(choices: Choices): fc.Arbitrary<readonly Selection[]> {
  const first = fc.option(valueOf(fc.integer({ min: 1, max: 6 })), { nil: undefined, freq: 2 });
  const day = fc.option(valueOf(fc.constantFrom(...DAYS)), { nil: undefined, freq: 2 });
  const weightOf = (type: string, field: string): number => choices.weight(type, field);

  const field = (
    type: string,
    name: string,
    args: fc.Arbitrary<Record<string, Value | undefined>>,
    children: fc.Arbitrary<readonly Selection[]>,
  ): fc.Arbitrary<Selection> =>
    fc
      .record({ args, children, directive, alias: fc.constantFrom(undefined, undefined, undefined, '_1', '_2') })
      .map(({ alias, directive: how, args: given, children: below }): Selection => ({
        kind: 'field',
        type,
        name,
        ...(alias === undefined ? {} : { alias: `${name}${alias}` }),
        ...(how === undefined ? {} : { directive: how }),
        args: Object.fromEntries(
          Object.entries(given).filter((entry): entry is [string, Value] => entry[1] !== undefined),
        ),
        children: below,
      }));
  const none = fc.constant({});
  const leaf = (type: string, name: string): fc.Arbitrary<Selection> => field(type, name, none, fc.constant([]));

  const linkArgs = (type: string, name: string): fc.Arbitrary<Record<string, Value | undefined>> => {
    const link = NOUNS[type]?.links[name];
    if (link === undefined || link.many === 'one' || type === 'StatusCheck') return none;
    if (link.many === 'connection')
      return fc.record({ first, withSuperseded: fc.option(valueOf(fc.boolean()), { nil: undefined }) });
    return link.dated === undefined ? fc.record({ first }) : fc.record({ first, [link.dated]: day });
  };

  const known = new Map<string, fc.Arbitrary<readonly Selection[]>>();
  const objectOf = (type: string, depth: number): fc.Arbitrary<readonly Selection[]> => {
    const key = `${type} ${depth}`;
    const made = known.get(key);
    if (made !== undefined) return made;
    const noun = NOUNS[type];
    const values = ['__typename', ...Object.keys(noun?.values ?? {})];
    const leaves = fc.oneof(
      ...values
        .map((name) => ({ arbitrary: leaf(type, name), weight: name === '__typename' ? 1 : weightOf(type, name) }))
        .filter(({ weight }) => weight > 0),
    );
    const links = depth <= 0 ? [] : Object.keys(noun?.links ?? {});
    const nested = links
      .filter((name) => weightOf(type, name) > 0)
      .map((name) => {
        const link = noun?.links[name];
        const to = link?.to ?? '';
        const children = link?.many === 'connection' ? connectionOf(to, depth - 1) : objectOf(to, depth - 1);
        return field(type, name, linkArgs(type, name), children);
      });
    const plain =
      nested.length === 0
        ? leaves
        : fc.oneof({ arbitrary: leaves, weight: 2 }, { arbitrary: fc.oneof(...nested), weight: 1 });
    const wrapped = fc
      .record({
        kind: fc.constantFrom('inline' as const, 'spread' as const),
        named: fc.boolean(),
        directive,
        children: fc.array(plain, { minLength: 1, maxLength: 3 }),
      })
      .map(({ kind, named, directive: how, children }): Selection => ({
        ...(kind === 'spread' ? { kind, on: type } : { kind, ...(named ? { on: type } : {}) }),
        ...(how === undefined ? {} : { directive: how }),
        children,
      }));
    const set = fc.array(fc.oneof({ arbitrary: plain, weight: 8 }, { arbitrary: wrapped, weight: 1 }), {
      minLength: 1,
      maxLength: 5,
    });
    known.set(key, set);
    return set;
  };

  const connectionOf = (to: string, depth: number): fc.Arbitrary<readonly Selection[]> => {
    const nodes = objectOf(to, depth).chain((set) => field(`${to}Connection`, 'nodes', none, fc.constant(set)));
    const edge = fc.oneof(
      leaf(`${to}Edge`, 'cursor'),
      objectOf(to, depth).chain((set) => field(`${to}Edge`, 'node', none, fc.constant(set))),
    );
    const edges = field(`${to}Connection`, 'edges', none, fc.array(edge, { minLength: 1, maxLength: 2 }));
    const info = fc.array(
      fc.constantFrom('hasNextPage', 'endCursor').chain((name) => leaf('PageInfo', name)),
      {
        minLength: 1,
        maxLength: 2,
      },
    );
    const pageInfo = field(`${to}Connection`, 'pageInfo', none, info);
    return fc.array(
      fc.oneof(
        { arbitrary: nodes, weight: 3 },
        { arbitrary: edges, weight: 1 },
        { arbitrary: pageInfo, weight: 1 },
        { arbitrary: leaf(`${to}Connection`, 'totalCount'), weight: 1 },
      ),
      { minLength: 1, maxLength: 3 },
    );
  };

  const filter = fc.record(
    {
      programme: fc.constantFrom('DIBAO', 'TEKUN', 'TEMPORARY_AID'),
      region: fc.constantFrom(...choices.regions),
      category: fc.constantFrom('A', 'B'),
      urbanRural: fc.constantFrom('URBAN', 'RURAL'),
      onDate: fc.constantFrom(...DAYS),
    },
    { requiredKeys: [] },
  );
  const idOf = (ids: readonly string[]) =>
    fc.record({
      id: valueOf(
        fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 9 }, { arbitrary: fc.constant('nobody'), weight: 1 }),
      ),
    });
  const checks = fc.array(
    fc.record({
      idNumber: fc.constantFrom(...choices.idNumbers),
      caseNo: fc.option(fc.constantFrom('CASE-1', 'CASE-9'), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const roots: readonly { readonly arbitrary: fc.Arbitrary<Selection>; readonly weight: number }[] = [
    {
      weight: 4,
      arbitrary: field(
        'Query',
        'recipients',
        fc.record({ filter: fc.option(valueOf(filter), { nil: undefined }), first }),
        connectionOf('Recipient', DEEPEST - 1),
      ),
    },
    { weight: 4, arbitrary: field('Query', 'person', idOf(choices.persons), objectOf('Person', DEEPEST)) },
    { weight: 4, arbitrary: field('Query', 'household', idOf(choices.households), objectOf('Household', DEEPEST)) },
    {
      weight: 1,
      arbitrary: field(
        'Query',
        'checkStatus',
        fc.record({ checks: valueOf(checks), onDate: day }),
        objectOf('StatusCheck', 1),
      ),
    },
    {
      weight: 1,
      arbitrary: field(
        'Query',
        'region',
        fc.record({ code: valueOf(fc.constantFrom(...choices.regions)) }),
        objectOf('Region', 2),
      ),
    },
    {
      weight: 1,
      arbitrary: field(
        'Query',
        'regions',
        fc.record({ parent: fc.option(valueOf(fc.constantFrom(...choices.regions)), { nil: undefined }), first }),
        objectOf('Region', 1),
      ),
    },
    { weight: 1, arbitrary: field('Query', 'feeds', none, objectOf('FeedStatus', 0)) },
  ];
  const likely = roots.filter((_root, i) => weightOf('Query', ROOT_NAMES[i] ?? '') > 0);
  return fc.array(fc.oneof(...(likely.length === 0 ? roots : likely)), { minLength: 1, maxLength: 2 });
}

const ROOT_NAMES = ['recipients', 'person', 'household', 'checkStatus', 'region', 'regions', 'feeds'] as const;

/** Root fields that the generator knows; the oracle must know the same. */
export const GENERATED_ROOTS: readonly string[] = ROOT_NAMES;

/** The operation as text, with what goes beside it. */
export function print(schema: GraphQLSchema, roots: readonly Selection[]): Printed {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];
  const write = (value: Value, type: string): string => {
    if (!value.asVariable) return literal(value.json);
    const name = `v${declared.length}`;
    declared.push(`$${name}: ${type}`);
    variables[name] = value.json;
    return `$${name}`;
  };
  const directiveOf = (how: Directive | undefined): string =>
    how === undefined ? '' : ` @${how.name}(if: ${write(how.on, 'Boolean!')})`;
  const one = (node: Selection): string => {
    const how = directiveOf(node.directive);
    if (node.kind === 'inline')
      return `...${node.on === undefined ? '' : ` on ${node.on}`}${how} ${set(node.children)}`;
    if (node.kind === 'spread') {
      const name = `F${fragments.length}`;
      fragments.push('');
      fragments[Number(name.slice(1))] = `fragment ${name} on ${node.on} ${set(node.children)}`;
      return `...${name}${how}`;
    }
    const type = schema.getType(node.type);
    const known = isObjectType(type) ? type.getFields()[node.name] : undefined;
    const args = Object.entries(node.args).map(([name, value]) => {
      const arg = known?.args.find((candidate) => candidate.name === name);
      return `${name}: ${write(value, String(arg?.type))}`;
    });
    const alias = node.alias === undefined ? '' : `${node.alias}: `;
    const given = args.length === 0 ? '' : `(${args.join(', ')})`;
    return `${alias}${node.name}${given}${how}${node.children.length === 0 ? '' : ` ${set(node.children)}`}`;
  };
  const set = (nodes: readonly Selection[]): string => `{ ${nodes.map(one).join(' ')} }`;
  const body = set(roots);
  const head = declared.length === 0 ? '' : `query (${declared.join(', ')}) `;
  return { text: [head + body, ...fragments].join('\n'), variables };
}

const ENUMS = new Set(['programme', 'urbanRural', 'level']);

function literal(json: unknown, key = ''): string {
  if (Array.isArray(json)) return `[${json.map((item) => literal(item)).join(', ')}]`;
  if (typeof json !== 'object' || json === null) return ENUMS.has(key) ? String(json) : JSON.stringify(json);
  const members = Object.entries(json).filter(([, value]) => value !== undefined);
  return `{ ${members.map(([name, value]) => `${name}: ${literal(value, name)}`).join(', ')} }`;
}

/** Fields of the oracle's nouns and roots, as coordinates, for comparing with the schema. */
export const coordinatesOfOracle = (): ReadonlySet<string> =>
  new Set([
    ...Object.entries(NOUNS).flatMap(([type, { values, links }]) =>
      [...Object.keys(values), ...Object.keys(links)].map((field) => `${type}.${field}`),
    ),
    ...Object.keys(ROOTS).map((field) => `Query.${field}`),
  ]);
