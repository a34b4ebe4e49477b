import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Kind, buildSchema, getVariableValues, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { variablesReader } from './variables.ts';

const schema = buildSchema(`
  enum Colour { RED GREEN }
  input Leaf { n: Int!, text: String = "none", colours: [Colour!] }
  input Tree { leaf: Leaf, trees: [Tree!], on: Boolean! = true }
  input One @oneOf { a: Int, b: String }
  type Query { f(tree: Tree, ids: [[ID]!], one: One, n: Float, c: Colour): Int }
`);
const { definitions } = parse(`
  query ($tree: Tree, $ids: [[ID]!], $one: One, $n: Float! = 1.5, $c: Colour = GREEN) {
    f(tree: $tree, ids: $ids, one: $one, n: $n, c: $c)
  }
`);
const operation = definitions.find(
  (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
)!;
const read = variablesReader(schema, operation);

/** As graphql-js reads them, in a form that can be compared. */
function expected(given: Record<string, unknown>): unknown {
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 20 });
  return errors === undefined ? { coerced } : { errors: errors.map(({ message }) => message) };
}
function got(given: Record<string, unknown>): unknown {
  const variables = read(given);
  return 'errors' in variables ? { errors: variables.errors.map(({ message }) => message) } : variables;
}

const scalar = fc.oneof(
  fc.constantFrom('RED', 'GREEN', 'BLUE', '', '7', null, undefined, true, NaN),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(1.5, 2 ** 40, '七'),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.oneof(
    fc.record({ n: tie('value'), text: scalar, colours: tie('value') }, { requiredKeys: [] }),
    fc.record({ leaf: tie('value'), trees: tie('value'), on: scalar, other: scalar }, { requiredKeys: [] }),
    fc.record({ a: scalar, b: scalar }, { requiredKeys: [] }),
  ),
}));

describe('variables', () => {
  test('are what graphql-js makes of them, errors included, for whatever a client sends', () => {
    const given = fc.record(
      { tree: value, ids: value, one: value, n: value, c: value, unknown: scalar },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(given, (variables) => {
        expect(got(variables)).toEqual(expected(variables));
      }),
      { numRuns: 200, seed: 20_261_122 },
    );
  });

  test('in plain form are read without asking graphql-js, with its defaults and lists of one', () => {
    const given = { tree: { trees: [{ leaf: { n: 1, colours: 'RED' } }] }, ids: 5 };
    expect(got(given)).toEqual(expected(given));
    expect(got(given)).toEqual({
      coerced: {
        tree: { on: true, trees: [{ on: true, leaf: { n: 1, text: 'none', colours: ['RED'] } }] },
        ids: [['5']],
        n: 1.5,
        c: 'GREEN',
      },
    });
  });
});
