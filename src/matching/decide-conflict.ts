/** What a person decides about a contradiction, and what follows from it at once. */
import type { Done } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { sqlState } from '../platform/database.ts';
import { parseDate } from '../platform/dates.ts';
import { badUserInput } from '../platform/errors.ts';
import { isId } from '../platform/id.ts';
import { inRegions } from './move-persons.ts';
import type { Acting } from './move-persons.ts';
import type { ConflictKind, ConflictOutcome, ConflictState } from './registry-conflict.ts';

/** How a conflict is decided; `on` with SET_DATE and END_OTHER, 'YYYY-MM-DD'. */
export interface ConflictDecision {
  readonly id: string;
  readonly outcome: ConflictOutcome;
  readonly on?: string | null | undefined;
}

/** Where it stands afterwards. */
export interface DecidedConflict {
  readonly id: string;
  readonly kind: ConflictKind;
  readonly outcome: ConflictOutcome;
  readonly personId: string;
  /** Rows of the registry that were changed. */
  readonly changed: number;
}

interface Held {
  readonly kind: ConflictKind;
  readonly state: ConflictState;
  readonly personId: string;
  readonly householdId: string | null;
  readonly delivered: string | null;
}

/** Outcomes that each kind can have; what is only noted is dealt with elsewhere. */
const FITTING: Readonly<Record<ConflictKind, readonly ConflictOutcome[]>> = {
  DEATH_DATE: ['KEEP', 'TAKE_DELIVERED', 'SET_DATE', 'NOTED'],
  DOUBLE_HOUSEHOLD: ['KEEP', 'END_OTHER', 'NOTED'],
  NAME_DIFFERS: ['KEEP', 'NOTED'],
  SEX_OR_BIRTH: ['KEEP', 'NOTED'],
  ID_SHARED: ['NOTED'],
};

/**
 * Decides a conflict. A date of death is set; a membership that stood, and the benefits from it, end on the day decided. Throws BAD_USER_INPUT for a
 * conflict that is not there or decided, an outcome that does not fit its kind, and a missing date.
 */
export async function settleConflict(
  tx: PoolClient,
  { id, outcome, on }: ConflictDecision,
  acting: Acting,
): Promise<Done<DecidedConflict>> {
  const held = await lockConflict(tx, id, acting);
  if (!FITTING[held.kind].includes(outcome))
    throw badUserInput(
      `outcome: a conflict of the kind ${held.kind} is decided by one of ${FITTING[held.kind].join(', ')}`,
    );
  const changed = await carryOut(tx, held, outcome, on);
  await tx.query(
    `update registry_conflict set state = 'DECIDED', outcome = $2, reason = $3, decided_by = $4, decided_at = $5 where id = $1`,
    [id, outcome, acting.reason, acting.by, acting.at],
  );
  return { result: { id, kind: held.kind, outcome, personId: held.personId, changed }, persons: [held.personId] };
}

async function lockConflict(tx: PoolClient, id: string, { regions }: Acting): Promise<Held> {
  const { rows } = await tx.query<Held>(
    `select kind, state, person_id as "personId", household_id as "householdId", delivered
     from registry_conflict c where id = $1 and ${inRegions('c', '$2')} for no key update`,
    [isId(id) ? id : null, [...regions]],
  );
  const [held] = rows;
  if (held === undefined) throw badUserInput('id: there is no conflict with this identifier');
  if (held.state !== 'OPEN') throw badUserInput('id: it was decided');
  return held;
}

async function carryOut(
  tx: PoolClient,
  held: Held,
  outcome: ConflictOutcome,
  on: string | null | undefined,
): Promise<number> {
  if (held.kind === 'DEATH_DATE' && (outcome === 'TAKE_DELIVERED' || outcome === 'SET_DATE')) {
    const day = outcome === 'SET_DATE' ? dayOf(on) : dayOf(held.delivered);
    const { rowCount } = await tx.query('update person set died_on = $2 where id = $1', [held.personId, day]);
    return rowCount ?? 0;
  }
  if (outcome === 'END_OTHER') return endMembership(tx, held, dayOf(on));
  return 0;
}

/** In the household that stood: what was valid on that day or later ends then. */
async function endMembership(tx: PoolClient, { personId, householdId }: Held, day: string): Promise<number> {
  let changed = 0;
  for (const table of ['recipient', 'membership']) {
    try {
      const { rowCount } = await tx.query(
        `update ${table} set valid_to = $3 where person_id = $1 and household_id = $2 and (valid_to is null or valid_to > $3)`,
        [personId, householdId, day],
      );
      changed += rowCount ?? 0;
    } catch (error) {
      if (sqlState(error) === CHECK_VIOLATION)
        throw badUserInput('on: the membership or a benefit begins after this day');
      throw error;
    }
  }
  return changed;
}

const CHECK_VIOLATION = '23514';

function dayOf(text: string | null | undefined): string {
  const day = text == null ? undefined : parseDate(text);
  if (day === undefined) throw badUserInput('on: give the day, as YYYY-MM-DD');
  return day;
}
