import { expect, test } from '@jest/globals';
import { toGrade } from './grade.ts';

test.each([
  ['3', '3'],
  ['03', '3'],
  ['三年级', '3'],
  ['小学六年级', '6'],
  ['初二', '2'],
  ['高一', '1'],
  ['大三', '3'],
  ['七年级', '7'],
  ['十二年级', '12'],
  ['十', '10'],
  ['0', '0'],
])('a grade written %s is %s', (written, grade) => {
  expect(toGrade(written)).toBe(grade);
});

test.each(['13', '大班', '2023级', '三班', ''])('"%s" is no grade', (written) => {
  expect(toGrade(written)).toBeUndefined();
});
