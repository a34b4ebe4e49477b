/**
 * What a run must have hit: every combination of agreement (department and role), field, allow/mask/deny, root/nested and,
 * for what takes a value, literal/variable. Listed from the schema and the rows of policy; what cannot exist is left out
 * with its reason.
 */
import { getNamedType, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import type { GraphQLArgument, GraphQLInputField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { NOUNS, ORDERS, typesOf } from './nouns.ts';
import type { Link, World } from './nouns.ts';
import type { Touched } from './permit.ts';
import { objectType } from './request.ts';
import { ROOTS, placeFieldOf } from './roots.ts';
import type { Agreement } from './scopes.ts';
import { decide, isFull, isOpenLink, isOpenRoot, isOpenType, mayCount } from './sharing.ts';

type Where = Touched['where'];

/** One combination that must be hit. */
export interface Target extends Touched {
  readonly key: string;
  readonly agreement: Agreement;
  /** The object type and the field in which the coordinate stands, or which takes the argument. */
  readonly type: string;
  readonly field: string;
  /** The noun in which, or in a page of which, it stands. */
  readonly item: string;
  /** Names of the argument and of what is inside it; the level of a division, the value of an order. */
  readonly argument?: readonly string[];
  readonly level?: string;
  readonly value?: string;
}

/** All that must be hit, and what cannot be, by reason. */
export interface Coverage {
  readonly targets: ReadonlyMap<string, Target>;
  readonly impossible: ReadonlyMap<string, readonly string[]>;
}

/** How a combination is called in the tally. */
export const keyOf = ({ department, role }: Pick<Agreement, 'department' | 'role'>, at: Touched): string =>
  [`${department}/${role}`, at.coordinate, at.how, at.where, ...(at.form === undefined ? [] : [at.form])].join(' ');

/** Types that a caller comes to, at the root and below (or below one type), through what is open to it, or through anything. */
export function reachable(
  agreement: Agreement,
  openOnly: boolean,
  from?: string,
): ReadonlyMap<string, ReadonlySet<Where>> {
  const reached = new Map<string, Set<Where>>();
  const visit = (type: string, where: Where): void => {
    const known = reached.get(type) ?? new Set<Where>();
    if (known.has(where)) return;
    reached.set(type, known.add(where));
    for (const [field, link] of Object.entries(NOUNS[type]?.links ?? {}))
      if (!openOnly || isOpenLink(agreement, type, field, link))
        for (const to of typesOf(link.to)) if (!openOnly || isOpenType(agreement, to)) visit(to, 'nested');
  };
  const starts = Object.entries(ROOTS)
    .filter(([name]) => isOpenRoot(agreement, name))
    .flatMap(([, { to }]) => typesOf(to).filter((type) => !openOnly || isOpenType(agreement, type)));
  for (const type of from === undefined ? starts : [from]) visit(type, 'root');
  return reached;
}

const UNSHARED_ORDER = 'what orders the list is not shared in full';
const NO_WAY = 'no open way leads to the type';

/** Lists the combinations of every agreement that is in force. */
export function coverageOf(schema: GraphQLSchema, agreements: readonly Agreement[], world: World): Coverage {
  const targets = new Map<string, Target>();
  const impossible = new Map<string, string[]>();
  const leave = (why: string, { department, role }: Agreement, what: string): void =>
    void impossible.set(why, [...(impossible.get(why) ?? []), `${department}/${role} ${what}`]);
  const inForce = agreements.filter(({ validUntil }) => validUntil === undefined || validUntil >= world.today);
  for (const agreement of inForce) {
    const add = (target: Omit<Target, 'key' | 'agreement'>): void => {
      const key = keyOf(agreement, target);
      targets.set(key, { ...target, key, agreement });
    };
    const open = reachable(agreement, true);
    const any = reachable(agreement, false);
    for (const [name, root] of Object.entries(ROOTS)) {
      const at = { type: 'Query', item: root.to, field: name, where: 'root' } as const;
      if (root.personal && !agreement.operations.includes(name))
        add({ ...at, coordinate: `Query.${name}`, how: 'deny' });
      if (!isOpenRoot(agreement, name)) {
        if (agreement.operations.includes(name) && isOpenType(agreement, root.to))
          leave(UNSHARED_ORDER, agreement, `Query.${name} allow`);
        continue;
      }
      add({ ...at, coordinate: `Query.${name}`, how: 'allow' });
      argumentsOf(schema, 'Query', name, world).forEach((given) => {
        const full = given.uses.every((field) => isFull(agreement, root.to, field));
        forms(given, full).forEach((target) => add({ ...at, ...target }));
      });
      if (root.many === 'connection') pageOf(schema, root.to, 'root', agreement).forEach(add);
    }
    for (const [type, noun] of Object.entries(NOUNS)) {
      for (const field of [...Object.keys(noun.values), ...Object.keys(noun.links)]) {
        const coordinate = `${type}.${field}`;
        const decision = decide(agreement, type, field);
        const isClosed = decision.kind === 'deny' || !isOpenType(agreement, type);
        const how = isClosed ? 'deny' : narrowed(decision) ? 'mask' : 'allow';
        const link = noun.links[field];
        const ways = how === 'deny' ? any : open;
        // What would be open in a closed type is refused where an interface leads to it, and nowhere else.
        const isBehind = decision.kind === 'deny' || isOpenType(agreement, type);
        const wheres = [...(ways.get(type) ?? [])].filter(
          (where) => isBehind || where === 'root' || typesOf('DepartmentRecord').includes(type),
        );
        const refusedOrder = link !== undefined && how !== 'deny' && !isOpenLink(agreement, type, field, link);
        if (wheres.length === 0 || refusedOrder) {
          leave(refusedOrder ? UNSHARED_ORDER : NO_WAY, agreement, `${coordinate} ${how}`);
          continue;
        }
        for (const where of wheres) {
          add({ type, item: type, field, coordinate, how, where });
          if (link === undefined || how === 'deny') continue;
          argumentsOf(schema, type, field, world, link).forEach((given) => {
            const full = given.uses.every((used) => isFull(agreement, link.to, used));
            forms(given, full).forEach((target) => add({ type, item: type, field, where, ...target }));
          });
          if (link.many === 'connection') pageOf(schema, link.to, 'nested', agreement).forEach(add);
        }
      }
    }
  }
  return { targets, impossible };
}

const narrowed = (decision: ReturnType<typeof decide>): boolean =>
  decision.kind === 'masked' || (decision.kind === 'full' && decision.scope !== undefined);

/** The fields of a page. */
function pageOf(
  schema: GraphQLSchema,
  to: string,
  where: Where,
  agreement: Agreement,
): Omit<Target, 'key' | 'agreement'>[] {
  const fieldsOf = (type: GraphQLObjectType) =>
    Object.keys(type.getFields()).map((field) => ({ type: type.name, field }));
  return [objectType(schema, `${to}Connection`), objectType(schema, `${to}Edge`), objectType(schema, 'PageInfo')]
    .flatMap(fieldsOf)
    .map((at) => ({
      ...at,
      item: to,
      coordinate: `${at.type}.${at.field}`,
      how: at.field === 'totalCount' && !mayCount(agreement) ? 'deny' : 'allow',
      where,
    }));
}

interface Argument {
  readonly coordinate: string;
  readonly argument: readonly string[];
  readonly level?: string;
  readonly value?: string;
  /** Fields of the target that must be open in full to whoever sends it. */
  readonly uses: readonly string[];
}

const forms = (
  { uses: _, ...given }: Argument,
  full: boolean,
): Omit<Target, 'key' | 'agreement' | 'type' | 'item' | 'field' | 'where'>[] =>
  (['literal', 'variable'] as const).map((form) => ({ ...given, how: full ? 'allow' : 'deny', form }));

/** The arguments of a field, and the fields of the inputs in them; a division once for each level that there is. */
function argumentsOf(
  schema: GraphQLSchema,
  type: string,
  field: string,
  { tables }: World,
  link?: Link,
): readonly Argument[] {
  const levels = new Set((tables['region'] ?? []).map(({ level }) => String(level)));
  const read = (
    coordinate: string,
    path: readonly string[],
    declared: GraphQLArgument | GraphQLInputField,
  ): readonly Argument[] => {
    const named = getNamedType(declared.type);
    if (named.name === 'RegionCode')
      return [...levels].map((level) => ({
        coordinate: `${coordinate} (${level})`,
        argument: path,
        level,
        uses: type === 'Query' && path.length > 1 ? [placeFieldOf(level)] : [],
      }));
    if (isEnumType(named) && path[0] === 'orderBy')
      return named.getValues().map(({ name }) => ({
        coordinate: `${named.name}.${name}`,
        argument: path,
        value: name,
        uses: [ORDERS[name]?.[1] ?? name],
      }));
    const own = { coordinate, argument: path, uses: usesOf(path, link) };
    if (!isInputObjectType(named)) return [own];
    const inner = Object.values(named.getFields());
    return [own, ...inner.flatMap((one) => read(`${named.name}.${one.name}`, [...path, one.name], one))];
  };
  const args = objectType(schema, type).getFields()[field]?.args ?? [];
  return args
    .filter(({ name }) => name !== 'after')
    .flatMap((arg) => read(`${type}.${field}(${arg.name}:)`, [arg.name], arg));
}

const VALIDITY = ['validFrom', 'validTo'];

/** What chooses the rows when an argument is sent, beside what always does. */
function usesOf(path: readonly string[], link: Link | undefined): readonly string[] {
  const [argument, inner] = path;
  if (link !== undefined) return argument === link.dated ? VALIDITY : [];
  if (argument !== 'filter' || inner === undefined) return [];
  return inner === 'onDate' ? VALIDITY : [inner];
}

/** Types of the schema whose fields the oracle must know: the nouns, and the operations. */
export const coordinatesOf = (schema: GraphQLSchema): readonly string[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => name === 'Query' || NOUNS[name] !== undefined)
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
