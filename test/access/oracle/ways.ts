/** How to come to a field: the steps from a root field to it, through rows that the caller may see. */
import type { Random } from '../../../seeds/synthetic/random.ts';
import { reachable } from './coverage.ts';
import type { Target } from './coverage.ts';
import type { Step, Value } from './drawing.ts';
import { NOUNS, typeOfRow, typesOf } from './nouns.ts';
import type { Args, Row, Sees, World } from './nouns.ts';
import { ROOTS } from './roots.ts';
import { inScope } from './scopes.ts';
import type { Agreement, Asker } from './scopes.ts';
import { decide, isOpenLink, isOpenRoot, isOpenType, isShared } from './sharing.ts';

/** Rows that a page holds unless more are asked for. */
const PAGE = 50;
/** Links between the root and the target. */
const LONGEST = 4;

/** A way to targets in one type for the caller, undefined where this try found none with a row at its end. */
export function findWay(
  random: Random,
  [target, ...others]: readonly [Target, ...Target[]],
  asker: Asker,
  world: World,
): readonly Step[] | undefined {
  const wanted = wantedOf(target, world);
  const beside = others.map((other): Step => {
    const also = wantedOf(other, world);
    return { type: other.type, field: other.field, ...(also === undefined ? {} : { wanted: also }) };
  });
  const end: Step = {
    type: target.type,
    field: target.field,
    beside,
    ...(wanted === undefined ? {} : { wanted }),
  };
  if (target.type === 'Query') return [end];
  const chain = drawChain(random, target);
  if (chain === undefined) return undefined;
  const { root, links } = chain;
  const first = target.how === 'deny' ? {} : rootWithRows(random, chain, target.agreement, asker, world);
  if (first === undefined) return undefined;
  return [{ type: 'Query', field: root, ...first }, ...links, end];
}

interface Chain {
  readonly root: string;
  /** Type of the rows of the root field. */
  readonly start: string;
  readonly links: readonly Step[];
}

/** A root field and links that lead to the type of the target, open ones unless the target is to be refused. */
function drawChain(random: Random, { agreement, item, where, how }: Target): Chain | undefined {
  const openOnly = how !== 'deny';
  const isOpen = (type: string): boolean => !openOnly || isOpenType(agreement, type);
  const roots = Object.keys(ROOTS).filter((name) => isOpenRoot(agreement, name));
  const ending = roots.filter((name) => typesOf(ROOTS[name]?.to ?? '').includes(item));
  if (where === 'root') return ending.length === 0 ? undefined : { root: random.pick(ending), start: item, links: [] };
  const root = random.pick(roots);
  const start = random.pick(typesOf(ROOTS[root]?.to ?? '').filter((type) => isOpenType(agreement, type)));
  const links: Step[] = [];
  const comesTo = waysTo(agreement, openOnly);
  let at = start;
  while (links.length < LONGEST) {
    const fields = Object.entries(NOUNS[at]?.links ?? {}).flatMap(([field, link]) =>
      !openOnly || isOpenLink(agreement, at, field, link)
        ? typesOf(link.to)
            .filter((to) => isOpen(to) && (to === item || comesTo(to, item)))
            .map((to) => ({ field, to }))
        : [],
    );
    if (fields.length === 0) return undefined;
    const nearest = fields.filter(({ to }) => to === item);
    const { field, to } = random.pick(nearest.length > 0 && random.chance(0.7) ? nearest : fields);
    links.push({ type: at, field });
    at = to;
    if (at === item && random.chance(0.8)) break;
  }
  return at === item ? { root, start, links } : undefined;
}

const known = new WeakMap<Agreement, Map<boolean, (from: string, to: string) => boolean>>();

function waysTo(agreement: Agreement, openOnly: boolean): (from: string, to: string) => boolean {
  const held = known.get(agreement) ?? new Map<boolean, (from: string, to: string) => boolean>();
  known.set(agreement, held);
  const made = held.get(openOnly);
  if (made !== undefined) return made;
  const below = new Map<string, ReadonlySet<string>>();
  const ways = (from: string, to: string): boolean => {
    const set = below.get(from) ?? new Set(reachable(agreement, openOnly, from).keys());
    below.set(from, set);
    return set.has(to);
  };
  held.set(openOnly, ways);
  return ways;
}

