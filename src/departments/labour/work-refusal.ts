import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { Computed, DateScalar, Rows, Rule } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { OWNER, REFUSALS } from './employment-record.ts';
import { isActionDue, unjustifiedInARow } from './refusal-rule.ts';

/** An offer of work that was turned down, and whether with good reason (R649 art. 45). */
@Entity()
@Check('ck_work_refusal__justified', 'not justified or reason is not null')
@Index(['personId', 'refusedOn', 'id'])
@Index(['refusedOn', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '拒绝就业记录 · An offer of work that was turned down',
})
@Rows({ person: 'personId', via: 'person' })
export class WorkRefusal extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '介绍的岗位 · Work that was offered' })
  @Rule(REFUSALS)
  offer!: string;

  /** GB 32100; a code that fails its check digit is kept, since real ones do. */
  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '用人单位统一社会信用代码 · Code of the employer' })
  @Rule(REFUSALS)
  employerUscc!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '拒绝日期 · Refused on' })
  @Rule(REFUSALS)
  refusedOn!: string;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '是否有正当理由 · Whether with good reason' })
  @Rule(REFUSALS)
  justified!: boolean;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '理由 · Reason' })
  @Rule(REFUSALS)
  reason!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: '连续第几次无正当理由拒绝 · Which unjustified refusal in a row it is; null where it was justified',
  })
  @Rule(REFUSALS)
  @Computed(unjustifiedInARow)
  unjustifiedInARow!: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      '是否由此达到减发或停发本人份额的次数（仅限本人，不影响共同生活的家庭成员） · Whether with it the number is reached from ' +
      'which on the person’s own share may be cut; never that of the family (社会救助暂行办法 art. 45)',
  })
  @Rule(REFUSALS)
  @Computed(isActionDue)
  ownShareAtRisk!: boolean;
}
