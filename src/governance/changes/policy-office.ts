/** The life of agreements: a steward drafts a change, another one publishes it; one alone may pull the brake. */
import { createHash } from 'node:crypto';
import { loadPolicy, loadVersion, lockPolicy, toForm, writeVersion } from '../../access/index.ts';
import type { ActContext, ActParts, Bound, Department, PolicyContent } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import type { NewNotice } from '../notices/notify.ts';
import { stewardAct } from '../steward.ts';
import { brakesOf, concerned } from './consent.ts';
import { findByKey, insertDraft, lockChange, nextNumber, requestByNumber, settleChange } from './drafts.ts';
import type { HeldChange } from './drafts.ts';
import { differences } from './difference.ts';
import type { DraftKind, PolicyChangeOutcome } from './lists.ts';
import { describe } from './opening.ts';
import { find, readProposal } from './proposal.ts';
import type { Proposal } from './proposal.ts';
import { openScales } from './weighing.ts';
import type { Weighed } from './weighing.ts';

/** What the office works with. */
export interface PolicyOfficeParts extends ActParts {
  readonly graph: Graph;
  /** Tells the departments concerned, in the transaction of the act. */
  readonly notify: (tx: PoolClient, notice: NewNotice) => Promise<void>;
}

/** What a steward drafts. */
export interface Draft {
  readonly key: string;
  readonly kind: DraftKind;
  /** Of an agreement that stands; undefined for a new one and for the catalogue. */
  readonly number: string | undefined;
  /** `{ agreement }`, `{ groups }` or `{ reason }`, as `readProposal` takes it. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly summary: string;
  /** Number of the request for access that the change follows from. */
  readonly request: string | undefined;
}

/** What became of an act. Lists are empty where there is nothing to say. */
export interface ActResult {
  readonly outcome: PolicyChangeOutcome;
  readonly changeId?: string | undefined;
  readonly number?: string | undefined;
  /** Version in force after the act. */
  readonly version?: number | undefined;
  readonly faults?: readonly string[];
  readonly differences?: readonly string[];
  readonly opens?: readonly string[];
  readonly consentMissing?: readonly Department[];
}

/** The acts of stewards. Each is one transaction with its entry in the ledger; a refusal that is data changes nothing. */
export interface PolicyOffice {
  /** Idempotent on (client, key): DRAFTED, UNCHANGED, FAULTY, NOT_YOURS. */
  draft(caller: Bound, draft: Draft, context: ActContext): Promise<ActResult>;
  /** PUBLISHED, UNCHANGED, SAME_PERSON, OUTDATED, FAULTY, CONSENT_MISSING, NOT_YOURS, NOT_OPEN, UNKNOWN. */
  publish(caller: Bound, changeId: string, context: ActContext): Promise<ActResult>;
  /** WITHDRAWN, UNCHANGED, NOT_YOURS, NOT_OPEN, UNKNOWN. */
  withdraw(caller: Bound, changeId: string, context: ActContext): Promise<ActResult>;
  /** The brake, in force with the next request: PUBLISHED, UNCHANGED, FAULTY, NOT_YOURS, UNKNOWN. */
  suspend(caller: Bound, number: string, reason: string, context: ActContext): Promise<ActResult>;
  /** How one version became the other, a line each; null where one of them never was published. */
  differences(from: number, to: number): Promise<readonly string[] | null>;
}

