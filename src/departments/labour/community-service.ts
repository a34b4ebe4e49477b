import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { DateScalar, DecimalScalar, Rows, Rule } from '../../graph/index.ts';
import { deliveredBy } from '../../intake/index.ts';
import { DepartmentRecord, Node, Person } from '../../registry/index.ts';
import { JOB_STATUS, OWNER } from './employment-record.ts';

/** A day of service to the community to which a recipient was called (公益性社区服务劳动, S1 三(一)): an attendance record. */
@Entity()
@Check('ck_community_service__hours', 'hours between 0 and 24')
@Unique(['sourceSystem', 'sourceKey'])
@Index(['personId', 'servedOn', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '公益性社区服务劳动 · A day of community service' })
@Rows({ person: 'personId', via: 'person' })
export class CommunityService extends deliveredBy(OWNER) {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '记录主键 · Identifier of the record' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Column('uuid')
  personId!: string;

  @ManyToOne(() => Person, { nullable: false })
  person!: Relation<Person>;

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
