import { expect, test } from '@jest/globals';
import { AidMode, AidProgramme, OWNERS, modeOf, programmeOf, programmesOf } from './programmes.ts';

test('every programme belongs to one department and each granting department has some', () => {
  const departments = ['CIVIL_AFFAIRS', 'EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR'];
  expect([...new Set(Object.values(OWNERS))].sort()).toEqual(departments.sort());
  expect(departments.flatMap((department) => programmesOf(department)).sort()).toEqual(
    Object.keys(AidProgramme).sort(),
  );
  expect(programmesOf('AUDIT')).toEqual([]);
});

test('codes are understood in any case, names in Chinese', () => {
  for (const code of Object.keys(AidProgramme)) expect(programmeOf(code.toLowerCase())).toBe(code);
  for (const code of Object.keys(AidMode)) expect(modeOf(code)).toBe(code);
  expect(programmeOf('两免一补')).toBe('TWO_EXEMPT_ONE_SUBSIDY');
  expect(modeOf('实物')).toBe('KIND');
  expect(programmeOf('__proto__')).toBeUndefined();
});
