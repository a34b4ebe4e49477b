/** Operations drawn at random: fields, relations, aliases, fragments, directives, values as literals or variables. */
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { GraphQLArgument, GraphQLField, GraphQLInputType, GraphQLInterfaceType, GraphQLSchema } from 'graphql';
import type { Random } from '../../../seeds/synthetic/random.ts';
import type { Touched } from './permit.ts';

/** A value of an argument: written into the text or sent beside it, in whole or in parts. */
export type Value = { readonly asVariable: boolean } & (
  | { readonly json: unknown }
  | { readonly fields: Readonly<Record<string, Value>> }
  | { readonly items: readonly Value[] }
);

interface Directive {
  readonly name: 'skip' | 'include';
  readonly on: Value;
}

/** One node of a selection set. */
export type Selection = { readonly directive?: Directive; readonly children: readonly Selection[] } & (
  | {
      readonly kind: 'field';
      readonly type: string;
      readonly name: string;
      readonly alias?: string;
      readonly args: Readonly<Record<string, Value>>;
    }
  | { readonly kind: 'inline'; readonly on?: string }
  | { readonly kind: 'spread'; readonly on: string }
);

/** A value that must be sent: the names of the argument and of what is inside it, and the form. */
export interface Wanted {
  readonly path: readonly string[];
  readonly form: 'literal' | 'variable';
  /** Where only some values will do: one of these. */
  readonly oneOf?: readonly string[];
}

/** A field that must be in the operation, with what its arguments must hold. */
export interface Step {
  readonly type: string;
  readonly field: string;
  readonly args?: Readonly<Record<string, Value>>;
  readonly wanted?: Wanted;
  /** More that is asked of the same object. */
  readonly beside?: readonly Step[];
}

/** What the values of arguments are drawn from, and what is likely to be asked. */
export interface Choices {
  /** An id that a root field may be asked for. */
  readonly idFor: (root: string) => string;
  readonly regions: readonly string[];
  readonly idNumbers: readonly string[];
  /** Cursors by the name of their list and their order, e.g. `aidGrants:DECIDED_ON_ASC`. */
  readonly cursors: Readonly<Record<string, readonly string[]>>;
  /** How often a field or an argument is taken, in comparison with the others of its type; 0 for never. */
  readonly weight: (coordinate: string, where: Touched['where']) => number;
  /** In which form a value must be sent, where it matters. */
  readonly formOf: (coordinate: string, where: Touched['where']) => Wanted['form'] | undefined;
}

type Where = Touched['where'];

type Composite = ReturnType<typeof getNamedType> & { readonly name: string };

const FORWARD: ReadonlySet<string> = new Set(['first', 'after']);
const BACKWARD: ReadonlySet<string> = new Set(['last', 'before']);
const NEITHER: ReadonlySet<string> = new Set();

const DAYS = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-07-01', '2025-01-01'];
const DEEPEST = 4;

/** Draws the root fields of one operation, among them the steps that lead to a target. */
export function draw(
  schema: GraphQLSchema,
  random: Random,
  choices: Choices,
  steps: readonly Step[] = [],
): readonly Selection[] {
  return new Drawer(schema, random, choices).roots(steps);
}

class Drawer {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #choices: Choices;

  constructor(schema: GraphQLSchema, random: Random, choices: Choices) {
    this.#schema = schema;
    this.#random = random;
    this.#choices = choices;
  }

