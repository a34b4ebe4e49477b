import { Arg, Args, ArgsType, Ctx, Field, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../access/index.ts';
import { Code, compiled, PageArgs, Plan } from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';
import {
  DeliveryReceipt,
  SubmitRecordsInput,
  SubmitRecordsPayload,
  toReceipt,
  toSubmitted,
} from './deliveries.types.ts';
import { Delivery, DeliveryConnection, DeliveryStateCode } from './delivery.ts';
import { DeliveryFinding, DeliveryFindingConnection } from './delivery-finding.ts';
import type { DeliveryContext, Intake } from './intake-service.ts';

/** What the mutations find in their context, beside what every operation has. */
export interface IntakeContext extends HubContext, DeliveryContext {
  readonly intake: Pick<Intake, 'submit' | 'preview' | 'apply' | 'withdraw'>;
}

@ArgsType()
class DeliveriesArgs extends PageArgs {
  @Field(() => DeliveryStateCode, { nullable: true, description: '状态 · Only deliveries in this state' })
  state?: keyof typeof DeliveryStateCode;

  @Field(() => String, { nullable: true, description: '记录类型 · Only this kind of record' })
  record?: string;

  @Field(() => DepartmentCode, {
    nullable: true,
    description: '部门 · Only of this department; others see their own alone',
  })
  department?: DepartmentCode;
}

@ArgsType()
class DeliveryArgs {
  @Field(() => ID, { description: '批次主键 · Identifier' })
  id!: string;
}

@ArgsType()
class DeliveryFindingsArgs extends PageArgs {
  @Field(() => ID, { description: '批次主键 · Delivery' })
  delivery!: string;
}

/** As a choice, so that the id runs the same way and one index serves it. */
const NEWEST_FIRST = { property: '-openedAt', coordinate: 'Delivery.openedAt' };

/** Deliveries as the department that delivers reads them. */
@Resolver()
export class DeliveryQueries {
  @Query(() => DeliveryConnection, {
    description: '报送批次列表 · Deliveries of the own department, newest first; civil affairs sees all',
  })
  @Plan<DeliveriesArgs>(({ state, record, department, ...page }) => ({
    of: Delivery,
    equals: { state, record, department },
    order: [NEWEST_FIRST],
    ...page,
  }))
  deliveries(@Args(() => DeliveriesArgs) _args: DeliveriesArgs): never {
    return compiled();
  }

  @Query(() => Delivery, { nullable: true, description: '报送批次 · One delivery; null when there is none in scope' })
  @Plan<DeliveryArgs>(({ id }) => ({
    of: Delivery,
    equals: { id },
  }))
  delivery(@Args(() => DeliveryArgs) _args: DeliveryArgs): never {
    return compiled();
  }

  @Query(() => DeliveryFindingConnection, {
    description: '报送问题 · What was found in the rows of a delivery, by row number',
  })
  @Plan<DeliveryFindingsArgs>(({ delivery, ...page }) => ({
    of: DeliveryFinding,
    equals: { deliveryId: delivery },
    order: ['rowNo'],
    ...page,
  }))
  deliveryFindings(@Args(() => DeliveryFindingsArgs) _args: DeliveryFindingsArgs): never {
    return compiled();
  }
}

/** What a department does with its deliveries. */
@Resolver()
export class DeliveryActs {
  @Mutation(() => SubmitRecordsPayload, {
    description:
      '报送记录 · Records of one kind of the caller’s own department, applied at once. Idempotent on sourceKey and content: ' +
      'sent again, nothing changes. A bad item costs no other one',
  })
  @Code({ open: false })
  async submitRecords(
    @Arg('input', () => SubmitRecordsInput, { description: '报送内容 · The records' }) input: SubmitRecordsInput,
    @Ctx() { intake, caller, operation, policyVersion, policyStamp }: IntakeContext,
  ): Promise<SubmitRecordsPayload> {
    const { record, asOf, region, items, dryRun } = input;
    const submission = {
      record,
      asOf: asOf === undefined || asOf === null ? undefined : new Date(asOf),
      region: region ?? undefined,
      items,
      dryRun,
    };
    return toSubmitted(await intake.submit(caller, submission, { operation, policyVersion, policyStamp }));
  }

  @Mutation(() => DeliveryReceipt, {
    description:
      '预览报送 · Has a worker find out what applying would do now; nothing is kept. The query delivery shows how far it is, and the ' +
      'counts once it is PREVIEWED',
  })
  @Code({ open: false })
  async previewDelivery(
    @Arg('id', () => ID, { description: '批次主键 · Delivery that was not applied' }) id: string,
    @Ctx() { intake, caller, operation, policyVersion, policyStamp }: IntakeContext,
  ): Promise<DeliveryReceipt> {
    return toReceipt(await intake.preview(caller, id, { operation, policyVersion, policyStamp }));
  }

  @Mutation(() => DeliveryReceipt, {
    description:
      '报送入库 · Has a delivery applied by a worker; asks for progress with the query delivery. Idempotent. endAll ends what a ' +
      'snapshot does not have beyond the sanity share too',
  })
  @Code({ open: false })
  async applyDelivery(
    @Arg('id', () => ID, { description: '批次主键 · Delivery' }) id: string,
    @Arg('endAll', () => Boolean, { defaultValue: false, description: '确认停报 · End all that are missing' })
    endAll: boolean,
    @Ctx() { intake, caller, operation, policyVersion, policyStamp }: IntakeContext,
  ): Promise<DeliveryReceipt> {
    return toReceipt(await intake.apply(caller, id, { endAll }, { operation, policyVersion, policyStamp }));
  }

  @Mutation(() => DeliveryReceipt, { description: '撤回报送 · Takes back a delivery that was not applied' })
  @Code({ open: false })
  async withdrawDelivery(
    @Arg('id', () => ID, { description: '批次主键 · Delivery' }) id: string,
    @Ctx() { intake, caller, operation, policyVersion, policyStamp }: IntakeContext,
  ): Promise<DeliveryReceipt> {
    return toReceipt(await intake.withdraw(caller, id, { operation, policyVersion, policyStamp }));
  }
}
