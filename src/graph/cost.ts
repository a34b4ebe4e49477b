/**
 * What an answer may cost at most: one for each row that it could have, lists in lists multiplied. A plan knows its lists,
 * a request their sizes, so that a request is weighed before anything is read, with a few multiplications.
 */
import type { Bounds } from '../platform/bounds.ts';
import { badUserInput, tooCostly } from '../platform/errors.ts';
import type { RowsPlan } from './rows-plan.ts';
import type { Bindings, Slot } from './slot.ts';

/** How many rows a field may give: the first of the bounds that the request gives, otherwise the plan's own. */
export interface Size {
  readonly given: readonly Slot[];
  readonly rows: number;
  /** Each row answers a question of the request. */
  readonly asked?: true;
}

/** A list, a relation or a count of the operation. */
export interface CostNode {
  /** e.g. `Household.members` */
  readonly coordinate: string;
  /** Number of the node that it stands in, -1 at the root; smaller than its own. */
  readonly within: number;
  readonly size: Size;
}

/** Rows where neither request nor plan gives a bound. */
export const DEFAULT_ROWS = { one: 1, list: 100, connection: 50 } as const;

/** A count reads what it counts and tells one number; in rows. */
const COUNT = 100;

/** What code is asked about one row, in rows. */
const CODE = 10;

/** Groups are few, and made from everything in scope; in rows. */
const GROUPS = 1_000;

const ONE: Size = { given: [], rows: 1 };

/** The lists, relations and counts of one planning. What is entered stands within what is open. */
export class CostRecord {
  readonly #nodes: { -readonly [K in keyof CostNode]: CostNode[K] }[] = [];
  #open = -1;

  get nodes(): readonly CostNode[] {
    return this.#nodes;
  }

  /** One row, until `resize` tells more. */
  enter(coordinate: string): void {
    this.#open = this.#nodes.push({ coordinate, within: this.#open, size: ONE }) - 1;
  }

  resize(size: Size): void {
    const node = this.#nodes[this.#open];
    if (node !== undefined) node.size = size;
  }

  leave(): void {
    this.#open = this.#nodes[this.#open]?.within ?? -1;
  }

  code(coordinate: string): void {
    this.#nodes.push({ coordinate, within: this.#open, size: { given: [], rows: CODE } });
  }

  count(coordinate: string): void {
    this.#nodes.push({ coordinate, within: this.#open, size: { given: [], rows: COUNT } });
  }
}

/** How many rows a plan may give. */
export function sizeOf({ byId, from, first, last }: RowsPlan, shape: keyof typeof DEFAULT_ROWS): Size {
  if (shape === 'one') return ONE;
  if (byId !== undefined) return { given: [byId], rows: DEFAULT_ROWS.list };
  if (from?.questions !== undefined) return { given: [from.questions.asked], rows: 0, asked: true };
  if (from !== undefined) return { given: [], rows: typeof first === 'number' ? first : GROUPS };
  const given = [last, first].filter((bound): bound is Slot => typeof bound === 'object');
  return { given, rows: typeof first === 'number' ? first : DEFAULT_ROWS[shape] };
}

/**
 * Weighs one request.
 * @throws TOO_COSTLY; BAD_USER_INPUT for too many questions at once
 */
export function assertAffordable(
  nodes: readonly CostNode[],
  bindings: Bindings,
  bounds: Pick<Bounds, 'cost' | 'checks'>,
): void {
  const rows: number[] = [];
  let cost = 0;
  let most = 0;
  let heaviest = '';
  for (const { coordinate, within, size } of nodes) {
    const own = rowsGiven(size, bindings);
    if (size.asked === true && own > bounds.checks) {
      const where = size.given[0]?.coordinate ?? coordinate;
      throw badUserInput(`${where}: at most ${bounds.checks} in one call; send the rest in another one`, {
        bound: 'checks',
      });
    }
    const here = (within < 0 ? 1 : (rows[within] ?? 1)) * own;
    rows.push(here);
    cost += here;
    if (here > most) {
      most = here;
      heaviest = coordinate;
    }
  }
  if (cost > bounds.cost) throw tooCostly(cost, bounds.cost, heaviest);
}

function rowsGiven({ given, rows }: Size, bindings: Bindings): number {
  for (const slot of given) {
    const value = slot.read(bindings);
    if (typeof value === 'number') return value;
    if (Array.isArray(value)) return value.length;
  }
  return rows;
}
