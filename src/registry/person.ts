import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { Computed, DateScalar, isOneOf, Rows, Rule, sql } from '../graph/index.ts';
import { DisabilityType, LabourAbility, SelfCareGrade } from './lists.ts';
import { Node } from './node.ts';
import { Placed, REGION_CODE_CHECK } from './recorded.ts';

const OWNER = 'CIVIL_AFFAIRS';

/** A natural person as the shared registry knows them; one UUID for all departments. */
@Entity()
@Check('ck_person__sex', `sex in ('0', '1', '2', '9')`)
@Check('ck_person__disability_type', isOneOf('disability_type', DisabilityType))
@Check('ck_person__disability_grade', 'disability_grade between 1 and 4')
@Check('ck_person__labour_ability', isOneOf('labour_ability', LabourAbility))
@Check('ck_person__self_care_grade', isOneOf('self_care_grade', SelfCareGrade))
@Check('ck_person__region_code', REGION_CODE_CHECK)
// By which matching finds those who may be meant.
@Index(['birthDate', 'nameKey'])
@Index(['nameKey', 'countyCode'])
@ObjectType({ implements: Node, description: '人员 · A person known to the registry' })
@Rows({ person: 'id', place: true })
export class Person extends Placed {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '人员主键 · Identifier of the person in this hub' })
  @Rule({ group: 'person-id', owner: OWNER, sensitivity: 'PERSONAL' })
  id!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '姓名 · Name as recorded' })
  @Rule({ group: 'name', owner: OWNER, sensitivity: 'PERSONAL', mask: 'name-surname' })
  name!: string;

  /** The name as it is compared: made by registry/identity, never shown. */
  @Column('varchar')
  nameKey!: string;

  @Field(() => String, {
    nullable: true,
    description: '公民身份号码 · Present resident identity number, 18 characters; null where the person has none',
  })
  @Rule({ group: 'id-number', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'id-number' })
  @Computed(
    (person) => sql`(select identifier.match_key from person_identifier identifier
      where identifier.person_id = ${person.column('id')} and identifier.type = 'RESIDENT_ID'
        and identifier.superseded_by_id is null
      order by identifier.verified desc, identifier.id limit 1)`,
  )
  idNumber!: string | null;

  @Column('char', { length: 1 })
  @Field(() => String, {
    nullable: true,
    description: '性别代码 · Sex (GB/T 2261.1: 0 未知 unknown, 1 男 male, 2 女 female, 9 未说明 not stated)',
  })
  @Rule({ group: 'sex', owner: OWNER, sensitivity: 'PERSONAL' })
  sex!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, {
    nullable: true,
    description: '出生日期 · Date of birth; masked: the first day of the ten-year band',
  })
  @Rule({ group: 'birth-date', owner: OWNER, sensitivity: 'PERSONAL', mask: 'age-band' })
  birthDate!: string | null;

  @Column('varchar', { length: 2, nullable: true })
  @Field(() => String, { nullable: true, description: '民族代码 · Ethnic group (GB/T 3304, two digits)' })
  @Rule({ group: 'ethnicity', owner: OWNER, sensitivity: 'SENSITIVE' })
  ethnicity!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '联系电话 · Telephone' })
  @Rule({ group: 'phone', owner: OWNER, sensitivity: 'PERSONAL', mask: 'phone' })
  phone!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '居住地址 · Address' })
  @Rule({ group: 'address', owner: OWNER, sensitivity: 'PERSONAL' })
  address!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => DisabilityType, { nullable: true, description: '残疾类别 · Kind of disability' })
  @Rule({ group: 'disability-grade', owner: OWNER, sensitivity: 'SENSITIVE' })
  disabilityType!: DisabilityType | null;

  @Column('smallint', { nullable: true })
  @Field(() => Int, { nullable: true, description: '残疾等级 · Grade of disability, 1 (gravest) to 4' })
  @Rule({ group: 'disability-grade', owner: OWNER, sensitivity: 'SENSITIVE' })
  disabilityGrade!: number | null;

  /** The certificate number contains the identity number, so it is guarded and masked like one. */
  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '残疾人证号 · Number of the disability certificate' })
  @Rule({ group: 'disability-certificate', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'certificate' })
  disabilityCertificateNo!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => LabourAbility, { nullable: true, description: '劳动能力 · Ability to work' })
  @Rule({ group: 'labour-ability', owner: OWNER, sensitivity: 'PERSONAL' })
  labourAbility!: LabourAbility | null;

  @Column('varchar', { nullable: true })
  @Field(() => SelfCareGrade, { nullable: true, description: '生活自理能力 · Ability to look after oneself' })
  @Rule({ group: 'self-care', owner: OWNER, sensitivity: 'SENSITIVE' })
  selfCareGrade!: SelfCareGrade | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '死亡日期 · Date of death' })
  @Rule({ group: 'death', owner: OWNER, sensitivity: 'PERSONAL' })
  diedOn!: string | null;
}
