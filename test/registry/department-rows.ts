/** One record of every kind that the departments keep of a person, of those whose module is installed. */
import { ofInstalled } from '../harness/installed.ts';
import { PLACE } from './rows.ts';
import type { Values } from './rows.ts';

const USCC = '91620199MA00000000';

/** Type, table, and the least that a row needs beside its person and where it came from. */
const RECORDS: readonly (readonly [type: string, table: string, values: Values])[] = [
  ['HousingRecord', 'housing_record', { tenure: 'OWNED', area_m2: 68 }],
  [
    'StudentRecord',
    'student_record',
    { stage: 'PRIMARY', school_code: 'x', school_name: 'x', grade: 1, boarding: false, term: '2026-2' },
  ],
  [
    'MedicalSettlement',
    'medical_settlement',
    {
      ...{ insured_type: 'RESIDENT', visit: 'INPATIENT', admitted_on: '2026-03-01', serious_illness: true },
      ...{ total_fen: 0, in_policy_fen: 0, basic_fen: 0, major_fen: 0, aid_fen: 0, other_fen: 0, self_fen: 0 },
    },
  ],
  ['EmploymentRecord', 'employment_record', { status: 'EMPLOYED', registered_on: '2026-05-01', refusals: 0 }],
  ['EducationVoucher', 'education_voucher', { term: '2026-2', face_value_fen: 30000, issued_on: '2026-08-25' }],
  [
    'FeeDeferral',
    'fee_deferral',
    { kind: 'DEFERRED', school_name: 'x', term: '2026-2', amount_fen: 1, granted_on: '2026-09-01' },
  ],
  ['InsuredRecord', 'insured_record', { insured_type: 'RESIDENT', valid_from: '2026-01-01' }],
  [
    'EmergencyCase',
    'emergency_case',
    {
      ...{ hospital: 'x', arrived_on: '2026-03-01', identity_known: true, total_fen: 0, insurance_fen: 0 },
      ...{ aid_fen: 0, self_fen: 0, fund_fen: 0, unpaid_fen: 0 },
    },
  ],
  ['DeathReport', 'death_report', { died_on: '2026-05-01', certified_by: 'HOSPITAL', institution: 'x' }],
  [
    'PublicRental',
    'public_rental',
    { unit_code: 'F-1', area_m2: 48, rent_fen: 1, relief_fen: 0, valid_from: '2026-01-01' },
  ],
  ['RentSubsidy', 'rent_subsidy', { amount_fen: 1, month_from: '2026-01' }],
  ['DilapidatedHouse', 'dilapidated_house', { house_code: 'N-1', grade: 'C', surveyed_on: '2026-01-01' }],
  [
    'TrainingRecord',
    'training_record',
    { course: '电工', from_on: '2026-04-01', provider_uscc: USCC, subsidy_claimed: true },
  ],
  ['PublicPost', 'public_post', { post: '保洁员', employer_uscc: USCC, valid_from: '2026-01-01' }],
  ['WorkRefusal', 'work_refusal', { offer: '理货员', refused_on: '2026-05-06', justified: false }],
  ['CommunityService', 'community_service', { served_on: '2026-06-12', organiser: 'x', attended: true }],
  ['LegacyCertificate', 'legacy_certificate', { kind: 'RURAL_HARDSHIP', certificate_no: 'T-1' }],
  ['RelatedStatus', 'related_status', { kind: 'ORPHAN', valid_from: '2026-01-01' }],
  [
    'TemporaryAidCase',
    'temporary_aid_case',
    { kind: 'URGENT', decided_on: '2026-01-01', aid_first: false, fast_track: false, ...PLACE },
  ],
  [
    'DisasterRelief',
    'disaster_relief',
    {
      event_code: 'E-1',
      report_version: 1,
      superseded: false,
      phase: 'EMERGENCY',
      reported_on: '2026-01-01',
      ...PLACE,
    },
  ],
  [
    'ShelterStay',
    'shelter_stay',
    {
      ...{ station: 'x', entered_on: '2026-01-01', entry_mode: 'SELF', minor: false, origin_known: false },
      ...{ health: 'HEALTHY', ...PLACE },
    },
  ],
  ['CharityAid', 'charity_aid', { donor: 'x', given_on: '2026-01-01', cash_fen: 1 }],
];

/** Those that are installed. */
export const DEPARTMENT_ROWS = ofInstalled(RECORDS);
