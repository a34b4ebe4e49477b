export { PersonEducation } from './person-education.ts';
export { SchoolStage, StudentRecord } from './student-record.ts';