/** Opens the office. */
export function openPolicyOffice({ graph, notify, ...parts }: PolicyOfficeParts): PolicyOffice {
  const { weigh, consentsFor } = openScales(graph);

  /** Puts the weighed change in force as a new version. */
  async function publishAs(
    tx: PoolClient,
    { after, proposal }: Weighed,
    change: Pick<HeldChange, 'id' | 'draftedBy' | 'summary'>,
    { client, department }: Bound,
    at: Date,
  ): Promise<number> {
    const digest = createHash('sha256').update(canonical(after)).digest();
    const version = await writeVersion(tx, after, digest, {
      origin: 'CHANGE',
      changeId: change.id,
      draftedBy: change.draftedBy,
      publishedBy: client,
      summary: change.summary,
    });
    await settleChange(tx, change.id, { state: 'PUBLISHED', by: client, department, at, version });
    await notify(tx, noticeOf(proposal, after, change.summary, at));
    return version;
  }

  return {
    async differences(from, to) {
      const [before, after] = await Promise.all([loadVersion(parts.pool, from), loadVersion(parts.pool, to)]);
      return before === undefined || after === undefined ? null : differences(before, after);
    },

    draft(caller, { key, kind, number, content, summary, request }, context) {
      return stewardAct(
        parts,
        { name: 'draftPolicyChange', caller, context },
        async ({ tx, at, today }): Promise<ActResult> => {
          const form = formFaults(key, summary);
          if (form.length > 0) return { outcome: 'FAULTY', faults: form };
          await lockPolicy(tx);
          const known = await findByKey(tx, caller.client, key);
          if (known !== undefined) return { outcome: 'UNCHANGED', changeId: known.id, number: known.number };
          const policy = await loadPolicy(tx);
          const isNew = kind === 'AMEND' && number === undefined;
          const about = isNew ? await nextNumber(tx, today.slice(0, 4)) : number;
          const whole =
            kind === 'AMEND' ? { agreement: { ...(content['agreement'] as object), number: about } } : content;
          if (kind === 'AMEND' && number !== undefined && find(policy, number) === undefined)
            return { outcome: 'UNKNOWN', number };
          const read = readProposal(kind, about, whole);
          if ('faults' in read) return { outcome: 'FAULTY', faults: read.faults };
          const weighed = weigh(policy, read.proposal);
          if ('faults' in weighed) return { outcome: 'FAULTY', faults: weighed.faults };
          if (!concerned(read.proposal, policy, weighed.after).has(caller.department)) return { outcome: 'NOT_YOURS' };
          if (differences(policy, weighed.after).length === 0)
            return { outcome: 'FAULTY', faults: ['the change changes nothing'] };
          const requestId = request === undefined ? undefined : await requestByNumber(tx, request);
          if (request !== undefined && requestId === undefined)
            return { outcome: 'FAULTY', faults: ['request: there is no such request'] };
          const needed = await consentsFor(tx, weighed, {
            acting: [caller.department],
            requestId,
            today,
          });
          const changeId = await insertDraft(tx, {
            ...{ key, kind, number: about, content: whole, summary, requestId, at },
            ...{ baseVersion: policy.version, draftedBy: caller.client, draftedDepartment: caller.department },
          });
          return {
            outcome: 'DRAFTED',
            changeId,
            number: about,
            opens: weighed.opened.map(describe),
            consentMissing: needed.missing,
          };
        },
      );
    },

    publish(caller, changeId, context) {
      return stewardAct(
        parts,
        { name: 'publishPolicyChange', caller, context },
        async ({ tx, at, today }): Promise<ActResult> => {
          await lockPolicy(tx);
          const change = await lockChange(tx, changeId);
          if (change === undefined) return { outcome: 'UNKNOWN' };
          const about = { changeId: change.id, number: change.number };
          if (change.state === 'PUBLISHED' && change.decidedBy === caller.client)
            return { outcome: 'UNCHANGED', version: change.publishedVersion, ...about };
          if (change.state !== 'DRAFT') return { outcome: 'NOT_OPEN', version: change.publishedVersion, ...about };
          if (change.draftedBy === caller.client) return { outcome: 'SAME_PERSON', ...about };
          const policy = await loadPolicy(tx);
          const drafted = readProposal(change.kind, change.number, change.content);
          if ('faults' in drafted) return { outcome: 'FAULTY', faults: drafted.faults, ...about };
          if (policy.version !== change.baseVersion) {
            const base = (await loadVersion(tx, change.baseVersion)) ?? policy;
            return { outcome: 'OUTDATED', version: policy.version, differences: differences(base, policy), ...about };
          }
          const weighed = weigh(policy, drafted.proposal);
          if ('faults' in weighed) return { outcome: 'FAULTY', faults: weighed.faults, ...about };
          const { proposal, after, opened } = weighed;
          if (!concerned(proposal, policy, after).has(caller.department)) return { outcome: 'NOT_YOURS', ...about };
          const acting = [change.draftedDepartment, caller.department];
          const { missing, waiting } = await consentsFor(tx, weighed, {
            acting,
            requestId: change.requestId,
            today,
          });
          if (missing.length > 0)
            return { outcome: 'CONSENT_MISSING', consentMissing: missing, opens: waiting, ...about };
          const version = await publishAs(tx, weighed, change, caller, at);
          return { outcome: 'PUBLISHED', version, opens: opened.map(describe), ...about };
        },
      );
    },

    withdraw(caller, changeId, context) {
      return stewardAct(
        parts,
        { name: 'withdrawPolicyChange', caller, context },
        async ({ tx, at }): Promise<ActResult> => {
          const change = await lockChange(tx, changeId);
          if (change === undefined) return { outcome: 'UNKNOWN' };
          const about = { changeId: change.id, number: change.number };
          if (change.draftedDepartment !== caller.department) return { outcome: 'NOT_YOURS', ...about };
          if (change.state === 'WITHDRAWN') return { outcome: 'UNCHANGED', ...about };
          if (change.state !== 'DRAFT') return { outcome: 'NOT_OPEN', version: change.publishedVersion, ...about };
          const { client: by, department } = caller;
          await settleChange(tx, change.id, { state: 'WITHDRAWN', by, department, at });
          return { outcome: 'WITHDRAWN', ...about };
        },
      );
    },

    suspend(caller, number, reason, context) {
      return stewardAct(
        parts,
        { name: 'suspendAgreement', caller, context },
        async ({ tx, at }): Promise<ActResult> => {
          await lockPolicy(tx);
          const policy = await loadPolicy(tx);
          const held = find(policy, number);
          if (held === undefined) return { outcome: 'UNKNOWN', number };
          if (!brakesOf(held, policy).includes(caller.department)) return { outcome: 'NOT_YOURS', number };
          if (held.state === 'SUSPENDED') return { outcome: 'UNCHANGED', number, version: policy.version };
          const content = { reason };
          const read = readProposal('SUSPEND', number, content);
          if ('faults' in read) return { outcome: 'FAULTY', faults: read.faults, number };
          const weighed = weigh(policy, read.proposal);
          if ('faults' in weighed) return { outcome: 'FAULTY', faults: weighed.faults, number };
          const summary = `中止 Suspended: ${reason}`;
          const { client: draftedBy, department: draftedDepartment } = caller;
          const id = await insertDraft(tx, {
            ...{ key: `suspend ${number} ${String(policy.version)}`, kind: 'SUSPEND', number, content, summary },
            ...{ baseVersion: policy.version, draftedBy, draftedDepartment, at },
          });
          const version = await publishAs(tx, weighed, { id, draftedBy, summary }, caller, at);
          return { outcome: 'PUBLISHED', changeId: id, number, version };
        },
      );
    },
  };
}

