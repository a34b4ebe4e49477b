import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ActContext, HubContext } from '../../access/index.ts';
import { Code } from '../../graph/index.ts';
import type { ActResult, PolicyOffice } from './policy-office.ts';
import { DraftPolicyChangeInput, PolicyChangePayload } from './policy-changes.types.ts';
import type { AgreementTermsInput, CatalogueEntryInput } from './policy-changes.types.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface PolicyOfficeContext extends HubContext, ActContext {
  readonly policyOffice: PolicyOffice;
}

/** Stewards change agreements and the catalogue: one drafts, another publishes (政务数据共享条例 art. 20, 21, 27). */
@Resolver()
export class PolicyChanges {
  @Mutation(() => PolicyChangePayload, {
    description: '起草变更 · Drafts a change; it decides nothing until another steward publishes it',
  })
  @Code({ open: false })
  async draftPolicyChange(
    @Arg('input', () => DraftPolicyChangeInput, { description: '草案 · The draft' }) input: DraftPolicyChangeInput,
    @Ctx() context: PolicyOfficeContext,
  ): Promise<PolicyChangePayload> {
    const { key, kind, agreement, terms, entries, reason, summary, request } = input;
    const content = {
      ...(terms ? { agreement: toForm(terms) } : {}),
      ...(entries ? { groups: Object.fromEntries(entries.map(toEntry)) } : {}),
      ...(typeof reason === 'string' ? { reason } : {}),
    };
    const draft = { key, kind, number: agreement ?? undefined, content, summary, request: request ?? undefined };
    return toPayload(await context.policyOffice.draft(context.caller, draft, context));
  }

  @Mutation(() => PolicyChangePayload, {
    description:
      '发布变更 · Publishes a draft of somebody else as a new version, in force with the next request. Owners of what it ' +
      'opens wider must have agreed',
  })
  @Code({ open: false })
  async publishPolicyChange(
    @Arg('change', () => ID, { description: '变更主键 · Identifier of the change' }) change: string,
    @Ctx() context: PolicyOfficeContext,
  ): Promise<PolicyChangePayload> {
    return toPayload(await context.policyOffice.publish(context.caller, change, context));
  }

  @Mutation(() => PolicyChangePayload, { description: '撤回草案 · Withdraws a draft of the own department' })
  @Code({ open: false })
  async withdrawPolicyChange(
    @Arg('change', () => ID, { description: '变更主键 · Identifier of the change' }) change: string,
    @Ctx() context: PolicyOfficeContext,
  ): Promise<PolicyChangePayload> {
    return toPayload(await context.policyOffice.withdraw(context.caller, change, context));
  }

  @Mutation(() => PolicyChangePayload, {
    description:
      '中止协议 · The brake: suspends an agreement with the next request. One steward of an owner, or of civil affairs, ' +
      'suffices; both sides are told',
  })
  @Code({ open: false })
  async suspendAgreement(
    @Arg('agreement', () => String, { description: '协议编号 · Number of the agreement' }) agreement: string,
    @Arg('reason', () => String, { description: '理由 · Reason' }) reason: string,
    @Ctx() context: PolicyOfficeContext,
  ): Promise<PolicyChangePayload> {
    return toPayload(await context.policyOffice.suspend(context.caller, agreement, reason, context));
  }

  @Query(() => [String], {
    nullable: true,
    description: '版本差异 · How two versions of the policy differ, one line each; null where one of them never was',
  })
  @Code({ open: true })
  policyDifferences(
    @Arg('from', () => Int, { description: '原版本 · The one version' }) from: number,
    @Arg('to', () => Int, { description: '新版本 · The other version' }) to: number,
    @Ctx() { policyOffice }: PolicyOfficeContext,
  ): Promise<readonly string[] | null> {
    return policyOffice.differences(from, to);
  }
}

/** A code of the graph as the policy writes it: OWN_DEPARTMENT is own-department. */
const word = (code: string): string => code.toLowerCase().replaceAll('_', '-');

const toForm = ({ rows, fields, validUntil, missesPerDay, ...terms }: AgreementTermsInput) => ({
  ...terms,
  ...(typeof missesPerDay === 'number' ? { missesPerDay } : {}),
  ...(typeof validUntil === 'string' ? { validUntil } : {}),
  rows: Object.fromEntries(rows.map(({ type, scope }) => [type, word(scope)])),
  fields: Object.fromEntries(
    fields.map(({ name, access, scope }) => [name, scope ? `${word(access)}:${word(scope)}` : word(access)]),
  ),
});

const toEntry = ({ name, note, ...entry }: CatalogueEntryInput) =>
  [name, { ...entry, ...(typeof note === 'string' ? { note } : {}) }] as const;

const toPayload = ({ outcome, changeId, number, version, ...lists }: ActResult): PolicyChangePayload => ({
  outcome,
  change: changeId ?? null,
  agreement: number ?? null,
  version: version ?? null,
  faults: lists.faults ?? [],
  differences: lists.differences ?? [],
  opens: lists.opens ?? [],
  consentMissing: lists.consentMissing ?? [],
});
