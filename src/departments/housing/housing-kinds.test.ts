import { expect, test } from '@jest/globals';
import type { ParsedRow } from '../../intake/index.ts';
import { checkHouse } from './dilapidated-house.kind.ts';
import { checkHousing } from './housing-record.kind.ts';
import { checkRental } from './public-rental.kind.ts';
import { checkSubsidy } from './rent-subsidy.kind.ts';

const TODAY = '2026-11-22';
const row = (content: Readonly<Record<string, string>>): ParsedRow => ({
  rowNo: 1,
  sourceKey: 'K',
  content,
  subject: null,
  today: TODAY,
});

test('who has no home has no floor area and no grade', () => {
  expect(checkHousing(row({ tenure: 'NONE', areaM2: '0' }))).toEqual([]);
  expect(checkHousing(row({ tenure: 'NONE', areaM2: '0.01', dangerGrade: 'A' }))).toEqual([
    { field: 'areaM2', code: 'BAD_COMBINATION' },
    { field: 'dangerGrade', code: 'BAD_COMBINATION' },
  ]);
  expect(checkHousing(row({ tenure: 'OWNED', areaM2: '60', dangerGrade: 'D' }))).toEqual([]);
});

const rental = { unitCode: 'F-1', areaM2: '48.6', rent: '30000', relief: '12000', validFrom: '2026-01-01' };

test('all of the rent may be taken off, and not more', () => {
  expect(checkRental(row(rental))).toEqual([]);
  expect(checkRental(row({ ...rental, relief: '30000' }))).toEqual([]);
  expect(checkRental(row({ ...rental, relief: '30001' }))).toEqual([{ field: 'relief', code: 'BAD_COMBINATION' }]);
});

test('a letting and a subsidy end no earlier than they begin', () => {
  expect(checkRental(row({ ...rental, validTo: '2026-01-01' }))).toEqual([]);
  expect(checkRental(row({ ...rental, validTo: '2025-12-31' }))).toEqual([{ field: 'validTo', code: 'BAD_ORDER' }]);
  expect(checkSubsidy(row({ monthFrom: '2026-01', monthTo: '2026-01' }))).toEqual([]);
  expect(checkSubsidy(row({ monthFrom: '2026-01' }))).toEqual([]);
  expect(checkSubsidy(row({ monthFrom: '2026-01', monthTo: '2025-12' }))).toEqual([
    { field: 'monthTo', code: 'BAD_ORDER' },
  ]);
});

const house = { houseCode: 'N-1', grade: 'D', surveyedOn: '2025-09-10' };

test.each([
  [{ grade: 'B' }, 'grade', 'BAD_CODE'],
  [{ surveyedOn: '2026-11-23' }, 'surveyedOn', 'FUTURE_DATE'],
  [{ reconstruction: 'REBUILT' }, 'reconstructedOn', 'MISSING_FIELD'],
  [{ reconstructedOn: '2026-05-20' }, 'reconstruction', 'MISSING_FIELD'],
  [{ reconstruction: 'REBUILT', reconstructedOn: '2025-09-09' }, 'reconstructedOn', 'BAD_ORDER'],
  [{ reconstruction: 'REPAIRED', reconstructedOn: '2026-11-23' }, 'reconstructedOn', 'FUTURE_DATE'],
])('a house with %j is refused', (change, field, code) => {
  expect(checkHouse(row({ ...house, ...change }))).toEqual([{ field, code }]);
});

test('a house of grade C or D is taken as surveyed, and once it is made safe', () => {
  expect(checkHouse(row({ ...house, grade: 'C' }))).toEqual([]);
  expect(checkHouse(row({ ...house, reconstruction: 'REBUILT', reconstructedOn: '2026-05-20' }))).toEqual([]);
});
