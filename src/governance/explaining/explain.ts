/** Explains a decision from the policy alone: the same questions to the same policy as the reading road's. */
import { isInForce } from '../../access/index.ts';
import type { Agreement, SharingPolicy } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import { standingOf } from '../dry-run/decide.ts';
import { findCoordinate } from './coordinates.ts';
import type { Named } from './coordinates.ts';
import type { Explanation, Finding, Missing, Subject } from './explanation.ts';
import { findingUnder } from './finding.ts';
import { sentenceOf } from './sentence.ts';

/** What explanations are made from. */
export interface ExplainInput {
  readonly graph: Graph;
  readonly policy: SharingPolicy;
  /** The day, in Asia/Shanghai. */
  readonly today: string;
}

/**
 * Explains one coordinate to one subject.
 * @throws HubError BAD_USER_INPUT for a coordinate that names nothing
 */
export function explain(input: ExplainInput, subject: Subject, coordinate: string): Explanation {
  const named = findCoordinate(input.graph, coordinate);
  const { agreement, finding } = decided(input, subject, named);
  const opensFor =
    finding.decision !== 'DENIED' || finding.isPublic
      ? []
      : input.policy
          .purposesOf(subject, input.today)
          .filter((purpose) => purpose !== subject.purpose)
          .filter((purpose) => decided(input, { ...subject, purpose }, named).finding.decision !== 'DENIED');
  const articles = [...new Set(finding.groups.flatMap((group) => input.policy.groups.get(group)?.legalBasis ?? []))];
  const { names, ...rest } = finding;
  const explained = { ...subject, ...rest, coordinate, agreement, articles, opensFor };
  return { ...explained, sentence: sentenceOf({ ...explained, names }, input.policy.groups) };
}

/** What is decided, and by which agreement. */
export function decided(
  { graph, policy, today }: ExplainInput,
  subject: Subject,
  named: Named,
): { readonly agreement: Agreement | undefined; readonly finding: Finding } {
  const { department, role, purpose } = subject;
  const agreement = policy.agreementOf({ department, role, ...(purpose && { purpose }) }, today);
  if (agreement === undefined) {
    const outside = standingOf({ graph, policy, today }, subject).agreement;
    const finding = findingUnder({ graph, policy }, outside, named);
    if (finding.isPublic && finding.decision !== 'DENIED') return { agreement: undefined, finding };
    const [missing, instead] = whyNone(policy, subject, today);
    return { agreement: instead, finding: { ...finding, decision: 'DENIED', missing, names: [] } };
  }
  const finding = findingUnder({ graph, policy }, agreement, named);
  if (finding.isPublic || purpose === undefined || agreement.purposes.includes(purpose)) return { agreement, finding };
  // Some agreement is in force, but none for this purpose: perhaps one was, or will be.
  const [missing, instead] = whyNone(policy, subject, today);
  const isOther = missing === 'NO_AGREEMENT';
  return {
    agreement: isOther ? agreement : instead,
    finding: { ...finding, decision: 'DENIED', missing: isOther ? 'PURPOSE' : missing, names: [purpose] },
  };
}

/** Why no agreement decides, and the one that would. */
function whyNone(
  policy: SharingPolicy,
  { department, role, purpose }: Subject,
  today: string,
): readonly [Missing, Agreement | undefined] {
  const of = policy.agreements.filter(
    (one) =>
      one.department === department &&
      one.role === role &&
      !isInForce(one, today) &&
      (purpose === undefined || one.purposes.includes(purpose)),
  );
  const because = (missing: Missing, one: Agreement | undefined) => one && ([missing, one] as const);
  return (
    because(
      'SUSPENDED',
      of.find(({ state }) => state === 'SUSPENDED'),
    ) ??
    because(
      'NOT_YET_VALID',
      of.find(({ state, validFrom }) => state === 'ACTIVE' && validFrom > today),
    ) ??
    because(
      'EXPIRED',
      of.find(({ state }) => state === 'ACTIVE'),
    ) ??
    because(
      'REVOKED',
      of.find(({ state }) => state === 'REVOKED'),
    ) ?? ['NO_AGREEMENT', undefined]
  );
}
