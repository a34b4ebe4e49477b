import { expect, test } from '@jest/globals';
import { CostRecord, assertAffordable, sizeOf } from './cost.ts';
import type { CostNode, Size } from './cost.ts';
import type { Slot } from './slot.ts';

const bindings = { args: [{ first: 50, nothing: null, checks: ['a', 'b'] }], caller: {} };
const slot = (name: string): Slot => ({
  key: name,
  type: 'int',
  coordinate: `Query.any(${name}:)`,
  read: ({ args }) => args[0]?.[name],
});
const rows = (n: number): Size => ({ given: [], rows: n });

/** The nodes of nested fields, each size within the one before it. */
function nested(...sizes: readonly Size[]): readonly CostNode[] {
  const record = new CostRecord();
  sizes.forEach((size, i) => {
    record.enter(`Type.list${String(i)}`);
    record.resize(size);
  });
  return record.nodes;
}

/** What the refusal says under a bound of nothing. */
function weightOf(nodes: readonly CostNode[]): unknown {
  try {
    assertAffordable(nodes, bindings, { cost: 0, checks: 10 });
  } catch (error) {
    const { cost, coordinate } = (error as { extensions: Record<string, unknown> }).extensions;
    return [cost, coordinate];
  }
  return undefined;
}

test('lists in lists multiply, and the one with most rows is named', () => {
  expect(weightOf(nested(rows(50), rows(100)))).toEqual([5_050, 'Type.list1']);
  expect(weightOf(nested(rows(50), rows(1), rows(1)))).toEqual([150, 'Type.list0']);
});

test('lists side by side add up within the row that they stand in', () => {
  const record = new CostRecord();
  record.enter('Query.a');
  record.resize(rows(10));
  for (const name of ['A.b', 'A.c']) {
    record.enter(name);
    record.leave();
  }
  record.count('A.totalCount');
  record.leave();
  record.enter('Query.d');
  expect(weightOf(record.nodes)).toEqual([10 + 10 + 10 + 10 * 100 + 1, 'A.totalCount']);
});

test('a list has the size that the request gives, otherwise that of its plan, otherwise its default', () => {
  const of = Object;
  expect(weightOf(nested(sizeOf({ of, first: slot('first') }, 'list')))).toEqual([50, 'Type.list0']);
  expect(weightOf(nested(sizeOf({ of, first: slot('nothing'), last: slot('first') }, 'connection')))).toEqual([
    50,
    'Type.list0',
  ]);
  expect(weightOf(nested(sizeOf({ of, first: slot('nothing') }, 'connection')))).toEqual([50, 'Type.list0']);
  expect(weightOf(nested(sizeOf({ of }, 'list')))).toEqual([100, 'Type.list0']);
  expect(weightOf(nested(sizeOf({ of, first: 7 }, 'list')))).toEqual([7, 'Type.list0']);
  expect(weightOf(nested(sizeOf({ of, first: 7 }, 'one')))).toEqual([1, 'Type.list0']);
});

test('questions count by their number, and too many are refused whatever they cost', () => {
  const asked: Size = { given: [slot('checks')], rows: 0, asked: true };
  expect(weightOf(nested(asked, rows(3)))).toEqual([8, 'Type.list1']);
  expect(() => {
    assertAffordable(nested(asked), bindings, { cost: 1_000, checks: 1 });
  }).toThrow(/Query\.any\(checks:\): at most 1 in one call/);
});

test('a page of a thousand passes by default, and a thousand of a hundred of a hundred does not', () => {
  const bounds = { cost: 1_000_000, checks: 1_000 };
  const weigh =
    (...sizes: readonly Size[]) =>
    () => {
      assertAffordable(nested(...sizes), bindings, bounds);
    };
  expect(weigh(rows(1_000), rows(1), rows(100))).not.toThrow();
  expect(weigh(rows(50), rows(100), rows(100))).not.toThrow();
  expect(weigh(rows(1_000), rows(100), rows(100))).toThrow(/could cost 10101000/);
});
