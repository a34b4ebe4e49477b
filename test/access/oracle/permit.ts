/** What may be asked: which fields, arguments and orders of an operation are denied, before anything is read. */
import { NOUNS, orderOf, typesOf } from './nouns.ts';
import type { Order } from './nouns.ts';
import { argsOf, fieldsBelow, fieldsOnType, givenIn, nameOf, rootFieldsOf } from './request.ts';
import type { Nodes, Request } from './request.ts';
import { ROOTS } from './roots.ts';
import type { Root } from './roots.ts';
import type { Agreement } from './scopes.ts';
import { decide, isFull, isOpenType, mayCount } from './sharing.ts';

/** Something of an operation that was answered or refused, for the tally of what a run has covered. */
export interface Touched {
  readonly coordinate: string;
  readonly how: 'allow' | 'mask' | 'deny';
  readonly where: 'root' | 'nested';
  readonly form?: 'literal' | 'variable';
}

/** What was found out about an operation before anything is read. */
export interface Permission {
  /** Fields that are refused, or null where the caller wishes that. */
  readonly denied: ReadonlySet<string>;
  /** Arguments, orders and types that are refused in any case. */
  readonly deniedChoices: ReadonlySet<string>;
  readonly deniedOperations: ReadonlySet<string>;
  /** Denied fields that the operation comes to where they do not refuse it. */
  readonly nulled: ReadonlySet<string>;
  readonly masked: ReadonlySet<string>;
  /** Fields that an answer shows, as the record has them. */
  readonly coordinates: ReadonlySet<string>;
  /** Row scopes that an answer relies on. */
  readonly scopes: ReadonlySet<string>;
  /** Whether it reads what belongs to persons. */
  readonly personal: boolean;
  /** Whether a cursor was sent that is none of its list. */
  readonly strangeCursor: boolean;
  /** What a refusal would be about. */
  readonly refusals: readonly Touched[];
}

/** Fields below a denied one are named in a refusal, but never come to be read. */
type Where = Touched['where'] | 'unreached';

/** Walks the operation as a caller of the agreement would have it answered. */
export function permit(request: Request, agreement: Agreement): Permission {
  return new Walk(request, agreement).walk();
}

class Walk {
  readonly #request: Request;
  readonly #agreement: Agreement;
  readonly #denied = new Set<string>();
  readonly #deniedChoices = new Set<string>();
  readonly #deniedOperations = new Set<string>();
  readonly #nulled = new Set<string>();
  readonly #masked = new Set<string>();
  readonly #coordinates = new Set<string>();
  readonly #scopes = new Set<string>();
  readonly #refusals: Touched[] = [];
  #personal = false;
  #strangeCursor = false;

  constructor(request: Request, agreement: Agreement) {
    this.#request = request;
    this.#agreement = agreement;
  }

