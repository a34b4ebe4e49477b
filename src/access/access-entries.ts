/** What the ledger is told about an operation: who asked, what left, about whom, in which case. */
import { OperationTypeNode } from 'graphql';
import type { Answer, Bindings, Operation, StatementPlan, Subject } from '../graph/index.ts';
import { newId } from '../platform/id.ts';
import type { HubContext } from './caller.ts';
import type { AccessEntry } from './ledger/index.ts';

/** What every entry of an operation has in common. */
interface Asked {
  readonly context: HubContext;
  readonly operation: Operation;
  readonly at: Date;
  readonly policyVersion: number;
}

type Common = Omit<AccessEntry, 'decision' | 'coordinates' | 'persons' | 'households' | 'misses'>;

function common({ context: { caller }, operation, at, policyVersion }: Asked): Common {
  const { name } = operation;
  return {
    id: newId(),
    at,
    client: caller.client,
    department: caller.department,
    role: caller.role,
    purpose: caller.purpose ?? '',
    caseNo: caller.caseNo ?? '',
    kind: operation.definition.operation === OperationTypeNode.MUTATION ? 'WRITE' : 'READ',
    operation: { digest: operation.digest, text: operation.text, ...(name === undefined ? {} : { name }) },
    policyVersion,
  };
}

/** The entry of an operation that was refused; `coordinates` are the denied ones, `misses` the numbers asked in vain. */
export const refusedEntry = (
  asked: Asked,
  reason: string,
  coordinates: readonly string[],
  misses: readonly Buffer[],
): AccessEntry => ({
  ...common(asked),
  decision: 'REFUSED',
  reason,
  coordinates: [coordinates],
  persons: [],
  households: [],
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
  const cases = (questions?.cases.read(bindings) ?? []) as readonly (string | null)[];
  const caseOf = ({ question }: Subject): string => cases[(question ?? 0) - 1] ?? own;

  // A row below an answered question has no ordinal of its own: it belongs to every case that asked for its person.
  const casesOf = new Map<string, Set<string>>();
  for (const subject of answer.subjects) {
    if (subject.question === undefined) continue;
    const held = casesOf.get(subject.id) ?? new Set<string>();
    casesOf.set(subject.id, held.add(caseOf(subject)));
  }
  const byCase = new Map<string, Subject[]>(questions === undefined ? [[own, []]] : []);
  for (const subject of answer.subjects) {
    const names = subject.question === undefined ? (casesOf.get(subject.id) ?? [own]) : [caseOf(subject)];
    for (const name of names) byCase.set(name, [...(byCase.get(name) ?? []), subject]);
  }
  if (byCase.size === 0) byCase.set(own, []);

  const keyOf = ({ node, question }: Subject): Buffer => {
    const keys = plan.nodes[node]?.questions?.keys.read(bindings) as readonly string[] | undefined;
    return missKey(keys?.[(question ?? 0) - 1] ?? '');
  };
  const coordinates = plan.nodes.map((node) => node.coordinates);
  return [...byCase].map(([caseNo, subjects]) => {
    const of = (kind: Subject['kind']) =>
      subjects.filter((subject) => subject.kind === kind).map(({ id, node }) => ({ id, node }));
    return {
      ...common(asked),
      caseNo,
      decision: 'ALLOWED',
      coordinates,
      persons: of('person'),
      households: of('household'),
      misses: subjects.filter(({ kind }) => kind === 'miss').map(keyOf),
    };
  });
}
