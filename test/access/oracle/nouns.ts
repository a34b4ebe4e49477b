/** What each type of the graph is in the tables, read from the descriptions of the schema and written down by hand. */

import { DEPARTMENT_AID, DISPUTES, FEED_STATUS, aidByDepartment, disputesOf } from './freshness.ts';
import { isThere, there } from './installed.ts';
import { householdWork, ownShareAtRisk, unjustifiedInARow, workersOf, workerState } from './labour.ts';
import { LIVE, asked } from './live.ts';

/** A row as `select *` gives it: text, numbers, Booleans, null; dates and bigints as text. */
export type Row = Readonly<Record<string, unknown>>;

/** All rows of all tables. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** The arguments of a field, coerced by graphql-js. */
export type Args = Readonly<Record<string, unknown>>;

/** A column, the field that shows it, and the directions of it and of the ids where it is the same. */
export type Order = readonly [column: string, field: string, sign: 1 | -1, ids?: 1 | -1];

/** The orders that a caller can ask for; one downwards is the same list from its other end. */
export const ORDERS: Readonly<Record<string, Order>> = {
  VALID_FROM_ASC: ['valid_from', 'validFrom', 1],
  VALID_FROM_DESC: ['valid_from', 'validFrom', -1, -1],
  DECIDED_ON_ASC: ['decided_on', 'decidedOn', 1],
  REPORTED_AT_ASC: ['reported_at', 'reportedAt', 1],
  REPORTED_AT_DESC: ['reported_at', 'reportedAt', -1, -1],
};

/** The order of a list: as the caller says, or its own. */
export const orderOf = ({ order }: { readonly order?: Order | undefined }, { orderBy }: Args): Order | undefined =>
  ORDERS[String(orderBy)] ?? order;

/** The place of a row in the order of a list, which a cursor stands for. */
export interface Place {
  readonly row: Row;
  readonly order: Order | undefined;
}

/** A relation to one row or to many. */
export interface Link {
  readonly to: string;
  readonly many: 'one' | 'list' | 'connection';
  /** All rows that the relation leads to, before any scope, in the order that the schema describes. */
  rows(parent: Row, args: Args, at: World, sees: Sees): readonly Row[];
  /** Fields of the target that order the rows or always choose them: whoever may not see them in full cannot ask. */
  readonly uses?: readonly string[];
  /** Of a connection: what orders the rows before their ids do, unless the caller says. */
  readonly order?: Order;
  /** The argument with a day that the rows must be valid on; whoever writes it chooses by the days of validity. */
  readonly dated?: 'onDate' | 'validOn';
}

/** Whether the caller sees the field of a coordinate, in full or masked, whatever the row. */
export type Sees = (coordinate: string) => boolean;

/** One type. */
export interface Noun {
  readonly table: string;
  /** Columns that tie a row to a person, a household, a department. */
  readonly person?: string;
  readonly household?: string;
  readonly department?: string;
  /** Whether the row has place columns of its own. */
  readonly place?: boolean;
  /** The row that it follows where it has no anchor of its own: type, and column with its id. */
  readonly via?: readonly [noun: string, column: string];
  readonly open?: boolean;
  readonly values: Readonly<Record<string, (row: Row, at: World) => unknown>>;
  readonly links: Readonly<Record<string, Link>>;
}

/** What the oracle knows. */
export interface World {
  readonly tables: Tables;
  readonly today: string;
  readonly now: Date;
  /** What the cursors of the hub stand for: learned from it, since only it can write them. */
  readonly cursors: ReadonlyMap<string, Place>;
}

const as = (column: string) => (row: Row) => row[column] ?? null;
const instant = (column: string) => (row: Row) => (row[column] as Date).toISOString();
const yuan = (column: string) => (row: Row) => {
  if (row[column] === null) return null;
  const fen = String(row[column]).padStart(3, '0');
  return `${fen.slice(0, -2)}.${fen.slice(-2)}`;
};

const provenance = { sourceSystem: as('source_system'), asOf: instant('as_of') };
/** What a department delivered says when its source stopped to. */
const delivered = { ...provenance, endedOn: as('ended_on') };
const place = { regionCode: as('region_code'), townshipCode: as('township_code'), countyCode: as('county_code') };

const byId =
  (table: string, column: string) =>
  (parent: Row, _args: Args, { tables }: World) =>
    (tables[table] ?? []).filter((row) => row['id'] === parent[column]);

const one = (to: string, table: string, column: string): Link => ({ to, many: 'one', rows: byId(table, column) });

