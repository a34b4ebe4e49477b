/** What the API takes and gives: inputs are lenient, payloads tell counts and codes. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { closedList, DateTimeScalar } from '../graph/index.ts';
import { DeliveryStateCode } from './delivery.ts';
import { FAULTS, FindingCode } from './faults.ts';
import type { FaultCode } from './faults.ts';
import type { DeliveryState, DeliveryStatus, ItemResult, SubmissionResult } from './intake-service.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An object of fields by name; its values are read by the rules of the kind, so that a bad one costs its own item. */
export const RecordFields = new GraphQLScalarType<Fields, Fields>({
  name: 'RecordFields',
  description:
    '记录字段 · An object: values by field name, as text, numbers or Booleans. The fields of each kind of record are those ' +
    'of its template',
  parseValue: accept,
  parseLiteral: (node) => accept(literal(node)),
  serialize: accept,
});

function accept(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new GraphQLError('RecordFields must be an object of values by field name');
}

function literal(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.INT:
    case Kind.FLOAT:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map(literal);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literal(value)]));
    default:
      return null;
  }
}

/** One record. */
@InputType({ description: '单条记录 · One record' })
export class SubmitRecordInput {
  @Field(() => RecordFields, {
    description: '字段 · sourceKey（业务编号）, the person where the kind has one, and the fields of the kind',
  })
  fields!: Fields;
}

/** Records of one kind. */
@InputType({ description: '报送内容 · Records of one kind' })
export class SubmitRecordsInput {
  @Field(() => String, { description: '记录类型 · Kind of record, e.g. STUDENT' })
  record!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '数据时点 · When the records were true in their source; now unless said',
  })
  asOf?: Date | string | null;

  @Field(() => String, {
    nullable: true,
    description: '所涉区划 · Division that they are about, within the caller’s own',
  })
  region?: string | null;

  @Field(() => [SubmitRecordInput], { description: '明细 · At most 1,000 items; the results come in the same order' })
  items!: SubmitRecordInput[];

  @Field(() => Boolean, { defaultValue: false, description: '试运行 · Checks everything and writes nothing' })
  dryRun: boolean = false;
}

export const RecordOutcome = closedList('RecordOutcome', '单条处理结果 · What became of one record', {
  RECORDED: '已记录 · Recorded',
  CHANGED: '已变更，旧版本留存 · Changed; the old version is kept',
  UNCHANGED: '与已存内容一致 · Same content as held: nothing was written',
  REJECTED: '未接收，见代码和处理办法 · Rejected: see code and remedy',
  HELD: '待身份核实，无需重报 · Held for identity review; nothing to send again',
  CONFLICT: '与其他记录冲突，待裁定 · In conflict with another record; being decided',
});

/** What became of one record. */
@ObjectType({ description: '单条回执 · What became of one record' })
export class RecordReceipt {
  @Field(() => Int, { description: '序号 · Position of the item in the call, from 0' })
  index!: number;

  @Field(() => String, { nullable: true, description: '业务编号 · The department’s own key, where it could be read' })
  sourceKey!: string | null;

  @Field(() => RecordOutcome, { description: '处理结果 · Outcome' })
  outcome!: keyof typeof RecordOutcome;

  @Field(() => FindingCode, { nullable: true, description: '原因代码 · Why it was rejected or waits, or a doubt' })
  code!: FaultCode | null;

  @Field(() => String, { nullable: true, description: '字段 · Field that the code is about' })
  field!: string | null;

  @Field(() => String, { nullable: true, description: '原因 · What is wrong' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: '处理办法 · What to do about it' })
  remedy!: string | null;
}

/** What became of a call. */
@ObjectType({ description: '报送结果 · What became of the records' })
export class SubmitRecordsPayload {
  @Field(() => ID, { nullable: true, description: '批次主键 · Delivery of this call; null for a dry run' })
  delivery!: string | null;

  @Field(() => Int, { description: '新增条数 · Recorded' })
  recorded!: number;

  @Field(() => Int, { description: '变更条数 · Changed' })
  changed!: number;

  @Field(() => Int, { description: '未变条数 · Unchanged' })
  unchanged!: number;

  @Field(() => Int, { description: '退回条数 · Rejected' })
  rejected!: number;

  @Field(() => Int, { description: '待核实条数 · Held for identity review, or in conflict' })
  held!: number;

  @Field(() => [RecordReceipt], { description: '逐条回执 · One for each item, in the order given' })
  results!: RecordReceipt[];
}

/** A delivery after an act. */
@ObjectType({ description: '批次状态 · A delivery after an act, with its counts' })
export class DeliveryReceipt {
  @Field(() => ID, { description: '批次主键 · Identifier of the delivery' })
  id!: string;

  @Field(() => DeliveryStateCode, { description: '状态 · State' })
  state!: DeliveryState;

  @Field(() => String, { nullable: true, description: '待处理事项 · TOO_MANY_MISSING: the missing are not ended' })
  code!: string | null;

  @Field(() => Int, { description: '总行数 · Rows' })
  rows!: number;

  @Field(() => Int, { description: '有误未接收 · Lost by a fault' })
  faulty!: number;

  @Field(() => Int, { description: '重复 · Came again with the same content' })
  repeated!: number;

  @Field(() => Int, { description: '新增 · Recorded for the first time' })
  recorded!: number;

  @Field(() => Int, { description: '变更 · Changed' })
  changed!: number;

  @Field(() => Int, { description: '未变 · Unchanged' })
  unchanged!: number;

  @Field(() => Int, { description: '退回 · Refused when applied' })
  rejected!: number;

  @Field(() => Int, { description: '待身份核实 · Held for identity review' })
  held!: number;

  @Field(() => Int, { description: '待裁定 · In conflict' })
  conflicts!: number;

  @Field(() => Int, { description: '全量中缺少 · Missing in the snapshot' })
  missing!: number;

  @Field(() => Int, { description: '停报 · Ended' })
  ended!: number;
}

/** A status as the schema tells it. */
export const toReceipt = ({ id, state, code, counts }: DeliveryStatus): DeliveryReceipt => ({
  id,
  state,
  code,
  ...counts,
});

/** A submission as the schema tells it. */
export function toSubmitted({ deliveryId, results }: SubmissionResult): SubmitRecordsPayload {
  const count = (...wanted: readonly ItemResult['outcome'][]): number =>
    results.filter(({ outcome }) => wanted.includes(outcome)).length;
  return {
    delivery: deliveryId,
    recorded: count('RECORDED'),
    changed: count('CHANGED'),
    unchanged: count('UNCHANGED'),
    rejected: count('REJECTED'),
    held: count('HELD', 'CONFLICT'),
    results: results.map((one) => ({
      ...one,
      ...(one.code === null ? { reason: null, remedy: null } : FAULTS[one.code]),
    })),
  };
}
