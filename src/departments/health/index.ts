import { MedicalSettlement } from './medical-settlement.ts';
import { PersonHealth } from './person-health.ts';

/** 卫生健康与医疗保障 · Health and medical security: settlements. */
export const health = { entities: [MedicalSettlement], resolvers: [PersonHealth] } as const;
