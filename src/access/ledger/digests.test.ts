import { expect, test } from '@jest/globals';
import { entryDigest, firstEntryDigest } from './digests.ts';

const ENTRY = {
  id: '019ad000-0000-7000-8000-000000000001',
  atMicros: 1_790_000_000_000_000n,
  client: 'housing.demo',
  caseNo: 'HO-2026-000001',
  decision: 'ALLOWED',
  reason: null,
  items: null,
  persons: ['019ad000-0000-7000-8000-00000000000a'],
  personNodes: '1:0,2',
  households: null,
  householdNodes: null,
  misses: [Buffer.from('miss')],
} as const;
const OPERATION = Buffer.alloc(32, 7);

test('an entry of the first layout has the digest that it was written with', () => {
  expect(firstEntryDigest(ENTRY, OPERATION).toString('base64')).toBe('n2at9jbMzIeD83omu7i5b2GRpWOnP9wGZh4dTbk1xEY=');
  expect(entryDigest(ENTRY, OPERATION)).not.toEqual(firstEntryDigest(ENTRY, OPERATION));
});
