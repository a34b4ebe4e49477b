/** Random callers with random operations over a random world: what the hub answers against what the oracle says. */
import { Kind, parse, print as printNode, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { Random } from '../../../seeds/synthetic/random.ts';
import type { Bound } from '../../../src/access/index.ts';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { NOW, callerOf, openEngine } from '../../harness/engine.ts';
import type { TestEngine } from '../../harness/engine.ts';
import { CIRCUMSTANCES, REVOKED, circumstancesOf, drawCaller } from './callers.ts';
import type { Caller } from './callers.ts';
import { differences } from './comparing.ts';
import { coverageOf, keyOf } from './coverage.ts';
import type { Coverage, Target } from './coverage.ts';
import { draw } from './drawing.ts';
import type { Choices, Step } from './drawing.ts';
import type { Order, Place, World } from './nouns.ts';
import { expected } from './oracle.ts';
import type { Expected } from './oracle.ts';
import { print } from './printing.ts';
import { readSchema } from './published.ts';
import { pick } from './request.ts';
import { ROOTS } from './roots.ts';
import { isOfData } from './scopes.ts';
import type { Agreement } from './scopes.ts';
import { decide, isFull, isOpenLink, isOpenRoot, isOpenType, mayCount } from './sharing.ts';
import { shrink } from './shrinking.ts';
import { NOUNS, ORDERS } from './nouns.ts';
import { readAgreements, readTables } from './tables.ts';
import { drawId, findWay } from './ways.ts';
import { TODAY, makeWorld } from './world.ts';

/** The policy that is published in a test database. */
export const POLICY = 'schema/policy';

/** A hub over a random world, and the rows and agreements that the oracle judges by. */
export interface Reading {
  readonly database: TestDatabase;
  readonly hub: TestEngine;
  readonly schema: GraphQLSchema;
  readonly world: World;
  readonly agreements: readonly Agreement[];
  readonly choices: Omit<Choices, 'idFor' | 'weight' | 'formOf'>;
}

/** What an operation may cost is tested elsewhere. */
const UNBOUND = { cost: Number.MAX_SAFE_INTEGER };

/** A database of its own with a world drawn by the seed. */
export async function openReading(seed: number): Promise<Reading> {
  const database = await testDatabase();
  const made = await makeWorld(database.owner, seed);
  const hub = await openEngine(database, { bounds: UNBOUND });
  const tables = await readTables(database.owner);
  const idsOf = (table: string): string[] => (tables[table] ?? []).map(({ id }) => String(id));
  const cursors = await learnCursors(hub, idsOf('person'));
  const places = Object.entries(cursors).flatMap(([list, { table, order, ids }]) =>
    [...ids].map(([cursor, id]): [string, Place] => {
      const row = (tables[table] ?? []).find((one) => one['id'] === id);
      if (row === undefined) throw new Error(`A cursor of ${list} stands for no row`);
      return [cursor, { row, order }];
    }),
  );
  const named = Object.entries(cursors).map(([list, { ids }]) => [list, [...ids.keys()]]);
  return {
    database,
    hub,
    schema: readSchema(),
    world: { tables, today: TODAY, now: new Date(NOW), cursors: new Map(places) },
    // Those for emergencies decide nothing while none is open; their tests are with the emergencies.
    agreements: readAgreements(POLICY).filter(({ emergency }) => emergency !== true),
    choices: { ...made, cursors: Object.fromEntries(named) as Choices['cursors'] },
  };
}

/** The cursors of all recipients and grants in each order that a caller of both provinces is given, with their rows. */
async function learnCursors({ ask }: TestEngine, persons: readonly string[]) {
  const everywhere = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CASE-1' });
  type Page = { readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[] };
  const read = async (text: string, list: string): Promise<[string, string][]> => {
    const { data } = await ask(text, everywhere);
    const pages: Page[] = [];
    JSON.stringify(data, (key, value: Page | null) => {
      if (key === list && value !== null) pages.push(value);
      return value;
    });
    return pages.flatMap(({ edges }) => edges.map(({ cursor, node }): [string, string] => [cursor, node.id]));
  };
  const learned: Record<
    string,
    { readonly table: string; readonly order: Order | undefined; readonly ids: Map<string, string> }
  > = {};
  const orders = (some: RegExp): readonly string[] => ['', ...Object.keys(ORDERS).filter((name) => some.test(name))];
  const items = 'edges { cursor node { id } }';
  for (const orderBy of orders(/^VALID_FROM/u)) {
    const by = orderBy === '' ? '' : `, orderBy: ${orderBy}`;
    const ids = await read(`{ recipients(first: 1000${by}) { ${items} } }`, 'recipients');
    learned[`recipients:${orderBy}`] = { table: 'recipient', order: ORDERS[orderBy], ids: new Map(ids) };
  }
  for (const orderBy of orders(/^(DECIDED_ON|REPORTED_AT)/u)) {
    const by = orderBy === '' ? '' : `, orderBy: ${orderBy}`;
    const text = `{ nodes(ids: ${JSON.stringify(persons)}) { ... on Person { aidGrants(withSuperseded: true${by}) { ${items} } } } }`;
    const order = ORDERS[orderBy] ?? NOUNS['Person']?.links['aidGrants']?.order;
    learned[`aidGrants:${orderBy}`] = { table: 'aid_grant', order, ids: new Map(await read(text, 'aidGrants')) };
  }
  return learned;
}

/** One case: who asks, and what. */
export interface Case {
  readonly caller: Caller;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Who asked the same before, and with which values: plans are kept, and must serve nobody else. */
  readonly before?: Pick<Case, 'caller' | 'variables'>;
}

/** The hub answered or recorded something else than the oracle says. */
export class Difference extends Error {
  /** How many cases it took. */
  readonly cases: number;
  constructor(message: string, cases: number) {
    super(message);
    this.cases = cases;
  }
}

/** What a run has seen. */
export interface Tally {
  readonly cases: number;
  /** Cases in which a scope took a row out. */
  readonly narrowed: number;
  /** Cases whose answer told of somebody. */
  readonly told: number;
  /** Combinations that had to be hit. */
  readonly targets: number;
  /** Combinations and circumstances that had to be hit and were not. */
  readonly missing: readonly string[];
  readonly impossible: Coverage['impossible'];
}

/** How long a run is: it ends after `least` cases if everything was hit, and after `most` in any case. */
export interface Length {
  readonly seed: number;
  readonly least: number;
  readonly most: number;
}

/** Runs cases until one is not answered as the oracle says, which throws with the least that shows it. */
export async function runCases(reading: Reading, { seed, least, most }: Length): Promise<Tally> {
  const { schema, agreements, world } = reading;
  const random = new Random(seed, 'cases');
  const { targets, impossible } = coverageOf(schema, ofData(agreements), world);
  const missing = new Map(targets);
  const unmet = new Set(CIRCUMSTANCES);
  let cases = 0;
  let narrowed = 0;
  let told = 0;
  const recent: Case[] = [];
  while (cases < most && (cases < least || missing.size > 0 || unmet.size > 0)) {
    const isEcho = recent.length > 0 && random.chance(ECHOES);
    const drawn = isEcho ? echo(reading, random, random.pick(recent)) : drawCase(reading, random, missing);
    if (drawn === undefined) continue;
    if (!isEcho && recent.push(drawn) > RECENT) recent.shift();
    const [wanted, found] = await judge(reading, drawn);
    cases += 1;
    if (found.length > 0) throw new Difference(await explain(reading, drawn, seed, cases), cases);
    if (wanted.removed > 0) narrowed += 1;
    if (wanted.persons.size + wanted.households.size > 0) told += 1;
    for (const touched of wanted.touched) missing.delete(keyOf(drawn.caller, touched));
    const agreement = pick(agreements, drawn.caller, world);
    for (const one of circumstancesOf(drawn.caller, agreement, world)) unmet.delete(one);
  }
  return { cases, narrowed, told, targets: targets.size, missing: [...missing.keys(), ...unmet], impossible };
}

/** Share of cases that ask what was asked before, and how many of those before are remembered. */
const ECHOES = 0.15;
const RECENT = 20;

/** Puts one case to both sides. */
export async function judge(
  { hub, schema, agreements, world }: Reading,
  { caller: { onDenied, ...caller }, text, variables }: Case,
): Promise<readonly [wanted: Expected, found: readonly string[]]> {
  const wanted = expected(schema, agreements, world, { text, variables, asker: caller, onDenied });
  hub.entries.length = 0;
  const bound = { client: `${caller.department}.test`, purposes: PURPOSES, tokenId: 'test', ...caller } as Bound;
  try {
    const got = await hub.ask(text, bound, { variables, onDenied });
    return [wanted, differences(wanted, got, hub.entries)];
  } catch (error) {
    return [wanted, [`${FAILED}${error instanceof Error ? error.message : String(error)}`]];
  }
}

/** What a finding begins with where the hub neither answered nor refused: a statement of its own making failed. */
export const FAILED = 'the hub failed: ';

const PURPOSES = ['AID_ELIGIBILITY', 'DYNAMIC_MONITORING', 'CASE_HANDLING', 'STATISTICS', 'AUDIT'];

/** The case and its difference in the least form that still shows one to a hub that has kept no plan. */
async function explain(reading: Reading, drawn: Case, seed: number, number: number): Promise<string> {
  const { before: _, ...alone } = drawn;
  const findings = async (candidate: Case): Promise<readonly string[]> => {
    await reading.hub.engine.reload();
    if (candidate.before !== undefined) await judge(reading, { ...candidate, ...candidate.before });
    return (await judge(reading, candidate))[1];
  };
  const differs = async (candidate: Case): Promise<boolean> => (await findings(candidate)).length > 0;
  const shows = (await differs(alone)) ? alone : drawn;
  const least = (await differs(shows)) ? await shrink<Case>(reading.schema, shows, differs) : drawn;
  const found = await findings(least);
  const { caller, text, variables } = least;
  const as = (one: Pick<Case, 'caller' | 'variables'>): string =>
    `${JSON.stringify(one.caller)} with the variables ${JSON.stringify(one.variables)}`;
  return [
    `seed ${seed}, case ${number}: the hub does not answer what the oracle says; the least operation that shows it:`,
    text,
    `asked by ${as({ caller, variables })}`,
    ...(least.before === undefined ? [] : [`after it was asked by ${as(least.before)}`]),
    ...(found.length > 0 ? found : ['(asked again, the hub answered well: something that it had kept mattered)']),
  ].join('\n');
}

// ── Drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Agreements under which data is read; callers of the others are drawn as those without a right. */
export const ofData = (agreements: readonly Agreement[]): readonly Agreement[] => agreements.filter(isOfData);

/** A valid operation of somebody; most go for what is missing. */
function drawCase(reading: Reading, random: Random, missing: ReadonlyMap<string, Target>): Case | undefined {
  const { choices, schema, world } = reading;
  const agreements = ofData(reading.agreements);
  const targets = missing.size > 0 && random.chance(0.75) ? drawTargets(random, missing) : undefined;
  const isRevoked = targets === undefined && random.chance(0.03);
  // By role first: most agreements are of systems.
  const role = random.pick([...new Set(agreements.map((one) => one.role))]);
  const agreement = targets?.[0].agreement ?? random.pick(agreements.filter((one) => one.role === role));
  const of = isRevoked ? random.pick(REVOKED) : agreement;
  const [caller, steps] = drawWay(reading, random, of, targets);
  if (steps === undefined) return undefined;
  // Null mode asks for nothing below a denied relation.
  const through = steps.slice(1, -1).every(({ type, field }) => decide(agreement, type, field).kind !== 'deny');
  const onDenied = through ? caller.onDenied : 'refuse';
  const isReckless = targets === undefined ? random.chance(0.15) || onDenied === 'null' : targets[0].how === 'deny';
  const idFor = (root: string): string => drawId(random, root, agreement, caller, world);
  const drawn = { ...choices, idFor, ...likely(agreement, isReckless, missing) };
  const { text, variables } = print(schema, draw(schema, random, drawn, steps));
  if (validate(schema, parse(text)).length > 0) return undefined;
  return { caller: { ...caller, onDenied }, text, variables };
}

/** The same operation asked by somebody else, or with other values. */
function echo({ agreements, choices, schema, world }: Reading, random: Random, earlier: Case): Case | undefined {
  const { text, caller, variables } = earlier;
  const alike = ofData(agreements).filter(({ role }) => role === caller.role);
  const others = alike.length > 0 ? alike : ofData(agreements);
  const other = random.chance(0.4) ? caller : drawCaller(random, random.pick(others), choices.regions, world, true);
  const declared = new Map(
    visitVariables(schema, text).map(({ name, isOptional, type }) => [name, { isOptional, type }] as const),
  );
  const changed = Object.entries(variables).flatMap(([name, value]): [string, unknown][] => {
    const { isOptional = false, type = '' } = declared.get(name) ?? {};
    if (isOptional && random.chance(0.3)) return [];
    if (typeof value === 'boolean') return [[name, random.chance(0.5)]];
    return [[name, type === 'RegionCode' ? random.pick(choices.regions) : value]];
  });
  const onDenied = random.pick(['refuse', 'null'] as const);
  return {
    caller: { ...other, onDenied },
    text,
    variables: Object.fromEntries(changed),
    before: { caller, variables },
  };
}

/** The variables that an operation declares. */
const visitVariables = (schema: GraphQLSchema, text: string) =>
  parse(text).definitions.flatMap((node) =>
    node.kind !== Kind.OPERATION_DEFINITION
      ? []
      : (node.variableDefinitions ?? []).map(({ variable, type }) => ({
          name: variable.name.value,
          isOptional: type.kind !== Kind.NON_NULL_TYPE,
          type: printNode(type).replaceAll(/[[\]!]/gu, ''),
        })),
  );

type Targets = readonly [Target, ...Target[]];

/** One combination that is missing, and some that can be had with it. */
function drawTargets(random: Random, missing: ReadonlyMap<string, Target>): Targets {
  const all = [...missing.values()];
  const first = random.pick(all);
  const others = all.filter(
    (other) =>
      other !== first &&
      first.type !== 'Query' &&
      (['agreement', 'type', 'item', 'where', 'how'] as const).every((part) => other[part] === first[part]),
  );
  const some = others.length === 0 ? [] : Array.from({ length: 4 }, () => random.pick(others));
  return [first, ...new Set(some)];
}

const TRIES = 10;

/** A caller, and a way on which it comes to the targets; without targets any caller will do. */
function drawWay(
  { choices, world }: Reading,
  random: Random,
  of: Pick<Agreement, 'department' | 'role' | 'purposes'>,
  targets: Targets | undefined,
): readonly [Caller, readonly Step[] | undefined] {
  let caller = drawCaller(random, of, choices.regions, world, targets !== undefined);
  if (targets === undefined) return [caller, []];
  for (let i = 0; i < TRIES; i++) {
    const steps = findWay(random, targets, caller, world);
    if (steps !== undefined) return [caller, steps];
    caller = drawCaller(random, of, choices.regions, world, true);
  }
  return [caller, undefined];
}

/** What is missing is likely, what is narrowed is likelier than what is open, what refuses the operation is wild. */
function likely(
  agreement: Agreement,
  isWild: boolean,
  missing: ReadonlyMap<string, Target>,
): Pick<Choices, 'weight' | 'formOf'> {
  const isOpen = (coordinate: string): boolean => {
    const [type = '', field = ''] = coordinate.split('.');
    if (type === 'Query') return isOpenRoot(agreement, field.replace(/\(.*/u, ''));
    if (field === 'totalCount') return mayCount(agreement);
    if (NOUNS[type] !== undefined && !isOpenType(agreement, type)) return false;
    if (type === 'RecipientFilter') return usesOfFilter(field).every((used) => isFull(agreement, 'Recipient', used));
    const [name = '', dated] = field.split(/\(|:\)/u);
    const link = NOUNS[type]?.links[name];
    if (dated !== undefined && link !== undefined && dated === link.dated)
      return ['validFrom', 'validTo'].every((used) => isFull(agreement, link.to, used));
    if (link !== undefined) return isOpenLink(agreement, type, name, link);
    return NOUNS[type] === undefined || decide(agreement, type, name).kind !== 'deny';
  };
  const formOf: Choices['formOf'] = (coordinate, where) =>
    (['literal', 'variable'] as const).find((form) =>
      missing.has(keyOf(agreement, { coordinate, how: 'allow', where, form })),
    );
  const weight: Choices['weight'] = (coordinate, where) => {
    if (coordinate.startsWith('Query.') && ROOTS[coordinate.slice(6).replace(/\(.*/u, '')] === undefined) return 0;
    if (isUnknown(coordinate)) return 0;
    const open = isOpen(coordinate);
    if (!open && !isWild) return 0;
    const hows = open ? (['allow', 'mask'] as const) : (['deny'] as const);
    if (hows.some((how) => missing.has(keyOf(agreement, { coordinate, how, where })))) return 6;
    const [type = '', field = ''] = coordinate.split('.');
    if (!open || NOUNS[type]?.values[field] === undefined) return 1;
    const decision = decide(agreement, type, field);
    if (decision.kind === 'deny') return 1;
    return decision.kind === 'masked' || decision.scope !== undefined ? 3 : 1;
  };
  return { weight, formOf };
}

/** A field of a noun that is tested elsewhere. */
function isUnknown(coordinate: string): boolean {
  const [type = '', field = ''] = coordinate.split('.');
  const noun = NOUNS[type];
  return noun !== undefined && !field.includes('(') && !(field in noun.values) && !(field in noun.links);
}

/** The division may be of any level, so only a caller who sees the finest one filters by it without risk. */
const usesOfFilter = (field: string): readonly string[] =>
  field === 'onDate'
    ? ['validFrom', 'validTo']
    : field === 'region'
      ? ['regionCode', 'townshipCode', 'countyCode']
      : [field];

/** The tally as lines: totals, and what could not be hit. */
export const toLine = ({ cases, narrowed, told, targets, missing, impossible }: Tally, seed: number): string => {
  const left = [...impossible].map(([why, keys]) => `${keys.length} where ${why}`).join(', ');
  const hit = `${targets - missing.length} of ${targets} combinations`;
  return `seed ${seed}: ${cases} cases, ${hit}, ${narrowed} narrowed by a scope, ${told} told of somebody; not there: ${left}\n`;
};
