import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { isOneOf } from '../../../graph/index.ts';
import { deliveredBy } from '../../../intake/index.ts';
import {
  EnrolmentStatus,
  MemberRole,
  Person,
  Programme,
  REGION_CODE_CHECK,
  SupportMode,
  UrbanRural,
  VALIDITY_CHECK,
} from '../../../registry/index.ts';

/**
 * The list as it was delivered, one line for each person of a certificate. Households, memberships, enrolments, events and
 * recipients follow from the lines of a certificate, so that it makes no difference in which order they came. No GraphQL
 * type: what follows from it is what is read.
 */
@Entity()
@Check('ck_enrolment_line__role', isOneOf('role', MemberRole))
@Check('ck_enrolment_line__programme', isOneOf('programme', Programme))
@Check('ck_enrolment_line__urban_rural', isOneOf('urban_rural', UrbanRural))
@Check('ck_enrolment_line__support_mode', isOneOf('support_mode', SupportMode))
@Check('ck_enrolment_line__status', isOneOf('status', EnrolmentStatus))
@Check('ck_enrolment_line__validity', VALIDITY_CHECK)
@Check('ck_enrolment_line__region_code', REGION_CODE_CHECK)
@Index(['sourceSystem', 'certificateNo'])
@Index(['sourceSystem', 'householdNo'])
export class EnrolmentLine extends deliveredBy('CIVIL_AFFAIRS') {
  @PrimaryColumn('uuid')
  id!: string;

  @Index()
  @Column('uuid')
  @ForeignKey(() => Person)
  personId!: string;

  @Column('varchar')
  certificateNo!: string;

  @Column('varchar', { nullable: true })
  householdNo!: string | null;

  @Column('varchar', { length: 2 })
  relation!: string;

  @Column('varchar')
  role!: MemberRole;

  @Column('varchar')
  programme!: Programme;

  @Column('varchar')
  urbanRural!: UrbanRural;

  @Column('varchar', { nullable: true })
  category!: string | null;

  /** Of the household a month, in fen; most lists repeat it on every line, some write it beside the head alone. */
  @Column('bigint', { nullable: true })
  amountFen!: string | null;

  /** Of this person a month, in fen; added up where the list has no amount of the household. */
  @Column('bigint', { nullable: true })
  personAmountFen!: string | null;

  @Column('bigint', { nullable: true })
  topUpFen!: string | null;

  @Column('bigint', { nullable: true })
  personTopUpFen!: string | null;

  @Column('varchar', { nullable: true })
  payeeAccount!: string | null;

  @Column('varchar', { nullable: true })
  supportMode!: SupportMode | null;

  @Column('text', { array: true })
  causes!: string[];

  @Column('varchar', { nullable: true })
  address!: string | null;

  @Column('varchar', { nullable: true })
  phone!: string | null;

  @Column('varchar')
  status!: EnrolmentStatus;

  @Column('varchar', { nullable: true })
  reason!: string | null;

  /** First day of the first month. */
  @Column('date')
  validFrom!: string;

  /** Last day of the last month; null while open. */
  @Column('date', { nullable: true })
  validTo!: string | null;

  @Column('varchar', { length: 12 })
  regionCode!: string;

  @Column('varchar', { length: 12, nullable: true })
  townshipCode!: string | null;

  @Column('varchar', { length: 12 })
  countyCode!: string;

  @Column('varchar', { length: 12 })
  prefectureCode!: string;

  @Column('varchar', { length: 12 })
  provinceCode!: string;
}
