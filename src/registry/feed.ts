import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { isOneOf } from '../graph/index.ts';
import { DepartmentCode } from './lists.ts';

/** The source of a feed that is expected of a department, from whichever of its systems. */
export const anySourceOf = (department: DepartmentCode): string => `${department}:*`;

/**
 * What a source system delivers of a region, and how fresh it is: a record is stale when `asOf` is older than its rhythm.
 * A stale feed makes an answer "unknown", never "no". `noteDelivered` and `noteReported` move it, and nothing else does.
 */
@Entity()
@Check('ck_feed__department', isOneOf('department', DepartmentCode))
@Check('ck_feed__rhythm_hours', 'rhythm_hours > 0')
@Check('ck_feed__region_code', `region_code ~ '^[0-9]{12}$'`)
// Nulls are not distinct in it, which TypeORM cannot say: one feed of everywhere.
@Index('uq_feed__source_system_record_region_code', { synchronize: false })
@Index(['department', 'record'])
export class Feed {
  @PrimaryColumn('uuid')
  id!: string;

  /** Client or system; 'HOUSING:*': whichever of the department's. */
  @Column('varchar')
  sourceSystem!: string;

  @Column('varchar')
  department!: DepartmentCode;

  /** What is delivered, in the word of its record kind: ENROLMENT, AID_GRANT, STUDENT, MEDICAL_SETTLEMENT … */
  @Column('varchar')
  record!: string;

  /** Division covered, with all below it; null: everywhere. */
  @Column('varchar', { length: 12, nullable: true })
  regionCode!: string | null;

  /** Null: expected, and never delivered. */
  @Column('timestamptz', { nullable: true })
  asOf!: Date | null;

  /** Expected time between deliveries, in hours. */
  @Column('int')
  rhythmHours!: number;

  /** Since when nothing is expected any more; null: it is. */
  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;
}