const validOn = (day: unknown) => (row: Row) =>
  String(row['valid_from']) <= String(day) && (row['valid_to'] === null || String(row['valid_to']) >= String(day));

/** By a column in one direction; rows that are equal there by their ids, upwards. */
const sorted = (rows: readonly Row[], column: string, sign: 1 | -1): readonly Row[] =>
  [...rows].sort(inOrder([column, '', sign]));

/** Compares two rows in an order. */
export const inOrder =
  (order: Order | undefined) =>
  (a: Row, b: Row): number =>
    (order === undefined ? 0 : order[2] * compare(a[order[0]], b[order[0]])) ||
    (order?.[3] ?? 1) * compare(a['id'], b['id']);

const compare = (a: unknown, b: unknown): number => {
  const [left, right] = [comparable(a), comparable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const comparable = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

interface ListOf {
  readonly to: string;
  readonly table: string;
  readonly column: string;
  readonly order?: Order;
  /** The argument with a day: `onDate` means today where it is left out, `validOn` any day. */
  readonly dated?: 'onDate' | 'validOn';
}

const list = ({ to, table, column, order, dated }: ListOf): Link => ({
  to,
  many: 'list',
  rows: (parent, args, { tables, today }) => {
    const day = dated === undefined ? null : (args[dated] ?? (dated === 'onDate' ? today : null));
    const rows = (tables[table] ?? []).filter(
      (row) => row[column] === parent['id'] && (day === null || validOn(day)(row)),
    );
    return order === undefined ? sorted(rows, 'id', 1) : sorted(rows, order[0], order[2]);
  },
  uses: order === undefined ? [] : [order[1]],
  ...(dated === undefined ? {} : { dated }),
});

const NEWEST_FIRST: Order = ['decided_on', 'decidedOn', -1];

const grants = (column: string): Link => ({
  to: 'AidGrant',
  many: 'connection',
  rows: (parent, { withSuperseded }, { tables }) =>
    sorted(
      (tables['aid_grant'] ?? []).filter(
        (row) => row[column] === parent['id'] && (withSuperseded === true || row['state'] !== 'SUPERSEDED'),
      ),
      'decided_on',
      -1,
    ),
  uses: ['state'],
  order: NEWEST_FIRST,
});

const FROM_TO = { validFrom: as('valid_from'), validTo: as('valid_to') };

/** Standing programmes; one-off aid and certificates from before Tekun are no standing status. */
const STANDING = new Set(['DIBAO', 'TEKUN', 'DIBAO_EDGE', 'RIGID_EXPENDITURE', 'RELAPSE_MONITORED']);

/** What a person benefits from on a day in the sense of the status check. */
export const standing = (personId: unknown, day: unknown, { tables }: World): readonly Row[] =>
  sorted(
    (tables['recipient'] ?? []).filter(
      (row) => row['person_id'] === personId && validOn(day)(row) && STANDING.has(String(row['programme'])),
    ),
    'valid_from',
    1,
  );

/** Whether a kind does not count as a person's income today: of the divisions around the home the finest that says so. */
function leftOut(kind: unknown, personId: unknown, { tables, today }: World): boolean {
  const home = (tables['person'] ?? []).find(({ id }) => id === personId);
  const places = ['county_code', 'prefecture_code', 'province_code'].map((column) => home?.[column]);
  const rules = (tables['civil_affairs_rule'] ?? []).filter(
    (rule) => rule['rule'] === `INCOME_EXCLUDED:${String(kind)}` && validOn(today)(rule),
  );
  for (const place of [...places, '000000000000']) {
    const rule = rules.find((one) => one['region_code'] === place);
    if (rule !== undefined) return rule['value'] === 'YES';
  }
  return false;
}

const RECORDS = [
  ...['StudentRecord', 'MedicalSettlement', 'HousingRecord', 'EmploymentRecord'],
  ...['EducationVoucher', 'FeeDeferral', 'TrainingRecord', 'PublicPost', 'WorkRefusal', 'CommunityService'],
  ...['RelatedStatus', 'LegacyCertificate', 'TemporaryAidCase', 'DisasterRelief', 'ShelterStay', 'CharityAid'],
  ...['InsuredRecord', 'EmergencyCase', 'DeathReport'],
  ...['PublicRental', 'RentSubsidy', 'DilapidatedHouse'],
].filter(isThere);

/** What housing knows, of a person or of a household. */
const housingLists = (column: string): Readonly<Record<string, Link>> => ({
  housingRecords: list({ to: 'HousingRecord', table: 'housing_record', column }),
  publicRentals: list({
    to: 'PublicRental',
    table: 'public_rental',
    column,
    order: ['valid_from', 'validFrom', -1],
  }),
  rentSubsidies: list({ to: 'RentSubsidy', table: 'rent_subsidy', column, order: ['month_from', 'monthFrom', -1] }),
  dilapidatedHouses: list({
    to: 'DilapidatedHouse',
    table: 'dilapidated_house',
    column,
    order: ['surveyed_on', 'surveyedOn', -1],
  }),
});

/** Floor area over those who live together today, to two places. */
const perCapita = (row: Row, { tables, today }: World): string | null => {
  const members = (tables['membership'] ?? []).filter(
    (member) => member['household_id'] === row['household_id'] && validOn(today)(member),
  ).length;
  if (members === 0) return null;
  const hundredths = Number(String(row['area_m2']).replace('.', ''));
  return (Math.floor((2 * hundredths + members) / (2 * members)) / 100).toFixed(2);
};

/** What can stand where the schema says no more than an interface. */
export const INTERFACES: Readonly<Record<string, readonly string[]>> = {
  DepartmentRecord: RECORDS,
  Node: ['Person', 'Household', 'Membership', 'Enrolment', 'EnrolmentEvent', 'Recipient', 'AidGrant', ...RECORDS],
};

/** The types of the rows behind a relation. */
export const typesOf = (to: string): readonly string[] => INTERFACES[to] ?? [to];

/** The type of a row where several are possible: no two tables have an id in common. */
export function typeOfRow(to: string, row: Row, { tables }: World): string {
  const [only = to, ...others] = typesOf(to);
  if (others.length === 0) return only;
  const found = typesOf(to).find((type) => (tables[NOUNS[type]?.table ?? ''] ?? []).includes(row));
  if (found === undefined) throw new Error(`A row of ${to} is in no table`);
  return found;
}

const WRITTEN: Readonly<Record<string, Noun>> = {
  Person: {
    table: 'person',
    person: 'id',
    place: true,
    values: {
      ...provenance,
      ...place,
      id: as('id'),
      name: as('name'),
      idNumber: (row, { tables }) => {
        const own = (tables['person_identifier'] ?? []).filter(
          (number) =>
            number['person_id'] === row['id'] &&
            number['type'] === 'RESIDENT_ID' &&
            number['superseded_by_id'] === null,
        );
        return own[0]?.['match_key'] ?? null;
      },
      sex: as('sex'),
      birthDate: as('birth_date'),
      ethnicity: as('ethnicity'),
      phone: as('phone'),
      address: as('address'),
      disabilityType: as('disability_type'),
      disabilityGrade: as('disability_grade'),
      disabilityCertificateNo: as('disability_certificate_no'),
      labourAbility: as('labour_ability'),
      selfCareGrade: as('self_care_grade'),
      diedOn: as('died_on'),
    },
    links: {
      memberships: list({
        to: 'Membership',
        table: 'membership',
        column: 'person_id',
        order: ['valid_from', 'validFrom', -1],
        dated: 'validOn',
      }),
      recipientOf: list({
        to: 'Recipient',
        table: 'recipient',
        column: 'person_id',
        order: ['valid_from', 'validFrom', 1],
        dated: 'onDate',
      }),
      aidGrants: grants('person_id'),
      liveEmployment: asked('LiveEmployment'),
      liveInsurance: asked('LiveInsurance'),
      aidByDepartment: {
        to: 'DepartmentAid',
        many: 'list',
        rows: (person, { since }, at) => aidByDepartment(person, since, at),
      },
      openCorrections: disputesOf('OpenCorrection', 'person_id'),
      relatedStatuses: list({
        to: 'RelatedStatus',
        table: 'related_status',
        column: 'person_id',
        order: ['valid_from', 'validFrom', -1],
      }),
      legacyCertificates: list({
        to: 'LegacyCertificate',
        table: 'legacy_certificate',
        column: 'person_id',
      }),
      temporaryAidCases: list({
        to: 'TemporaryAidCase',
        table: 'temporary_aid_case',
        column: 'person_id',
        order: ['decided_on', 'decidedOn', -1],
      }),
      disasterRelief: list({
        to: 'DisasterRelief',
        table: 'disaster_relief',
        column: 'person_id',
        order: ['reported_on', 'reportedOn', -1],
      }),
      shelterStays: list({
        to: 'ShelterStay',
        table: 'shelter_stay',
        column: 'person_id',
        order: ['entered_on', 'enteredOn', -1],
      }),
      charityAid: list({
        to: 'CharityAid',
        table: 'charity_aid',
        column: 'person_id',
        order: ['given_on', 'givenOn', -1],
      }),
      benefitsAfterDeath: {
        to: 'Recipient',
        many: 'list',
        rows: (row, _args, { tables }) =>
          sorted(
            (tables['recipient'] ?? []).filter(
              (one) =>
                one['person_id'] === row['id'] &&
                row['died_on'] !== null &&
                (one['valid_to'] === null || String(one['valid_to']) > String(row['died_on'])),
            ),
            'valid_from',
            1,
          ),
        uses: ['validTo', 'validFrom'],
      },
      studentRecords: list({
        to: 'StudentRecord',
        table: 'student_record',
        column: 'person_id',
        order: ['term', 'term', -1],
      }),
      educationVouchers: list({
        to: 'EducationVoucher',
        table: 'education_voucher',
        column: 'person_id',
        order: ['term', 'term', -1],
      }),
      feeDeferrals: list({
        to: 'FeeDeferral',
        table: 'fee_deferral',
        column: 'person_id',
        order: ['term', 'term', -1],
      }),
      medicalSettlements: list({
        to: 'MedicalSettlement',
        table: 'medical_settlement',
        column: 'person_id',
        order: ['admitted_on', 'admittedOn', -1],
      }),
      insuredRecords: list({
        to: 'InsuredRecord',
        table: 'insured_record',
        column: 'person_id',
        order: ['valid_from', 'validFrom', -1],
      }),
      emergencyCases: list({
        to: 'EmergencyCase',
        table: 'emergency_case',
        column: 'person_id',
        order: ['arrived_on', 'arrivedOn', -1],
      }),
      deathReports: list({
        to: 'DeathReport',
        table: 'death_report',
        column: 'person_id',
        order: ['died_on', 'diedOn', -1],
      }),
      ...housingLists('person_id'),
      employmentRecords: list({
        to: 'EmploymentRecord',
        table: 'employment_record',
        column: 'person_id',
        order: ['registered_on', 'registeredOn', -1],
      }),
      trainings: list({
        to: 'TrainingRecord',
        table: 'training_record',
        column: 'person_id',
        order: ['from_on', 'fromOn', -1],
      }),
      publicPosts: list({
        to: 'PublicPost',
        table: 'public_post',
        column: 'person_id',
        order: ['valid_from', 'validFrom', -1],
      }),
      workRefusals: list({
        to: 'WorkRefusal',
        table: 'work_refusal',
        column: 'person_id',
        order: ['refused_on', 'refusedOn', -1],
      }),
      communityService: list({
        to: 'CommunityService',
        table: 'community_service',
        column: 'person_id',
        order: ['served_on', 'servedOn', -1],
      }),
      records: {
        to: 'DepartmentRecord',
        many: 'list',
        rows: (row, _args, { tables }) =>
          sorted(
            RECORDS.flatMap((type) => tables[NOUNS[type]?.table ?? ''] ?? []).filter(
              (record) => record['person_id'] === row['id'],
            ),
            'as_of',
            -1,
          ),
        uses: ['asOf'],
      },
    },
  },
  Household: {
    table: 'household',
    household: 'id',
    place: true,
    values: {
      ...provenance,
      ...place,
      id: as('id'),
      urbanRural: as('urban_rural'),
      address: as('address'),
      memberCount: as('member_count'),
      monthlyIncome: yuan('monthly_income_fen'),
      assets: yuan('assets_fen'),
      work: householdWork,
    },
    links: {
      temporaryAidCases: list({
        to: 'TemporaryAidCase',
        table: 'temporary_aid_case',
        column: 'household_id',
        order: ['decided_on', 'decidedOn', -1],
      }),
      disasterRelief: list({
        to: 'DisasterRelief',
        table: 'disaster_relief',
        column: 'household_id',
        order: ['reported_on', 'reportedOn', -1],
      }),
      workers: { to: 'HouseholdWorker', many: 'list', rows: (row, _args, at) => sorted(workersOf(row, at), 'id', 1) },
      head: one('Person', 'person', 'head_person_id'),
      members: list({
        to: 'Membership',
        table: 'membership',
        column: 'household_id',
        order: ['valid_from', 'validFrom', 1],
        dated: 'onDate',
      }),
      enrolments: list({
        to: 'Enrolment',
        table: 'enrolment',
        column: 'household_id',
        order: ['valid_from', 'validFrom', -1],
        dated: 'validOn',
      }),
      aidGrants: grants('household_id'),
      ...housingLists('household_id'),
      openCorrections: disputesOf('OpenHouseholdCorrection', 'household_id'),
    },
  },
  Membership: {
    table: 'membership',
    person: 'person_id',
    household: 'household_id',
    via: ['Household', 'household_id'],
    values: { ...provenance, ...FROM_TO, id: as('id'), relation: as('relation'), role: as('role') },
    links: {
      household: one('Household', 'household', 'household_id'),
      person: one('Person', 'person', 'person_id'),
    },
  },
  Enrolment: {
    table: 'enrolment',
    person: 'applicant_id',
    household: 'household_id',
    place: true,
    values: {
      ...provenance,
      ...place,
      ...FROM_TO,
      id: as('id'),
      programme: as('programme'),
      urbanRural: as('urban_rural'),
      category: as('category'),
      certificateNo: as('certificate_no'),
      amount: yuan('amount_fen'),
      topUp: yuan('top_up_fen'),
      payeeAccount: as('payee_account'),
      supportMode: as('support_mode'),
      causes: as('causes'),
      status: as('status'),
    },
    links: {
      household: one('Household', 'household', 'household_id'),
      applicant: one('Person', 'person', 'applicant_id'),
      events: list({
        to: 'EnrolmentEvent',
        table: 'enrolment_event',
        column: 'enrolment_id',
        order: ['effective_on', 'effectiveOn', 1],
      }),
      recipients: list({
        to: 'Recipient',
        table: 'recipient',
        column: 'enrolment_id',
        order: ['valid_from', 'validFrom', 1],
        dated: 'validOn',
      }),
    },
  },
  EnrolmentEvent: {
    table: 'enrolment_event',
    via: ['Enrolment', 'enrolment_id'],
    values: {
      ...provenance,
      id: as('id'),
      kind: as('kind'),
      effectiveOn: as('effective_on'),
      amount: yuan('amount_fen'),
      reason: as('reason'),
    },
    links: {},
  },
  Recipient: {
    table: 'recipient',
    person: 'person_id',
    household: 'household_id',
    place: true,
    values: {
      ...provenance,
      ...place,
      ...FROM_TO,
      id: as('id'),
      programme: as('programme'),
      urbanRural: as('urban_rural'),
      category: as('category'),
    },
    links: {
      enrolment: one('Enrolment', 'enrolment', 'enrolment_id'),
      person: one('Person', 'person', 'person_id'),
      household: one('Household', 'household', 'household_id'),
      // Of the divisions around the recipient the finest one that has a rate.
      premiumAid: {
        to: 'PremiumAidRate',
        many: 'one',
        rows: (row, { onDate }, { tables, today }) =>
          (tables['premium_aid_rate'] ?? [])
            .filter(
              (rate) =>
                rate['category'] === row['programme'] &&
                validOn(onDate ?? today)(rate) &&
                ['000000000000', row['province_code'], row['prefecture_code'], row['county_code']].includes(
                  rate['region_code'],
                ),
            )
            .sort((a, b) => (String(a['region_code']) > String(b['region_code']) ? -1 : 1))
            .slice(0, 1),
        uses: ['category', 'regionCode'],
        dated: 'onDate',
      },
    },
  },
  AidGrant: {
    table: 'aid_grant',
    person: 'person_id',
    household: 'household_id',
    department: 'department',
    place: true,
    values: {
      ...provenance,
      id: as('id'),
      department: as('department'),
      sourceKey: as('source_key'),
      version: as('version'),
      programme: as('programme'),
      mode: as('mode'),
      amount: yuan('amount_fen'),
      kindDescription: as('kind_description'),
      periodFrom: as('period_from'),
      periodTo: as('period_to'),
      decidedOn: as('decided_on'),
      paidOn: as('paid_on'),
      fundSource: as('fund_source'),
      reversalOf: as('reversal_of'),
      state: as('state'),
      supersededByVersion: as('superseded_by_version'),
      reversedByKey: as('reversed_by_key'),
      reportedAt: instant('reported_at'),
      item: as('item'),
      itemName: (row, { tables }) =>
        (tables['aid_item'] ?? [])
          .filter(({ code }) => code === row['item'])
          .sort((a, b) => (String(a['valid_from']) < String(b['valid_from']) ? 1 : -1))
          .sort((a, b) => (String(a['region_code']) < String(b['region_code']) ? -1 : 1))[0]?.['name'] ?? null,
      reference: as('reference'),
      afterDeath: (row, { tables }) => {
        const person = (tables['person'] ?? []).find(({ id }) => id === row['person_id']);
        if (person === undefined) return null;
        const died = person['died_on'];
        if (typeof died !== 'string') return false;
        const from = row['period_from'];
        return String(row['decided_on']) > died || (typeof from === 'string' && from > died.slice(0, 7));
      },
    },
    links: {
      person: one('Person', 'person', 'person_id'),
      household: one('Household', 'household', 'household_id'),
    },
  },
  RelatedStatus: {
    table: 'related_status',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      ...FROM_TO,
      kind: as('kind'),
      grade: as('grade'),
      amount: yuan('amount_fen'),
      excludedFromIncome: (row, at) => leftOut(row['kind'], row['person_id'], at),
    },
    links: {},
  },
  LegacyCertificate: {
    table: 'legacy_certificate',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      kind: as('kind'),
      certificateNo: as('certificate_no'),
      issuer: as('issuer'),
      issuedOn: as('issued_on'),
      validTo: as('valid_to'),
      supportMode: as('support_mode'),
      programme: as('programme'),
      mappingBasis: as('mapping_basis'),
    },
    links: {},
  },
  TemporaryAidCase: {
    table: 'temporary_aid_case',
    person: 'person_id',
    household: 'household_id',
    place: true,
    values: {
      ...delivered,
      ...place,
      id: as('id'),
      kind: as('kind'),
      cause: as('cause'),
      appliedOn: as('applied_on'),
      decidedOn: as('decided_on'),
      aidFirst: as('aid_first'),
      fastTrack: as('fast_track'),
      papersDueOn: as('papers_due_on'),
      papersOn: as('papers_on'),
      papersOverdue: (row, { today }) =>
        row['aid_first'] === true &&
        row['papers_on'] === null &&
        row['papers_due_on'] !== null &&
        String(row['papers_due_on']) < today,
      grantKey: as('grant_key'),
    },
    links: {},
  },
  DisasterRelief: {
    table: 'disaster_relief',
    person: 'person_id',
    household: 'household_id',
    place: true,
    values: {
      ...delivered,
      ...place,
      id: as('id'),
      eventCode: as('event_code'),
      reportVersion: as('report_version'),
      superseded: as('superseded'),
      phase: as('phase'),
      familyType: as('family_type'),
      familySize: as('family_size'),
      needyCount: as('needy_count'),
      address: as('address'),
      housesLost: as('houses_lost'),
      inTemporaryShelter: as('in_temporary_shelter'),
      mode: as('mode'),
      cash: yuan('cash_fen'),
      kindDescription: as('kind_description'),
      kindValue: yuan('kind_value_fen'),
      insurance: yuan('insurance_fen'),
      reportedOn: as('reported_on'),
    },
    links: {},
  },
  ShelterStay: {
    table: 'shelter_stay',
    person: 'person_id',
    place: true,
    values: {
      ...delivered,
      ...place,
      id: as('id'),
      station: as('station'),
      enteredOn: as('entered_on'),
      entryMode: as('entry_mode'),
      leftOn: as('left_on'),
      exitMode: as('exit_mode'),
      minor: as('minor'),
      originKnown: as('origin_known'),
      originRegion: as('origin_region'),
      health: as('health'),
      homeAskedOn: as('home_asked_on'),
      homeDueOn: as('home_due_on'),
      homeAnsweredOn: as('home_answered_on'),
      homeAnswer: as('home_answer'),
      homeOverdue: (row, { today }) =>
        row['home_answered_on'] === null && row['home_due_on'] !== null && String(row['home_due_on']) < today,
    },
    links: {},
  },
  CharityAid: {
    table: 'charity_aid',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      donor: as('donor'),
      donorUscc: as('donor_uscc'),
      project: as('project'),
      givenOn: as('given_on'),
      cash: yuan('cash_fen'),
      kindDescription: as('kind_description'),
      kindValue: yuan('kind_value_fen'),
      excludedFromIncome: (row, at) => leftOut('CHARITY_AID', row['person_id'], at),
    },
    links: {},
  },
  EducationVoucher: {
    table: 'education_voucher',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      voucherNo: as('source_key'),
      term: as('term'),
      faceValue: yuan('face_value_fen'),
      fees: as('fees'),
      issuedOn: as('issued_on'),
      redeemedOn: as('redeemed_on'),
      redeemedSchool: as('redeemed_school'),
    },
    links: {},
  },
  FeeDeferral: {
    table: 'fee_deferral',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      kind: as('kind'),
      schoolName: as('school_name'),
      term: as('term'),
      fees: as('fees'),
      amount: yuan('amount_fen'),
      grantedOn: as('granted_on'),
      dueOn: as('due_on'),
      settledOn: as('settled_on'),
    },
    links: {},
  },
  TrainingRecord: {
    table: 'training_record',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      course: as('course'),
      fromOn: as('from_on'),
      toOn: as('to_on'),
      providerUscc: as('provider_uscc'),
      certificateNo: as('certificate_no'),
      subsidyClaimed: as('subsidy_claimed'),
    },
    links: {},
  },
  PublicPost: {
    table: 'public_post',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      ...FROM_TO,
      id: as('id'),
      post: as('post'),
      employerUscc: as('employer_uscc'),
    },
    links: {},
  },
  WorkRefusal: {
    table: 'work_refusal',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      offer: as('offer'),
      employerUscc: as('employer_uscc'),
      refusedOn: as('refused_on'),
      justified: as('justified'),
      reason: as('reason'),
      unjustifiedInARow,
      ownShareAtRisk,
    },
    links: {},
  },
  CommunityService: {
    table: 'community_service',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      servedOn: as('served_on'),
      organiser: as('organiser'),
      attended: as('attended'),
      hours: as('hours'),
    },
    links: {},
  },
  // A second type over the table of memberships.
  HouseholdWorker: {
    table: 'membership',
    person: 'person_id',
    household: 'household_id',
    via: ['Household', 'household_id'],
    values: { state: (row, at) => workerState(row, at).state, since: (row, at) => workerState(row, at).since },
    links: { person: one('Person', 'person', 'person_id') },
  },
  StudentRecord: {
    table: 'student_record',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      stage: as('stage'),
      schoolCode: as('school_code'),
      schoolName: as('school_name'),
      grade: as('grade'),
      boarding: as('boarding'),
      term: as('term'),
    },
    links: {},
  },
  InsuredRecord: {
    table: 'insured_record',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      ...FROM_TO,
      id: as('id'),
      insuredType: as('insured_type'),
      premium: yuan('premium_fen'),
      aidedAs: as('aided_as'),
      premiumAidMode: as('premium_aid_mode'),
      premiumAid: yuan('premium_aid_fen'),
    },
    links: {},
  },
  EmergencyCase: {
    table: 'emergency_case',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      hospital: as('hospital'),
      arrivedOn: as('arrived_on'),
      identityKnown: as('identity_known'),
      foundAt: as('found_at'),
      description: as('description'),
      total: yuan('total_fen'),
      insurance: yuan('insurance_fen'),
      aid: yuan('aid_fen'),
      self: yuan('self_fen'),
      fund: yuan('fund_fen'),
      unpaid: yuan('unpaid_fen'),
      fundPaidOn: as('fund_paid_on'),
    },
    links: {},
  },
  DeathReport: {
    table: 'death_report',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      diedOn: as('died_on'),
      certifiedBy: as('certified_by'),
      institution: as('institution'),
      certificateNo: as('certificate_no'),
    },
    links: {},
  },
  PremiumAidRate: {
    table: 'premium_aid_rate',
    open: true,
    values: {
      ...FROM_TO,
      regionCode: as('region_code'),
      category: as('category'),
      mode: as('mode'),
      amount: yuan('amount_fen'),
      source: as('source'),
    },
    links: {},
  },
  MedicalSettlement: {
    table: 'medical_settlement',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      insuredType: as('insured_type'),
      visit: as('visit'),
      admittedOn: as('admitted_on'),
      dischargedOn: as('discharged_on'),
      diagnosis: as('diagnosis'),
      diagnosisCode: as('diagnosis_code'),
      seriousIllness: as('serious_illness'),
      total: yuan('total_fen'),
      inPolicy: yuan('in_policy_fen'),
      basic: yuan('basic_fen'),
      major: yuan('major_fen'),
      aid: yuan('aid_fen'),
      other: yuan('other_fen'),
      self: yuan('self_fen'),
    },
    links: {},
  },
  HousingRecord: {
    table: 'housing_record',
    person: 'person_id',
    household: 'household_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      tenure: as('tenure'),
      areaM2: as('area_m2'),
      perCapitaAreaM2: perCapita,
      dangerGrade: as('danger_grade'),
      address: as('address'),
    },
    links: {},
  },
  PublicRental: {
    table: 'public_rental',
    person: 'person_id',
    household: 'household_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      ...FROM_TO,
      id: as('id'),
      unitCode: as('unit_code'),
      address: as('address'),
      areaM2: as('area_m2'),
      rent: yuan('rent_fen'),
      relief: yuan('relief_fen'),
    },
    links: {},
  },
  RentSubsidy: {
    table: 'rent_subsidy',
    person: 'person_id',
    household: 'household_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      amount: yuan('amount_fen'),
      monthFrom: as('month_from'),
      monthTo: as('month_to'),
    },
    links: {},
  },
  DilapidatedHouse: {
    table: 'dilapidated_house',
    person: 'person_id',
    household: 'household_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      houseCode: as('house_code'),
      address: as('address'),
      grade: as('grade'),
      surveyedOn: as('surveyed_on'),
      reconstruction: as('reconstruction'),
      reconstructedOn: as('reconstructed_on'),
    },
    links: {},
  },
  EmploymentRecord: {
    table: 'employment_record',
    person: 'person_id',
    via: ['Person', 'person_id'],
    values: {
      ...delivered,
      id: as('id'),
      status: as('status'),
      employerUscc: as('employer_uscc'),
      registeredOn: as('registered_on'),
      training: as('training'),
      refusals: as('refusals'),
    },
    links: {},
  },
  Region: {
    table: 'region',
    open: true,
    values: {
      code: as('code'),
      name: as('name'),
      level: as('level'),
      parentCode: as('parent_code'),
      ...FROM_TO,
    },
    links: {
      parent: {
        to: 'Region',
        many: 'one',
        rows: (row, _args, { tables }) => (tables['region'] ?? []).filter(({ code }) => code === row['parent_code']),
      },
      children: {
        to: 'Region',
        many: 'list',
        rows: (row, _args, { tables }) =>
          sorted(
            (tables['region'] ?? []).filter(({ parent_code: parent }) => parent === row['code']),
            'code',
            1,
          ),
      },
      versions: {
        to: 'RegionVersion',
        many: 'list',
        rows: (row, _args, { tables }) =>
          sorted(
            (tables['region_version'] ?? []).filter(({ code }) => code === row['code']),
            'valid_from',
            1,
          ),
      },
      changes: {
        to: 'RegionChange',
        many: 'list',
        rows: (row, _args, { tables }) =>
          sorted(
            (tables['region_change'] ?? []).filter(
              ({ from_code: from, to_code: to }) => from === row['code'] || to === row['code'],
            ),
            'effective_on',
            1,
          ),
      },
    },
  },
  RegionVersion: {
    table: 'region_version',
    open: true,
    values: { ...FROM_TO, code: as('code'), name: as('name'), parentCode: as('parent_code') },
    links: {},
  },
  RegionChange: {
    table: 'region_change',
    open: true,
    values: {
      kind: as('kind'),
      fromCode: as('from_code'),
      toCode: as('to_code'),
      effectiveOn: as('effective_on'),
      source: as('source'),
    },
    links: {},
  },
  FeedStatus: FEED_STATUS,
  DepartmentAid: DEPARTMENT_AID,
  ...DISPUTES,
  ...LIVE,
  StatusProgramme: {
    table: 'recipient',
    person: 'person_id',
    household: 'household_id',
    place: true,
    values: {
      ...FROM_TO,
      programme: as('programme'),
      urbanRural: as('urban_rural'),
      category: as('category'),
    },
    links: {},
  },
  // Not a table: the rows are the questions of one call with what was found.
  StatusCheck: {
    table: '',
    person: 'person_id',
    values: {
      result: as('result'),
      caseNo: as('case_no'),
      nameAgrees: as('name_agrees'),
      problem: as('problem'),
      onDate: as('on_date'),
    },
    links: {
      programmes: {
        to: 'StatusProgramme',
        many: 'list',
        rows: (row, _args, at) => standing(row['person_id'], row['on_date'], at),
        uses: ['programme', 'validFrom', 'validTo'],
      },
      freshness: {
        to: 'FeedStatus',
        many: 'one',
        rows: (_row, _args, { tables }) =>
          sorted(
            (tables['feed'] ?? []).filter(({ record }) => record === 'ENROLMENT'),
            'as_of',
            1,
          ).slice(0, 1),
      },
    },
  },
};

/** The types that this hub has, with the fields that it has. */
export const NOUNS: Readonly<Record<string, Noun>> = Object.fromEntries(
  Object.entries(there(WRITTEN)).map(([type, noun]) => [
    type,
    { ...noun, values: there(noun.values, type), links: there(noun.links, type) },
  ]),
);

/** Tables that came with the modules that are not installed, their rules included. */
export const ABSENT_TABLES: ReadonlySet<string> = new Set([
  ...Object.entries(WRITTEN).flatMap(([type, { table }]) => (isThere(type) || table === '' ? [] : [table])),
  ...Object.entries({ labour: 'labour_rule', civilAffairs: 'civil_affairs_rule' }).flatMap(([department, table]) =>
    isThere(department) ? [] : [table],
  ),
]);
