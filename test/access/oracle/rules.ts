/**
 * The field group of every field, with its mask, as DOMAIN.md section 3 and the descriptions of the schema have them:
 * `group` or `group~mask`, and the fields in it. Written by hand; a test compares it with what the nouns declare.
 */
type Groups = Readonly<Record<string, string>>;

const PROVENANCE: Groups = { provenance: 'sourceSystem asOf' };
const PLACED: Groups = {
  ...PROVENANCE,
  'region~region-township': 'regionCode',
  'region-township~region-county': 'townshipCode',
  'region-county': 'countyCode',
};
const RECORD: Groups = { ...PROVENANCE, 'record-id': 'id' };

const GROUPS: Readonly<Record<string, Groups>> = {
  Person: {
    ...PLACED,
    'person-id': 'id',
    'record-id': 'records',
    'name~name-surname': 'name',
    'id-number~id-number': 'idNumber',
    sex: 'sex',
    'birth-date~age-band': 'birthDate',
    ethnicity: 'ethnicity',
    'phone~phone': 'phone',
    address: 'address',
    'disability-grade': 'disabilityType disabilityGrade',
    'disability-certificate~certificate': 'disabilityCertificateNo',
    'labour-ability': 'labourAbility',
    'self-care': 'selfCareGrade',
    death: 'diedOn',
    'household-members': 'memberships',
    status: 'recipientOf',
    aid: 'aidGrants',
    'education-record': 'studentRecords',
    'medical-amounts': 'medicalSettlements',
    housing: 'housingRecords',
    employment: 'employmentRecords',
  },
  Household: {
    ...PLACED,
    'record-id': 'id',
    'household-members': 'head members',
    status: 'urbanRural enrolments',
    address: 'address',
    'household-count~count-band': 'memberCount',
    'means~amount-band': 'monthlyIncome assets',
    aid: 'aidGrants',
  },
  Membership: { ...RECORD, 'household-members': 'household person relation role validFrom validTo' },
  Recipient: {
    ...PLACED,
    'record-id': 'id',
    status: 'enrolment person household programme urbanRural category validFrom validTo',
  },
  Enrolment: {
    ...PLACED,
    'record-id': 'id',
    status:
      'household applicant programme urbanRural category certificateNo supportMode status validFrom validTo events recipients',
    'dibao-amount~amount-band': 'amount topUp',
    'payee-account~account-last4': 'payeeAccount',
    cause: 'causes',
  },
  EnrolmentEvent: { ...RECORD, status: 'kind effectiveOn', 'dibao-amount~amount-band': 'amount', cause: 'reason' },
  AidGrant: {
    ...RECORD,
    aid:
      'department sourceKey version programme mode person household kindDescription periodFrom periodTo decidedOn ' +
      'paidOn fundSource reversalOf state supersededByVersion reversedByKey reportedAt',
    'aid-amount~amount-band': 'amount',
  },
  StudentRecord: {
    ...RECORD,
    'education-record': 'stage grade boarding term',
    'school~presence': 'schoolCode schoolName',
  },
  MedicalSettlement: {
    ...RECORD,
    'medical-amounts': 'insuredType visit admittedOn dischargedOn total inPolicy basic major aid other self',
    'diagnosis~presence': 'diagnosis',
    'serious-illness': 'seriousIllness',
  },
  HousingRecord: { ...RECORD, housing: 'tenure areaM2 dangerGrade', address: 'address' },
  EmploymentRecord: { ...RECORD, employment: 'status employerUscc registeredOn training', refusals: 'refusals' },
  StatusCheck: { status: 'result caseNo nameAgrees problem onDate programmes', public: 'freshness' },
  StatusProgramme: { status: 'programme urbanRural category validFrom validTo' },
  Region: { public: 'code name level parentCode parent validFrom validTo children versions changes' },
  RegionVersion: { public: 'code name parentCode validFrom validTo' },
  RegionChange: { public: 'kind fromCode toCode effectiveOn source' },
  FeedStatus: { public: 'sourceSystem department record asOf stale' },
};

/** The group that a field belongs to, and its mask where it has one. */
export interface Rule {
  readonly group: string;
  readonly mask?: string;
}

const RULES = new Map(
  Object.entries(GROUPS).flatMap(([type, groups]) =>
    Object.entries(groups).flatMap(([key, fields]) => {
      const [group = '', mask] = key.split('~');
      const rule: Rule = { group, ...(mask === undefined ? {} : { mask }) };
      return fields.split(' ').map((field): [string, Rule] => [`${type}.${field}`, rule]);
    }),
  ),
);

/** Every field that has a rule, by its coordinate. */
export const allRules = (): ReadonlyMap<string, Rule> => RULES;

/** @throws for a field that nobody has written down here */
export function ruleOf(type: string, field: string): Rule {
  const rule = RULES.get(`${type}.${field}`);
  if (rule === undefined) throw new Error(`The oracle does not know the group of ${type}.${field}`);
  return rule;
}
