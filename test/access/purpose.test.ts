import { expect, test } from '@jest/globals';
import type { Caller } from '../../src/access/caller.ts';
import { bindCaller, readOnDenied, requirePurposeAndCase } from '../../src/access/purpose.ts';
import { HubError } from '../../src/platform/errors.ts';

const caller: Caller = {
  client: 'education.demo',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_ELIGIBILITY'],
  tokenId: 'token-0001',
};

function refusal(work: () => unknown): HubError {
  try {
    work();
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

test('a purpose of the token and a case are bound to the caller', () => {
  const bound = bindCaller(caller, { 'hub-purpose': 'AID_ELIGIBILITY', 'hub-case': 'ED-2026-000001' });
  expect(requirePurposeAndCase(bound)).toMatchObject({ purpose: 'AID_ELIGIBILITY', caseNo: 'ED-2026-000001' });
});

test('a Chinese case number arrives percent-encoded and is kept in one normal form', () => {
  const sent = (text: string) => bindCaller(caller, { 'hub-case': encodeURIComponent(text) }).caseNo;
  expect(sent('甘教助〔2026〕12号')).toBe('甘教助〔2026〕12号');
  expect(sent('甘教助(2026)12号')).toBe('甘教助(2026)12号');
  expect(sent('e\u0301-1')).toBe('\u00e9-1');
});

test.each([
  ['raw bytes above ASCII', '甘教助1号'],
  ['a broken percent sign', '%E7%9'],
  ['an overlong number', 'A'.repeat(65)],
  ['nothing', ''],
  ['a line break', 'A%0Ab'],
  ['NUL', 'A%00'],
  ['a quote', "A'1"],
  ['a space', 'A 1'],
  ['a leading dash', '-1'],
])('a case number with %s is bad input, and its text is not repeated', (_what, value) => {
  const error = refusal(() => bindCaller(caller, { 'hub-case': value }));
  expect(error.code).toBe('BAD_REQUEST');
  if (value !== '') expect(error.message).not.toContain(value);
});

test('a purpose that does not exist is bad input, one outside the token is not allowed', () => {
  expect(refusal(() => bindCaller(caller, { 'hub-purpose': 'CURIOSITY' })).code).toBe('BAD_REQUEST');
  expect(refusal(() => bindCaller(caller, { 'hub-purpose': 'CURIOSITY' })).message).not.toContain('CURIOSITY');
  const outside = bindCaller(caller, { 'hub-purpose': 'AUDIT', 'hub-case': 'ED-1' });
  expect(outside.purpose).toBeUndefined();
  expect(refusal(() => requirePurposeAndCase(outside)).code).toBe('PURPOSE_NOT_ALLOWED');
  expect(refusal(() => bindCaller(caller, { 'hub-purpose': 'AID_ELIGIBILITY, AUDIT' })).code).toBe('BAD_REQUEST');
});

test('without purpose or case the refusal says which header to send', () => {
  const noPurpose = refusal(() => requirePurposeAndCase(bindCaller(caller, { 'hub-case': 'ED-1' })));
  expect(noPurpose).toMatchObject({ code: 'PURPOSE_REQUIRED', extensions: { allowed: ['AID_ELIGIBILITY'] } });
  expect(noPurpose.message).toContain('"Hub-Purpose"');
  const noCase = refusal(() => requirePurposeAndCase(bindCaller(caller, { 'hub-purpose': 'AID_ELIGIBILITY' })));
  expect(noCase.code).toBe('CASE_REQUIRED');
  expect(noCase.message).toContain('"Hub-Case"');
});

test('denied fields refuse the operation unless the header says null; any other word is refused', () => {
  expect(readOnDenied({})).toBe('refuse');
  expect(readOnDenied({ 'hub-on-denied': 'refuse' })).toBe('refuse');
  expect(readOnDenied({ 'hub-on-denied': 'null' })).toBe('null');
  for (const value of ['', 'NULL', 'allow', 'null, refuse', 'true']) {
    expect(refusal(() => readOnDenied({ 'hub-on-denied': value })).code).toBe('BAD_REQUEST');
  }
});
