/** What departments do about recalls: acknowledge them, look again, and say what came of it. */
import { actOnPersons, byPolicy } from '../access/index.ts';
import type { ActContext, ActParts, Bound } from '../access/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import { isId } from '../platform/id.ts';
import type { RecallOutcome } from './lists.ts';
import type { ActOnRecallInput, RecallReceipt } from './recalls.types.ts';
import { asNamed } from './subject.ts';
import type { SubjectColumns } from './subject.ts';

/** The service behind the mutations of recalls. Throws BAD_USER_INPUT. */
export interface Recalls {
  /** Says that the caller's department has seen a recall; the first acknowledgement stands. */
  acknowledge(caller: Bound, id: string, context: ActContext): Promise<RecallReceipt>;
  /** Says what was done, once; the same again changes nothing. Who acts has seen it. */
  act(caller: Bound, input: ActOnRecallInput, context: ActContext): Promise<RecallReceipt>;
}

interface HeldRecall extends SubjectColumns {
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly outcome: RecallOutcome | null;
  readonly note: string | null;
}

const MOST_CHARACTERS = 1_000;

/** Builds the service. Who may is the policy's affair; whose recall it is, is decided here. */
export function createRecalls(parts: ActParts): Recalls {
  return {
    acknowledge: (caller, id, context) =>
      actOnPersons(parts, { name: 'acknowledgeRecall', caller, context, admit: byPolicy }, async ({ tx, at }) => {
        const held = await lock(tx, id, caller.department);
        if (held.acknowledgedAt === null)
          await tx.query('update recall set acknowledged_by = $2, acknowledged_at = $3 where id = $1', [
            id,
            caller.client,
            at,
          ]);
        return {
          result: receiptOf(id, held, caller.client, at, held.outcome, held.acknowledgedAt !== null),
          ...asNamed(held),
        };
      }),
    act: (caller, { id, outcome, note }, context) =>
      actOnPersons(parts, { name: 'actOnRecall', caller, context, admit: byPolicy }, async ({ tx, at }) => {
        const said = noteOf(note, outcome);
        const held = await lock(tx, id, caller.department);
        const named = asNamed(held);
        if (held.outcome !== null) {
          if (held.outcome === outcome && held.note === said)
            return { result: receiptOf(id, held, caller.client, at, outcome, true), ...named };
          throw badUserInput(`id: the recall was acted on already (${held.outcome})`);
        }
        await tx.query(
          `update recall set acknowledged_by = coalesce(acknowledged_by, $2), acknowledged_at = coalesce(acknowledged_at, $3),
             outcome = $4, note = $5, acted_by = $2, acted_at = $3 where id = $1`,
          [id, caller.client, at, outcome, said],
        );
        return { result: receiptOf(id, held, caller.client, at, outcome, false), ...named };
      }),
  };
}

/** The department's recall, locked. @throws BAD_USER_INPUT, of another department's as of none */
async function lock(tx: PoolClient, id: string, department: string): Promise<HeldRecall> {
  const { rows } = await tx.query<HeldRecall>(
    `select person_id as "personId", household_id as "householdId", acknowledged_by as "acknowledgedBy", acknowledged_at as "acknowledgedAt", outcome, note
     from recall where id = $1 and department = $2 for update`,
    [isId(id) ? id : null, department],
  );
  const [held] = rows;
  if (held === undefined) throw badUserInput('id: there is no recall with this identifier to your department');
  return held;
}

function noteOf(note: string | null | undefined, outcome: RecallOutcome): string | null {
  const said = note?.normalize('NFC').trim() ?? '';
  if ([...said].length > MOST_CHARACTERS || said.includes('\0'))
    throw badUserInput(`note: at most ${String(MOST_CHARACTERS)} characters`);
  if (said === '' && outcome === 'ADJUSTED') throw badUserInput('note: say what was adjusted');
  return said === '' ? null : said;
}

const receiptOf = (
  id: string,
  held: HeldRecall,
  client: string,
  at: Date,
  outcome: RecallOutcome | null,
  unchanged: boolean,
): RecallReceipt => ({
  id,
  acknowledgedBy: held.acknowledgedBy ?? client,
  acknowledgedAt: held.acknowledgedAt ?? at,
  outcome,
  unchanged,
});
