import { StudentRecord } from './student-record.ts';
import { PersonEducation } from './person-education.ts';

/** 教育 · Education: student records. */
export const education = { entities: [StudentRecord], resolvers: [PersonEducation] } as const;
