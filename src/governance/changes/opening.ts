/**
 * What a change of the policy opens wider, and nothing that it closes: the list that owners agree to, and that a dry run
 * replays the ledger against.
 */
import type { Agreement, Department, FieldGrant, PolicyContent, Purpose, Role } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import { addDays } from '../../platform/dates.ts';

/** Whom something is opened for, through which agreement, and on which days (both included; undefined: without end). */
interface OpenedFor {
  /** Number of the agreement that opens it. */
  readonly agreement: string;
  readonly department: Department;
  readonly role: Role;
  readonly purpose: Purpose;
  readonly from: string;
  readonly until: string | undefined;
}

/** How far rows are open: `region`, `caseload`, `everything`, … */
export type RowsOpen = Agreement['rows'] extends ReadonlyMap<string, infer S> ? S : never;

/** Something that a request could not have before and can have now. */
export type Opening = OpenedFor &
  (
    | {
        /** A group of fields, on the rows of a type. */
        readonly kind: 'FIELDS';
        readonly type: string;
        readonly group: string;
        readonly access: FieldGrant['access'];
        readonly rows: RowsOpen;
        /** Narrower than the rows. */
        readonly scope: FieldGrant['scope'];
      }
    /** That rows of a type are there, whatever is shown of them. */
    | { readonly kind: 'ROWS'; readonly type: string; readonly rows: RowsOpen }
    | { readonly kind: 'OPERATION'; readonly operation: string }
    /** Smaller counts are told than before. */
    | { readonly kind: 'COUNTS'; readonly smallestCount: number }
    /** More checks that find nobody, in a day; undefined: as many as the hub's own setting gives. */
    | { readonly kind: 'MISSES'; readonly missesPerDay: number | undefined }
  );

/** The groups of the fields of each type whose rows have a scope. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** Group of what everybody may see. */
const PUBLIC = 'public';

/** The shape of a graph; what stands on groups of rows counts for the type that is grouped. */
export function shapeOf(graph: Graph): Shape {
  const shape = new Map<string, Set<string>>();
  for (const noun of graph.nouns.values()) {
    const type = noun.groups?.of.name ?? noun.name;
    const groups = shape.get(type) ?? new Set<string>();
    for (const { rule } of noun.fields.values()) groups.add(rule.group);
    shape.set(type, groups);
  }
  return shape;
}

/**
 * Everything that the policy `after` opens and `before` did not, for each department, role and purpose, with the days on
 * which it is new. Exact: on each of those days something can be had that could not, and nothing else is new.
 */
export function opens(before: PolicyContent, after: PolicyContent, shape: Shape): Opening[] {
  return after.agreements.flatMap((agreement) =>
    agreement.state !== 'ACTIVE'
      ? []
      : agreement.purposes.flatMap((purpose) => {
          const others = before.agreements.filter(
            ({ state, department, role, purposes }) =>
              state === 'ACTIVE' &&
              department === agreement.department &&
              role === agreement.role &&
              purposes.includes(purpose),
          );
          return rightsOf(agreement, shape).flatMap((right): Opening[] => {
            // The hub's own setting is nothing that an agreement opens, unless it takes the place of a number.
            const isDefault = right.kind === 'MISSES' && right.missesPerDay === undefined;
            if (isDefault && others.every((other) => other.missesPerDay === undefined)) return [];
            const held = others.filter((other) => grants(other, right));
            return daysLeft(agreement, held).map(([from, until]) => {
              const { number, department, role } = agreement;
              return { agreement: number, department, role, purpose, from, until, ...right };
            });
          });
        }),
  );
}

type Right = Opening extends infer O ? (O extends Opening ? Omit<O, keyof OpenedFor> : never) : never;

function rightsOf({ fields, rows, operations, smallestCount, missesPerDay }: Agreement, shape: Shape): Right[] {
  return [
    ...[...rows].flatMap(([type, scope]): Right[] => [
      { kind: 'ROWS', type, rows: scope },
      ...[...(shape.get(type) ?? [])].flatMap((group): Right[] => {
        const grant = group === PUBLIC ? undefined : fields.get(group);
        if (grant === undefined) return [];
        return [{ kind: 'FIELDS', type, group, access: grant.access, rows: scope, scope: grant.scope }];
      }),
    ]),
    ...[...operations].map((operation): Right => ({ kind: 'OPERATION', operation })),
    { kind: 'COUNTS', smallestCount },
    { kind: 'MISSES', missesPerDay },
  ];
}

