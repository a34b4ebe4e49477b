import { expect, test } from '@jest/globals';
import { probeEncoding } from './encoding.ts';
import type { Encoding } from './encoding.ts';

function encodingOf(...lines: readonly (string | Uint8Array)[]): Encoding {
  const probe = probeEncoding();
  for (const line of lines) probe.take(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
  return probe.end();
}

/** 姓名 and 王小明 in GB 18030. */
const HEADER = Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb);
const NAME = Uint8Array.of(0xcd, 0xf5, 0xd0, 0xa1, 0xc3, 0xf7);
/** Bytes that are none of UTF-8. */
const WILD = new Uint8Array(40).fill(0xff);

test('one line of wild bytes leaves a short file in the encoding of the others', () => {
  expect(encodingOf('姓名', '王小明', WILD)).toBe('utf-8');
});

test('bytes that are broken here and there leave a file in UTF-8, in however many lines', () => {
  const line = Buffer.concat([Buffer.from('王小明'.repeat(10)), Uint8Array.of(0xff)]);
  expect(encodingOf(line, line, line)).toBe('utf-8');
});

test('Chinese text in GB 18030 is known, among lines without any', () => {
  expect(encodingOf(HEADER, NAME)).toBe('gb18030');
  expect(encodingOf(HEADER, '1,2,3', '4,5,6', NAME, '7,8,9')).toBe('gb18030');
});
