import { expect, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import { examples } from '../../src/server/graphiql/assets/examples.js';
import { buildHubSchema } from '../../src/server/schema.ts';

test('the examples of the GraphiQL page are operations of the schema, and hold no number that could be a person', async () => {
  const schema = await buildHubSchema();
  expect(examples.length).toBeGreaterThan(3);
  for (const { query, variables } of examples) {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(JSON.parse(variables)).toEqual(expect.any(Object));
    expect(variables).not.toMatch(/\d{15}/);
  }
});
