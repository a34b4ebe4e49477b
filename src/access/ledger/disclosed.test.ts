import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packDisclosed, unpackDisclosed } from './disclosed.ts';
import type { Disclosed } from './entry.ts';

const NODES = 12;
const ids = Array.from({ length: 30 }, (_, i) => `01900000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`);
const pairs = fc.array(fc.record({ id: fc.constantFrom(...ids), node: fc.integer({ min: 0, max: NODES - 1 }) }), {
  maxLength: 200,
  size: 'max',
});
const asSet = (of: readonly Disclosed[]): string[] => [...new Set(of.map(({ id, node }) => `${id} ${node}`))].sort();

test('the pairs of ids and nodes can be had back exactly', () => {
  fc.assert(
    fc.property(pairs, (given) => {
      const packed = packDisclosed(given, NODES);
      const back = packed ? unpackDisclosed(packed) : [];
      expect(back.map(({ id, node }) => `${id} ${node}`).sort()).toEqual(asSet(given));
    }),
  );
});

test('each id is kept once, however many nodes disclosed it', () => {
  fc.assert(
    fc.property(pairs, (given) => {
      const kept = packDisclosed(given, NODES)?.ids ?? [];
      expect([...kept].sort()).toEqual([...new Set(given.map(({ id }) => id))].sort());
    }),
  );
});

test('ids that share their nodes share one mention of them', () => {
  const [a = '', b = '', c = ''] = ids;
  const given = [
    { id: a, node: 2 },
    { id: b, node: 1 },
    { id: a, node: 0 },
    { id: c, node: 0 },
    { id: c, node: 2 },
  ];
  expect(packDisclosed(given, 3)).toEqual({ ids: [a, c, b], nodes: '2:0,2 1:1' });
});

test('nobody disclosed is nothing kept', () => {
  expect(packDisclosed([], NODES)).toBeUndefined();
});

test.each([-1, NODES, 0.5, Number.NaN])('a node that the operation does not have is refused: %p', (node) => {
  expect(() => packDisclosed([{ id: ids[0] ?? '', node }], NODES)).toThrow(RangeError);
});

test('what is no UUID is refused without being repeated', () => {
  expect(() => packDisclosed([{ id: 'Zhang San', node: 0 }], NODES)).toThrow(/^(?!.*Zhang)/);
});

test.each(['', '2', '2:', '0:1', '1:0 ', '3:0'])(
  'a line of nodes that does not fit its ids is refused: "%s"',
  (nodes) => {
    expect(() => unpackDisclosed({ ids: ids.slice(0, 2), nodes })).toThrow(/line of nodes/);
  },
);
