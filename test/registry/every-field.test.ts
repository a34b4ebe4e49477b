/** The whole graph on the compiled road, with a policy that opens everything: what the columns hold is what is answered. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getNamedType, isEnumType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import type { Graph } from '../../src/graph/index.ts';
import { buildHubSchema, describeGraph } from '../../src/server/schema.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { reader } from '../graph/planned.ts';
import { ofInstalled } from '../harness/installed.ts';
import { rowsIn } from './rows.ts';

const TODAY = '2026-11-22';
let database: TestDatabase;
let schema: GraphQLSchema;
let graph: Graph;
let ask: Awaited<ReturnType<typeof reader>>;
let changed: { from: string; to: string };
let family: { personId: string; householdId: string; number: string };

beforeAll(async () => {
  database = await testDatabase();
  schema = await buildHubSchema();
  graph = await describeGraph(schema, database.ownerUrl);
  ask = await reader(graph, database.server, TODAY);
  family = await aFamily();
  changed = await aMerger();
});
afterAll(() => database.drop());

/** A township that went into another one. */
async function aMerger() {
  const township = (code: string, validTo: string | null) =>
    database.owner.query(
      `insert into region (code, name, level, parent_code, province_code, prefecture_code, county_code, township_code, valid_from, valid_to)
       values ($1, '某镇', 'TOWNSHIP', '620100000000', '620000000000', '620100000000', '620199000000', $1, '2000-01-01', $2)`,
      [code, validTo],
    );
  const [from, to] = ['620199998000', '620199999000'];
  await township(from, '2020-12-31');
  await township(to, null);
  const rows = rowsIn(database.owner);
  await rows.insert('region_change', {
    kind: 'MERGE',
    from_code: from,
    to_code: to,
    effective_on: '2021-01-01',
    source: '某文件',
  });
  await rows.insert('region_version', {
    code: from,
    name: '某乡',
    parent_code: '620100000000',
    valid_from: '2000-01-01',
    valid_to: '2010-12-31',
  });
  return { from, to };
}

