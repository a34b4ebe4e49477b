const NUMERALS = '零一二三四五六七八九';

/** A grade as schools write it: `3`, `三年级`, `小学三年级`, `初二`, `高一`, `大三`; undefined where it is none from 0 to 12. */
export function toGrade(text: string): string | undefined {
  const [, written = ''] =
    /^(?:小学|初中?|高中?|大学?|研|中职|学前)?(\d{1,2}|十?[零一二三四五六七八九]|十)(?:年级?|级)?$/u.exec(text) ?? [];
  if (written === '') return undefined;
  const [tens, ones] = written.startsWith('十') ? [10, written.slice(1)] : [0, written];
  const number = /\d/u.test(ones) ? Number(ones) : tens + Math.max(0, ones === '' ? 0 : NUMERALS.indexOf(ones));
  return number <= 12 ? String(number) : undefined;
}