const LONGEST = { key: 64, summary: 500 } as const;

const formFaults = (key: string, summary: string): string[] =>
  Object.entries({ key, summary }).flatMap(([name, text]) => {
    const most = LONGEST[name as keyof typeof LONGEST];
    const { length } = [...text.trim()];
    return length >= 1 && length <= most ? [] : [`${name}: 1 to ${most} characters`];
  });

const NOTICES = {
  AMEND: ['AGREEMENT_PUBLISHED', '共享协议已发布 Agreement published'],
  SUSPEND: ['AGREEMENT_SUSPENDED', '共享协议已中止 Agreement suspended'],
  RESUME: ['AGREEMENT_RESUMED', '共享协议已恢复 Agreement resumed'],
  REVOKE: ['AGREEMENT_REVOKED', '共享协议已撤销 Agreement revoked'],
  CATALOGUE: ['CATALOGUE_CHANGED', '共享目录已变更 Catalogue changed'],
} as const;

/** Both sides are told: who receives, and everybody whose data is in it. */
function noticeOf(proposal: Proposal, after: PolicyContent, summary: string, at: Date): NewNotice {
  const [kind, title] = NOTICES[proposal.kind];
  const departments = concerned(proposal, after, after);
  const reference =
    proposal.kind === 'CATALOGUE'
      ? proposal.groups.map(({ name }) => name).join(', ')
      : proposal.kind === 'AMEND'
        ? proposal.agreement.number
        : proposal.number;
  return { departments, kind, reference, text: `${title}: ${reference}。${summary}`, at };
}

/** The content as one text, equal where it says the same. */
const canonical = ({ groups, agreements }: PolicyContent): string =>
  JSON.stringify([
    [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    agreements.map((agreement) => [toForm(agreement), agreement.state, agreement.stateReason ?? null]),
  ]);
