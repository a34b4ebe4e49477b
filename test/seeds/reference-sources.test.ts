/** Rules by division and day are rows of reference tables, and each row says the document that it rests on. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readTable } from '../../seeds/reference/tables.ts';

const FOLDER = new URL('../../seeds/reference/', import.meta.url);
const headerOf = (file: string): string =>
  readFileSync(new URL(file, FOLDER), 'utf8')
    .split(/\r?\n/u)
    .find((line) => line !== '' && !line.startsWith('#')) ?? '';
/** Tables of rules: of which a row begins on a day. Those of divisions are told by their file. */
const dated = readdirSync(FOLDER).filter(
  (file) => file.endsWith('.csv') && file !== 'regions.csv' && /(^|,)valid_from(,|$)/u.test(headerOf(file)),
);

test('the dated rules are those of aid, premiums, illnesses, labour, civil affairs and corrections', () => {
  expect(dated.sort()).toEqual([
    'aid-items.csv',
    'civil-affairs-rules.csv',
    'correction-terms.csv',
    'labour-rules.csv',
    'premium-aid.csv',
    'serious-illness.csv',
  ]);
});

test.each(dated)('each row of %s names its document, and ends no earlier than it begins', async (file) => {
  const rows = await readTable(file);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    // A document is told by its number or title, or by its office and when it was.
    expect([row, row['source'] ?? row['document']]).toEqual([
      row,
      expect.stringMatching(/〔\d{4}〕|《.+》|\d{4}-\d{2}-\d{2}|的通知（\d{4}/u),
    ]);
    expect(row['valid_from']).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
    if ((row['valid_to'] ?? '') !== '') expect((row['valid_to'] ?? '') >= (row['valid_from'] ?? '')).toBe(true);
  }
});
