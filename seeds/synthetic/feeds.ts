/** A source system of the demo. */
export type SourceSystem = keyof typeof FEEDS;

/**
 * The systems that deliver, what each delivers, how often it should, and how long ago it last did (hours before midnight of
 * today). Civil affairs is in time; medical security is days late, so that what rests on it is "unknown" and never "no".
 */
export const FEEDS = {
  'civil-affairs': {
    department: 'CIVIL_AFFAIRS',
    records: [
      ...['PERSON', 'ENROLMENT', 'LEGACY_CERTIFICATE', 'RELATED_STATUS', 'TEMPORARY_AID_CASE', 'DISASTER_RELIEF'],
      ...['SHELTER_STAY', 'CHARITY_AID', 'AID_GRANT'],
    ],
    rhythmHours: 744,
    ageHours: 0,
  },
  education: {
    department: 'EDUCATION',
    records: ['STUDENT', 'EDUCATION_VOUCHER', 'FEE_DEFERRAL', 'AID_GRANT'],
    rhythmHours: 168,
    ageHours: 48,
  },
  'medical-security': {
    department: 'MEDICAL_SECURITY',
    records: ['MEDICAL_SETTLEMENT', 'INSURED', 'AID_GRANT'],
    rhythmHours: 24,
    ageHours: 96,
  },
  health: { department: 'HEALTH', records: ['EMERGENCY_CASE', 'DEATH', 'AID_GRANT'], rhythmHours: 168, ageHours: 24 },
  housing: {
    department: 'HOUSING',
    records: ['HOUSING', 'PUBLIC_RENTAL', 'RENT_SUBSIDY', 'DILAPIDATED_HOUSE', 'AID_GRANT'],
    rhythmHours: 744,
    ageHours: 120,
  },
  labour: {
    department: 'LABOUR',
    records: ['EMPLOYMENT', 'TRAINING', 'PUBLIC_POST', 'WORK_REFUSAL', 'COMMUNITY_SERVICE', 'AID_GRANT'],
    rhythmHours: 168,
    ageHours: 72,
  },
} as const;

/** The systems in the order of the list. */
export const SOURCE_SYSTEMS = Object.keys(FEEDS) as readonly SourceSystem[];
