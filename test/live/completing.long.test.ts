/**
 * Two ways to one answer: whatever is asked, what graphql-js completes over the statement's answer is byte for byte what is
 * spliced where no code answers anything.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kind, parse, print } from 'graphql';
import type { DocumentNode } from 'graphql';
import { openReading, runCases } from '../access/oracle/reading.ts';
import type { Reading } from '../access/oracle/reading.ts';
import { openEngine } from '../harness/engine.ts';
import type { Outcome, TestEngine } from '../harness/engine.ts';
import { schemaWithEchoes } from './echoes.ts';

const SEED = Number(process.env['HUB_TEST_SEED'] ?? 20261122);
const CASES = Number(process.env['HUB_TEST_RUNS'] ?? 400);

let reading: Reading;
let hub: TestEngine;
beforeAll(async () => {
  reading = await openReading(SEED);
  const schema = await schemaWithEchoes();
  hub = await openEngine(reading.database, { schema, bounds: { cost: Number.MAX_SAFE_INTEGER } });
});
afterAll(() => reading.database.drop());

const NOBODY = '01900000-0000-7000-8000-000000000000';

/** The operation with a field more, about nobody, that code would have to answer. */
function withCode(text: string): string {
  const extra = parse(`{ zz_code: person(id: "${NOBODY}") { echo } }`).definitions[0];
  if (extra?.kind !== Kind.OPERATION_DEFINITION) throw new Error('No operation');
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: parse(text).definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? {
            ...definition,
            selectionSet: {
              ...definition.selectionSet,
              selections: [...definition.selectionSet.selections, ...extra.selectionSet.selections],
            },
          }
        : definition,
    ),
  };
  return print(document);
}

test('random operations are answered with the same bytes on both ways', async () => {
  let compared = 0;
  let differing: string | undefined;
  const ask: TestEngine['ask'] = async (text, caller, asking): Promise<Outcome> => {
    const completed = await hub.ask(withCode(text), caller, asking);
    hub.entries.length = 0;
    const spliced = await hub.ask(text, caller, asking);
    const { zz_code: code, ...rest } = (completed.data ?? {}) as Record<string, unknown>;
    // Where the question about nobody is denied, or the case opens nobody, there is nothing to compare.
    if (spliced.data === undefined || code !== null || completed.data === undefined) return spliced;
    compared += 1;
    const same =
      JSON.stringify(rest) === JSON.stringify(spliced.data) &&
      JSON.stringify(completed.extensions) === JSON.stringify(spliced.extensions) &&
      completed.errors.filter(({ message }) => !message.startsWith('Person.echo ')).length === spliced.errors.length;
    if (!same) differing ??= `${text}\n${JSON.stringify(spliced)}\n${JSON.stringify(completed)}`;
    return spliced;
  };
  const both = { ...reading, hub: { ...hub, ask } };
  await runCases(both, { seed: SEED, least: CASES, most: CASES });
  expect(differing).toBeUndefined();
  expect(compared).toBeGreaterThan(CASES / 4);
}, 600_000);
