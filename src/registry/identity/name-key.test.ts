import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nameKey, nameLength } from './name-key.ts';

test('every dot in use is the same dot', () => {
  const keys = ['\u00b7', '\u2022', '\u30fb', '\u2027', '\uff0e', '.', '\uff65', '\u2219'].map((dot) =>
    nameKey(`买买提${dot}艾力`),
  );
  expect(new Set(keys)).toEqual(new Set(['买买提·艾力']));
});

test.each([
  ['张 三', '张三'],
  ['\u3000张\u3000三 ', '张三'],
  ['买买提 · 艾力', '买买提·艾力'],
  ['John  SMITH', 'john smith'],
  ['ＪＯＨＮ　Ｓｍｉｔｈ', 'john smith'],
  ['J. Smith', 'j·smith'],
  ['李 John', '李john'],
  ['Zoe\u0308 M', 'zo\u00eb m'],
  ['\uf900', '\u8c48'],
  ['葛\u{e0100}城', '葛城'],
  ['\ue863', '䶮'],
])('%j and %j are one name', (raw, key) => {
  expect(nameKey(raw)).toBe(key);
});

test('different names stay different', () => {
  expect(nameKey('张三')).not.toBe(nameKey('张山'));
  expect(nameKey('艾力·买买提')).not.toBe(nameKey('艾力买买提'));
  expect(nameKey('Anna Li')).not.toBe(nameKey('Annali'));
});

test('the key of a key is the key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (raw) => {
      expect(nameKey(nameKey(raw))).toBe(nameKey(raw));
    }),
  );
});

test('names that are canonically equal have one key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (raw) => {
      expect(nameKey(raw.normalize('NFD'))).toBe(nameKey(raw));
    }),
  );
});

test('length counts characters, not UTF-16 units', () => {
  expect(nameLength('𬎆')).toBe(1);
  expect(nameLength('李𬎆')).toBe(2);
  expect(nameLength('')).toBe(0);
});
