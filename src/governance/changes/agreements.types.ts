/** Agreements, the catalogue and versions as anybody may read them: the types that the lists of agreements.list.ts tell. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateScalar, DateTimeScalar, Derived, Rule } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import { GroupAccess, RequestedScope } from '../requests/lists.ts';
import {
  AgreementState,
  CallerPurpose,
  CallerRole,
  CatalogueRhythm,
  DataSensitivity,
  SharingAttribute,
} from './lists.ts';

/** Open to every authenticated caller. */
export const OPEN = { group: 'public', owner: 'CIVIL_AFFAIRS', sensitivity: 'PUBLIC' } as const;

/** Rows of one type that an agreement opens. */
@ObjectType({ description: '数据范围 · Of whom: the rows of one type' })
@Derived({ public: true })
export class AgreementRows {
  @Field(() => String, { nullable: true, description: '类型 · Type of the graph' })
  @Rule(OPEN)
  type!: string;

  @Field(() => RequestedScope, { nullable: true, description: '范围 · Which of its rows' })
  @Rule(OPEN)
  scope!: RequestedScope;
}

/** A group of fields that an agreement opens. */
@ObjectType({ description: '共享信息项 · A group of fields that an agreement opens' })
@Derived({ public: true })
export class AgreementFields {
  @Field(() => String, { nullable: true, description: '信息项 · Group of the sharing catalogue' })
  @Rule(OPEN)
  group!: string;

  @Field(() => String, { nullable: true, description: '中文名称 · Chinese term' })
  @Rule(OPEN)
  title!: string;

  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Owner' })
  @Rule(OPEN)
  owner!: DepartmentCode;

  @Field(() => GroupAccess, { nullable: true, description: '共享程度 · In full or in part' })
  @Rule(OPEN)
  access!: GroupAccess;

  @Field(() => RequestedScope, {
    nullable: true,
    description: '范围 · More narrowly than the rows; null: on all of them',
  })
  @Rule(OPEN)
  scope!: RequestedScope | null;
}

/** An agreement in one version of the policy. */
@ObjectType({ description: '共享协议 · A sharing agreement: who receives what, of whom, for what, until when' })
@Derived({ public: true })
export class SharingAgreement {
  @Field(() => String, { nullable: true, description: '协议编号 · Number, the same in every version' })
  @Rule(OPEN)
  number!: string;

  @Field(() => DepartmentCode, { nullable: true, description: '使用部门 · Department that receives' })
  @Rule(OPEN)
  department!: DepartmentCode;

  @Field(() => CallerRole, { nullable: true, description: '使用方角色 · Role within it' })
  @Rule(OPEN)
  role!: CallerRole;

  @Field(() => String, { nullable: true, description: '名称 · Title' })
  @Rule(OPEN)
  title!: string;

  @Field(() => String, { nullable: true, description: '法律依据 · Legal basis' })
  @Rule(OPEN)
  legalBasis!: string;

  @Field(() => [CallerPurpose], { nullable: true, description: '使用目的 · What for' })
  @Rule(OPEN)
  purposes!: CallerPurpose[];

  @Field(() => DateScalar, { nullable: true, description: '生效日期 · First day' })
  @Rule(OPEN)
  validFrom!: string;

  @Field(() => DateScalar, { nullable: true, description: '终止日期 · Last day, that day included; null: without end' })
  @Rule(OPEN)
  validUntil!: string | null;

  @Field(() => AgreementState, { nullable: true, description: '状态 · State' })
  @Rule(OPEN)
  state!: AgreementState;

  @Field(() => String, { nullable: true, description: '状态理由 · Why it is suspended or revoked' })
  @Rule(OPEN)
  stateReason!: string | null;

  @Field(() => Boolean, { nullable: true, description: '今日是否有效 · Whether it decides today' })
  @Rule(OPEN)
  inForce!: boolean;

  @Field(() => Boolean, { nullable: true, description: '应急协议 · Decides in emergencies, and only there' })
  @Rule(OPEN)
  emergency!: boolean;

  @Field(() => Int, { nullable: true, description: '最小计数 · Counts below this are not told; 0 tells all' })
  @Rule(OPEN)
  smallestCount!: number;

  @Field(() => Int, {
    nullable: true,
    description: '每日未命中额度 · Checks a day that may find nobody; null: as the hub is set',
  })
  @Rule(OPEN)
  missesPerDay!: number | null;

  @Field(() => [String], { nullable: true, description: '操作 · Operations' })
  @Rule(OPEN)
  operations!: string[];
}

/** An entry of the catalogue. */
@ObjectType({ description: '共享目录条目 · An entry of the sharing catalogue (政务数据共享条例第13至15条)' })
@Derived({ public: true })
export class CatalogueEntry {
  @Field(() => String, { nullable: true, description: '信息项 · Name of the group' })
  @Rule(OPEN)
  name!: string;

  @Field(() => String, { nullable: true, description: '中文名称 · Chinese term' })
  @Rule(OPEN)
  title!: string;

  @Field(() => DepartmentCode, { nullable: true, description: '数源部门 · Owner, who answers for it' })
  @Rule(OPEN)
  owner!: DepartmentCode;

  @Field(() => SharingAttribute, { nullable: true, description: '共享属性 · Sharing attribute' })
  @Rule(OPEN)
  attribute!: SharingAttribute;

  @Field(() => String, { nullable: true, description: '法律依据 · Legal basis' })
  @Rule(OPEN)
  legalBasis!: string;

  @Field(() => String, { nullable: true, description: '数据格式 · Format' })
  @Rule(OPEN)
  format!: string | null;

  @Field(() => CatalogueRhythm, { nullable: true, description: '更新频率 · How often it is delivered' })
  @Rule(OPEN)
  rhythm!: CatalogueRhythm | null;

  @Field(() => DataSensitivity, { nullable: true, description: '数据分级 · Sensitivity' })
  @Rule(OPEN)
  sensitivity!: DataSensitivity | null;

  @Field(() => String, { nullable: true, description: '共享条件 · Conditions, or why it is not shared' })
  @Rule(OPEN)
  note!: string | null;
}

/** A version of the policy. */
@ObjectType({ description: '政策版本 · A version of agreements and catalogue; none is ever changed or removed' })
@Derived({ public: true })
export class PolicyVersion {
  @Field(() => Int, { nullable: true, description: '版本号 · Number; every record of an access names it' })
  @Rule(OPEN)
  version!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: '发布时间 · When it was published' })
  @Rule(OPEN)
  publishedAt!: Date;

  @Field(() => Boolean, { nullable: true, description: '是否现行 · Whether it is the one in force' })
  @Rule(OPEN)
  inForce!: boolean;

  @Field(() => ID, {
    nullable: true,
    description: '所依变更 · The change that made it; null where it came with the hub',
  })
  @Rule(OPEN)
  change!: string | null;

  @Field(() => String, { nullable: true, description: '摘要 · What it was for' })
  @Rule(OPEN)
  summary!: string | null;

  @Field(() => String, { nullable: true, description: '起草人 · Client that drafted it' })
  @Rule(OPEN)
  draftedBy!: string | null;

  @Field(() => String, { nullable: true, description: '发布人 · Client that published it' })
  @Rule(OPEN)
  publishedBy!: string | null;
}
