import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, DateScalar, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';

/** Who answers for these records. */
export const OWNER = 'LABOUR';
/** 就业失业信息: what others than civil affairs, labour and audit learn nothing of. */
export const JOB_STATUS = { group: 'employment', owner: OWNER, sensitivity: 'PERSONAL' } as const;
/** 拒绝就业记录: civil affairs may cut the person's own share because of them (R649 art. 45). */
export const REFUSALS = { group: 'refusals', owner: OWNER, sensitivity: 'PERSONAL' } as const;

export const EmploymentStatus = closedList(
  'EmploymentStatus',
  '就业状态 · Where a person stands in the labour market',
  {
    EMPLOYED: '在业 · Employed',
    REGISTERED_JOBLESS: '登记失业 · Registered jobless',
    HARD_TO_EMPLOY: '就业困难人员 · Hard to employ',
    NOT_IN_LABOUR_FORCE: '非劳动力 · Not in the labour force',
  },
);
export type EmploymentStatus = keyof typeof EmploymentStatus;

/** A registration with the employment service. */
@Entity()
@Check('ck_employment_record__status', isOneOf('status', EmploymentStatus))
@Check('ck_employment_record__refusals', 'refusals >= 0')
@Index(['personId', 'registeredOn', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '就业登记 · A registration with the employment service',
})
@Rows({ person: 'personId', via: 'person' })
export class EmploymentRecord extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => EmploymentStatus, { nullable: true, description: '就业状态 · State' })
  @Rule(JOB_STATUS)
  status!: EmploymentStatus;

  /** GB 32100; a code that fails its check digit is kept, since real ones do. */
  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '用人单位统一社会信用代码 · Code of the employer' })
  @Rule(JOB_STATUS)
  employerUscc!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '登记日期 · Registered on' })
  @Rule(JOB_STATUS)
  registeredOn!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '培训情况 · Training' })
  @Rule(JOB_STATUS)
  training!: string | null;

  /** As the service counted them when it registered the person; each refusal is a record of its own (`WorkRefusal`). */
  @Column('smallint', { nullable: true })
  @Field(() => Int, { nullable: true, description: '无正当理由拒绝就业次数 · Unjustified refusals of work' })
  @Rule(REFUSALS)
  refusals!: number | null;
}