/** A farmer with one of everything that the departments record. */
async function aFamily() {
  const rows = rowsIn(database.owner);
  const personId = await rows.person({
    birth_date: '1980-02-29',
    ethnicity: '01',
    phone: '13900000000',
    address: '兴隆村一组',
    disability_type: 'PHYSICAL',
    disability_grade: 2,
    labour_ability: 'PARTIAL',
    self_care_grade: 'ABLE',
    disability_certificate_no: 'C-1',
    died_on: '2026-11-20',
  });
  const superseded = await rows.insert('person_identifier', {
    person_id: personId,
    type: 'TEMPORARY',
    value: 'T-1',
    match_key: 'T-1',
    verified: false,
    source_system: 'test',
    source_key: 'T-1',
    as_of: '2026-01-01T00:00:00Z',
  });
  const number = await rows.residentId(personId, '1980-02-29', 12);
  await database.owner.query(
    `update person_identifier set superseded_by_id = (select id from person_identifier where type = 'RESIDENT_ID' and person_id = $2) where id = $1`,
    [superseded, personId],
  );
  const householdId = await rows.household({
    head_person_id: personId,
    monthly_income_fen: 123405,
    assets_fen: 0,
    address: '兴隆村一组',
  });
  await rows.membership({
    household_id: householdId,
    person_id: personId,
    valid_from: '2020-01-01',
    valid_to: '2025-12-31',
  });
  await rows.membership({ household_id: householdId, person_id: personId });
  const enrolmentId = await rows.enrolment({
    household_id: householdId,
    applicant_id: personId,
    payee_account: '6200000000001234',
    certificate_no: 'D-1',
    support_mode: 'SCATTERED',
    valid_to: '2026-12-31',
  });
  await rows.recipient({
    enrolment_id: enrolmentId,
    person_id: personId,
    household_id: householdId,
    valid_to: '2026-12-31',
  });
  const record = { person_id: personId, source_system: 'test', as_of: '2026-09-01T00:00:00Z' };
  await rows.insert('enrolment_event', {
    enrolment_id: enrolmentId,
    kind: 'NEW',
    effective_on: '2026-01-01',
    amount_fen: 60000,
    reason: '新申请',
    source_system: 'test',
    source_key: '1',
    as_of: '2026-01-01T00:00:00Z',
  });
  await rows.insert('student_record', {
    ...record,
    source_key: '1',
    stage: 'VOCATIONAL',
    school_code: '3162000000',
    school_name: '兰州职校',
    grade: 1,
    boarding: true,
    term: '2026-2',
    ended_on: '2026-11-01',
  });
  await rows.insert('education_voucher', {
    ...record,
    source_key: 'V-1',
    term: '2026-2',
    face_value_fen: 30050,
    fees: ['SUNDRY', 'BOARDING'],
    issued_on: '2026-08-25',
    redeemed_on: '2026-09-01',
    redeemed_school: '兰州职校',
    ended_on: '2026-11-01',
  });
  await rows.insert('fee_deferral', {
    ...record,
    source_key: 'F-1',
    kind: 'GREEN_CHANNEL',
    school_name: '兰州职校',
    term: '2026-2',
    fees: ['TUITION'],
    amount_fen: 580000,
    granted_on: '2026-09-01',
    due_on: '2027-01-15',
    settled_on: '2026-10-01',
    ended_on: '2026-11-01',
  });
  await rows.insert('training_record', {
    ...record,
    source_key: 'T-1',
    course: '电工',
    from_on: '2026-04-01',
    to_on: '2026-04-20',
    provider_uscc: '91620199MA00000000',
    certificate_no: 'Z-1',
    subsidy_claimed: true,
    ended_on: '2026-11-01',
  });
  await rows.insert('public_post', {
    ...record,
    source_key: 'P-1',
    post: '保洁员',
    employer_uscc: '91620199MA00000000',
    valid_from: '2025-01-01',
    valid_to: '2025-12-31',
    ended_on: '2026-11-01',
  });
  for (const [day, justified] of [
    ['2026-05-06', false],
    ['2026-06-06', true],
  ])
    await rows.insert('work_refusal', {
      ...record,
      source_key: `R-${String(day)}`,
      offer: '理货员',
      employer_uscc: '91620199MA00000000',
      refused_on: day,
      justified,
      reason: '患病',
      ended_on: justified === true ? '2026-11-01' : null,
    });
  await rows.insert('community_service', {
    ...record,
    source_key: 'C-1',
    served_on: '2026-06-12',
    organiser: '某某社区',
    attended: true,
    hours: '4.0',
    ended_on: '2026-11-01',
  });
  await rows.insert('insured_record', {
    ...record,
    source_key: '4',
    insured_type: 'RESIDENT',
    valid_from: '2026-01-01',
    valid_to: '2026-12-31',
    premium_fen: 40000,
    aided_as: 'DIBAO',
    premium_aid_mode: 'FIXED',
    premium_aid_fen: 28000,
    ended_on: '2026-11-01',
  });
  await rows.insert('emergency_case', {
    ...record,
    source_key: '5',
    hospital: '县人民医院',
    arrived_on: '2026-03-01',
    identity_known: false,
    found_at: '汽车站',
    description: '灰色外套',
    total_fen: 100,
    insurance_fen: 0,
    aid_fen: 0,
    self_fen: 0,
    fund_fen: 100,
    unpaid_fen: 0,
    fund_paid_on: '2026-05-01',
    ended_on: '2026-11-01',
  });
  await rows.insert('death_report', {
    ...record,
    source_key: '6',
    died_on: '2026-11-20',
    certified_by: 'HOSPITAL',
    institution: '县人民医院',
    certificate_no: 'SW-1',
    ended_on: '2026-11-01',
  });
  await rows.insert('premium_aid_rate', {
    region_code: '620199000000',
    category: 'DIBAO',
    mode: 'FIXED',
    amount_fen: 30000,
    valid_from: '2026-01-01',
    valid_to: '2026-12-31',
    source: '某文件',
  });
  const home = { ...record, household_id: householdId, ended_on: '2026-11-01' };
  await rows.insert('public_rental', {
    ...home,
    source_key: '7',
    unit_code: 'F-1',
    address: '安居小区',
    area_m2: '48.6',
    rent_fen: 30000,
    relief_fen: 12000,
    valid_from: '2025-01-01',
    valid_to: '2025-12-31',
  });
  await rows.insert('rent_subsidy', {
    ...home,
    source_key: '8',
    amount_fen: 24000,
    month_from: '2026-01',
    month_to: '2026-12',
  });
  await rows.insert('dilapidated_house', {
    ...home,
    source_key: '9',
    house_code: 'N-1',
    address: '兴隆村一组',
    grade: 'D',
    surveyed_on: '2025-01-01',
    reconstruction: 'REBUILT',
    reconstructed_on: '2026-05-20',
  });
  await rows.settlement({
    person_id: personId,
    diagnosis_code: 'J18',
    ended_on: '2026-11-01',
    total_fen: 3800001,
    basic_fen: 1,
    self_fen: 3800000,
  });
  await rows.insert('housing_record', {
    ...home,
    source_key: '2',
    tenure: 'OWNED',
    area_m2: '68.5',
    danger_grade: 'C',
    address: '兴隆村一组',
  });
  await rows.insert('employment_record', {
    ...record,
    source_key: '3',
    status: 'REGISTERED_JOBLESS',
    registered_on: '2026-05-01',
    employer_uscc: 'x',
    training: '电工',
    refusals: 1,
    ended_on: '2026-11-01',
  });
  const grant = { person_id: personId, household_id: householdId };
  await rows.grant({
    ...grant,
    period_from: '2026-09',
    period_to: '2027-01',
    source_key: 'A',
    state: 'SUPERSEDED',
  });
  await rows.grant({ ...grant, source_key: 'A', version: 2, amount_fen: 170050, item: 'GRANT', reference: 'ZX-1' });
  await rows.insert('feed', {
    source_system: 'education.demo',
    department: 'EDUCATION',
    record: 'AID_GRANT',
    region_code: '620199000000',
    as_of: '2026-11-20T00:00:00Z',
    rhythm_hours: 168,
  });
  await rows.grant({
    ...grant,
    source_key: 'B',
    decided_on: '2026-10-01',
    paid_on: '2026-10-08',
    fund_source: '中央财政',
    kind_description: '校服',
    reversed_by_key: 'C',
    reversal_of: 'Z',
    period_from: '2026-10',
    period_to: '2026-12',
    superseded_by_version: 9,
  });
  return { personId, householdId, number };
}