/** Root fields that name their rows by id, with the argument. */
const BY_ID: Readonly<Record<string, 'id' | 'ids'>> = { person: 'id', household: 'id', node: 'id', nodes: 'ids' };

/** Ids that a root field may be asked for: mostly of rows that the caller may see, at times of any. */
export function drawId(random: Random, root: string, agreement: Agreement, asker: Asker, world: World): string {
  const types = typesOf(ROOTS[root]?.to ?? '').filter((one) => tableOf(one, world).length > 0);
  const type = random.pick(types);
  const rows = tableOf(type, world);
  const visible = random.chance(0.9) ? visibleOf(type, rows, agreement, asker, world) : [];
  return random.chance(0.05) ? 'nobody' : String(random.pick(visible.length > 0 ? visible : rows)['id']);
}

const tableOf = (type: string, { tables }: World): readonly Row[] => tables[NOUNS[type]?.table ?? ''] ?? [];

function visibleOf(
  type: string,
  rows: readonly Row[],
  agreement: Agreement,
  asker: Asker,
  world: World,
): readonly Row[] {
  const scope = NOUNS[type]?.open === true ? 'everything' : agreement.rows[type];
  return scope === undefined ? [] : rows.filter((row) => inScope(type, row, scope, asker, world));
}

/** Arguments of the root field under which the chain ends at a row that the caller may see. */
function rootWithRows(
  random: Random,
  { root, start, links }: Chain,
  agreement: Agreement,
  asker: Asker,
  world: World,
): Pick<Step, 'args'> | undefined {
  const visible = (type: string, rows: readonly Row[]): readonly Row[] =>
    visibleOf(type, rows, agreement, asker, world).slice(0, PAGE);
  const sees: Sees = (coordinate) => {
    const [type = '', field = ''] = coordinate.split('.');
    return isShared(agreement, type, field);
  };
  const ends = (rows: readonly Row[], [link, ...rest]: readonly Step[]): boolean => {
    const leads = NOUNS[link?.type ?? '']?.links[link?.field ?? ''];
    if (link === undefined || leads === undefined) return rows.length > 0;
    const [next] = rest;
    const decision = decide(agreement, link.type, link.field);
    const shown =
      decision.kind === 'deny' || decision.scope === undefined
        ? rows
        : rows.filter((row) => inScope(link.type, row, decision.scope ?? '', asker, world));
    const below = shown.flatMap((row) => leads.rows(row, NO_ARGS, world, sees));
    const possible = typesOf(leads.to).filter((type) => next === undefined || next.type === type);
    return possible.some((type) => {
      const ofType =
        typesOf(leads.to).length === 1 ? below : below.filter((row) => typeOfRow(leads.to, row, world) === type);
      return ends(visible(type, ofType), rest);
    });
  };
  const argument = BY_ID[root];
  // Other roots choose their rows by arguments that the operation draws; that they lead somewhere is likely enough.
  if (argument === undefined) {
    const rows = root === 'recipients' ? visible(start, ROOTS[root]?.rows(NO_ARGS, world, asker) ?? []) : undefined;
    return rows === undefined || ends(rows, links) ? {} : undefined;
  }
  const rows = [...tableOf(start, world)].sort(() => random.fraction() - 0.5);
  const found = visible(start, rows).find((row) => ends([row], links));
  return found === undefined ? undefined : { args: idOf(random, argument, String(found['id'])) };
}

function idOf(random: Random, argument: 'id' | 'ids', id: string): Readonly<Record<string, Value>> {
  const asVariable = random.chance(0.5);
  const json = random.chance(0.2) ? [id, 'nobody', id] : [id];
  return { [argument]: { json: argument === 'id' ? id : json, asVariable } };
}

const NO_ARGS: Args = {};

function wantedOf({ argument, form, level, value }: Target, { tables }: World): Step['wanted'] {
  if (argument === undefined || form === undefined) return undefined;
  if (value !== undefined) return { path: argument, form, oneOf: [value] };
  const used = new Set(
    ['person', 'recipient'].flatMap((table) => (tables[table] ?? []).flatMap((row) => Object.values(row))),
  );
  const regions = (tables['region'] ?? []).filter((row) => row['level'] === level).map(({ code }) => String(code));
  const lived = regions.filter((code) => used.has(code));
  return { path: argument, form, ...(level === undefined ? {} : { oneOf: lived.length > 0 ? lived : regions }) };
}
