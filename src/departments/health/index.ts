import { DeathReport } from './death-report.ts';
import { deathReport } from './death-report.kind.ts';
import { EmergencyCase } from './emergency-case.ts';
import { emergencyCase } from './emergency-case.kind.ts';
import { InsuredRecord } from './insured-record.ts';
import { insuredRecord } from './insured-record.kind.ts';
import { MedicalSettlement } from './medical-settlement.ts';
import { medicalSettlement } from './medical-settlement.kind.ts';
import { PersonHealth, RecipientHealth } from './person-health.ts';
import { PersonLiveInsurance } from './person-live-insurance.ts';
import { PremiumAidRate } from './premium-aid-rate.ts';
import { SeriousIllness } from './serious-illness.ts';

/** 卫生健康与医疗保障 · Health and medical security: who is insured, bills, emergencies, deaths. */
export const health = {
  entities: [InsuredRecord, MedicalSettlement, EmergencyCase, DeathReport, SeriousIllness, PremiumAidRate],
  resolvers: [PersonHealth, RecipientHealth, PersonLiveInsurance],
  records: [insuredRecord, medicalSettlement, emergencyCase, deathReport],
} as const;