  roots(steps: readonly Step[]): readonly Selection[] {
    const forced = steps.length === 0 ? [] : [this.#step('Query', DEEPEST, 'root', steps)];
    const free = forced.length === 0 ? this.#random.whole(1, 2) : this.#random.chance(0.2) ? 1 : 0;
    const drawn = Array.from({ length: free }, () => this.#oneOf('Query', DEEPEST, 'root')).flat();
    return this.#random.chance(0.05)
      ? [{ kind: 'spread', on: 'Query', children: [...forced, ...drawn] }]
      : [...forced, ...drawn];
  }

  #fields(type: string): readonly GraphQLField<unknown, unknown>[] {
    const known = this.#schema.getType(type);
    return isObjectType(known) || isInterfaceType(known) ? Object.values(known.getFields()) : [];
  }

  /** A field of the type as likely as its weight, or none where nothing is likely. */
  #oneOf(type: string, depth: number, where: Where): readonly Selection[] {
    const likely = this.#fields(type)
      .filter((field) => depth > 0 || isLeafType(getNamedType(field.type)))
      .map((field) => ({
        field,
        weight:
          this.#choices.weight(`${type}.${field.name}`, where) *
          (type === 'Query' || isLeafType(getNamedType(field.type)) ? 2 : 1),
      }));
    const total = likely.reduce((sum, { weight }) => sum + weight, 0);
    if (total === 0) return [];
    let left = this.#random.fraction() * total;
    const found = likely.find(({ weight }) => (left -= weight) < 0) ?? likely.at(-1);
    return found === undefined ? [] : [this.#field(type, found.field, depth, where, [])];
  }

  #step(type: string, depth: number, where: Where, [step, ...rest]: readonly Step[]): Selection {
    const field = this.#fields(type).find(({ name }) => name === step?.field);
    if (step === undefined || field === undefined) throw new Error(`No step leads on from ${type}`);
    return this.#field(type, field, depth, where, rest, step);
  }

