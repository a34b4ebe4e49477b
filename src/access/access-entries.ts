/** What the ledger is told about an operation: who asked, what left, about whom, in which case. */
import { OperationTypeNode } from 'graphql';
import type { Answer, Bindings, Operation, StatementPlan, Subject } from '../graph/index.ts';
import type { HubContext } from './caller.ts';
import { entryBy } from './ledger/entry-by.ts';
import type { AccessEntry, Disclosed } from './ledger/entry.ts';

/** What every entry of an operation has in common. */
interface Asked {
  readonly context: HubContext;
  readonly operation: Operation;
  readonly at: Date;
  readonly policyVersion: number;
}

/** An entry begun. */
function begun(
  { context: { caller }, operation, at, policyVersion }: Asked,
  coordinates: AccessEntry['coordinates'],
): AccessEntry {
  const { name, digest, text } = operation;
  return entryBy(caller, {
    at,
    kind: operation.definition.operation === OperationTypeNode.MUTATION ? 'WRITE' : 'READ',
    operation: { digest, text, ...(name === undefined ? {} : { name }) },
    coordinates,
    policyVersion,
  });
}

/** The entry of an operation that was refused; `coordinates` are the denied ones, `misses` the numbers asked in vain. */
export const refusedEntry = (
  asked: Asked,
  reason: string,
  coordinates: readonly string[],
  misses: readonly Buffer[],
): AccessEntry => ({
  ...begun(asked, [coordinates]),
  decision: 'REFUSED',
  reason,
  misses,
});

/**
 * The entries of an answer: one, or one per case where the questions named several. A number that found nobody is told
 * as its keyed hash.
 */
export function disclosureEntries(
  asked: Asked,
  plan: StatementPlan,
  answer: Answer,
  bindings: Bindings,
  missKey: (number: string) => Buffer,
): AccessEntry[] {
  const own = asked.context.caller.caseNo ?? '';
  const questions = plan.nodes.find((node) => node.questions !== undefined)?.questions;
  const keys = questions?.keys.read(bindings) as readonly string[] | undefined;
  const cases = questions?.cases.read(bindings) as readonly (string | null)[] | undefined;
  const coordinates = plan.nodes.map((node) => node.coordinates);
  const told = new Map<string, Told>();
  const toldIn = (caseNo: string): Told => {
    const known = told.get(caseNo) ?? { persons: [], households: [], misses: [] };
    told.set(caseNo, known);
    return known;
  };
  const tell = (subject: Subject, { persons, households, misses }: Told): void => {
    if (subject.kind === 'person') persons.push(subject);
    else if (subject.kind === 'household') households.push(subject);
    else if (subject.kind === 'miss') misses.push(missKey(keys?.[(subject.question ?? 0) - 1] ?? ''));
  };

  if (cases === undefined || cases.every((caseNo) => caseNo === null)) {
    const all = toldIn(own);
    for (const subject of answer.subjects) tell(subject, all);
  } else {
    // A row below an answered question has no ordinal of its own: it belongs to every case that asked for its person.
    const casesOf = new Map<string, Set<string>>();
    const caseOf = (question: number): string => cases[question - 1] ?? own;
    for (const { id, question } of answer.subjects) {
      if (question !== undefined) casesOf.set(id, (casesOf.get(id) ?? new Set()).add(caseOf(question)));
    }
    for (const subject of answer.subjects) {
      const { id, question } = subject;
      const names = question === undefined ? (casesOf.get(id) ?? [own]) : [caseOf(question)];
      for (const name of names) tell(subject, toldIn(name));
    }
    if (told.size === 0) toldIn(own);
  }
  return [...told].map(([caseNo, subjects]) => ({
    ...begun(asked, coordinates),
    caseNo,
    ...subjects,
  }));
}

/** Who is told about in the entry of one case. */
interface Told {
  readonly persons: Disclosed[];
  readonly households: Disclosed[];
  readonly misses: Buffer[];
}
