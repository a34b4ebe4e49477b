/** Who sees what of housing: the access matrix, and nobody beside it; and what housing sees of others. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering } from '../delivering.ts';
import type { Delivering } from '../delivering.ts';
import { ofInstalled } from '../../harness/installed.ts';

let office: Delivering;
let personId: string;
beforeAll(async () => {
  office = await openDelivering();
  ({ personId } = await office.somebody('陈平', '1980-02-02', 51));
  const householdId = await office.rows.household({ member_count: 1 });
  await office.rows.membership({ household_id: householdId, person_id: personId });
  const record = {
    person_id: personId,
    household_id: householdId,
    source_system: 'test',
    source_key: 'K',
    as_of: '2026-09-01T00:00:00Z',
  };
  await office.rows.insert('housing_record', {
    ...record,
    tenure: 'OWNED',
    area_m2: '60',
    danger_grade: 'D',
    address: '兴隆村',
  });
  await office.rows.insert('public_rental', {
    ...record,
    unit_code: 'F-1',
    address: '安居小区',
    area_m2: '48.6',
    rent_fen: 30000,
    relief_fen: 12000,
    valid_from: '2024-01-01',
  });
  await office.rows.insert('rent_subsidy', {
    ...record,
    amount_fen: 24000,
    month_from: '2023-01',
    month_to: '2023-12',
  });
  await office.rows.insert('dilapidated_house', {
    ...record,
    house_code: 'N-1',
    address: '兴隆村',
    grade: 'D',
    surveyed_on: '2025-01-01',
  });
  await office.rows.settlement({ person_id: personId });
});
afterAll(() => office.close());

const HOUSING = ['CIVIL_AFFAIRS', 'ANALYST', 'WINDOW', 'HOUSING', 'AUDITOR'];
const ADDRESS = ['CIVIL_AFFAIRS', 'WINDOW', 'HOUSING', 'AUDITOR'];

test.each([
  ['housingRecords { tenure areaM2 dangerGrade }', HOUSING],
  ['housingRecords { perCapitaAreaM2 }', HOUSING],
  ['publicRentals { unitCode rent relief validFrom }', HOUSING],
  ['rentSubsidies { amount monthFrom monthTo }', HOUSING],
  ['dilapidatedHouses { houseCode grade surveyedOn reconstruction }', HOUSING],
  ['housingRecords { address }', ADDRESS],
  ['publicRentals { address }', ADDRESS],
  ['dilapidatedHouses { address }', ADDRESS],
])('%s is open to those of the matrix, and to nobody else', async (selection, wanted) => {
  expect(await office.openTo(personId, selection)).toEqual(wanted);
});

test('a housing officer sees no bill, no insurance, no emergency, no death, and no school', async () => {
  for (const [, selection] of ofInstalled([
    ['MedicalSettlement', 'medicalSettlements { self }'],
    ['InsuredRecord', 'insuredRecords { validFrom }'],
    ['EmergencyCase', 'emergencyCases { arrivedOn }'],
    ['DeathReport', 'deathReports { diedOn }'],
    ['StudentRecord', 'studentRecords { grade }'],
  ])) {
    const { data, denied } = await office.ask(`{ person(id: "${personId}") { ${selection} } }`, 'HOUSING', 'SYSTEM');
    expect({ selection, data, denied: denied.length > 0 }).toEqual({ selection, data: null, denied: true });
  }
});

test('a household shows what its members have, to whoever may see it', async () => {
  const { data } = await office.ask(
    `{ person(id: "${personId}") { memberships { household {
      publicRentals { unitCode } rentSubsidies { monthFrom } dilapidatedHouses { houseCode } housingRecords { tenure } } } } }`,
    'CIVIL_AFFAIRS',
    'SYSTEM',
  );
  expect(data).toEqual({
    person: {
      memberships: [
        {
          household: {
            publicRentals: [{ unitCode: 'F-1' }],
            rentSubsidies: [{ monthFrom: '2023-01' }],
            dilapidatedHouses: [{ houseCode: 'N-1' }],
            housingRecords: [{ tenure: 'OWNED' }],
          },
        },
      ],
    },
  });
});
