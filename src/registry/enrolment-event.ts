import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { DateScalar, isOneOf, Rows, Rule, YuanScalar } from '../graph/index.ts';
import { Enrolment } from './enrolment.ts';
import { EnrolmentEventKind } from './lists.ts';
import { Node } from './node.ts';
import { recordedBy } from './recorded.ts';

const OWNER = 'CIVIL_AFFAIRS';
const STATUS = { group: 'status', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** What happened to an enrolment (有进有出、有升有降); reducing or ending one needs reasons (社会救助法 art. 48). */
@Entity()
@Check('ck_enrolment_event__kind', isOneOf('kind', EnrolmentEventKind))
@Index(['enrolmentId', 'effectiveOn', 'id'])
@ObjectType({ implements: Node, description: '待遇变动 · An event in the life of an enrolment' })
@Rows({ via: 'enrolment' })
export class EnrolmentEvent extends recordedBy(OWNER) {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '记录主键 · Identifier of the record' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Column('uuid')
  enrolmentId!: string;

  @ManyToOne(() => Enrolment, { nullable: false })
  enrolment!: Relation<Enrolment>;

  @Column('varchar')
  @Field(() => EnrolmentEventKind, { nullable: true, description: '变动类型 · Kind of event' })
  @Rule(STATUS)
  kind!: EnrolmentEventKind;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '生效日期 · Effective on' })
  @Rule(STATUS)
  effectiveOn!: string;

  @Column('bigint', { name: 'amount_fen', nullable: true })
  @Field(() => YuanScalar, { nullable: true, description: '变动后月金额 · Amount a month after it; masked: the band' })
  @Rule({ group: 'dibao-amount', owner: OWNER, sensitivity: 'PERSONAL', mask: 'amount-band' })
  amount!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '原因 · Reason' })
  @Rule({ group: 'cause', owner: OWNER, sensitivity: 'SENSITIVE' })
  reason!: string | null;
}
