/** The value that is disputed: of a record that civil affairs is told and housing is not, of a department that is installed. */
import { exampleOf } from '../harness/installed.ts';

/** The record, the field in dispute, one that is asked for beside it, and one that is never asked for. */
export const DISPUTED = exampleOf([
  {
    ...{ type: 'StudentRecord', owner: 'EDUCATION' as const, record: 'STUDENT', relation: 'studentRecords' },
    ...{ field: 'grade', beside: 'term', untold: 'stage', table: 'student_record' },
    values: {
      ...{ source_system: 'xueji', stage: 'PRIMARY', school_code: '62000001', school_name: '实验小学', grade: 3 },
      ...{ boarding: false, term: '2026-1' },
    },
  },
  {
    ...{ type: 'EmploymentRecord', owner: 'LABOUR' as const, record: 'EMPLOYMENT', relation: 'employmentRecords' },
    ...{ field: 'status', beside: 'registeredOn', untold: 'training', table: 'employment_record' },
    values: { source_system: 'renshe', status: 'EMPLOYED', registered_on: '2026-05-01', refusals: 0 },
  },
]);

/** Its coordinate. */
export const COORDINATE = `${DISPUTED.type}.${DISPUTED.field}`;
