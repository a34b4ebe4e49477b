export { EmploymentRecord, EmploymentStatus } from './employment-record.ts';
export { PersonLabour } from './person-labour.ts';
