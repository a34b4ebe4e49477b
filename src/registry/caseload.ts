import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { isOneOf } from '../graph/index.ts';
import { Household } from './household.ts';
import { DepartmentCode } from './lists.ts';
import { Person } from './person.ts';

/**
 * Whom a department has a case about: its own records and registered applications fill it, the row scopes read it.
 * A case number that is not here opens the status check and nothing else. No GraphQL type.
 */
@Entity()
@Check('ck_caseload__department', isOneOf('department', DepartmentCode))
@Check('ck_caseload__opened', 'closed_on >= opened_on')
@Unique(['department', 'caseNo', 'personId'])
@Index(['department', 'personId'])
@Index(['department', 'householdId'])
export class Caseload {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  department!: DepartmentCode;

  @Column('uuid')
  @ForeignKey(() => Person)
  personId!: string;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => Household)
  householdId!: string | null;

  /** The department's own number of the case, as sent in `Hub-Case`. */
  @Column('varchar')
  caseNo!: string;

  @Column('date')
  openedOn!: string;

  /** Last day on which the case is open; null while it is. */
  @Column('date', { nullable: true })
  closedOn!: string | null;
}
