import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CanonicalBytes } from './canonical-bytes.ts';

type Value = string | bigint | Uint8Array | null | readonly Value[];
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.uint8Array(),
    fc.constant(null),
    fc.array(tie('value')),
  ),
})).value;

function digestOf(values: readonly Value[]): string {
  const bytes = new CanonicalBytes('test', 1);
  const write = (item: Value): void => {
    if (item === null) bytes.bytes(null);
    else if (typeof item === 'string') bytes.text(item);
    else if (typeof item === 'bigint') bytes.integer(item);
    else if (item instanceof Uint8Array) bytes.bytes(item);
    else bytes.list(item, write);
  };
  for (const item of values) write(item);
  return bytes.digest().toString('hex');
}

const spell = (item: Value): string => {
  if (item instanceof Uint8Array) return `b(${Buffer.from(item).toString('hex')})`;
  if (typeof item === 'bigint') return `i(${item})`;
  if (item === null || typeof item === 'string') return JSON.stringify(item);
  return `[${item.map(spell).join(',')}]`;
};

test('equal values have equal digests, and different ones different digests', () => {
  fc.assert(
    fc.property(fc.array(value), fc.array(value), (left, right) => {
      expect(digestOf(left) === digestOf(right)).toBe(spell(left) === spell(right));
      expect(digestOf(left)).toBe(digestOf([...left]));
    }),
  );
});

test.each<[string, readonly Value[], readonly Value[]]>([
  ['texts that run together', ['ab', 'c'], ['a', 'bc']],
  ['nothing and an empty text', [null], ['']],
  ['an empty list and nothing', [[]], [null]],
  ['a list and its items side by side', [['a', 'b']], ['a', 'b']],
  ['lists that run together', [['a'], ['b']], [['a', 'b'], []]],
  ['a text and its bytes', ['a'], [Buffer.from('a')]],
  ['a number and its bytes', [1n], [Buffer.from('0000000000000001', 'hex')]],
])('are told apart: %s', (_what, left, right) => {
  expect(digestOf(left)).not.toBe(digestOf(right));
});

test('two kinds of things never share a digest', () => {
  const of = (what: string, version: number): string =>
    new CanonicalBytes(what, version).text('x').digest().toString('hex');
  expect(new Set([of('entry', 1), of('seal', 1), of('entry', 2)]).size).toBe(3);
});

test('values larger than the first buffer are held', () => {
  expect(digestOf(['x'.repeat(5_000), 'y'])).not.toBe(digestOf(['x'.repeat(5_000), 'z']));
});
