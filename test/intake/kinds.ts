/** Two kinds of records that no department has: what the intake does with any. */
import { field, tableWriter } from '../../src/intake/index.ts';
import type { RecordKind } from '../../src/intake/index.ts';

/** What somebody lends from a library: a person, one thing once only, a sum, a day. */
export const LOAN: RecordKind = {
  name: 'LOAN',
  title: '借阅记录 · Loan',
  department: 'EDUCATION',
  subject: 'person',
  fields: [
    field.text('title', { title: '题名 · Title', required: true, column: 'title', most: 50 }),
    field.date('lentOn', { title: '借出日期 · Lent on', required: true, column: 'lent_on' }),
    field.yuan('deposit', { title: '押金 · Deposit', column: 'deposit_fen' }),
    field.text('copyNo', { title: '复本号 · Number of the copy', column: 'copy_no' }),
  ],
  check: ({ content, today }) => ((content['lentOn'] ?? '') > today ? [{ field: 'lentOn', code: 'FUTURE_DATE' }] : []),
  writer: tableWriter({ table: 'loan', onceKey: { columns: ['copy_no'], field: 'copyNo' } }),
};

/** A shelf: nobody's record. */
export const SHELF: RecordKind = {
  name: 'SHELF',
  title: '书架 · Shelf',
  department: 'EDUCATION',
  subject: 'none',
  fields: [field.whole('books', { title: '册数 · Books', required: true, column: 'books', most: 1_000 })],
  writer: tableWriter({ table: 'shelf' }),
};
