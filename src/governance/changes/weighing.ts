/** What a change does to the policy in force: whether it fits, what it opens, and whose word that needs. */
import { faultsOf, loadVersion } from '../../access/index.ts';
import type { Department, PolicyContent, PolicyData } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { missingConsent, ownersOf, ownersOfEntries } from './consent.ts';
import { lastSuspension } from './drafts.ts';
import { readGranted } from './granted.ts';
import { describe, opens, shapeOf } from './opening.ts';
import type { Opening } from './opening.ts';
import { apply } from './proposal.ts';
import type { Proposal } from './proposal.ts';

/** A change, and all that it makes of the policy in force. */
export interface Weighed {
  readonly policy: PolicyData;
  readonly proposal: Proposal;
  readonly after: PolicyContent;
  readonly opened: readonly Opening[];
}

/** Who acts, on what grounds, and when. */
export interface ConsentTerms {
  /** Departments of whoever drafted and of whoever publishes. */
  readonly acting: readonly Department[];
  /** The request for access that the change follows from. */
  readonly requestId: string | undefined;
  readonly today: string;
}

/** Owners who have not agreed, sorted, and the openings that wait for them. */
export interface Consents {
  readonly missing: readonly Department[];
  readonly waiting: readonly string[];
}

/** Weighs changes against a graph. */
export function openScales(graph: Graph) {
  const shape = shapeOf(graph);

  /** The policy in force with the change in it; or all that is wrong. */
  function weigh(policy: PolicyData, proposal: Proposal): Weighed | { readonly faults: readonly string[] } {
    const applied = apply(policy, proposal);
    if ('faults' in applied) return applied;
    const after = applied.content;
    const opened = opens(policy, after, shape);
    const faults = [...faultsOf(graph, after), ...neverShared(opened, after)];
    return faults.length > 0 ? { faults } : { policy, proposal, after, opened };
  }

  /** The owners who have not agreed yet where these departments act, and what waits for them. */
  async function consentsFor(
    tx: PoolClient,
    { policy, proposal, after, opened }: Weighed,
    { acting, requestId, today }: ConsentTerms,
  ): Promise<Consents> {
    const granted = await readGranted(tx, requestId, today);
    const needing: Department[] = ownersOfEntries(proposal, policy, after).filter((owner) => !acting.includes(owner));
    let asked = opened;
    if (proposal.kind === 'RESUME') {
      // What owners agreed to before the suspension they need not agree to again; whoever pulled the brake lets it go.
      const suspension = await lastSuspension(tx, proposal.number);
      const before = suspension?.activeVersion && (await loadVersion(tx, suspension.activeVersion));
      if (before) asked = opens(before, after, shape).filter(({ agreement }) => agreement === proposal.number);
      if (suspension && !acting.includes(suspension.department)) needing.push(suspension.department);
    }
    const missing = [...new Set([...needing, ...missingConsent(asked, after, acting, granted)])].sort();
    const waiting = asked.filter((opening) => ownersOf(opening, after).some((owner) => missing.includes(owner)));
    return { missing, waiting: waiting.map(describe) };
  }

  return { weigh, consentsFor };
}

/** 不予共享 is shared with nobody but its owner, and the auditors whom 审计法 art. 34 gives access. */
function neverShared(opened: readonly Opening[], { groups }: PolicyContent): string[] {
  const faults = opened.flatMap((opening) => {
    if (opening.kind !== 'FIELDS' || opening.department === 'AUDIT') return [];
    const group = groups.get(opening.group);
    if (group?.attribute !== 'NOT_SHARED' || group.owner === opening.department) return [];
    return [`${opening.agreement}: ${group.title} (${group.name}) is not shared, by ${group.legalBasis}`];
  });
  return [...new Set(faults)];
}
