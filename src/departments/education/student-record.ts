import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { closedList, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { personRecord } from '../../intake/index.ts';
import { DepartmentRecord, Node, RecordId } from '../../registry/index.ts';
import { TERM_CHECK } from './term.ts';

/** Who answers for these records. */
export const OWNER = 'EDUCATION';
const RECORD = { group: 'education-record', owner: OWNER, sensitivity: 'PERSONAL' } as const;
/** A minor's school tells where the child is every day (PIPL art. 28, 31). */
export const SCHOOL = { group: 'school', owner: OWNER, sensitivity: 'SENSITIVE', mask: 'presence' } as const;

export const SchoolStage = closedList('SchoolStage', '学段 · Stage of education', {
  PRESCHOOL: '学前教育 · Pre-school',
  PRIMARY: '小学 · Primary',
  JUNIOR: '初中 · Junior secondary',
  SENIOR: '普通高中 · Senior secondary',
  VOCATIONAL: '中等职业教育 · Secondary vocational',
  UNDERGRADUATE: '本专科 · Undergraduate',
  POSTGRADUATE: '研究生 · Postgraduate',
});
export type SchoolStage = keyof typeof SchoolStage;

/** One term of a person at one school. */
@Entity()
@Check('ck_student_record__stage', isOneOf('stage', SchoolStage))
@Check('ck_student_record__grade', 'grade between 0 and 12')
@Check('ck_student_record__term', TERM_CHECK)
@Index(['personId', 'term', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '学籍记录 · A term of a person at a school' })
@Rows({ person: 'personId', via: 'person' })
export class StudentRecord extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => SchoolStage, { nullable: true, description: '学段 · Stage' })
  @Rule(RECORD)
  stage!: SchoolStage;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '学校标识码 · Code of the school; masked: that there is one' })
  @Rule(SCHOOL)
  schoolCode!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '学校名称 · Name of the school; masked: that there is one' })
  @Rule(SCHOOL)
  schoolName!: string;

  @Column('smallint')
  @Field(() => Int, { nullable: true, description: '年级 · Grade within the stage' })
  @Rule(RECORD)
  grade!: number;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true, description: '是否寄宿 · Whether the student boards' })
  @Rule(RECORD)
  boarding!: boolean;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: "学期 · Term, e.g. '2026-1' (spring) or '2026-2' (autumn)" })
  @Rule(RECORD)
  term!: string;
}
