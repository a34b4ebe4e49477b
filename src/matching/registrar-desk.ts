/** The services behind the mutations of the registrars of civil affairs. */
import { actOnPersons } from '../access/index.ts';
import type { ActContext, ActParts, Bound, Done } from '../access/index.ts';
import { settleConflict } from './decide-conflict.ts';
import type { ConflictDecision, DecidedConflict } from './decide-conflict.ts';
import { decideReview } from './decide-match.ts';
import type { ApplyHeldRows, DecidedMatch, MatchDecision } from './decide-match.ts';
import { mergeInto, splitFrom, undoAct } from './move-persons.ts';
import type { Acting, Part, PersonAct } from './move-persons.ts';
import { checkedReason, requireRegistrar } from './registrar.ts';

/** A reason of 2 to 500 characters without identity numbers goes with every act. */
export interface Reasoned {
  readonly reason: string;
}

/** Each is one transaction with its record in the ledger, refusals too; throws as actOnPersons and requireRegistrar say, and BAD_USER_INPUT. */
export interface RegistrarDesk {
  /** Decides a review; the rows that waited for it are applied in the same transaction. */
  decideMatch(caller: Bound, input: MatchDecision & Reasoned, context: ActContext): Promise<DecidedMatch>;
  decideConflict(caller: Bound, input: ConflictDecision & Reasoned, context: ActContext): Promise<DecidedConflict>;
  mergePersons(
    caller: Bound,
    input: Reasoned & { readonly keptId: string; readonly absorbedId: string },
    context: ActContext,
  ): Promise<PersonAct>;
  splitPerson(
    caller: Bound,
    input: Reasoned & Part & { readonly personId: string },
    context: ActContext,
  ): Promise<PersonAct>;
  undoMerge(caller: Bound, input: Reasoned & { readonly id: string }, context: ActContext): Promise<PersonAct>;
  undoSplit(caller: Bound, input: Reasoned & { readonly id: string }, context: ActContext): Promise<PersonAct>;
}

/** What the desk works with. */
export interface RegistrarDeskParts extends ActParts {
  /** Of the intake. */
  readonly applyRows: ApplyHeldRows;
}

/** Builds the services. */
export function createRegistrarDesk(parts: RegistrarDeskParts): RegistrarDesk {
  const acting = (caller: Bound, at: Date, { reason }: Reasoned): Acting => ({
    by: caller.client,
    regions: caller.regions,
    at,
    reason: checkedReason(reason),
  });
  const both = (act: PersonAct): Done<PersonAct> => ({ result: act, persons: [act.keptId, act.otherId] });
  const undo =
    (kind: PersonAct['kind'], name: string) =>
    (caller: Bound, input: Reasoned & { readonly id: string }, context: ActContext) =>
      actOnPersons(parts, { name, caller, context, admit: requireRegistrar }, async ({ tx, at }) =>
        both(await undoAct(tx, kind, input.id, acting(caller, at, input))),
      );
  return {
    decideMatch: (caller, input, context) =>
      actOnPersons(parts, { name: 'decideMatch', caller, context, admit: requireRegistrar }, ({ tx, at }) =>
        decideReview(tx, input, acting(caller, at, input), parts.applyRows),
      ),
    decideConflict: (caller, input, context) =>
      actOnPersons(parts, { name: 'decideConflict', caller, context, admit: requireRegistrar }, ({ tx, at }) =>
        settleConflict(tx, input, acting(caller, at, input)),
      ),
    mergePersons: (caller, input, context) =>
      actOnPersons(parts, { name: 'mergePersons', caller, context, admit: requireRegistrar }, async ({ tx, at }) =>
        both(await mergeInto(tx, input.keptId, input.absorbedId, acting(caller, at, input))),
      ),
    splitPerson: (caller, input, context) =>
      actOnPersons(parts, { name: 'splitPerson', caller, context, admit: requireRegistrar }, async ({ tx, at }) =>
        both(await splitFrom(tx, input.personId, input, acting(caller, at, input))),
      ),
    undoMerge: undo('MERGE', 'undoMerge'),
    undoSplit: undo('SPLIT', 'undoSplit'),
  };
}
