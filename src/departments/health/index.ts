export { InsuredType, MedicalSettlement, VisitKind } from './medical-settlement.ts';
export { PersonHealth } from './person-health.ts';