  #field(
    type: string,
    field: GraphQLField<unknown, unknown>,
    depth: number,
    where: Where,
    rest: readonly Step[],
    step?: Pick<Step, 'args' | 'wanted'>,
  ): Selection {
    const named = getNamedType(field.type);
    const isNoun = !/(Connection|Edge)$|^(Query|PageInfo)$/u.test(type);
    const children = isLeafType(named) ? [] : this.#set(named, depth - 1, isNoun ? 'nested' : where, rest);
    const args = this.#args(type, field, where, step);
    const random = this.#random;
    // Two selections of a list with different arguments need different names.
    const alias =
      Object.keys(args).length > 0 && random.chance(0.8)
        ? `${field.name}_${random.whole(1, 99)}`
        : random.chance(0.3)
          ? `${field.name}_${random.pick(['a', 'b'])}`
          : undefined;
    const directive = step === undefined ? this.#directive() : undefined;
    return {
      kind: 'field',
      type,
      name: field.name,
      ...(alias === undefined ? {} : { alias }),
      ...(directive === undefined ? {} : { directive }),
      args,
      children,
    };
  }

  #directive(): Directive | undefined {
    const random = this.#random;
    if (!random.chance(0.08)) return undefined;
    return { name: random.pick(['skip', 'include'] as const), on: this.#value(random.chance(0.5)) };
  }

  #value(json: unknown): Value {
    return { json, asVariable: this.#random.chance(0.5) };
  }

  /** A selection set of the type; below a page, the steps go on in its items. */
  #set(type: Composite, depth: number, where: Where, steps: readonly Step[]): readonly Selection[] {
    const random = this.#random;
    const [next] = steps;
    const forced = next === undefined ? [] : [this.#towards(type, depth, where, steps)];
    if (next?.type === type.name)
      forced.push(...(next.beside ?? []).map((step) => this.#step(type.name, depth, where, [step])));
    const drawn = Array.from({ length: random.whole(forced.length === 0 ? 1 : 0, 5) }, () =>
      this.#some(type, depth, where),
    );
    const all = [...forced, ...drawn.flat()];
    if (all.length > 0) return all;
    return [{ kind: 'field', type: type.name, name: '__typename', args: {}, children: [] }];
  }

  #towards(type: Composite, depth: number, where: Where, steps: readonly Step[]): Selection {
    const [next] = steps;
    const random = this.#random;
    if (next?.type === type.name) return this.#wrapped(type.name, [this.#step(type.name, depth, where, steps)]);
    if (isInterfaceType(type)) {
      const on = next?.type ?? '';
      const inside = this.#schema.getType(on);
      const children = isObjectType(inside) ? this.#set(inside, depth, where, steps) : [];
      return { kind: random.pick(['inline', 'spread'] as const), on, children };
    }
    const fields = this.#fields(type.name);
    const through =
      next?.type === 'PageInfo'
        ? 'pageInfo'
        : next?.type.endsWith('Edge') === true
          ? 'edges'
          : fields.some(({ name }) => name === 'node')
            ? 'node'
            : random.pick(['nodes', 'nodes', 'edges']);
    const field = fields.find(({ name }) => name === through);
    if (field === undefined) throw new Error(`${type.name} does not lead to ${next?.type ?? ''}.${next?.field ?? ''}`);
    return this.#field(type.name, field, depth + 1, where, steps, {});
  }

  #wrapped(on: string, children: readonly Selection[]): Selection {
    const random = this.#random;
    const [only] = children;
    if (only !== undefined && children.length === 1 && !random.chance(0.15)) return only;
    const kind = random.pick(['inline', 'spread'] as const);
    return kind === 'inline' && random.chance(0.3) ? { kind, children } : { kind, on, children };
  }

  #some(type: Composite, depth: number, where: Where): readonly Selection[] {
    const random = this.#random;
    if (random.chance(0.04)) return [{ kind: 'field', type: type.name, name: '__typename', args: {}, children: [] }];
    if (isInterfaceType(type) && random.chance(0.5)) return this.#onOneOf(type, depth, where);
    if (!random.chance(0.12)) return this.#oneOf(type.name, depth, where);
    const inside = Array.from({ length: random.whole(1, 3) }, () => this.#oneOf(type.name, depth, where)).flat();
    if (inside.length === 0) return [];
    const directive = this.#directive();
    const wrapped = this.#wrapped(type.name, inside);
    return [wrapped.kind === 'field' || directive === undefined ? wrapped : { ...wrapped, directive }];
  }

  /** A fragment on something that an interface can be: a type, or another interface. */
  #onOneOf(type: GraphQLInterfaceType, depth: number, where: Where): readonly Selection[] {
    const { objects, interfaces } = this.#schema.getImplementations(type);
    const likely = [...objects, ...interfaces].filter(({ name }) => this.#choices.weight(`${name}.id`, where) > 0);
    if (likely.length === 0) return [];
    const on = this.#random.pick(likely);
    const children = this.#set(on, depth, where, []);
    return [{ kind: this.#random.pick(['inline', 'spread'] as const), on: on.name, children }];
  }

  // ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #args(
    type: string,
    field: GraphQLField<unknown, unknown>,
    where: Where,
    step: Pick<Step, 'args' | 'wanted'> | undefined,
  ): Record<string, Value> {
    const args: Record<string, Value> = {};
    const [wanted] = step?.wanted?.path ?? [];
    const isBackward = wanted === undefined ? this.#random.chance(0.3) : BACKWARD.has(wanted);
    // A page goes forward or backward, never both.
    const barred = field.args.some(({ name }) => name === 'last') ? (isBackward ? FORWARD : BACKWARD) : NEITHER;
    // A cursor is one of the order that is asked for, so that is drawn first.
    const first = (name: string): number => (name === 'orderBy' ? 0 : 1);
    const open = field.args.filter(({ name }) => !barred.has(name)).sort((a, b) => first(a.name) - first(b.name));
    for (const arg of open) {
      const { orderBy } = args;
      const list = `${field.name}:${orderBy !== undefined && 'json' in orderBy ? String(orderBy.json) : ''}`;
      const of = arg.name === 'after' || arg.name === 'before' ? list : field.name;
      const isWanted = step?.wanted?.path[0] === arg.name;
      const given =
        step?.args?.[arg.name] ??
        (isWanted
          ? this.#input(arg.type, arg.name, of, step.wanted)
          : this.#argument(type, field.name, arg, where, step !== undefined, of));
      if (given !== undefined) args[arg.name] = given;
    }
    return args;
  }

  #argument(
    type: string,
    field: string,
    arg: GraphQLArgument,
    where: Where,
    isStep: boolean,
    of: string,
  ): Value | undefined {
    const isRequired = isNonNullType(arg.type) && arg.defaultValue === undefined;
    const coordinate = `${type}.${field}(${arg.name}:)`;
    const form = isStep ? undefined : this.#choices.formOf(coordinate, where);
    // A step keeps its rows: nothing but the way itself chooses among them.
    if (!isRequired && (isStep || !this.#random.chance(form === undefined ? 0.3 : 0.8))) return undefined;
    if (this.#choices.weight(coordinate, where) === 0) return undefined;
    return this.#input(arg.type, arg.name, of, form === undefined ? undefined : { path: [arg.name], form });
  }

  /** A value for an input; `wanted` starts with the name of this very input. */
  #input(type: GraphQLInputType, name: string, of: string, wanted?: Wanted): Value | undefined {
    const random = this.#random;
    const bare = getNullableType(type);
    // What must be a variable may be one as a whole, and what must be literal stands in literals.
    const mustBe = wanted === undefined ? undefined : wanted.form === 'literal' ? false : wanted.path.length === 1;
    const asVariable = mustBe ?? random.chance(0.5);
    if (isListType(bare)) {
      const items = Array.from({ length: random.whole(1, 3) }, () => this.#input(bare.ofType, name, of, wanted));
      return { items: items.filter((item) => item !== undefined), asVariable };
    }
    if (isInputObjectType(bare)) {
      const fields: Record<string, Value> = {};
      for (const inner of Object.values(bare.getFields())) {
        const within = wanted?.path[1] === inner.name ? { ...wanted, path: wanted.path.slice(1) } : undefined;
        const isLikely = this.#choices.weight(`${bare.name}.${inner.name}`, 'root') > 0 && random.chance(0.25);
        if (within === undefined && !isLikely && !isNonNullType(inner.type)) continue;
        const value = this.#input(inner.type, inner.name, bare.name, within);
        if (value !== undefined) fields[inner.name] = value;
      }
      return { fields, asVariable };
    }
    const { oneOf = [] } = wanted ?? {};
    const json =
      oneOf.length > 0
        ? random.pick(oneOf)
        : isEnumType(bare)
          ? random.pick(bare.getValues()).name
          : this.#scalar(getNamedType(type).name, name, of);
    return { json, asVariable };
  }

  #scalar(type: string, name: string, of: string): unknown {
    const random = this.#random;
    const { idFor, regions, idNumbers, cursors } = this.#choices;
    if (name === 'idNumber') return random.pick(idNumbers);
    if (name === 'caseNo') return random.pick(['CASE-1', 'CASE-9']);
    if (name === 'category') return random.pick(['A', 'B']);
    if (name === 'record') return random.pick(['AID_GRANT', 'ENROLMENT', 'STUDENT', 'NONE']);
    if (name === 'name') return random.pick(['王小明', '李四', '张', '赵六']);
    if (name === 'after' || name === 'before') {
      const { [of]: own = [] } = cursors;
      const some = own.length === 0 || random.chance(0.15) ? Object.values(cursors).flat() : own;
      return some.length === 0 ? 'none' : random.pick(some);
    }
    if (name === 'id' || name === 'ids') return idFor(of);
    switch (type) {
      case 'Int':
        return random.whole(1, 6);
      case 'Boolean':
        return random.chance(0.5);
      case 'Date':
        return random.pick(DAYS);
      case 'RegionCode':
        return random.pick(regions);
      default:
        throw new Error(`Nothing is known to draw for ${name}: ${type}`);
    }
  }
}
