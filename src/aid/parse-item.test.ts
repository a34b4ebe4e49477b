import { expect, test } from '@jest/globals';
import { makeResidentId, toFifteenDigits } from '../../seeds/synthetic/resident-id.ts';
import type { AidItem } from './aid-item.ts';
import { parseItem } from './parse-item.ts';

const ID = makeResidentId('620199', '1990-05-17', 126);
const context = { department: 'EDUCATION', today: '2026-11-22' };

const item = (change: AidItem = {}): AidItem => ({
  sourceKey: 'JY-2026-0001',
  version: 1,
  idNumber: ID,
  name: '王小明',
  programme: 'EDUCATION_AID',
  mode: 'CASH',
  amountYuan: '1200.00',
  periodFrom: '2026-03',
  periodTo: '2026-07',
  decidedOn: '2026-03-01',
  ...change,
});
const read = (change: AidItem = {}) => parseItem(item(change), context);

test('a complete item is read', () => {
  expect(read({ paidOn: '2026-03-15', fundSource: '省级资金' })).toEqual({
    sourceKey: 'JY-2026-0001',
    version: 1,
    aid: {
      sourceKey: 'JY-2026-0001',
      version: 1,
      reversalOf: null,
      idKey: ID,
      nameKey: '王小明',
      programme: 'EDUCATION_AID',
      mode: 'CASH',
      amountFen: 120_000n,
      kindDescription: null,
      periodFrom: '2026-03',
      periodTo: '2026-07',
      decidedOn: '2026-03-01',
      paidOn: '2026-03-15',
      fundSource: '省级资金',
      officeRegion: null,
      item: null,
      reference: null,
    },
  });
});

test('the spellings that departments use mean the same item', () => {
  const plain = read();
  const fullWidth = (text: string) =>
    text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
  for (const change of [
    { idNumber: fullWidth(ID) },
    { idNumber: ` ${toFifteenDigits(ID)} ` },
    { idNumber: ID.toLowerCase() },
    { programme: '教育资助', mode: '现金' },
    { programme: 'education_aid', mode: 'cash' },
    { amountYuan: '¥1,200.00' },
    { amountYuan: '1200 元' },
    { decidedOn: '2026年3月1日', periodFrom: '202603', periodTo: '2026/7' },
    { decidedOn: fullWidth('2026-03-01') },
    { version: ' 1 ' },
    { version: null },
    { version: undefined },
    { version: '' },
    { name: ' 王 小明 ' },
    { sourceKey: ' JY-2026-0001 ' },
    { paidOn: '', fundSource: '  ', kindDescription: null, reversalOf: '' },
  ]) {
    expect(read(change)).toEqual(plain);
  }
});

const rejections: readonly (readonly [string, AidItem, string, string])[] = [
  ['no key', { sourceKey: ' ' }, 'MISSING_FIELD', 'sourceKey'],
  ['a key that is too long', { sourceKey: 'x'.repeat(129) }, 'BAD_TEXT', 'sourceKey'],
  ['a key with a NUL', { sourceKey: 'a\0b' }, 'BAD_TEXT', 'sourceKey'],
  ['half of a character', { fundSource: '\ud83d' }, 'BAD_TEXT', 'fundSource'],
  ['a character that was lost on the way', { name: '王\ufffd' }, 'BAD_TEXT', 'name'],
  ['version zero', { version: 0 }, 'BAD_VERSION', 'version'],
  ['a broken version', { version: 1.5 }, 'BAD_VERSION', 'version'],
  ['a reversal of itself', { reversalOf: 'JY-2026-0001' }, 'BAD_REVERSAL', 'reversalOf'],
  ['no number', { idNumber: null }, 'MISSING_FIELD', 'idNumber'],
  ['a wrong check digit', { idNumber: ID.slice(0, 17) + (ID.endsWith('0') ? '1' : '0') }, 'BAD_ID_NUMBER', 'idNumber'],
  ['no name', { name: undefined }, 'MISSING_FIELD', 'name'],
  ['a programme of no list', { programme: '压岁钱' }, 'UNKNOWN_PROGRAMME', 'programme'],
  ['a name of Object.prototype', { programme: 'constructor' }, 'UNKNOWN_PROGRAMME', 'programme'],
  ['a programme of another department', { programme: '医疗救助' }, 'NOT_YOUR_PROGRAMME', 'programme'],
  ['no programme', { programme: '' }, 'MISSING_FIELD', 'programme'],
  ['an unknown mode', { mode: '红包' }, 'BAD_MODE', 'mode'],
  ['no mode', { mode: null }, 'MISSING_FIELD', 'mode'],
  ['nothing paid', { amountYuan: '0' }, 'BAD_AMOUNT', 'amountYuan'],
  ['a negative amount', { amountYuan: '-1200' }, 'BAD_AMOUNT', 'amountYuan'],
  ['cash without an amount', { amountYuan: null }, 'MISSING_FIELD', 'amountYuan'],
  ['goods without a word', { mode: 'KIND', amountYuan: null }, 'MISSING_FIELD', 'kindDescription'],
  ['a month that is none', { periodFrom: '2026-13' }, 'BAD_PERIOD', 'periodFrom'],
  ['a period that ends before it starts', { periodFrom: '2026-08' }, 'BAD_PERIOD', 'periodTo'],
  ['a period without a start', { periodFrom: null }, 'MISSING_FIELD', 'periodFrom'],
  ['30 February', { decidedOn: '2026-02-30' }, 'BAD_DATE', 'decidedOn'],
  ['a decision of tomorrow', { decidedOn: '2026-11-23' }, 'BAD_DATE', 'decidedOn'],
  ['no day of decision', { decidedOn: null }, 'MISSING_FIELD', 'decidedOn'],
  ['a payment of tomorrow', { paidOn: '2026-11-23' }, 'BAD_DATE', 'paidOn'],
  ['a text of a million characters', { decidedOn: '2'.repeat(1_000_000) }, 'BAD_DATE', 'decidedOn'],
  ['an office that is no division', { officeRegion: '兰州' }, 'OUT_OF_REGION', 'officeRegion'],
];

test.each(rejections)('%s is rejected with code and field', (_what, change, code, field) => {
  const { aid, fault } = read(change);
  expect(aid).toBeUndefined();
  expect(fault).toEqual({ code, field });
});

test('of several faults the first is named', () => {
  expect(read({ amountYuan: 'x', decidedOn: 'y', idNumber: 'z' }).fault).toEqual({
    code: 'BAD_ID_NUMBER',
    field: 'idNumber',
  });
});

test('key and version come back with a fault in another field', () => {
  expect(read({ version: 7, decidedOn: '' })).toMatchObject({ sourceKey: 'JY-2026-0001', version: 7 });
  expect(read({ sourceKey: 'a\0b' }).sourceKey).toBeNull();
});

test('today is no future', () => {
  expect(read({ decidedOn: '2026-11-22', paidOn: '2026-11-22' }).fault).toBeUndefined();
});

test('a reversal needs no amount: the sum stands in the original', () => {
  expect(read({ reversalOf: 'JY-2025-0009', amountYuan: null }).aid).toMatchObject({
    reversalOf: 'JY-2025-0009',
    amountFen: null,
  });
});

test('goods, services and posts do with a description', () => {
  for (const mode of ['KIND', 'SERVICE', 'JOB']) {
    expect(read({ mode, amountYuan: null, kindDescription: '课本一套' }).fault).toBeUndefined();
  }
});
