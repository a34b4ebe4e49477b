/** Text in GB 18030, which Node reads and does not write: the table is what its decoder says of all pairs of bytes. */
const decoder = new TextDecoder('gb18030');
let pairs: ReadonlyMap<string, Buffer> | undefined;

function table(): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let first = 0x81; first <= 0xfe; first += 1)
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const bytes = Buffer.from([first, second]);
      const text = decoder.decode(bytes);
      if ([...text].length === 1 && text !== '\ufffd' && !found.has(text)) found.set(text, bytes);
    }
  return found;
}

/** The bytes of a text; characters beyond the first plane take four of them. */
export function toGb18030(text: string): Buffer {
  pairs ??= table();
  const known = pairs;
  return Buffer.concat(
    [...text].map((character) => {
      const point = character.codePointAt(0) ?? 0;
      if (point < 0x80) return Buffer.from([point]);
      const pair = known.get(character);
      if (pair !== undefined) return pair;
      if (point < 0x10000) throw new Error('four bytes of the first plane are not needed here');
      const at = point - 0x10000 + 189_000;
      const [a, b, c, d] = [Math.floor(at / 12_600), Math.floor(at / 1_260) % 10, Math.floor(at / 10) % 126, at % 10];
      return Buffer.from([0x81 + a, 0x30 + b, 0x81 + c, 0x30 + d]);
    }),
  );
}
