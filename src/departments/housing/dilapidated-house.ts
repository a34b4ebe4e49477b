import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, DateScalar, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { householdRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { DangerGrade } from './housing-record.ts';

const OWNER = 'HOUSING';
const HOUSING = { group: 'housing', owner: OWNER, sensitivity: 'PERSONAL' } as const;

export const Reconstruction = closedList('Reconstruction', '改造方式 · How a house in danger was made safe', {
  REPAIRED: '修缮加固 · Repaired',
  REBUILT: '拆除重建 · Pulled down and rebuilt',
});
export type Reconstruction = keyof typeof Reconstruction;

/** A rural house of grade C or D as it was surveyed, and its one reconstruction (农村危房改造, S3 二(七); S2 二(三)). */
@Entity()
@Check('ck_dilapidated_house__grade', `grade in ('C', 'D')`)
@Check('ck_dilapidated_house__reconstruction', isOneOf('reconstruction', Reconstruction))
@Check(
  'ck_dilapidated_house__reconstructed_on',
  '(reconstruction is null) = (reconstructed_on is null) and reconstructed_on >= surveyed_on',
)
@Index(['personId', 'surveyedOn', 'id'])
@Index(['householdId', 'surveyedOn', 'id'])
// One house is rebuilt once, ever.
@Index('uq_dilapidated_house__house_code', ['houseCode'], { unique: true, where: 'reconstruction is not null' })
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '农村危房 · A rural house in danger, and its reconstruction',
})
@Rows({ person: 'personId', household: 'householdId', via: 'person' })
export class DilapidatedHouse extends householdRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '房屋编码 · Code of the house' })
  @Rule(HOUSING)
  houseCode!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '房屋坐落 · Address of the house' })
  @Rule({ group: 'address', owner: OWNER, sensitivity: 'PERSONAL' })
  address!: string | null;

  @Column('varchar')
  @Field(() => DangerGrade, { nullable: true, description: '危险等级（C级或D级） · Grade of danger, C or D' })
  @Rule(HOUSING)
  grade!: DangerGrade;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '鉴定日期 · Surveyed on' })
  @Rule(HOUSING)
  surveyedOn!: string;

  @Column('varchar', { nullable: true })
  @Field(() => Reconstruction, { nullable: true, description: '改造方式 · How it was made safe; null while it is not' })
  @Rule(HOUSING)
  reconstruction!: Reconstruction | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '竣工验收日期 · When the work was accepted' })
  @Rule(HOUSING)
  reconstructedOn!: string | null;
}
