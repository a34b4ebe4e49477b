/** Signs that departments use for the dot in names like 买买提·艾力; U+00B7 is the one of the identity card. */
const DOTS = /[.\u0387\u2022\u2027\u2219\u22c5\u30fb\uff0e\uff65]/gu;
/** Variation selectors choose a glyph, zero-width signs are invisible: neither makes another name. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/gu;
const SPACES = /\s+/gu;
const LATIN_GAP = /(?<![\p{Script=Latin}\p{M}]) | (?!\p{Script=Latin})/gu;

/**
 * Characters that GB 18030-2000 systems keep in the private use area, and where Unicode has them now: the whole of the
 * two-byte positions FE59–FEA0 that GB 18030-2005 and -2022 moved. Without it 䶮 from an old system is another name.
 */
const MOVED = new Map([
  ['\ue816', '\u{20087}'],
  ['\ue817', '\u{20089}'],
  ['\ue818', '\u{200cc}'],
  ['\ue81e', '\u9fb4'],
  ['\ue826', '\u9fb5'],
  ['\ue82b', '\u9fb6'],
  ['\ue82c', '\u9fb7'],
  ['\ue831', '\u{215d7}'],
  ['\ue832', '\u9fb8'],
  ['\ue83b', '\u{2298f}'],
  ['\ue843', '\u9fb9'],
  ['\ue854', '\u9fba'],
  ['\ue855', '\u{241fe}'],
  ['\ue863', '\u4dae'],
  ['\ue864', '\u9fbb'],
]);
const PRIVATE_USE = /[\ue816-\ue864]/gu;

/**
 * The form under which two spellings of one name are equal: NFC, one kind of dot, no spaces but one between Latin words,
 * no case, no width, no glyph variants. For comparing only; the name as delivered is what is stored and shown.
 * `nameKey(nameKey(x)) === nameKey(x)`.
 */
export function nameKey(raw: string): string {
  return raw
    .normalize('NFC')
    .replace(PRIVATE_USE, (sign) => MOVED.get(sign) ?? sign)
    .replace(INVISIBLE, '')
    .replace(DOTS, '·')
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .toLowerCase()
    .replace(SPACES, ' ')
    .replace(LATIN_GAP, '')
    .normalize('NFC');
}

/** How many characters a person sees in a name: code points, since 𬎆 is one character and two UTF-16 units. */
export function nameLength(name: string): number {
  let length = 0;
  for (const sign of name) length += sign === '' ? 0 : 1;
  return length;
}