/** Every field of a type down to a depth, as a selection; leaves alone at the last. */
function everything(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap(({ name, type: fieldType }) => {
    const named = getNamedType(fieldType);
    if (isLeafType(named)) return [name];
    return isObjectType(named) && depth > 0 ? [`${name} ${everything(named, depth - 1)}`] : [];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

const selectAll = (name: string, depth: number): string => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  return everything(type, depth);
};

/** The leaves that the value holds, each checked against its scalar or enum. */
function checkLeaves(value: unknown, type: GraphQLOutputType, path: string, seen: Set<string>): void {
  if (isNonNullType(type)) {
    if (value === null) throw new Error(`${path} is null`);
    checkLeaves(value, type.ofType as GraphQLOutputType, path, seen);
  } else if (value === null) return;
  else if (isListType(type)) {
    for (const item of value as unknown[]) checkLeaves(item, type.ofType, path, seen);
  } else if (isLeafType(type)) {
    expect({ path, value: type.serialize(value) }).toEqual({ path, value });
    seen.add(path);
  } else if (isObjectType(type)) {
    for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
      const field = type.getFields()[name];
      if (field !== undefined) checkLeaves(inner, field.type, `${type.name}.${name}`, seen);
    }
  }
}

test('every field of every noun is answered, in the form that its scalar promises', async () => {
  const seen = new Set<string>();
  const roots = schema.getQueryType()!.getFields();
  const read = async (text: string): Promise<void> => {
    const data = await ask(text);
    for (const [name, value] of Object.entries(data)) checkLeaves(value, roots[name]!.type, name, seen);
  };
  await read(`{ person(id: "${family.personId}") ${selectAll('Person', 2)} }`);
  await read(`{ household(id: "${family.householdId}") ${selectAll('Household', 2)} }`);
  await read(`{ recipients ${selectAll('RecipientConnection', 2)} }`);
  const dimensions = (name: string): string => {
    const type = schema.getType(name);
    return isEnumType(type)
      ? type
          .getValues()
          .map((value) => value.name)
          .join()
      : '';
  };
  await read(
    `{ recipientStatistics(region: "620199", groupBy: [${dimensions('RecipientDimension')}]) ${selectAll('RecipientStatistic', 0)} }`,
  );
  await read(
    `{ enrolmentStatistics(region: "620199", groupBy: [${dimensions('EnrolmentDimension')}]) ${selectAll('EnrolmentStatistic', 0)} }`,
  );
  await read(
    `{ aidStatistics(region: "620199", from: "2026-01", to: "2026-12", groupBy: [${dimensions('AidDimension')}]) ${selectAll('AidStatistic', 0)} }`,
  );
  await read(`{ region(code: "${changed.from}") ${selectAll('Region', 1)} }`);

  const nullEverywhere = [...graph.nouns.values()]
    .flatMap(({ type }) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .filter(
      ({ field, type }) =>
        isLeafType(getNamedType(field.type)) && [...seen].some((path) => path.startsWith(`${type.name}.`)),
    )
    .map(({ type, field }) => `${type.name}.${field.name}`)
    .filter((coordinate) => !seen.has(coordinate));
  // A name here is a field that this test has not seen with a value: give the family one.
  expect(nullEverywhere.sort()).toEqual([]);
});

/** What departments say of the farmer: a selection, and what it is answered with. */
const TEXTS = ofInstalled([
  [
    'MedicalSettlement',
    'medicalSettlements { total self admittedOn asOf }',
    [{ total: '38000.01', self: '38000.00', admittedOn: '2026-03-01', asOf: '2026-09-01T00:00:00.000Z' }],
  ],
  ['HousingRecord', 'housingRecords { areaM2 }', [{ areaM2: '68.50' }]],
  [
    'EducationVoucher',
    'educationVouchers { faceValue issuedOn asOf }',
    [{ faceValue: '300.50', issuedOn: '2026-08-25', asOf: '2026-09-01T00:00:00.000Z' }],
  ],
  ['CommunityService', 'communityService { hours servedOn }', [{ hours: '4.0', servedOn: '2026-06-12' }]],
]);

test.each(TEXTS)('money, sizes, days and instants of a %s leave the database as their text', async (...expected) => {
  const [, selection, rows] = expected;
  const data = await ask(`{ person(id: "${family.personId}") { ${selection} } }`);
  expect(data['person']).toEqual({ [selection.split(' ')[0] ?? '']: rows });
});

test('money, dates, months and instants leave the database as their text', async () => {
  const data = await ask(`{ person(id: "${family.personId}") {
    idNumber birthDate
    aidGrants(withSuperseded: true) { totalCount nodes { sourceKey version amount periodFrom decidedOn state } }
  } }`);
  expect(data['person']).toEqual({
    idNumber: family.number,
    birthDate: '1980-02-29',
    aidGrants: {
      totalCount: 3,
      nodes: [
        {
          sourceKey: 'B',
          version: 1,
          amount: '1500.00',
          periodFrom: '2026-10',
          decidedOn: '2026-10-01',
          state: 'CURRENT',
        },
        {
          sourceKey: 'A',
          version: 1,
          amount: '1500.00',
          periodFrom: '2026-09',
          decidedOn: '2026-09-01',
          state: 'SUPERSEDED',
        },
        { sourceKey: 'A', version: 2, amount: '1700.50', periodFrom: null, decidedOn: '2026-09-01', state: 'CURRENT' },
      ],
    },
  });
});

test('a corrected version of a grant is listed only on request, so nobody adds it up twice', async () => {
  const data = await ask(
    `{ household(id: "${family.householdId}") { aidGrants { totalCount nodes { sourceKey version } } } }`,
  );
  expect(data['household']).toEqual({
    aidGrants: {
      totalCount: 2,
      nodes: [
        { sourceKey: 'B', version: 1 },
        { sourceKey: 'A', version: 2 },
      ],
    },
  });
});

test('members are those of the day, memberships the whole history', async () => {
  const data = await ask(`{ household(id: "${family.householdId}") {
    head { id }
    today: members { validFrom }
    then: members(onDate: "2025-12-31") { validFrom }
    never: members(onDate: "2019-12-31") { validFrom }
  } person(id: "${family.personId}") { memberships { validFrom } past: memberships(validOn: "2021-01-01") { validTo } recipientOf { programme } } }`);
  expect(data).toEqual({
    household: {
      head: { id: family.personId },
      today: [{ validFrom: '2026-01-01' }],
      then: [{ validFrom: '2020-01-01' }],
      never: [],
    },
    person: {
      memberships: [{ validFrom: '2026-01-01' }, { validFrom: '2020-01-01' }],
      past: [{ validTo: '2025-12-31' }],
      recipientOf: [{ programme: 'DIBAO' }],
    },
  });
});

test('recipients are narrowed by what the filter names, on the day that it names', async () => {
  const count = async (filter: string): Promise<unknown> =>
    (await ask(`{ recipients(filter: {${filter}}) { totalCount } }`))['recipients'];
  expect(await count('programme: DIBAO, category: "A", urbanRural: RURAL, region: "620199"')).toEqual({
    totalCount: 1,
  });
  expect(await count('programme: TEKUN')).toEqual({ totalCount: 0 });
  expect(await count('category: "B"')).toEqual({ totalCount: 0 });
  expect(await count('region: "360199"')).toEqual({ totalCount: 0 });
  expect(await count('onDate: "2025-12-31"')).toEqual({ totalCount: 0 });
});

test('an id that is none finds nobody', async () => {
  expect(
    await ask('{ person(id: "nobody") { id } household(id: "019a0000-0000-7000-8000-000000000000") { id } }'),
  ).toEqual({
    person: null,
    household: null,
  });
});

test('divisions hang together, and changes are found from either end', async () => {
  const data = await ask(
    `{ region(code: "62") { name level parent { code } children(first: 1) { code level parent { name } } } }`,
  );
  expect(data['region']).toEqual({
    name: '甘肃省',
    level: 'PROVINCE',
    parent: null,
    children: [{ code: '620100000000', level: 'PREFECTURE', parent: { name: '甘肃省' } }],
  });
  for (const code of [changed.from, changed.to]) {
    const { region } = (await ask(`{ region(code: "${code}") { changes { fromCode toCode } } }`)) as {
      region: { changes: unknown[] };
    };
    expect(region.changes).toContainEqual({ fromCode: changed.from, toCode: changed.to });
  }
});
