import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ParsedRow, ParsedSubject } from '../../intake/index.ts';
import { checkDeath } from './death-report.kind.ts';
import { checkEmergency } from './emergency-case.kind.ts';
import { checkInsured } from './insured-record.kind.ts';
import { checkSettlement } from './medical-settlement.kind.ts';

const TODAY = '2026-11-22';
const row = (content: Readonly<Record<string, string>>, subject: Partial<ParsedSubject> = {}): ParsedRow => ({
  rowNo: 1,
  sourceKey: 'K',
  content,
  subject: {
    idType: null,
    idValue: null,
    idKey: null,
    name: '某',
    nameKey: '某',
    sex: null,
    birthDate: null,
    region: null,
    ...subject,
  },
  today: TODAY,
});

const bill = {
  insuredType: 'RESIDENT',
  visit: 'INPATIENT',
  admittedOn: '2026-03-01',
  total: '10001',
  inPolicy: '10001',
  basic: '5000',
  self: '5001',
};

test('a bill whose parts add up to the fen is taken, and parts that are left out are zero', () => {
  expect(checkSettlement(row(bill))).toEqual([]);
  expect(checkSettlement(row({ ...bill, aid: '1000', other: '1', self: '4000' }))).toEqual([]);
});

test('a bill is refused by one fen too few or too many, whichever part lacks it, and the total is named', () => {
  const part = fc.bigInt({ min: 0n, max: 10n ** 10n });
  fc.assert(
    fc.property(fc.tuple(part, part, part, part, part), fc.bigInt({ min: -3n, max: 3n }), (parts, off) => {
      const total = parts.reduce((sum, fen) => sum + fen, 0n) + off;
      fc.pre(total > 0n);
      const [basic, major, aid, other, self] = parts.map(String) as [string, string, string, string, string];
      const faults = checkSettlement(
        row({ ...bill, total: String(total), inPolicy: '0', basic, major, aid, other, self }),
      );
      expect(faults).toEqual(off === 0n ? [] : [{ field: 'total', code: 'SPLIT_DIFFERS' }]);
    }),
  );
});

test.each([
  [{ dischargedOn: '2026-02-28' }, 'dischargedOn', 'BAD_ORDER'],
  [{ dischargedOn: '2026-11-23' }, 'dischargedOn', 'FUTURE_DATE'],
  [{ admittedOn: '2026-11-23' }, 'admittedOn', 'FUTURE_DATE'],
  [{ inPolicy: '10002' }, 'inPolicy', 'BAD_COMBINATION'],
])('a bill with %j is refused', (change, field, code) => {
  expect(checkSettlement(row({ ...bill, ...change }))).toEqual([{ field, code }]);
});

test('somebody may leave on the day of arriving, and today', () => {
  for (const dischargedOn of ['2026-03-01', TODAY]) expect(checkSettlement(row({ ...bill, dischargedOn }))).toEqual([]);
});

const insured = { insuredType: 'RESIDENT', validFrom: '2026-01-01', premium: '40000' };

test.each([
  [{ validTo: '2025-12-31' }, 'validTo', 'BAD_ORDER'],
  [{ premiumAid: '1' }, 'aidedAs', 'MISSING_FIELD'],
  [{ aidedAs: 'DIBAO', insuredType: 'EMPLOYEE' }, 'aidedAs', 'BAD_COMBINATION'],
  [{ aidedAs: 'TEKUN', premiumAid: '40001' }, 'premiumAid', 'BAD_COMBINATION'],
])('an insurance with %j is refused', (change, field, code) => {
  expect(checkInsured(row({ ...insured, ...change }))).toEqual([{ field, code }]);
});

test('who is helped with the premium has one, and the help may be left out or all of it', () => {
  expect(checkInsured(row({ insuredType: 'RESIDENT', validFrom: '2026-01-01', aidedAs: 'TEKUN' }))).toEqual([
    { field: 'premium', code: 'MISSING_FIELD' },
  ]);
  expect(checkInsured(row({ ...insured, aidedAs: 'TEKUN' }))).toEqual([]);
  expect(checkInsured(row({ ...insured, aidedAs: 'TEKUN', premiumAid: '40000' }))).toEqual([]);
  expect(checkInsured(row({ ...insured, premiumAid: '0' }))).toEqual([]);
});

const emergency = {
  hospital: '县医院',
  arrivedOn: '2026-03-01',
  identityKnown: 'true',
  total: '300',
  insurance: '0',
  aid: '0',
  self: '100',
  fund: '150',
  unpaid: '50',
};

test('an unknown patient comes with the place and a description', () => {
  expect(checkEmergency(row(emergency))).toEqual([]);
  expect(checkEmergency(row({ ...emergency, identityKnown: 'false' }))).toEqual([
    { field: 'foundAt', code: 'MISSING_FIELD' },
    { field: 'description', code: 'MISSING_FIELD' },
  ]);
  const seen = { foundAt: '汽车站', description: '灰色外套' };
  expect(checkEmergency(row({ ...emergency, identityKnown: 'false', ...seen }))).toEqual([]);
});

test('whom the hospital knows has a name; whom nobody knows has at least a place', () => {
  const nobody = { idType: 'TEMPORARY' } as const;
  expect(checkEmergency(row(emergency, { ...nobody, region: '620402000000' }))).toEqual([
    { field: 'name', code: 'MISSING_FIELD' },
  ]);
  const seen = { ...emergency, identityKnown: 'false', foundAt: '汽车站', description: '灰色外套' };
  expect(checkEmergency(row(seen, nobody))).toEqual([{ field: 'region', code: 'MISSING_FIELD' }]);
  expect(checkEmergency(row(seen, { ...nobody, region: '620402000000' }))).toEqual([]);
});

test.each([
  [{ unpaid: '49' }, 'total', 'SPLIT_DIFFERS'],
  [{ arrivedOn: '2026-11-23' }, 'arrivedOn', 'FUTURE_DATE'],
  [{ fundPaidOn: '2026-02-28' }, 'fundPaidOn', 'BAD_ORDER'],
  [{ fundPaidOn: '2026-11-23' }, 'fundPaidOn', 'FUTURE_DATE'],
  [{ fund: '0', unpaid: '200', fundPaidOn: '2026-05-01' }, 'fundPaidOn', 'BAD_COMBINATION'],
])('an emergency with %j is refused', (change, field, code) => {
  expect(checkEmergency(row({ ...emergency, ...change }))).toEqual([{ field, code }]);
});

test('nobody dies in the future or before being born; newborns may on their first day', () => {
  const died = (diedOn: string, birthDate: string | null): unknown => checkDeath(row({ diedOn }, { birthDate }));
  expect(died('2026-11-23', null)).toEqual([{ field: 'diedOn', code: 'FUTURE_DATE' }]);
  expect(died('1979-12-31', '1980-01-01')).toEqual([{ field: 'diedOn', code: 'BAD_ORDER' }]);
  expect(died('1980-01-01', '1980-01-01')).toEqual([]);
  expect(died(TODAY, null)).toEqual([]);
});
