import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { Computed, DateScalar, isOneOf, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { field, personRecord, tableWriter } from '../../intake/index.ts';
import type { RecordKind } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId, VALIDITY_CHECK } from '../../registry/index.ts';
import { RelatedStatusKind } from './lists.ts';
import { excludedFromIncome } from './rules.ts';

const OWNER = 'CIVIL_AFFAIRS';
/** Most of them are children: who a child's guardians are, or are not, is told to few (PIPL art. 28, 31). */
const STATUS = { group: 'related-status', owner: OWNER, sensitivity: 'SENSITIVE' } as const;

/** A status or subsidy beside the programmes: part of the overview of aid, no status that others rely on. */
@Entity()
@Check('ck_related_status__kind', isOneOf('kind', RelatedStatusKind))
@Check('ck_related_status__amount', 'amount_fen >= 0')
@Check('ck_related_status__validity', VALIDITY_CHECK)
@Index(['personId', 'validFrom', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '关联身份 · A status or subsidy beside the programmes',
})
@Rows({ person: 'personId', via: 'person' })
export class RelatedStatus extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => RelatedStatusKind, { nullable: true, description: '身份类别 · Kind' })
  @Rule(STATUS)
  kind!: RelatedStatusKind;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '等级 · Grade or class within the kind' })
  @Rule(STATUS)
  grade!: string | null;

  @Column('varchar', { nullable: true })
  certificateNo!: string | null;

  /** In fen; null where the kind is a status and no subsidy. */
  @Column('bigint', { name: 'amount_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '月补贴金额 · Amount a month; masked: the band' })
  @Rule({ group: 'aid-amount', owner: OWNER, sensitivity: 'PERSONAL', mask: 'amount-band' })
  amount!: string | null;

  /** 甘政办发〔2017〕28号 二(二): the two disability subsidies are no income of the household; so are others by rule. */
  @Field(() => Boolean, { nullable: true, description: '不计入低保收入 · Not counted as income when Dibao is judged' })
  @Rule(STATUS)
  @Computed((row, at) => excludedFromIncome(row.column('kind'), row.column('personId'), at.today))
  excludedFromIncome!: boolean;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '起始日期 · Valid from' })
  @Rule(STATUS)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '终止日期 · Valid to, that day included; null while open' })
  @Rule(STATUS)
  validTo!: string | null;
}

const fields = [
  field.oneOf('kind', RelatedStatusKind, {
    title: '身份类别 · Kind',
    required: true,
    column: 'kind',
    aliases: {
      社会散居孤儿: 'ORPHAN',
      机构养育孤儿: 'ORPHAN',
      事实无人抚养: 'DE_FACTO_UNATTENDED_CHILD',
      农村留守儿童: 'LEFT_BEHIND_CHILD',
      生活补贴: 'DISABLED_LIVING_SUBSIDY',
      残疾人生活补贴: 'DISABLED_LIVING_SUBSIDY',
      护理补贴: 'SEVERE_DISABLED_CARE_SUBSIDY',
      残疾人护理补贴: 'SEVERE_DISABLED_CARE_SUBSIDY',
      高龄津贴: 'ELDERLY_ALLOWANCE',
      高龄补贴: 'ELDERLY_ALLOWANCE',
      老年人津贴: 'ELDERLY_ALLOWANCE',
      优抚: 'ENTITLED_VETERAN',
      建档立卡贫困户: 'FILED_POOR',
      建档立卡贫困人口: 'FILED_POOR',
      '660': 'OTHER_LOW_INCOME',
      其他: 'OTHER_LOW_INCOME',
    },
  }),
  field.text('grade', { title: '等级 · Grade', column: 'grade', most: 60 }),
  field.text('certificateNo', { title: '证号 · Number', column: 'certificate_no', most: 60 }),
  field.yuan('amount', { title: '月补贴金额 · Amount a month', column: 'amount_fen' }),
  field.date('validFrom', { title: '起始日期 · From', required: true, column: 'valid_from' }),
  field.date('validTo', { title: '终止日期 · To', column: 'valid_to' }),
];

/** 关联身份 · Statuses and subsidies beside the programmes. */
export const relatedStatuses: RecordKind = {
  name: 'RELATED_STATUS',
  title: '关联身份 · Related status',
  department: OWNER,
  subject: 'person',
  fields,
  check: ({ content: { validFrom = '', validTo } }) =>
    validTo !== undefined && validTo < validFrom ? [{ field: 'validTo', code: 'BAD_ORDER' }] : [],
  writer: tableWriter({ table: 'related_status' }),
};