/** Whether the agreement gives all of the right. */
function grants({ rows, fields, operations, smallestCount, missesPerDay }: Agreement, right: Right): boolean {
  switch (right.kind) {
    case 'OPERATION':
      return operations.has(right.operation);
    case 'COUNTS':
      return smallestCount <= right.smallestCount;
    case 'MISSES':
      // What the hub's own setting gives, no policy knows: it is neither more nor less than a number.
      return right.missesPerDay === undefined || missesPerDay === undefined
        ? right.missesPerDay === missesPerDay
        : right.missesPerDay <= missesPerDay;
    case 'ROWS': {
      const held = rows.get(right.type);
      return held !== undefined && holds(held, right.rows);
    }
    case 'FIELDS': {
      const held = rows.get(right.type);
      const grant = fields.get(right.group);
      if (held === undefined || grant === undefined) return false;
      if (right.access === 'full' && grant.access === 'masked') return false;
      const wanted = [right.rows, ...(right.scope === undefined ? [] : [right.scope])];
      // What bounds the one must hold wherever all bounds of the other do.
      return [held, ...(grant.scope === undefined ? [] : [grant.scope])].every((bound) =>
        wanted.some((one) => holds(bound, one)),
      );
    }
  }
}

/** Whether every row in the scope `narrow` is in the scope `wide`, whoever asks, and whatever the question names. */
const holds = (wide: RowsOpen, narrow: RowsOpen): boolean =>
  wide === narrow || wide === 'everything' || (wide === 'caseload' && narrow === 'case');

/** Whether the agreement opens all of an opening by itself, on all of its days. */
export function covers(agreement: Agreement, opening: Opening): boolean {
  return (
    agreement.department === opening.department &&
    agreement.role === opening.role &&
    agreement.purposes.includes(opening.purpose) &&
    grants(agreement, opening) &&
    without([opening.from, opening.until], agreement).length === 0
  );
}

/** An opening in one line, for those who decide about it. */
export function describe(opening: Opening): string {
  const { agreement, department, role, purpose, from, until } = opening;
  const period = `${from}${until === undefined ? ' 起 onward' : ` 至 to ${until}`}`;
  return `${agreement} · ${department}/${role} · ${purpose} · ${whatOf(opening)} · ${period}`;
}

function whatOf(opening: Opening): string {
  switch (opening.kind) {
    case 'FIELDS': {
      const { group, type, access, rows, scope } = opening;
      const how = access === 'full' ? '完整 in full' : '脱敏 in part';
      return `${group} (${type}) ${how} · ${rows}${scope === undefined ? '' : `, ${scope}`}`;
    }
    case 'ROWS':
      return `${opening.type} · ${opening.rows}`;
    case 'OPERATION':
      return `操作 operation ${opening.operation}`;
    case 'MISSES':
      return `每日未命中额度 fruitless checks a day: ${opening.missesPerDay ?? '默认 by default'}`;
    case 'COUNTS':
      return `计数 counts from ${opening.smallestCount}`;
  }
}

type Days = readonly [from: string, until: string | undefined];

/** The days of the agreement's validity on which none of the others stands. */
function daysLeft({ validFrom, validUntil }: Agreement, held: readonly Agreement[]): Days[] {
  return held.reduce<Days[]>((left, other) => left.flatMap((days) => without(days, other)), [[validFrom, validUntil]]);
}

function without([from, until]: Days, other: Pick<Agreement, 'validFrom' | 'validUntil'>): Days[] {
  const { validFrom, validUntil } = other;
  if (isBefore(validUntil, from) || isBefore(until, validFrom)) return [[from, until]];
  const earlier: Days[] = from < validFrom ? [[from, addDays(validFrom, -1)]] : [];
  const later: Days[] =
    validUntil !== undefined && (until === undefined || validUntil < until) ? [[addDays(validUntil, 1), until]] : [];
  return [...earlier, ...later];
}

const isBefore = (end: string | undefined, day: string): boolean => end !== undefined && end < day;
