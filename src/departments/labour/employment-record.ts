import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { closedList, DateScalar, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { DepartmentRecord, Node, Person, recordedBy } from '../../registry/index.ts';

const OWNER = 'LABOUR';
const EMPLOYMENT = { group: 'employment', owner: OWNER, sensitivity: 'PERSONAL' } as const;

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
export class EmploymentRecord extends recordedBy(OWNER) {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '记录主键 · Identifier of the record' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Column('uuid')
  personId!: string;

  @ManyToOne(() => Person, { nullable: false })
  person!: Relation<Person>;

  @Column('varchar')
  @Field(() => EmploymentStatus, { nullable: true, description: '就业状态 · State' })
  @Rule(EMPLOYMENT)
  status!: EmploymentStatus;

  /** GB 32100; a code that fails its check digit is kept, since real ones do. */
  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '用人单位统一社会信用代码 · Code of the employer' })
  @Rule(EMPLOYMENT)
  employerUscc!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '登记日期 · Registered on' })
  @Rule(EMPLOYMENT)
  registeredOn!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '培训情况 · Training' })
  @Rule(EMPLOYMENT)
  training!: string | null;

  /** From the third unjustified refusal on, the person's own share may be cut, never the family's (R649 art. 45). */
  @Column('smallint')
  @Field(() => Int, { nullable: true, description: '无正当理由拒绝就业次数 · Unjustified refusals of work' })
  @Rule({ group: 'refusals', owner: OWNER, sensitivity: 'PERSONAL' })
  refusals!: number;
}
