import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { loadPolicy, loadRegions, SharingPolicy } from '../../src/access/index.ts';
import type { Bound } from '../../src/access/index.ts';
import { makePlan, readOperation, readValues } from '../../src/graph/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW, callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

/** What a review looks at: every documented operation as the SQL of a caller who is bound by a scope. */
const CALLERS: Readonly<Record<string, Bound>> = {
  'check-status': callerOf('EDUCATION', 'SYSTEM'),
  recipients: callerOf('CIVIL_AFFAIRS', 'WINDOW', { regions: ['620102000000'] }),
  'recipient-ids': callerOf('HOUSING', 'SYSTEM'),
  person: callerOf('CIVIL_AFFAIRS', 'SYSTEM', { regions: ['620000000000'] }),
  household: callerOf('CIVIL_AFFAIRS', 'ANALYST'),
  'recipient-statistics': callerOf('CIVIL_AFFAIRS', 'ANALYST', { regions: ['620000000000'] }),
  feeds: callerOf('LABOUR', 'SYSTEM'),
  regions: callerOf('LABOUR', 'SYSTEM'),
};

const VARIABLES: Readonly<Record<string, Record<string, unknown>>> = {
  'check-status': { checks: [{ idNumber: 'x' }] },
  recipients: { filter: { programme: 'DIBAO', region: '620000000000' }, after: 'WyJ4Il0=' },
  'recipient-ids': {},
  person: { id: 'x' },
  household: { id: 'x' },
  regions: { parent: '620000000000' },
  'recipient-statistics': { region: '620000000000', onDate: '2026-11-01' },
};

let db: TestDatabase;
let hub: TestEngine;
beforeAll(async () => {
  db = await testDatabase();
  hub = await openEngine(db);
});
afterAll(() => db.drop());

const reading = readdirSync('schema/operations')
  .map((file) => file.replace('.graphql', ''))
  .filter((name) => name !== 'report-aid');

test('every documented reading operation has a caller here', () => {
  expect(Object.keys(CALLERS).sort()).toEqual(reading.sort());
});

test.each(reading)('the statement of %s', async (name) => {
  const regions = await loadRegions(db.server);
  const policy = new SharingPolicy(await loadPolicy(db.server), regions);
  const rules = { levelOf: (code: string) => regions.levelOf(code), maxFirst: 1_000 };
  const document = parse(readFileSync(`schema/operations/${name}.graphql`, 'utf8'));
  const operation = readOperation(hub.schema, document, undefined);
  const values = readValues(operation, VARIABLES[name] ?? {}, rules);
  const caller = CALLERS[name];
  const profile = caller === undefined ? undefined : policy.profileOf(caller, NOW.slice(0, 10));
  if (profile === undefined) throw new Error(`${name} has no caller with an agreement`);
  const onDenied = name === 'household' ? 'null' : 'refuse';
  const plan = makePlan({ graph: hub.graph, policy, profile, operation, values, rules, onDenied });
  expect(
    `${readable(plan.text)}\n\n${plan.slots.map(({ key }, i) => `$${i + 1} ${key}`).join('\n')}`,
  ).toMatchSnapshot();
});

/** A line per clause, indented by depth. */
function readable(text: string): string {
  let depth = 0;
  return text
    .replace(/\s+/g, ' ')
    .split(/(?= from | where | order by | left join lateral | cross join )/)
    .map((clause) => {
      const line = `${'  '.repeat(Math.max(depth, 0))}${clause.trim()}`;
      depth += (clause.match(/\(/g)?.length ?? 0) - (clause.match(/\)/g)?.length ?? 0);
      return line;
    })
    .join('\n');
}
