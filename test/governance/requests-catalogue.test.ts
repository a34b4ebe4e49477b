/** The sharing catalogue as whoever wants to ask reads it (政务数据共享条例 art. 13–15). */
import { expect, test } from '@jest/globals';
import { readPolicyFiles } from '../../src/access/index.ts';

const { groups } = readPolicyFiles('schema/policy');
const entries = [...groups.values()];

test.each(entries)('$name says its format, rhythm, sensitivity and legal basis', (group) => {
  expect(group.format).not.toBeUndefined();
  expect(group.rhythm).not.toBeUndefined();
  expect(group.sensitivity).not.toBeUndefined();
  expect(group.legalBasis).toMatch(/第|〔|（/);
});

test.each(entries.filter(({ attribute }) => attribute !== 'UNCONDITIONAL'))(
  '$name, which is $attribute, says on which conditions it is shared, or why it is not',
  ({ note }) => {
    expect(note?.length).toBeGreaterThan(1);
  },
);

test('nothing personal is shared unconditionally', () => {
  const open = entries.filter(({ attribute }) => attribute === 'UNCONDITIONAL');
  expect(open.filter(({ sensitivity }) => sensitivity !== 'PUBLIC')).toEqual([]);
});
