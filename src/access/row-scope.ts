/** The row scopes that an agreement may name, as SQL over one row. */
import type { RowAnchors } from '../graph/index.ts';
import type { RowScope } from '../graph/index.ts';
import type { Row } from '../graph/index.ts';
import { callerSlot } from '../graph/index.ts';
import { and, join, raw, sql } from '../graph/index.ts';
import type { Sql } from '../graph/index.ts';

/** `everything`: no bound · `match`: what the question itself names · the rest as their functions say. */
export const SCOPES = ['everything', 'region', 'caseload', 'case', 'own-department', 'match'] as const;
/** Name of a row scope. */
export type ScopeKind = (typeof SCOPES)[number];

/** The place columns in which the caller's regions stand, and whether there is just one region. */
export interface CallerPlaces {
  /** Place properties, e.g. `countyCode`; the caller's codes are bound as `regions.countyCode`. */
  readonly properties: readonly string[];
  readonly single: boolean;
}

/** The scope as SQL for a caller with regions of these levels. */
export function rowScope(kind: ScopeKind, places: CallerPlaces): RowScope {
  switch (kind) {
    case 'everything':
    case 'match':
      return { kind, predicate: () => undefined };
    case 'region':
      return { kind, predicate: (row, anchors) => (anchors.place === true ? inRegions(row, places) : below(anchors)) };
    case 'caseload':
      return { kind, predicate: (row, anchors) => inCaseload(row, anchors, undefined) };
    case 'case':
      return { kind, predicate: (row, anchors) => inCaseload(row, anchors, callerSlot('caseNo', 'text')) };
    case 'own-department':
      return {
        kind,
        predicate: (row, { department, departments, via }) => {
          const own = callerSlot('department', 'text');
          if (department !== undefined) return sql`${row.column(department)} = ${own}`;
          if (departments !== undefined) return sql`${own} = any(${row.column(departments)})`;
          return via === undefined ? raw('false') : 'via';
        },
      };
  }
}

/** No anchor for this scope: the parent decides, and where there is none, nothing is in scope. */
const below = ({ via, public: open }: RowAnchors): Sql | undefined | 'via' =>
  open === true ? undefined : via === undefined ? raw('false') : 'via';

/** Rows of the caller's divisions and everything below them. */
function inRegions(row: Row, { properties, single }: CallerPlaces): Sql {
  if (properties.length === 0) return raw('false');
  const any = properties.map((property) =>
    single
      ? sql`${row.column(property)} = ${callerSlot(`regions.${property}`, 'text')}`
      : sql`${row.column(property)} = any(${callerSlot(`regions.${property}`, 'text[]')})`,
  );
  return any.length === 1 ? and(any) : sql`(${join(any, ' or ')})`;
}

/** Rows about persons (or else households) that the caller's department has an open case for: all cases, or one. */
function inCaseload(
  row: Row,
  anchors: RowAnchors,
  caseNo: ReturnType<typeof callerSlot> | undefined,
): Sql | undefined | 'via' {
  const { person, household } = anchors;
  if (person === undefined && household === undefined) return below(anchors);
  const subject =
    person !== undefined
      ? sql`c.person_id = ${row.column(person)}`
      : sql`c.household_id = ${row.column(household ?? '')}`;
  return sql`exists (select 1 from caseload c where ${and([subject, ...openCase(caseNo)])})`;
}

const today = callerSlot('today', 'date');

const openCase = (caseNo: ReturnType<typeof callerSlot> | undefined): Sql[] => [
  sql`c.department = ${callerSlot('department', 'text')}`,
  ...(caseNo === undefined ? [] : [sql`c.case_no = ${caseNo}`]),
  sql`c.opened_on <= ${today}`,
  sql`(c.closed_on is null or c.closed_on >= ${today})`,
];

/** Whether the case that the request names is an open one of the caller's department. */
export const caseIsKnown: Sql = sql`exists (select 1 from caseload c where ${and(openCase(callerSlot('caseNo', 'text')))})`;
