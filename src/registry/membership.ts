import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { DateScalar, isOneOf, Rows, Rule } from '../graph/index.ts';
import { Household } from './household.ts';
import { MemberRole } from './lists.ts';
import { Node } from './node.ts';
import { Person } from './person.ts';
import { recordedBy, VALIDITY_CHECK } from './recorded.ts';

const OWNER = 'CIVIL_AFFAIRS';
const MEMBERS = { group: 'household-members', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** A person in a household for a time. */
@Entity()
@Check('ck_membership__role', isOneOf('role', MemberRole))
@Check('ck_membership__validity', VALIDITY_CHECK)
@Index(['householdId', 'validFrom', 'id'])
@Index(['personId', 'validFrom', 'id'])
@ObjectType({ implements: Node, description: '家庭成员关系 · A person as member of a household, for a time' })
@Rows({ person: 'personId', household: 'householdId', via: 'household' })
export class Membership extends recordedBy(OWNER) {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '记录主键 · Identifier of the record' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Column('uuid')
  householdId!: string;

  @ManyToOne(() => Household, { nullable: false })
  @Field(() => Household, { nullable: true, description: '家庭 · The household' })
  @Rule(MEMBERS)
  household!: Relation<Household>;

  @Column('uuid')
  personId!: string;

  @ManyToOne(() => Person, { nullable: false })
  @Field(() => Person, { nullable: true, description: '成员 · The member' })
  @Rule(MEMBERS)
  person!: Relation<Person>;

  @Column('varchar', { length: 2 })
  @Field(() => String, { nullable: true, description: '与户主关系代码 · Relation to the head (GB/T 4761, two digits)' })
  @Rule(MEMBERS)
  relation!: string;

  @Column('varchar')
  @Field(() => MemberRole, { nullable: true, description: '成员身份 · What the member is in the case' })
  @Rule(MEMBERS)
  role!: MemberRole;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '加入日期 · Member from' })
  @Rule(MEMBERS)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '退出日期 · Last day as member; null while one' })
  @Rule(MEMBERS)
  validTo!: string | null;
}
