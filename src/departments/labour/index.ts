import { EmploymentRecord } from './employment-record.ts';
import { PersonLabour } from './person-labour.ts';

/** 人力资源社会保障 · Labour: work, registration, training. */
export const labour = { entities: [EmploymentRecord], resolvers: [PersonLabour] } as const;
