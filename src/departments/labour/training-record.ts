import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { DateScalar, Rows, Rule } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { JOB_STATUS, OWNER } from './employment-record.ts';

/** A course that a person took (职业技能培训, S3 二(八)); the subsidy for it is reported as aid. */
@Entity()
@Check('ck_training_record__days', 'to_on >= from_on')
@Index(['personId', 'fromOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '职业培训 · A course that a person took' })
@Rows({ person: 'personId', via: 'person' })
export class TrainingRecord extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '培训项目 · Course' })
  @Rule(JOB_STATUS)
  course!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '开始日期 · First day' })
  @Rule(JOB_STATUS)
  fromOn!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '结束日期 · Last day; null while it goes on' })
  @Rule(JOB_STATUS)
  toOn!: string | null;

  /** GB 32100; a code that fails its check digit is kept, since real ones do. */
  @Column('varchar')
  @Field(() => String, { nullable: true, description: '培训机构统一社会信用代码 · Code of the provider' })
  @Rule(JOB_STATUS)
  providerUscc!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '证书编号 · Certificate; null without one' })
  @Rule(JOB_STATUS)
  certificateNo!: string | null;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '是否申领培训补贴 · Whether the subsidy was claimed' })
  @Rule(JOB_STATUS)
  subsidyClaimed!: boolean;
}
