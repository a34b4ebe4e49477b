export { DangerGrade, HousingRecord, Tenure } from './housing-record.ts';
export { PersonHousing } from './person-housing.ts';
