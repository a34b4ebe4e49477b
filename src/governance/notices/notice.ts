import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { closedList, connectionOf, DateTimeScalar, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';

/** What notices are about. */
export const NoticeKind = closedList('NoticeKind', '通知类别 · What a notice is about', {
  EMERGENCY_OPENED: '应急访问已开启 · Emergency access was opened',
  EMERGENCY_REVIEWED: '应急访问已复核 · Emergency access was reviewed',
  REQUEST_SUBMITTED: '共享申请待答复 · A sharing request awaits an answer',
  REQUEST_ANSWERED: '共享申请已答复 · A sharing request was answered',
  REQUEST_EXTENDED: '共享申请延期答复 · The time to answer a sharing request was extended',
  AGREEMENT_PUBLISHED: '共享协议已发布 · A sharing agreement was published or amended',
  AGREEMENT_SUSPENDED: '共享协议已暂停 · A sharing agreement was suspended',
  AGREEMENT_RESUMED: '共享协议已恢复 · A suspended sharing agreement stands again',
  AGREEMENT_REVOKED: '共享协议已终止 · A sharing agreement was revoked',
  CATALOGUE_CHANGED: '共享目录已变更 · The sharing catalogue was changed',
  GUESSING_SUSPECTED: '疑似猜测证件号码 · Identity numbers may have been guessed',
  CORRECTION_OPENED: '校核待答复 · A value is disputed and awaits an answer',
  CORRECTION_ANSWERED: '校核已答复 · A disputed value was answered',
  CORRECTION_WITHDRAWN: '校核已撤回 · A dispute was withdrawn',
  VALUE_RECALLED: '数据使用提醒 · Values that were told no longer hold',
});
export type NoticeKind = keyof typeof NoticeKind;

const OWN = { group: 'notice', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;

/**
 * What a department is told because it answers for something: an emergency that opened its data, an agreement that was
 * suspended. Written in the transaction of what it tells of. It names cases and agreements, and never a person.
 */
@Entity()
@Check('ck_notice__department', isOneOf('department', DepartmentCode))
@Check('ck_notice__kind', isOneOf('kind', NoticeKind))
@Check('ck_notice__acknowledged', '(acknowledged_by is null) = (acknowledged_at is null)')
@Index(['department', 'createdAt', 'id'])
@ObjectType({ description: '通知 · What a department is told because it answers for something' })
@Rows({ department: 'department' })
export class Notice {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '通知主键 · Identifier of the notice' })
  @Rule(OWN)
  id!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, { nullable: true, description: '被通知部门 · Department that is told' })
  @Rule(OWN)
  department!: DepartmentCode;

  @Column('varchar')
  @Field(() => NoticeKind, { nullable: true, description: '类别 · What it is about' })
  @Rule(OWN)
  kind!: NoticeKind;

  @Column('varchar')
  @Field(() => String, {
    nullable: true,
    description: '所涉编号 · Number of what it is about: an agreement, a request, an emergency',
  })
  @Rule(OWN)
  reference!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '内容 · What happened, without any personal data' })
  @Rule(OWN)
  text!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '发出时间 · When it was written' })
  @Rule(OWN)
  createdAt!: Date;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '签收人 · Client that acknowledged it first' })
  @Rule(OWN)
  acknowledgedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, { nullable: true, description: '签收时间 · When it was acknowledged' })
  @Rule(OWN)
  acknowledgedAt!: Date | null;
}

/** A page of notices. */
export const NoticeConnection = connectionOf(() => Notice, 'Notice', '通知');
