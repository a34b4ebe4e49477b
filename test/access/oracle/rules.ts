import { isThere, there } from './installed.ts';

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
/** Where something happened: the same three fields as of whatever has a place. */
const HAPPENED: Groups = {
  'region~region-township': 'regionCode',
  'region-township~region-county': 'townshipCode',
  'region-county': 'countyCode',
};
const RECORD: Groups = { ...PROVENANCE, 'record-id': 'id' };
const DELIVERED: Groups = { provenance: 'sourceSystem asOf endedOn', 'record-id': 'id' };

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
    death: 'diedOn deathReports benefitsAfterDeath',
    'household-members': 'memberships',
    status: 'recipientOf',
    'live-employment': 'liveEmployment',
    'live-insurance': 'liveInsurance',
    aid: 'aidGrants aidByDepartment',
    dispute: 'openCorrections',
    'related-status': 'relatedStatuses',
    'legacy-certificate': 'legacyCertificates',
    'temporary-aid': 'temporaryAidCases',
    'disaster-relief': 'disasterRelief',
    shelter: 'shelterStays',
    'charity-aid': 'charityAid',
    'education-record': 'studentRecords',
    'education-fees': 'educationVouchers feeDeferrals',
    'medical-amounts': 'medicalSettlements',
    insurance: 'insuredRecords',
    'emergency-care': 'emergencyCases',
    housing: 'housingRecords publicRentals rentSubsidies dilapidatedHouses',
    employment: 'employmentRecords trainings publicPosts communityService',
    refusals: 'workRefusals',
  },
  Household: {
    ...PLACED,
    'temporary-aid': 'temporaryAidCases',
    'disaster-relief': 'disasterRelief',
    'record-id': 'id',
    'household-members': 'head members',
    status: 'urbanRural enrolments',
    address: 'address',
    'household-count~count-band': 'memberCount',
    'means~amount-band': 'monthlyIncome assets',
    aid: 'aidGrants',
    'household-work': 'work workers',
    dispute: 'openCorrections',
    housing: 'housingRecords publicRentals rentSubsidies dilapidatedHouses',
  },
  Membership: { ...RECORD, 'household-members': 'household person relation role validFrom validTo' },
  Recipient: {
    ...PLACED,
    'record-id': 'id',
    status: 'enrolment person household programme urbanRural category validFrom validTo premiumAid',
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
      'paidOn fundSource reversalOf state supersededByVersion reversedByKey reportedAt item itemName reference afterDeath',
    'aid-amount~amount-band': 'amount',
  },
  StudentRecord: {
    ...DELIVERED,
    'education-record': 'stage grade boarding term',
    'school~presence': 'schoolCode schoolName',
  },
  InsuredRecord: {
    ...DELIVERED,
    insurance: 'insuredType validFrom validTo aidedAs premiumAidMode',
    'medical-amounts': 'premium premiumAid',
  },
  EmergencyCase: {
    ...DELIVERED,
    'emergency-care': 'arrivedOn identityKnown fundPaidOn',
    'emergency-patient~presence': 'hospital foundAt description',
    'medical-amounts': 'total insurance aid self fund unpaid',
  },
  DeathReport: { ...DELIVERED, death: 'diedOn', 'death-certificate': 'certifiedBy institution certificateNo' },
  PremiumAidRate: { public: 'regionCode category mode amount validFrom validTo source' },
  MedicalSettlement: {
    ...DELIVERED,
    'medical-amounts': 'insuredType visit admittedOn dischargedOn total inPolicy basic major aid other self',
    'diagnosis~presence': 'diagnosis diagnosisCode',
    'serious-illness': 'seriousIllness',
  },
  HousingRecord: {
    ...DELIVERED,
    housing: 'tenure areaM2 dangerGrade',
    'per-capita-area': 'perCapitaAreaM2',
    address: 'address',
  },
  PublicRental: { ...DELIVERED, housing: 'unitCode areaM2 rent relief validFrom validTo', address: 'address' },
  RentSubsidy: { ...DELIVERED, housing: 'amount monthFrom monthTo' },
  DilapidatedHouse: {
    ...DELIVERED,
    housing: 'houseCode grade surveyedOn reconstruction reconstructedOn',
    address: 'address',
  },
  EmploymentRecord: { ...DELIVERED, employment: 'status employerUscc registeredOn training', refusals: 'refusals' },
  RelatedStatus: {
    ...DELIVERED,
    'related-status': 'kind grade excludedFromIncome validFrom validTo',
    'aid-amount~amount-band': 'amount',
  },
  LegacyCertificate: {
    ...DELIVERED,
    'legacy-certificate': 'kind certificateNo issuer issuedOn validTo supportMode programme mappingBasis',
  },
  TemporaryAidCase: {
    ...DELIVERED,
    ...HAPPENED,
    'temporary-aid': 'kind appliedOn decidedOn aidFirst fastTrack papersDueOn papersOn papersOverdue grantKey',
    cause: 'cause',
  },
  DisasterRelief: {
    ...DELIVERED,
    ...HAPPENED,
    'disaster-relief':
      'eventCode reportVersion superseded phase familyType familySize needyCount housesLost inTemporaryShelter mode cash ' +
      'kindDescription kindValue insurance reportedOn',
    address: 'address',
  },
  ShelterStay: {
    ...DELIVERED,
    ...HAPPENED,
    shelter:
      'station enteredOn entryMode leftOn exitMode minor originKnown originRegion homeAskedOn homeDueOn homeAnsweredOn ' +
      'homeAnswer homeOverdue',
    'shelter-health': 'health',
  },
  CharityAid: {
    ...DELIVERED,
    'charity-aid': 'donor donorUscc project givenOn cash kindDescription kindValue excludedFromIncome',
  },
  EducationVoucher: {
    ...DELIVERED,
    'education-fees': 'voucherNo term faceValue fees issuedOn redeemedOn',
    'school~presence': 'redeemedSchool',
  },
  FeeDeferral: {
    ...DELIVERED,
    'education-fees': 'kind term fees amount grantedOn dueOn settledOn',
    'school~presence': 'schoolName',
  },
  TrainingRecord: { ...DELIVERED, employment: 'course fromOn toOn providerUscc certificateNo subsidyClaimed' },
  PublicPost: { ...DELIVERED, employment: 'post employerUscc validFrom validTo' },
  WorkRefusal: {
    ...DELIVERED,
    refusals: 'offer employerUscc refusedOn justified reason unjustifiedInARow ownShareAtRisk',
  },
  CommunityService: { ...DELIVERED, employment: 'servedOn organiser attended hours' },
  HouseholdWorker: { 'household-members': 'person', 'household-work': 'state since' },
  StatusCheck: { status: 'result caseNo nameAgrees problem onDate programmes', public: 'freshness' },
  LiveEmployment: { public: 'freshness reason answeredAt', 'live-employment': 'known status registeredOn' },
  LiveInsurance: { public: 'freshness reason answeredAt', 'live-insurance': 'known insuredType paidThrough' },
  StatusProgramme: { status: 'programme urbanRural category validFrom validTo' },
  Region: { public: 'code name level parentCode parent validFrom validTo children versions changes' },
  RegionVersion: { public: 'code name parentCode validFrom validTo' },
  RegionChange: { public: 'kind fromCode toCode effectiveOn source' },
  FeedStatus: {
    public:
      'sourceSystem department record regionCode asOf rhythmHours stale hoursLate rhythmsLate lastRows lastRecorded ' +
      'lastRejected errorRate openCorrections overdueCorrections',
  },
  DepartmentAid: { aid: 'department answer asOf stale feedRegion' },
  OpenCorrection: { dispute: 'coordinate openedAt state' },
  OpenHouseholdCorrection: { dispute: 'coordinate openedAt state' },
};

/** The group that a field belongs to, and its mask where it has one. */
export interface Rule {
  readonly group: string;
  readonly mask?: string;
}

const RULES = new Map(
  Object.entries(there(GROUPS)).flatMap(([type, groups]) =>
    Object.entries(groups).flatMap(([key, fields]) => {
      const [group = '', mask] = key.split('~');
      const rule: Rule = { group, ...(mask === undefined ? {} : { mask }) };
      const coordinates = fields.split(' ').map((field) => `${type}.${field}`);
      return coordinates.filter(isThere).map((coordinate): [string, Rule] => [coordinate, rule]);
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