  walk(): Permission {
    for (const nodes of rootFieldsOf(this.#request)) this.#root(nodes);
    return {
      denied: this.#denied,
      deniedChoices: this.#deniedChoices,
      deniedOperations: this.#deniedOperations,
      nulled: this.#nulled,
      masked: this.#masked,
      coordinates: this.#coordinates,
      scopes: this.#scopes,
      personal: this.#personal,
      strangeCursor: this.#strangeCursor,
      refusals: this.#refusals,
    };
  }

  #root(nodes: Nodes): void {
    const name = nameOf(nodes);
    const root = ROOTS[name];
    if (root === undefined) return;
    if (root.personal) {
      this.#personal = true;
      if (!this.#agreement.operations.includes(name)) {
        this.#deniedOperations.add(`Query.${name}`);
        this.#refusals.push({ coordinate: `Query.${name}`, how: 'deny', where: 'root' });
      }
      if (root.to === typesOf(root.to)[0] && !isOpenType(this.#agreement, root.to)) this.#deniedChoices.add(root.to);
    }
    for (const used of root.uses ?? []) this.#mustBeFull(root.to, used, `${root.to}.${used}`);
    const chosen = root.chooses(argsOf(this.#request, 'Query', nodes), this.#request.world);
    for (const { coordinate, field } of chosen) this.#mustBeFull(root.to, field, coordinate);
    this.#ordered(root, 'Query', nodes);
    this.#noteRefused('Query', nodes, 'root');
    this.#many(root, nodes, 'root', orderOf(root, argsOf(this.#request, 'Query', nodes)));
  }

  /** What chooses or orders rows is a field that the caller sees in full on every row in scope. */
  #mustBeFull(type: string, field: string, coordinate: string): void {
    if (!isFull(this.#agreement, type, field)) this.#deniedChoices.add(coordinate);
  }

  #noteRefused(type: string, nodes: Nodes, where: Touched['where']): void {
    for (const { coordinate, form } of givenIn(this.#request, type, nodes)) {
      const bare = coordinate.replace(/ \(\w+\)$/u, '');
      if (this.#deniedChoices.has(bare)) this.#refusals.push({ coordinate, how: 'deny', where, form });
    }
  }

  /** What orders a list is seen in full; a cursor is good for lists in the order that it was made in, and for no other. */
  #ordered(link: Pick<Root, 'to' | 'order' | 'many'>, type: string, nodes: Nodes): void {
    if (link.many !== 'connection') return;
    const args = argsOf(this.#request, type, nodes);
    const order = orderOf(link, args);
    const named = (args['orderBy'] ?? null) === null ? undefined : `${link.to}Order.${String(args['orderBy'])}`;
    if (order !== undefined) this.#mustBeFull(link.to, order[1], named ?? `${link.to}.${order[1]}`);
    for (const cursor of [args['after'], args['before']]) {
      const place = this.#request.world.cursors.get(String(cursor));
      if ((cursor ?? null) === null) continue;
      if (place === undefined || place.order?.join() !== order?.join()) this.#strangeCursor = true;
    }
  }

  /** A connection's own fields are no shared nouns; only what its items hold is asked about. */
  #many(link: Pick<Root, 'to' | 'many'>, nodes: Nodes, where: Where, order?: Order): void {
    const types = typesOf(link.to);
    if (link.many !== 'connection') {
      if (types[0] === link.to) this.#object(link.to, nodes, where);
      else this.#any(types, nodes, where, link.to === 'Node');
      return;
    }
    const below = (type: string, at: Nodes, ...names: readonly string[]): Nodes =>
      fieldsBelow(this.#request, type, at)
        .filter((inner) => names.includes(nameOf(inner)))
        .flat();
    const connection = `${link.to}Connection`;
    const edges = below(connection, nodes, 'edges');
    const info = below(connection, nodes, 'pageInfo');
    const items = [...below(connection, nodes, 'nodes'), ...below(`${link.to}Edge`, edges, 'node')];
    if (below(connection, nodes, 'totalCount').length > 0) this.#count(`${connection}.totalCount`, where);
    // A cursor tells where an item stands: what it is ordered by, and its id.
    const cursors = [
      ...below(`${link.to}Edge`, edges, 'cursor'),
      ...below('PageInfo', info, 'startCursor', 'endCursor'),
    ];
    if (cursors.length > 0)
      for (const field of ['id', ...(order === undefined ? [] : [order[1]])])
        this.#coordinates.add(`${link.to}.${field}`);
    this.#object(link.to, items, where);
  }

  /**
   * Rows of several types: those of a type that is closed are not among them, and what is asked of that type by its name
   * is denied. By its id only what something is asked of is looked up.
   */
  #any(types: readonly string[], nodes: Nodes, where: Where, byId: boolean): void {
    for (const type of types) {
      if (!isOpenType(this.#agreement, type)) this.#closed(type, nodes, where);
      else if (!byId || fieldsBelow(this.#request, type, nodes).length > 0) this.#object(type, nodes, where);
    }
  }

  #closed(type: string, at: Nodes, where: Where): void {
    for (const nodes of fieldsOnType(this.#request, type, at)) {
      const name = nameOf(nodes);
      if (name === '__typename') continue;
      this.#deny(`${type}.${name}`, where);
      const link = NOUNS[type]?.links[name];
      if (link !== undefined && this.#request.question.onDenied !== 'null') this.#many(link, nodes, 'unreached');
    }
  }

  #deny(coordinate: string, where: Where): void {
    this.#denied.add(coordinate);
    this.#refusals.push({ coordinate, how: 'deny', where: where === 'root' ? 'root' : 'nested' });
    if (where !== 'unreached') this.#nulled.add(coordinate);
  }

  /** Counting is a right of its own: whoever may not be told small numbers is told none. */
  #count(coordinate: string, where: Where): void {
    if (mayCount(this.#agreement)) this.#coordinates.add(coordinate);
    else if (where !== 'unreached') this.#deny(coordinate, where);
  }

  #object(type: string, at: Nodes, where: Where): void {
    if (where !== 'unreached' && NOUNS[type]?.open !== true) this.#scopes.add(this.#agreement.rows[type] ?? '');
    for (const nodes of fieldsBelow(this.#request, type, at)) {
      const name = nameOf(nodes);
      if (name === '__typename') continue;
      const decision = decide(this.#agreement, type, name);
      const coordinate = `${type}.${name}`;
      const link = NOUNS[type]?.links[name];
      if (decision.kind === 'deny') {
        this.#deny(coordinate, where);
        // In null mode nothing below a denied relation is asked for.
        if (link !== undefined && this.#request.question.onDenied !== 'null') this.#many(link, nodes, 'unreached');
        continue;
      }
      if (where === 'unreached') {
        if (link !== undefined) this.#many(link, nodes, 'unreached');
        continue;
      }
      this.#coordinates.add(coordinate);
      if (decision.kind === 'masked' || decision.scope !== undefined) this.#masked.add(coordinate);
      if (decision.scope !== undefined) this.#scopes.add(decision.scope);
      if (link === undefined) continue;
      for (const to of typesOf(link.to).filter((one) => isOpenType(this.#agreement, one)))
        for (const used of link.uses ?? []) this.#mustBeFull(to, used, `${to}.${used}`);
      const { dated } = link;
      if (dated !== undefined && (argsOf(this.#request, type, nodes)[dated] ?? null) !== null)
        for (const used of ['validFrom', 'validTo']) this.#mustBeFull(link.to, used, `${coordinate}(${dated}:)`);
      this.#ordered(link, type, nodes);
      this.#noteRefused(type, nodes, where);
      this.#many(link, nodes, 'nested', orderOf(link, argsOf(this.#request, type, nodes)));
    }
  }
}
