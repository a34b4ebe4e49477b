import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { connectionOf, DateTimeScalar, isOneOf, Rows, Rule } from '../graph/index.ts';
import { DepartmentCode } from '../registry/index.ts';
import { DELIVERIES, Delivery } from './delivery.ts';
import { FindingCode } from './faults.ts';
import type { FaultCode } from './faults.ts';

/** One thing found in one row: its number, the field, a code with its reason and remedy; never the value. */
@Entity()
@Check('ck_delivery_finding__department', isOneOf('department', DepartmentCode))
@Index(['deliveryId', 'rowNo', 'id'])
@ObjectType({ description: '报送问题 · What was found in one row' })
@Rows({ department: 'department' })
export class DeliveryFinding {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '问题主键 · Identifier of the finding' })
  @Rule(DELIVERIES)
  id!: string;

  @Column('uuid')
  @ForeignKey(() => Delivery)
  @Field(() => ID, { nullable: true, description: '批次主键 · Delivery' })
  @Rule(DELIVERIES)
  deliveryId!: string;

  @Column('varchar')
  department!: DepartmentCode;

  @Column('int')
  @Field(() => Int, { nullable: true, description: '行号 · Row of the delivery, from 1; 0: the delivery as a whole' })
  @Rule(DELIVERIES)
  rowNo!: number;

  /** The department's own key, for the result file: nobody else is shown it. */
  @Column('varchar', { nullable: true })
  sourceKey!: string | null;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '字段 · Field; empty: the row as a whole' })
  @Rule(DELIVERIES)
  field!: string;

  @Column('varchar')
  @Field(() => FindingCode, {
    nullable: true,
    description: '问题代码，说明即原因和处理办法 · Code; its description is the reason and the remedy',
  })
  @Rule(DELIVERIES)
  code!: FaultCode;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: '相关行号 · Another row that it is about' })
  @Rule(DELIVERIES)
  otherRow!: number | null;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '发现时间 · When it was found' })
  @Rule(DELIVERIES)
  foundAt!: Date;
}

/** A page of findings. */
export const DeliveryFindingConnection = connectionOf(() => DeliveryFinding, 'DeliveryFinding', '报送问题');
