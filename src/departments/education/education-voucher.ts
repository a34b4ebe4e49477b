import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { Computed, DateScalar, Rows, Rule, YuanScalar } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { FEES_CHECK, SchoolFee } from './fees.ts';
import { OWNER, SCHOOL } from './student-record.ts';
import { TERM_CHECK } from './term.ts';

const FEES = { group: 'education-fees', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** A voucher with which a family pays fees of a term at one school (教育券, S1 一(四)). It is redeemed once. */
@Entity()
@Check('ck_education_voucher__face_value_fen', 'face_value_fen > 0')
@Check('ck_education_voucher__fees', FEES_CHECK)
@Check('ck_education_voucher__term', TERM_CHECK)
@Check(
  'ck_education_voucher__redeemed',
  '(redeemed_on is null) = (redeemed_school is null) and redeemed_on >= issued_on',
)
@Index(['personId', 'term', 'id'])
@ObjectType({
  implements: [Node, DepartmentRecord],
  description: '教育券 · A voucher for fees of a term; redeems once',
})
@Rows({ person: 'personId', via: 'person' })
export class EducationVoucher extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  /** The key of the record is the number on the voucher, so that a number names one voucher of its source. */
  @Field(() => String, { nullable: true, description: '教育券编号 · Number of the voucher' })
  @Rule(FEES)
  @Computed((row) => row.column('sourceKey'))
  voucherNo!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: "学期 · Term, e.g. '2026-1' (spring) or '2026-2' (autumn)" })
  @Rule(FEES)
  term!: string;

  @Column('bigint', { name: 'face_value_fen' })
  @Field(() => YuanScalar, { nullable: true, description: '面值 · Face value' })
  @Rule(FEES)
  faceValue!: string;

  @Column('text', { array: true, nullable: true })
  @Field(() => [SchoolFee], { nullable: true, description: '可抵收费项目 · Fees that it pays; null: any' })
  @Rule(FEES)
  fees!: SchoolFee[] | null;

  @Column('date')
  @Field(() => DateScalar, { nullable: true, description: '发放日期 · Issued on' })
  @Rule(FEES)
  issuedOn!: string;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '兑付日期 · Redeemed on; null while it is not' })
  @Rule(FEES)
  redeemedOn!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '兑付学校 · School that redeemed it; masked: that there is one' })
  @Rule(SCHOOL)
  redeemedSchool!: string | null;
}
