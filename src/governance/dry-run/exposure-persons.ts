/** Of how many the ledger knows that a coordinate which becomes open could be told. */
import type { Pool } from '../../platform/database.ts';
import { describe, openings } from './exposure.ts';
import type { Opening } from './exposure.ts';
import type { Side } from './decide.ts';
import { countTold } from './ledger-counts.ts';
import type { Count, Counted, LedgerOperation, Span } from './ledger-counts.ts';
import type { Exposure, ExposureBasis } from './report.ts';

/** What is known of the span. */
interface Known {
  readonly now: Side;
  readonly next: Side;
  readonly operations: readonly LedgerOperation[];
  readonly counts: readonly Count[];
  /** `HOUSING/SYSTEM Person.address`: what callers asked for and would get. */
  readonly asked: ReadonlySet<string>;
}

/** Measures every opening between the two policies. */
export async function measureExposures(
  pool: Pool,
  span: Span,
  { now, next, operations, counts, asked: wouldGet }: Known,
): Promise<readonly Exposure[]> {
  const opened = openings(now, next);
  if (opened.length === 0) return [];
  const answered = new Set(counts.filter(({ decision }) => decision === 'ALLOWED').map(({ operation }) => operation));
  const asked = new Set(wouldGet);
  const keys = new Map<string, number>();
  const keyOf = (name: string): number => {
    const key = keys.get(name) ?? keys.size;
    keys.set(name, key);
    return key;
  };
  const wanted = new Set(opened.map(standing));
  const nodes: Counted[] = [];
  for (const { number, department, role, nodes: coordinates } of operations) {
    const who = `${department}/${role}`;
    if (!wanted.has(who)) continue;
    coordinates.forEach((told, node) => {
      for (const coordinate of told) asked.add(`${who} ${coordinate}`);
      const type = told[0]?.split('.')[0];
      if (!answered.has(number) || type === undefined) return;
      nodes.push({ operation: number, node, key: keyOf(`${who} ${type}`) });
      nodes.push({ operation: number, node, key: keyOf(who) });
    });
  }
  const told = await countTold(pool, span, nodes);
  const toldOf = (name: string) => told.get(keys.get(name) ?? -1) ?? { persons: 0, households: 0 };
  return opened.map((opening): Exposure => {
    const { department, role, purposes, coordinate, type, from, to } = opening;
    const who = standing(opening);
    const here = toldOf(`${who} ${type}`);
    const isRead = here.persons + here.households > 0;
    const basis: ExposureBasis = opening.ofMoreRows
      ? 'MORE_ROWS'
      : !isRead
        ? 'NEVER_READ'
        : asked.has(`${who} ${coordinate}`)
          ? 'ASKED'
          : 'NEVER_ASKED';
    const counted = basis === 'NEVER_READ' ? toldOf(who) : here;
    return { department, role, purposes, coordinate, from: describe(from), to: describe(to), ...counted, basis };
  });
}

const standing = ({ department, role }: Pick<Opening, 'department' | 'role'>): string => `${department}/${role}`;
