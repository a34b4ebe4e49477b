import { expect, test } from '@jest/globals';
import { meaningsOf } from '../graph/index.ts';
import { FAULTS, FindingCode } from './faults.ts';
import type { FaultCode } from './faults.ts';

const codes = Object.entries(FAULTS);

test.each(codes)('%s says what is wrong, and apart from it what to do, each in Chinese and English', (_code, fault) => {
  for (const said of Object.values(fault)) expect(said).toMatch(/^\p{Script=Han}.* · [A-Z].*[^.]$/u);
  const [[wrong], [todo]] = [fault.reason.split(' · '), fault.remedy.split(' · ')];
  expect(wrong).not.toContain(todo);
  expect(todo).not.toContain(wrong);
});

test('the schema tells both halves of each code', () => {
  expect(meaningsOf(FindingCode)['BAD_MONTH' satisfies FaultCode]).toBe(
    '月份格式有误。请按 YYYY-MM 填写 · Not a month. Write it as YYYY-MM',
  );
});
