import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { isOneOf } from '../graph/index.ts';
import { DepartmentCode } from './lists.ts';

/**
 * What a source system delivers, and how fresh it is: a record is stale when `asOf` is older than its rhythm. A stale
 * feed makes an answer "unknown", never "no".
 */
@Entity()
@Check('ck_feed__department', isOneOf('department', DepartmentCode))
@Check('ck_feed__rhythm_hours', 'rhythm_hours > 0')
@Unique(['sourceSystem', 'record'])
export class Feed {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  sourceSystem!: string;

  @Column('varchar')
  department!: DepartmentCode;

  /** What is delivered: ENROLMENT, AID_GRANT, STUDENT, MEDICAL_SETTLEMENT, HOUSING, EMPLOYMENT. */
  @Column('varchar')
  record!: string;

  @Column('timestamptz')
  asOf!: Date;

  /** Expected time between deliveries, in hours. */
  @Column('int')
  rhythmHours!: number;
}
