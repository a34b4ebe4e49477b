/** A change as data, and the policy that it would make. Pure: who may do what is decided elsewhere. */
import { z } from 'zod';
import { agreementForm, groupForms, toAgreement, toGroup } from '../../access/index.ts';
import type { Agreement, AgreementState, FieldGroup, PolicyContent } from '../../access/index.ts';
import type { PolicyChangeKind } from './lists.ts';

const reasoned = z.strictObject({ reason: z.string().trim().min(1).max(1_000) });
/** What a change carries, by its kind; in this form it stands in `policy_change.content`. */
const CONTENT = {
  AMEND: z.strictObject({ agreement: agreementForm.required({ number: true }) }),
  CATALOGUE: z.strictObject({ groups: groupForms }),
  RESUME: reasoned,
  REVOKE: reasoned,
  SUSPEND: reasoned,
} as const satisfies Readonly<Record<PolicyChangeKind, z.ZodType>>;

/** A change that can be applied to a policy. */
export type Proposal =
  | { readonly kind: 'AMEND'; readonly agreement: Agreement }
  | { readonly kind: 'CATALOGUE'; readonly groups: readonly FieldGroup[] }
  | { readonly kind: 'RESUME' | 'REVOKE' | 'SUSPEND'; readonly number: string; readonly reason: string };

/** A proposal, or everything that is wrong with its form; each fault names the member. */
export type ReadProposal = { readonly proposal: Proposal } | { readonly faults: readonly string[] };

/** Reads the content of a change. `number` is that of the agreement that it is about. */
export function readProposal(kind: PolicyChangeKind, number: string | undefined, content: unknown): ReadProposal {
  switch (kind) {
    case 'AMEND':
      return parsed(CONTENT.AMEND, content, ({ agreement: { number: own, department, ...terms } }) => ({
        kind,
        agreement: toAgreement(own, department, terms),
      }));
    case 'CATALOGUE':
      return parsed(CONTENT.CATALOGUE, content, ({ groups }) => ({
        kind,
        groups: Object.entries(groups).map(([name, form]) => toGroup(name, form)),
      }));
    default:
      if (number === undefined) return { faults: ['agreement: name the number of the agreement'] };
      return parsed(CONTENT[kind], content, ({ reason }) => ({ kind, number, reason }));
  }
}

function parsed<T>(form: z.ZodType<T>, content: unknown, to: (content: T) => Proposal): ReadProposal {
  const read = form.safeParse(content);
  if (read.success) return { proposal: to(read.data) };
  return { faults: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

/** The policy with the change in it, or why it cannot be applied to this policy. */
export type Applied = { readonly content: PolicyContent } | { readonly faults: readonly string[] };

/** Applies a change. Whether the result fits the graph is checked afterwards. */
export function apply(content: PolicyContent, proposal: Proposal): Applied {
  if (proposal.kind === 'CATALOGUE') {
    if (proposal.groups.length === 0) return { faults: ['groups: name one entry at least'] };
    const groups = new Map(content.groups);
    for (const group of proposal.groups) groups.set(group.name, group);
    return { content: { ...content, groups } };
  }
  if (proposal.kind === 'AMEND') {
    const { agreement } = proposal;
    const held = find(content, agreement.number);
    if (held?.state === 'REVOKED') return { faults: [`${held.number}: it is revoked for good; draft a new agreement`] };
    // An amendment never resumes: a suspension is taken back by that name.
    const amended = held === undefined ? agreement : { ...agreement, ...stateOf(held) };
    return { content: withAgreement(content, amended) };
  }
  const held = find(content, proposal.number);
  if (held === undefined) return { faults: [`${proposal.number}: there is no such agreement`] };
  if (!MAY_BECOME[held.state].includes(proposal.kind))
    return { faults: [`${held.number}: it is ${held.state}, so there is nothing to ${proposal.kind.toLowerCase()}`] };
  const state = BECOMES[proposal.kind];
  const stateReason = state === 'ACTIVE' ? undefined : proposal.reason;
  return { content: withAgreement(content, { ...held, state, stateReason }) };
}

const BECOMES = { RESUME: 'ACTIVE', REVOKE: 'REVOKED', SUSPEND: 'SUSPENDED' } as const;
const MAY_BECOME: Readonly<Record<AgreementState, readonly PolicyChangeKind[]>> = {
  ACTIVE: ['SUSPEND', 'REVOKE'],
  SUSPENDED: ['RESUME', 'REVOKE'],
  REVOKED: [],
};

/** The agreement with the number. */
export const find = ({ agreements }: PolicyContent, number: string): Agreement | undefined =>
  agreements.find((one) => one.number === number);

const stateOf = ({ state, stateReason }: Agreement) => ({ state, stateReason });

const withAgreement = (content: PolicyContent, agreement: Agreement): PolicyContent => ({
  ...content,
  agreements: [...content.agreements.filter(({ number }) => number !== agreement.number), agreement].sort((a, b) =>
    a.number < b.number ? -1 : 1,
  ),
});
