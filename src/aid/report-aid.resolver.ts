import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { HubContext } from '../access/index.ts';
import { Code } from '../graph/index.ts';
import { AidOutcome } from './aid-item.ts';
import type { AidReceipt } from './aid-item.ts';
import type { AidReporter, ReportContext } from './report-aid.ts';
import { ReportAidInput, ReportAidPayload } from './report-aid.types.ts';

/** What the mutation finds in its context, beside what every operation has. */
export interface AidContext extends HubContext {
  readonly aid: AidReporter;
  /** Normalised document, its digest and name, for the ledger entry that the service writes. */
  readonly operation: ReportContext['operation'];
  /** Version of the policy that admitted the mutation. */
  readonly policyVersion: number;
  /** Its stamp, which must still be the one in force when the service writes. */
  readonly policyStamp: number;
}

/** Departments report the aid that they granted (S3 三(五): "反馈民政部门"). */
@Resolver()
export class ReportAid {
  @Mutation(() => ReportAidPayload, {
    description:
      '回传救助结果 · Reports grants of the caller’s own department. Idempotent on (department, sourceKey, version): ' +
      'sending a report again, in whole, in parts or in another order, changes nothing. A higher version corrects, a ' +
      'reversal undoes, history stays',
  })
  @Code({ open: false })
  async reportAid(
    @Arg('input', () => ReportAidInput, { description: '回传内容 · The report' }) input: ReportAidInput,
    @Ctx() { aid, caller, operation, policyVersion, policyStamp }: AidContext,
  ): Promise<ReportAidPayload> {
    const { items, dryRun } = input;
    return toPayload(await aid.reportAid(caller, items, { operation, policyVersion, policyStamp, dryRun }));
  }
}

function toPayload(results: readonly AidReceipt[]): ReportAidPayload {
  const count = (wanted: AidOutcome): number => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    recorded: count(AidOutcome.RECORDED),
    unchanged: count(AidOutcome.UNCHANGED),
    superseded: count(AidOutcome.SUPERSEDED),
    pending: count(AidOutcome.PENDING),
    rejected: count(AidOutcome.REJECTED),
    results,
  };
}
