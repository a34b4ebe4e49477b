import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { DateScalar, DecimalScalar, Rows, Rule } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { JOB_STATUS, OWNER } from './employment-record.ts';

/** A day of service to the community to which a recipient was called (公益性社区服务劳动, S1 三(一)): an attendance record. */
@Entity()
@Check('ck_community_service__hours', 'hours between 0 and 24')
@Index(['personId', 'servedOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '公益性社区服务劳动 · A day of community service' })
@Rows({ person: 'personId', via: 'person' })
export class CommunityService extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '劳动日期 · Day' })
  @Rule(JOB_STATUS)
  servedOn!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '组织单位 · Who organised it' })
  @Rule(JOB_STATUS)
  organiser!: string;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '是否参加 · Whether the person came' })
  @Rule(JOB_STATUS)
  attended!: boolean;

  @Column('numeric', { precision: 4, scale: 1, nullable: true })
  @Field(() => DecimalScalar, { nullable: true, description: '时长（小时） · Hours' })
  @Rule(JOB_STATUS)
  hours!: string | null;
}
