import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { DateScalar, Rows, Rule } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId, VALIDITY_CHECK } from '../../registry/index.ts';
import { JOB_STATUS, OWNER } from './employment-record.ts';

/** A post that was made for people who find no other (公益性岗位, S2 二(八), S3 二(八)). Who holds one is employed. */
@Entity()
@Check('ck_public_post__validity', VALIDITY_CHECK)
@Index(['personId', 'validFrom', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '公益性岗位 · A public-interest post that a person holds',
})
@Rows({ person: 'personId', via: 'person' })
export class PublicPost extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '岗位名称 · Post' })
  @Rule(JOB_STATUS)
  post!: string;

  /** GB 32100; a code that fails its check digit is kept, since real ones do. */
  @Column('varchar')
  @Field(() => String, { nullable: true, description: '用人单位统一社会信用代码 · Code of the employer' })
  @Rule(JOB_STATUS)
  employerUscc!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '上岗日期 · First day' })
  @Rule(JOB_STATUS)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '离岗日期 · Last day, that day included; null while held' })
  @Rule(JOB_STATUS)
  validTo!: string | null;
}
