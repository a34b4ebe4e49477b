import { Kind } from 'graphql';
import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { Args, ArgsType, Ctx, Field, ID, Info, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../../access/index.ts';
import { Code, DateScalar } from '../../graph/index.ts';
import { badUserInput } from '../../platform/errors.ts';
import { PolicyDryRun } from './dry-run.types.ts';
import type { DryRunEffect } from './dry-run.types.ts';
import type { Foresight } from './foresight.ts';
import type { DryRunReport } from './report.ts';

/** What the queries of stewards find in their context. */
export interface ForesightContext extends HubContext {
  readonly foresight: Foresight;
}

@ArgsType()
class PolicyDryRunArgs {
  @Field(() => ID, { nullable: true, description: '变更主键 · Identifier of a change on file' })
  change?: string;

  @Field(() => String, {
    nullable: true,
    description:
      '草案 · In its place a draft as JSON: an agreement as `hub policy show` prints it, or { "catalogue": … }',
  })
  draft?: string;

  @Field(() => DateScalar, { nullable: true, description: '起始日期 · First day; 30 days ago by default' })
  since?: string;

  @Field(() => DateScalar, { nullable: true, description: '截止日期 · Last day; today by default' })
  until?: string;
}

/** Changes tried on the past, for stewards. */
@Resolver()
export class PolicyDryRuns {
  @Query(() => PolicyDryRun, {
    description:
      '变更预演 · Replays the ledger against a change before it is published: what would newly fail, pass or be masked, and ' +
      'what of how many would newly be told. For stewards, with the purpose GOVERNANCE and a case; itself on record',
  })
  @Code({ open: true })
  async policyDryRun(
    @Args() { change, draft, since, until }: PolicyDryRunArgs,
    @Ctx() { caller, foresight }: ForesightContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PolicyDryRun> {
    const tried = change ? { change } : draft ? { draft } : undefined;
    if (tried === undefined || (change && draft)) throw badUserInput('change, draft: name one of them');
    const days = { since: since ?? undefined, until: until ?? undefined };
    const asked = selectedIn(info);
    const wanted = {
      requests: asked.has('effects') || asked.has('affected'),
      exposures: asked.has('exposures'),
    };
    return toAnswer(await foresight.dryRun(caller, tried, days, wanted));
  }
}

/** Names of the fields that are asked for. */
function selectedIn({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const names = new Set<string>();
  const enter = (set: SelectionSetNode | undefined): void => {
    for (const node of set?.selections ?? []) {
      if (node.kind === Kind.FIELD) names.add(node.name.value);
      else enter(node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments[node.name.value]?.selectionSet);
    }
  };
  for (const node of fieldNodes) enter(node.selectionSet);
  return names;
}

const toAnswer = ({ effects, affected, vanishing, ...rest }: DryRunReport): PolicyDryRun => ({
  ...rest,
  effects: Object.entries(effects).map(([effect, requests]) => ({ effect: effect as DryRunEffect, requests })),
  affected: affected.map((one) => ({ ...one, purpose: one.purpose ?? null, code: one.code ?? null })),
  vanishing: vanishing.map((one) => ({
    ...one,
    agreement: one.agreement?.number ?? null,
    lastAt: one.lastAt ?? null,
  })),
});
