import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { grantDigest } from './grant-digest.ts';
import type { GrantContent } from './grant-digest.ts';

const content: GrantContent = {
  personId: '01890000-0000-7000-8000-000000000001',
  programme: 'EDUCATION_AID',
  mode: 'CASH',
  amountFen: 120_000n,
  kindDescription: null,
  periodFrom: '2026-03',
  periodTo: '2026-07',
  decidedOn: '2026-03-01',
  paidOn: null,
  fundSource: '省级资金',
  reversalOf: null,
};

test('the digest of a content is the same on every machine and in every version of the hub', () => {
  expect(grantDigest(content).toString('hex')).toMatchInlineSnapshot(
    `"fe9a2ad23c215881c413c9304be985b28f7d87d62741c1baeb0a7c1cf2e1af78"`,
  );
});

test('a report without item and reference has the digest that it had before there were any', () => {
  expect(grantDigest({ ...content, item: null, reference: null })).toEqual(grantDigest(content));
});

test('every field of the content counts', () => {
  const changes: Partial<GrantContent>[] = [
    { personId: '01890000-0000-7000-8000-000000000002' },
    { programme: 'STUDENT_LOAN' },
    { mode: 'LOAN' },
    { amountFen: 120_001n },
    { amountFen: null },
    { kindDescription: '书本' },
    { periodFrom: null },
    { periodTo: '2026-08' },
    { decidedOn: '2026-03-02' },
    { paidOn: '2026-03-01' },
    { fundSource: null },
    { reversalOf: 'A-1' },
    { item: 'GRANT' },
    { item: 'GRANT', reference: 'H-1' },
    { reference: 'GRANT' },
  ];
  const digests = [{}, ...changes].map((change) => grantDigest({ ...content, ...change }).toString('hex'));
  expect(new Set(digests).size).toBe(changes.length + 1);
});

test('no two contents share a digest by moving text from one field to the next', () => {
  const text = fc.option(fc.string({ maxLength: 4, unit: fc.constantFrom('-', '1', ':', 'a', '救') }), { nil: null });
  fc.assert(
    fc.property(text, text, text, text, (a, b, c, d) => {
      const one = grantDigest({ ...content, kindDescription: a, periodFrom: b });
      const other = grantDigest({ ...content, kindDescription: c, periodFrom: d });
      expect(one.equals(other)).toBe(a === c && b === d);
    }),
  );
});
