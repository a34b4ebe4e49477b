import { expect, test } from '@jest/globals';
import * as errors from './errors.ts';

test('every code has its status', () => {
  expect(Object.fromEntries(errors.ERROR_CODES.map((code) => [code, new errors.HubError(code, '').status]))).toEqual({
    BAD_REQUEST: 400,
    GRAPHQL_PARSE_FAILED: 400,
    GRAPHQL_VALIDATION_FAILED: 400,
    OPERATION_RESOLUTION_FAILURE: 400,
    BAD_USER_INPUT: 400,
    PERSISTED_QUERY_NOT_FOUND: 400,
    PERSISTED_QUERY_NOT_SUPPORTED: 400,
    DOCUMENT_NOT_TRUSTED: 403,
    UNAUTHENTICATED: 401,
    PURPOSE_REQUIRED: 403,
    CASE_REQUIRED: 403,
    PURPOSE_NOT_ALLOWED: 403,
    CASE_NOT_IN_CASELOAD: 403,
    EMERGENCY_REQUIRED: 403,
    FIELD_DENIED: 403,
    OPERATION_DENIED: 403,
    TOO_COSTLY: 400,
    TOO_LARGE: 400,
    TOO_MANY_MISSES: 429,
    TOO_MANY_REQUESTS: 429,
    TOO_SLOW: 504,
    CANCELLED: 499,
    LEDGER_UNAVAILABLE: 503,
    POLICY_CHANGED: 503,
    OVERLOADED: 503,
    INTERNAL: 500,
  });
});

test('a caller who lacks a purpose or a case is told which header to send', () => {
  expect(errors.purposeRequired(['CASE_HANDLING']).message).toMatch(/Hub-Purpose.*CASE_HANDLING/);
  expect(errors.caseRequired().message).toContain('Hub-Case');
});

test('a caller under an emergency agreement is told how to open an emergency', () => {
  expect(errors.emergencyRequired().message).toContain('openEmergency');
});

test('a denial names every coordinate with its reason and its owner', () => {
  const denied = [
    { coordinate: 'MedicalSettlement.diagnosis', reason: 'not in the agreement', owner: 'MEDICAL_SECURITY' },
    { coordinate: 'Household.assets', reason: 'not shared', owner: 'CIVIL_AFFAIRS' },
  ];
  const error = errors.fieldDenied(denied);
  expect(error.message).toContain('MedicalSettlement.diagnosis (and 1 more)');
  expect(error.extensions).toEqual({ denied });
});

test('of an unforeseen error the caller sees a correlation id and nothing else', () => {
  const error = errors.toHubError(new Error('duplicate key (name)=(somebody)'));
  expect(error.code).toBe('INTERNAL');
  expect(JSON.stringify([error.message, error.extensions])).not.toContain('somebody');
  expect(error.message).toContain(String(error.extensions['correlationId']));
  expect(error.cause).toBeInstanceOf(Error);
});

test('an error of the closed list stays what it is', () => {
  const error = errors.tooManyMisses(60);
  expect(errors.toHubError(error)).toBe(error);
});
