import { expect, test } from '@jest/globals';
import { isDelivery, readInboxName } from './inbox-name.ts';

test('a name says record, mode, division and day, in any order after the record', () => {
  const whole = {
    record: 'STUDENT',
    mode: 'SNAPSHOT',
    region: '620102',
    asOf: new Date('2026-11-20T00:00:00+08:00'),
  };
  expect(readInboxName('STUDENT.snapshot.620102.2026-11-20.csv')).toEqual(whole);
  expect(readInboxName('STUDENT.2026-11-20.第一批.620102.snapshot.xlsx')).toEqual(whole);
  expect(readInboxName('DIBAO_ENROLMENT.csv')).toEqual({
    record: 'DIBAO_ENROLMENT',
    mode: 'DELTA',
    region: undefined,
    asOf: undefined,
  });
});

test.each(['student.csv', '学生.csv', '2026.STUDENT.csv'])('%s names no record', (name) => {
  expect(readInboxName(name)).toBeUndefined();
});

test.each(['.STUDENT.csv', 'STUDENT.csv.part', 'STUDENT.csv.tmp', '~STUDENT.csv', 'STUDENT.csv.done', 'notes.md'])(
  '%s is left alone',
  (name) => {
    expect(isDelivery(name)).toBe(false);
  },
);
