import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Exclusion, Index, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { connectionOf, DateScalar, isOneOf, Rows, Rule } from '../graph/index.ts';
import { Enrolment } from './enrolment.ts';
import { Household } from './household.ts';
import { Programme, UrbanRural } from './lists.ts';
import { Node } from './node.ts';
import { Person } from './person.ts';
import { Placed, REGION_CODE_CHECK, VALIDITY_CHECK } from './recorded.ts';

const OWNER = 'CIVIL_AFFAIRS';
const STATUS = { group: 'status', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/**
 * One person benefiting from one enrolment: what status checks and lists read, so that they read one table.
 * Nobody benefits twice from the same programme at the same time.
 */
@Entity()
@Check('ck_recipient__programme', isOneOf('programme', Programme))
@Check('ck_recipient__urban_rural', isOneOf('urban_rural', UrbanRural))
@Check('ck_recipient__validity', VALIDITY_CHECK)
@Check('ck_recipient__region_code', REGION_CODE_CHECK)
@Exclusion(
  'ex_recipient__one_programme_at_a_time',
  `using gist (person_id with =, programme with =, daterange(valid_from, valid_to, '[]') with &&)`,
)
@Index(['provinceCode', 'id'])
@Index(['prefectureCode', 'id'])
@Index(['countyCode', 'id'])
@Index(['townshipCode', 'id'])
@Index(['provinceCode', 'validFrom', 'id'])
@Index(['countyCode', 'validFrom', 'id'])
@Index(['validFrom', 'id'])
// For statistics of a province, which read nothing else; the condition, true of every row, keeps pages from it.
@Index(
  'ix_recipient__statistics',
  [
    ...['provinceCode', 'prefectureCode', 'countyCode', 'programme', 'urbanRural', 'category'],
    ...['householdId', 'validFrom', 'validTo'],
  ],
  { where: `programme <> ''` },
)
@ObjectType({ implements: Node, description: '救助对象 · A person benefiting from an enrolment' })
@Rows({ person: 'personId', household: 'householdId', place: true })
export class Recipient extends Placed {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '记录主键 · Identifier of the record' })
  @Rule({ group: 'record-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Index()
  @Column('uuid')
  enrolmentId!: string;

  @ManyToOne(() => Enrolment, { nullable: false })
  @Field(() => Enrolment, { nullable: true, description: '救助待遇 · The enrolment benefited from' })
  @Rule(STATUS)
  enrolment!: Relation<Enrolment>;

  @Index()
  @Column('uuid')
  personId!: string;

  @ManyToOne(() => Person, { nullable: false })
  @Field(() => Person, { nullable: true, description: '人员 · The person' })
  @Rule(STATUS)
  person!: Relation<Person>;

  @Index()
  @Column('uuid')
  householdId!: string;

  @ManyToOne(() => Household, { nullable: false })
  @Field(() => Household, { nullable: true, description: '救助家庭 · The household' })
  @Rule(STATUS)
  household!: Relation<Household>;

  @Column('varchar')
  @Field(() => Programme, { nullable: true, description: '救助类别 · Programme' })
  @Rule(STATUS)
  programme!: Programme;

  @Column('varchar')
  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Urban or rural scheme' })
  @Rule(STATUS)
  urbanRural!: UrbanRural;

  @Column('varchar', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: '类别 · Class: A, B, C for 低保; FULL_LOSS, PARTIAL_LOSS, ABLE (self-care) for 特困',
  })
  @Rule(STATUS)
  category!: string | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '享受起始日期 · Benefits from' })
  @Rule(STATUS)
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, {
    nullable: true,
    description: '享受终止日期 · Benefits to, that day included; null while open',
  })
  @Rule(STATUS)
  validTo!: string | null;
}

/** A page of recipients. */
export const RecipientConnection = connectionOf(() => Recipient, 'Recipient', '救助对象');
