/** The shrinker by itself: whatever the difference is, what is left of an operation is what shows it. */
import { expect, test } from '@jest/globals';
import { parse, print, visit } from 'graphql';
import { readSchema } from './published.ts';
import { shrink } from './shrinking.ts';
import type { Shrinkable } from './shrinking.ts';

const schema = readSchema();

const START: Shrinkable = {
  caller: { regions: ['620000000000', '360000000000', '620102000000'], caseNo: 'CASE-1', onDenied: 'null' },
  text: `query ($id: ID!, $first: Int, $no: Boolean!, $filter: RecipientFilter) {
    recipients(filter: $filter, first: $first) { totalCount edges { cursor node { ...R } } }
    ...Q
    region_1: region(code: "62") { name parent { code @skip(if: $no) } }
  }
  fragment Q on Query { a: person(id: $id) { id memberships(first: 3) { ... on Membership { household { ... { members { person { x: phone name } } } } } } } }
  fragment R on Recipient { id person { name_b: name ...P } validFrom }
  fragment P on Person { id phone aidGrants(first: 2, withSuperseded: true) { nodes { amount } } }`,
  variables: { id: 'somebody', first: 3, no: false, filter: { programme: 'DIBAO', onDate: '2026-11-22' } },
};

/** Whether a field is asked for by that name, with an argument where one is given. */
const asksFor = (field: string, argument?: string) => (candidate: Shrinkable) => {
  let found = false;
  visit(parse(candidate.text), {
    Field: (node) => {
      const isThere = argument === undefined || (node.arguments ?? []).some(({ name }) => name.value === argument);
      if (node.name.value === field && isThere) found = true;
    },
  });
  return Promise.resolve(found);
};

test('a difference in one field ends at an operation of that field, and at the simplest caller', async () => {
  const { text, variables, caller } = await shrink(schema, START, asksFor('phone'));
  expect(text).toBe(print(parse('{ person(id: "somebody") { phone } }')));
  expect(variables).toEqual({});
  expect(caller).toEqual({ regions: ['620102000000'], onDenied: 'refuse' });
});

test('a difference that an argument makes keeps the argument, as a literal and as small as it may be', async () => {
  const { text, variables } = await shrink(schema, START, asksFor('memberships', 'first'));
  expect(text).toBe(print(parse('{ person(id: "somebody") { memberships(first: 1) { __typename } } }')));
  expect(variables).toEqual({});
});

test('a difference that a variable makes keeps the variable', async () => {
  const { text, variables } = await shrink(schema, START, ({ text: asked }) => Promise.resolve(asked.includes('$no')));
  expect(text).toBe(print(parse('query ($no: Boolean!) { region(code: "62") { code @skip(if: $no) } }')));
  expect(variables).toEqual({ no: false });
});

test('a difference that takes two fields keeps both', async () => {
  const { text } = await shrink(
    schema,
    START,
    async (candidate) => (await asksFor('amount')(candidate)) && (await asksFor('phone')(candidate)),
  );
  expect(text).toBe(
    print(parse('{ recipients { edges { node { person { phone aidGrants { nodes { amount } } } } } } }')),
  );
});
