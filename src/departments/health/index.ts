import { DeathReport } from './death-report.ts';
import { EmergencyCase } from './emergency-case.ts';
import { InsuredRecord } from './insured-record.ts';
import { MedicalSettlement } from './medical-settlement.ts';
import { PersonHealth, RecipientHealth } from './person-health.ts';
import { PersonLiveInsurance } from './person-live-insurance.ts';
import { PremiumAidRate } from './premium-aid-rate.ts';
import { SeriousIllness } from './serious-illness.ts';

/** 卫生健康与医疗保障 · Health and medical security: who is insured, bills, emergencies, deaths. */
export const health = {
  entities: [InsuredRecord, MedicalSettlement, EmergencyCase, DeathReport, SeriousIllness, PremiumAidRate],
  resolvers: [PersonHealth, RecipientHealth, PersonLiveInsurance],
  records: [],
} as const;
