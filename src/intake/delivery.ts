import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { closedList, connectionOf, DateTimeScalar, isOneOf, RegionCodeScalar, Rows, Rule } from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';

export const DeliveryMode = closedList('DeliveryMode', '报送方式 · How a delivery is meant', {
  SNAPSHOT: '全量（缺少的视为已停报） · This is everything: what is missing has ended',
  DELTA: '增量 · These changed',
});
export type DeliveryMode = keyof typeof DeliveryMode;

export const DeliveryStateCode = closedList('DeliveryState', '报送批次状态 · What became of a delivery', {
  STAGING: '接收中 · Rows are coming in',
  STAGED: '已接收，待入库 · Read; waits to be applied',
  PREVIEWING: '预览中 · Being previewed; nothing is applied',
  PREVIEWED: '已预览，待入库 · Previewed: the counts say what applying would do',
  APPLYING: '入库中 · Being applied',
  APPLIED: '已入库 · Applied',
  WITHDRAWN: '已撤回 · Withdrawn',
  FAILED: '入库失败 · Failed; nothing that was applied is lost',
  ABANDONED: '接收中断 · The upload ended early; nothing was applied',
});

/** Deliveries are of the department that delivers; civil affairs sees that all arrive. */
export const DELIVERIES = { group: 'deliveries', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;

const counted = { nullable: true } as const;

/** One delivery: a file, a call of the API, a table. No value of any row is in it. */
@Entity()
@Check('ck_delivery__department', isOneOf('department', DepartmentCode))
@Check('ck_delivery__mode', isOneOf('mode', DeliveryMode))
@Check('ck_delivery__state', isOneOf('state', DeliveryStateCode))
@Check('ck_delivery__region_code', `region_code ~ '^[0-9]{12}$'`)
@Check('ck_delivery__file_digest', 'octet_length(file_digest) = 32')
@Check(
  'ck_delivery__finished',
  `(state in ('STAGING', 'STAGED', 'PREVIEWING', 'PREVIEWED', 'APPLYING')) = (finished_at is null)`,
)
@Check('ck_delivery__lease', '(lease_by is null) = (lease_until is null)')
@Index(['department', 'openedAt', 'id'])
@Index(['openedAt', 'id'])
@Index('ix_delivery__file_digest', ['fileDigest'], { where: 'file_digest is not null' })
@Index(['sourceSystem', 'record'])
@Index('ix_delivery__state', ['state'], { where: 'finished_at is null' })
@ObjectType({ description: '报送批次 · A delivery of records: a file, a call or a table' })
@Rows({ department: 'department' })
export class Delivery {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '批次主键 · Identifier of the delivery' })
  @Rule(DELIVERIES)
  id!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '报送部门 · Department that delivers' })
  @Rule(DELIVERIES)
  department!: DepartmentCode;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '来源系统 · Source whose keys the rows have' })
  @Rule(DELIVERIES)
  sourceSystem!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '记录类型 · Kind of record, e.g. STUDENT' })
  @Rule(DELIVERIES)
  record!: string;

  @Column('varchar')
  @Field(() => DeliveryMode, { nullable: true, description: '报送方式 · Everything, or what changed' })
  @Rule(DELIVERIES)
  mode!: DeliveryMode;

  @Column('varchar')
  @Field(() => DeliveryStateCode, { nullable: true, description: '状态 · What became of it' })
  @Rule(DELIVERIES)
  state!: keyof typeof DeliveryStateCode;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '数据时点 · When the rows were true in their source' })
  @Rule(DELIVERIES)
  asOf!: Date;

  @Column('varchar', { length: 12, nullable: true })
  @Field(() => RegionCodeScalar, { nullable: true, description: '所涉区划 · Division it is about; null: everywhere' })
  @Rule(DELIVERIES)
  regionCode!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '文件名 · Name of the file' })
  @Rule(DELIVERIES)
  fileName!: string | null;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '格式 · CSV, XLSX, API …' })
  @Rule(DELIVERIES)
  format!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '报送人 · Client that delivered' })
  @Rule(DELIVERIES)
  openedBy!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '开始时间 · When it was opened' })
  @Rule(DELIVERIES)
  openedAt!: Date;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '结束时间 · When it came to its end' })
  @Rule(DELIVERIES)
  finishedAt!: Date | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '待处理事项 · TOO_MANY_MISSING: the missing were not ended; INTERNAL: it failed',
  })
  @Rule(DELIVERIES)
  code!: string | null;

  /** SHA-256 of the file as it came: the same file again is found by it. */
  @Column('bytea', { nullable: true })
  fileDigest!: Buffer | null;

  /** Bytes of the rows as they were staged. */
  @Column('bigint', { default: 0 })
  byteCount!: string;

  /** Whether what is missing ends beyond the sanity share too. */
  @Column('boolean', { default: false })
  endAll!: boolean;

  /** When rows last came in or were applied, by the database's clock: what does not move is swept. */
  @Column('timestamptz')
  seenAt!: Date;

  @Column('timestamptz', { nullable: true })
  stagedAt!: Date | null;

  /** Who asked for it to be applied, for the worker's entries in the ledger. */
  @Column('jsonb', { nullable: true })
  askedBy!: object | null;

  /** The worker that applies it, and until when it is alone with it. */
  @Column('uuid', { nullable: true })
  leaseBy!: string | null;

  @Column('timestamptz', { nullable: true })
  leaseUntil!: Date | null;

  /** When its rows as they came were forgotten. */
  @Column('timestamptz', { nullable: true })
  forgottenAt!: Date | null;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '已处理至行号 · Rows are applied, or previewed, up to this one' })
  @Rule(DELIVERIES)
  appliedThrough!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '总行数 · Rows that came' })
  @Rule(DELIVERIES)
  rowCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '有误未接收行数 · Rows lost by a fault' })
  @Rule(DELIVERIES)
  faultyCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '重复行数 · Rows that came again with the same content' })
  @Rule(DELIVERIES)
  repeatedCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '新增 · Recorded for the first time' })
  @Rule(DELIVERIES)
  recordedCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '变更 · Changed; the old version is kept' })
  @Rule(DELIVERIES)
  changedCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '未变 · Held already with the same content' })
  @Rule(DELIVERIES)
  unchangedCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '退回 · Refused when applied' })
  @Rule(DELIVERIES)
  rejectedCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '待身份核实 · Held for identity review' })
  @Rule(DELIVERIES)
  heldCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '待裁定 · In conflict with another record' })
  @Rule(DELIVERIES)
  conflictCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '全量中缺少 · Held and not in the snapshot' })
  @Rule(DELIVERIES)
  missingCount!: number;

  @Column('int', { default: 0 })
  @Field(() => Int, { ...counted, description: '停报 · Of these, ended' })
  @Rule(DELIVERIES)
  endedCount!: number;
}

/** A page of deliveries. */
export const DeliveryConnection = connectionOf(() => Delivery, 'Delivery', '报送批次');
