import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, DateScalar, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';

const OWNER = 'HEALTH';
const CERTIFICATE = { group: 'death-certificate', owner: OWNER, sensitivity: 'PERSONAL' } as const;

export const DeathCertifier = closedList('DeathCertifier', '死亡证明出具方 · Who certified a death', {
  HOSPITAL: '医疗机构 · Hospital',
  FUNERAL_HOME: '殡葬服务机构 · Funeral home',
});
export type DeathCertifier = keyof typeof DeathCertifier;

/** A certified death. Civil affairs stops in time what the person benefited from (N22 一(三): within three months). */
@Entity()
@Check('ck_death_report__certified_by', isOneOf('certified_by', DeathCertifier))
@Index(['personId', 'diedOn', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '死亡登记 · A death as a hospital or a funeral home certified it',
})
@Rows({ person: 'personId', via: 'person' })
export class DeathReport extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '死亡日期 · Day of death' })
  @Rule({ group: 'death', owner: OWNER, sensitivity: 'PERSONAL' })
  diedOn!: string;

  @Column('varchar')
  @Field(() => DeathCertifier, { nullable: true, description: '出具方 · Who certified it' })
  @Rule(CERTIFICATE)
  certifiedBy!: DeathCertifier;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '出具机构 · Hospital or funeral home' })
  @Rule(CERTIFICATE)
  institution!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '死亡证明编号 · Number of the certificate' })
  @Rule(CERTIFICATE)
  certificateNo!: string | null;
}
