import { expect, test } from '@jest/globals';
import { closedList } from '../graph/index.ts';
import { field } from './fields.ts';
import { rowReader } from './read-row.ts';
import type { RecordField, RecordKind } from './record-kind.ts';

const Colour = closedList('TestColour', 'test', {
  RED: '红色（朱） · Red',
  BLUE: '蓝色（深） · Blue',
  NAVY: '藏青（深） · Navy',
});
const TITLE = { title: '测试 · Test' };

const read = (one: RecordField, sent: string): string | undefined => one.read(sent.normalize('NFKC').trim());

test.each([
  [field.date('f', TITLE), '2026年3月1日', '2026-03-01'],
  [field.month('f', TITLE), '2026-03-15', '2026-03'],
  [field.yuan('f', TITLE), '1,200.50', '120050'],
  [field.yuan('f', TITLE), '0', '0'],
  [field.yuan('f', { ...TITLE, positive: true }), '0', undefined],
  [field.whole('f', { ...TITLE, most: 9 }), '09', '9'],
  [field.whole('f', { ...TITLE, most: 9 }), '10', undefined],
  [field.whole('f', TITLE), '-1', undefined],
  [field.decimal('f', { ...TITLE, digits: 5, places: 2 }), '012.50', '12.5'],
  [field.decimal('f', { ...TITLE, digits: 5, places: 2 }), '1000', undefined],
  [field.decimal('f', { ...TITLE, digits: 5, places: 2 }), '1.234', undefined],
  [field.yesNo('f', TITLE), '是', 'true'],
  [field.yesNo('f', TITLE), '×', 'false'],
  [field.yesNo('f', TITLE), '也许', undefined],
  [field.oneOf('f', Colour, TITLE), 'red', 'RED'],
  [field.oneOf('f', Colour, TITLE), '红色', 'RED'],
  [field.oneOf('f', Colour, TITLE), '朱', 'RED'],
  [field.oneOf('f', Colour, TITLE), '蓝色(深)', 'BLUE'],
  [field.oneOf('f', Colour, TITLE), '深', undefined],
  [field.oneOf('f', Colour, { ...TITLE, aliases: { 赤: 'RED' } }), '赤', 'RED'],
  [field.oneOf('f', Colour, TITLE), 'constructor', undefined],
  [field.list('f', Colour, TITLE), '藏青、红色', '{NAVY,RED}'],
  [field.list('f', Colour, TITLE), '红色，绿色', undefined],
  [field.region('f', TITLE), '６２１１２２', '621122000000'],
  [field.text('f', { ...TITLE, most: 2 }), '𬎆𬎆', '𬎆𬎆'],
  [field.text('f', { ...TITLE, most: 2 }), '𬎆𬎆𬎆', undefined],
  [field.text('f', TITLE), 'a\u0000b', undefined],
])('%# a field reads what is clear and guesses at nothing', (one, sent, canonical) => {
  expect(read(one, sent)).toBe(canonical);
});

test('a credit code whose check character differs is taken with a doubt', () => {
  const code = field.uscc('f', TITLE);
  const sound = '91350100M000100Y43';
  expect([code.read(sound.toLowerCase()), code.warn?.(sound)]).toEqual([sound, undefined]);
  expect(code.warn?.('91350100M000100Y44')).toBe('BAD_USCC');
  expect(code.read('123')).toBeUndefined();
});

const KIND: RecordKind = {
  name: 'TEST',
  title: 'test',
  department: 'EDUCATION',
  subject: 'person',
  fields: [field.text('note', { ...TITLE, required: true }), field.date('on', TITLE)],
  writer: { judge: () => Promise.resolve(), write: () => Promise.resolve() },
};

test('every fault of a row is told, by field and code, and its key is kept', () => {
  const row = rowReader(
    KIND,
    '2026-11-22',
  )({
    rowNo: 4,
    cells: { sourceKey: ' K ', name: '', sex: '?', birthDate: '2027-01-01', region: '62', on: 'x' },
  });
  expect(row).toEqual({
    rowNo: 4,
    row: undefined,
    sourceKey: 'K',
    findings: [
      { field: 'name', code: 'MISSING_FIELD' },
      { field: 'sex', code: 'BAD_SEX' },
      { field: 'birthDate', code: 'FUTURE_DATE' },
      { field: 'region', code: 'BAD_DIVISION' },
      { field: 'note', code: 'MISSING_FIELD' },
      { field: 'on', code: 'BAD_DATE' },
    ],
  });
});

test('the same content has the same digest however it is written, and another person another', () => {
  const digest = (cells: Record<string, string>): string => {
    const found = rowReader(
      KIND,
      '2026-11-22',
    )({ rowNo: 1, cells: { sourceKey: 'K', name: '某某', note: 'n', ...cells } });
    return found.row === undefined ? 'lost' : found.digest;
  };
  expect(digest({ on: '2026/3/1', sex: '男' })).toBe(digest({ on: '2026年3月1日', sex: '1' }));
  expect(digest({})).not.toBe(digest({ name: '某人' }));
  expect(digest({ note: 'a', on: '' })).not.toBe(digest({ note: 'b' }));
});
