import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { DateScalar, DecimalScalar, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { householdRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId, VALIDITY_CHECK } from '../../registry/index.ts';

const OWNER = 'HOUSING';
const HOUSING = { group: 'housing', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** A flat let at low rent, and what is taken off the rent (实物配租、租金核减: S2 二(十); S3 二(七) 公租房). */
@Entity()
@Check('ck_public_rental__area_m2', 'area_m2 > 0')
@Check('ck_public_rental__relief', 'relief_fen between 0 and rent_fen')
@Check('ck_public_rental__validity', VALIDITY_CHECK)
@Index(['personId', 'validFrom', 'id'])
@Index(['householdId', 'validFrom', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '公租房配租 · A flat of public rental housing let to a household',
})
@Rows({ person: 'personId', household: 'householdId', via: 'person' })
export class PublicRental extends householdRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '房源编号 · Number of the flat' })
  @Rule(HOUSING)
  unitCode!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '房屋坐落 · Address of the flat' })
  @Rule({ group: 'address', owner: OWNER, sensitivity: 'PERSONAL' })
  address!: string | null;

  @Column('numeric', { precision: 8, scale: 2 })
  @Field(() => DecimalScalar, { nullable: true, description: '建筑面积（平方米） · Floor area in square metres' })
  @Rule(HOUSING)
  areaM2!: string;

  /** A month's, in fen, before the relief. */
  @Column('bigint', { name: 'rent_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '月租金 · Rent a month, before the relief' })
  @Rule(HOUSING)
  rent!: string;

  @Column('bigint', { name: 'relief_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '月租金核减 · Taken off the rent a month' })
  @Rule(HOUSING)
  relief!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '配租起始日期 · Let from' })
  @Rule(HOUSING)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, {
    nullable: true,
    description: '配租终止日期 · Let to, that day included; null while it is',
  })
  @Rule(HOUSING)
  validTo!: string | null;
}
