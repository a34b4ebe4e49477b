import { expect, test } from '@jest/globals';
import { compareBirths, compareHomes, compareNames, compareSexes } from './compare.ts';
import { decide, score } from './score.ts';
import type { Candidate, Subject } from './score.ts';

test.each([
  ['王小明', '王小明', 'SAME'],
  ['張偉國', '张伟国', 'VARIANT'],
  ['王小明', '王明小', 'VARIANT'],
  ['买买提·艾力', '买买提', 'VARIANT'],
  ['阿卜杜拉·买买提·艾力', '阿卜杜拉·艾力', 'VARIANT'],
  ['买买提艾力', '买买提·艾力', 'VARIANT'],
  ['王小明', '王晓明', 'CLOSE'],
  ['王小明', '王明', 'CLOSE'],
  ['王芳', '王丽', 'SURNAME'],
  ['王小明', '王建国', 'SURNAME'],
  ['王芳', '李芳', 'OTHER'],
  ['买买提·艾力', '热合曼·古丽', 'OTHER'],
])('%s and %s: %s, whichever comes first', (a, b, expected) => {
  expect([compareNames(a, b), compareNames(b, a)]).toEqual([expected, expected]);
});

test.each([
  ['1970-03-05', '1970-03-05', 'SAME'],
  ['1970-03-05', '1970-05-03', 'CLOSE'],
  ['1970-03-05', '1970-03-06', 'CLOSE'],
  ['1970-03-12', '1970-03-21', 'CLOSE'],
  ['1970-03-05', '1970-12-31', 'YEAR'],
  ['1970-03-05', '1981-12-31', 'OTHER'],
  [null, '1970-03-05', 'UNKNOWN'],
])('born %s and %s: %s', (a, b, expected) => {
  expect([compareBirths(a, b), compareBirths(b, a)]).toEqual([expected, expected]);
});

test('a sex that is not stated says nothing', () => {
  expect([compareSexes('1', '1'), compareSexes('1', '2'), compareSexes('9', '1'), compareSexes(null, '2')]).toEqual([
    'SAME',
    'OTHER',
    'UNKNOWN',
    'UNKNOWN',
  ]);
});

const HOME = {
  townshipCode: '620402001000',
  countyCode: '620402000000',
  prefectureCode: '620400000000',
  provinceCode: '620000000000',
};
const SUBJECT: Subject = {
  ...HOME,
  idKey: null,
  hasNumber: false,
  unchecked: false,
  variants: new Set(),
  nameKey: '王小明',
  sex: '1',
  birthDate: '1970-03-05',
  birthDelivered: true,
};
const PERSON: Candidate = {
  ...HOME,
  personId: 'a',
  nameKey: '王小明',
  sex: '1',
  birthDate: '1970-03-05',
  numbers: ['N1'],
};

test('two homes have the finest division in common that both know', () => {
  expect(compareHomes(HOME, HOME)).toBe('TOWNSHIP');
  expect(compareHomes(HOME, { ...HOME, townshipCode: null })).toBe('COUNTY');
  expect(compareHomes(HOME, { ...HOME, townshipCode: null, countyCode: '620403000000' })).toBe('PREFECTURE');
  expect(compareHomes(HOME, { ...HOME, provinceCode: null })).toBe('UNKNOWN');
});

test('the evidence has a line for each item whose weights make the score, and no personal value', () => {
  const { score: sum, evidence } = score(SUBJECT, PERSON);
  const weights = evidence.map((line) => Number(/([+-][\d.]+)$/.exec(line)?.[1]));
  expect(weights.reduce((total, weight) => total + weight, 0)).toBeCloseTo(sum);
  expect(evidence.join()).not.toMatch(/王小明|1970|6204|N1/);
});

test('the better of two is certain only when the other is far behind', () => {
  const further = { ...PERSON, personId: 'b', birthDate: '1990-01-01' };
  expect(decide(SUBJECT, [further, PERSON]).kind).toBe('CERTAIN');
  const near = { ...PERSON, personId: 'b', townshipCode: '620402002000' };
  expect(decide(SUBJECT, [near, PERSON])).toMatchObject({
    kind: 'REVIEW',
    candidates: [{ personId: 'a' }, { personId: 'b' }],
  });
});

test('no sum outweighs another sex, another birth date or another number', () => {
  const withNumber = { ...SUBJECT, idKey: 'N1', hasNumber: true };
  expect(decide({ ...withNumber, sex: '2' }, [PERSON]).kind).toBe('REVIEW');
  expect(decide({ ...withNumber, birthDate: '1988-08-08' }, [PERSON]).kind).toBe('REVIEW');
  expect(decide({ ...withNumber, idKey: 'N2' }, [PERSON]).kind).toBe('REVIEW');
});

test('a close name under the very number is certain when the birth date was delivered, unless somebody else bears it', () => {
  const withNumber = { ...SUBJECT, idKey: 'N1', hasNumber: true, nameKey: '王晓明' };
  expect(decide(withNumber, [PERSON]).kind).toBe('CERTAIN');
  expect(decide({ ...withNumber, birthDelivered: false }, [PERSON]).kind).toBe('REVIEW');
  const twin = { ...PERSON, personId: 'b', nameKey: '王晓明', numbers: ['N2'] };
  expect(decide(withNumber, [PERSON, twin]).kind).toBe('REVIEW');
});

test('who has the number is always shown, however little else agrees', () => {
  const stranger = { ...PERSON, nameKey: '诸葛亮', sex: '2', birthDate: '1901-01-01', provinceCode: '360000000000' };
  const verdict = decide({ ...SUBJECT, idKey: 'N1', hasNumber: true }, [stranger]);
  expect(verdict).toMatchObject({ kind: 'REVIEW', candidates: [{ personId: 'a' }] });
});

test('nobody to compare with is nobody', () => {
  expect(decide(SUBJECT, [])).toEqual({ kind: 'NOBODY' });
});
