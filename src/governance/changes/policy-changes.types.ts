/** What the mutations of changes take and give. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { AccessGroupInput, AccessRowsInput } from '../requests/access-requests.types.ts';
import {
  CallerPurpose,
  CallerRole,
  CatalogueRhythm,
  DataSensitivity,
  DraftKind,
  PolicyChangeOutcome,
  SharingAttribute,
} from './lists.ts';

/** An agreement, complete: what it does not name is denied. */
@InputType({ description: '协议条款 · All terms of an agreement; what they do not name is denied' })
export class AgreementTermsInput {
  @Field(() => DepartmentCode, { description: '使用部门 · Department that receives' })
  department!: DepartmentCode;

  @Field(() => CallerRole, { description: '使用方角色 · Role within it' })
  role!: CallerRole;

  @Field(() => String, { description: '名称 · Title' })
  title!: string;

  @Field(() => String, { description: '法律依据 · Legal basis, with its article' })
  legalBasis!: string;

  @Field(() => [CallerPurpose], { description: '使用目的 · What for' })
  purposes!: CallerPurpose[];

  @Field(() => DateScalar, { description: '生效日期 · First day' })
  validFrom!: string;

  @Field(() => DateScalar, { nullable: true, description: '终止日期 · Last day, that day included; null: without end' })
  validUntil?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: '应急协议 · Decides in emergencies, and only there' })
  emergency!: boolean;

  @Field(() => Int, { defaultValue: 0, description: '最小计数 · Counts below this are not told; 0 tells all' })
  smallestCount!: number;

  @Field(() => Int, {
    nullable: true,
    description: '每日未命中额度 · Checks a day that may find nobody; null: as the hub is set',
  })
  missesPerDay?: number | null;

  @Field(() => [String], { description: '操作 · Operations, e.g. checkStatus' })
  operations!: string[];

  @Field(() => [AccessRowsInput], { description: '数据范围 · Of whom, by type' })
  rows!: AccessRowsInput[];

  @Field(() => [AccessGroupInput], { description: '信息项 · Groups of fields' })
  fields!: AccessGroupInput[];
}

/** An entry of the catalogue, complete. */
@InputType({ description: '目录条目 · An entry of the sharing catalogue (政务数据共享条例第13至15条)' })
export class CatalogueEntryInput {
  @Field(() => String, { description: '信息项名称 · Name of the group, e.g. diagnosis' })
  name!: string;

  @Field(() => String, { description: '中文名称 · Chinese term' })
  title!: string;

  @Field(() => DepartmentCode, { description: '数源部门 · Owner, who answers for it' })
  owner!: DepartmentCode;

  @Field(() => SharingAttribute, { description: '共享属性 · Sharing attribute' })
  attribute!: SharingAttribute;

  @Field(() => String, { description: '法律依据 · Legal basis' })
  legalBasis!: string;

  @Field(() => String, { description: '数据格式 · Format' })
  format!: string;

  @Field(() => CatalogueRhythm, { description: '更新频率 · How often it is delivered' })
  rhythm!: CatalogueRhythm;

  @Field(() => DataSensitivity, { description: '数据分级 · Sensitivity' })
  sensitivity!: DataSensitivity;

  @Field(() => String, { nullable: true, description: '共享条件 · Conditions, or why it is not shared' })
  note?: string | null;
}

/** A change as a steward drafts it. */
@InputType({ description: '变更草案 · A change of agreements or of the catalogue' })
export class DraftPolicyChangeInput {
  @Field(() => String, { description: '起草人自编号 · Your own key of the draft; sent again, it is the same draft' })
  key!: string;

  @Field(() => DraftKind, { description: '类型 · What the change does' })
  kind!: DraftKind;

  @Field(() => String, {
    nullable: true,
    description: '协议编号 · Number of the agreement to amend, resume or revoke; left out for a new one',
  })
  agreement?: string | null;

  @Field(() => AgreementTermsInput, { nullable: true, description: '协议条款 · All terms, for AMEND' })
  terms?: AgreementTermsInput | null;

  @Field(() => [CatalogueEntryInput], { nullable: true, description: '目录条目 · Entries, for CATALOGUE' })
  entries?: CatalogueEntryInput[] | null;

  @Field(() => String, { nullable: true, description: '理由 · Reason, for RESUME and REVOKE' })
  reason?: string | null;

  @Field(() => String, { description: '摘要 · What the change is for, in one sentence' })
  summary!: string;

  @Field(() => String, { nullable: true, description: '共享申请编号 · Number of the request that it follows from' })
  request?: string | null;
}

/** What became of an act of a steward. */
@ObjectType({ description: '办理结果 · What became of an act' })
export class PolicyChangePayload {
  @Field(() => PolicyChangeOutcome, { description: '结果 · Outcome' })
  outcome!: PolicyChangeOutcome;

  @Field(() => ID, { nullable: true, description: '变更主键 · Identifier of the change' })
  change!: string | null;

  @Field(() => String, { nullable: true, description: '协议编号 · Number of the agreement' })
  agreement!: string | null;

  @Field(() => Int, { nullable: true, description: '政策版本 · Version that is in force with this' })
  version!: number | null;

  @Field(() => [String], { description: '有误之处 · Everything that is wrong' })
  faults!: readonly string[];

  @Field(() => [String], { description: '起草后的变化 · How the policy changed since the draft' })
  differences!: readonly string[];

  @Field(() => [String], { description: '新开放内容 · What the change opens wider, to whom and when' })
  opens!: readonly string[];

  @Field(() => [DepartmentCode], { description: '待同意部门 · Owners who have not agreed yet' })
  consentMissing!: readonly DepartmentCode[];
}
