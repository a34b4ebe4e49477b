/** `Mutation.reportAid` behind the gate that every operation passes. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { publishPolicy, readPolicyFiles } from '../../src/access/index.ts';
import type { Bound } from '../../src/access/index.ts';
import type { AidContext, AidReporter } from '../../src/aid/index.ts';
import { createAidReporter } from '../../src/aid/index.ts';
import { silentLog } from '../../src/platform/log.ts';
import { toGraphQLError } from '../../src/server/graphql-errors.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { clock, education, grantTo, openAidWorld } from './aid-world.ts';
import type { AidWorld } from './aid-world.ts';

let world: AidWorld;
let hub: TestEngine;
let aid: AidReporter;
beforeAll(async () => {
  world = await openAidWorld();
  hub = await openEngine(world.db, { clock });
  aid = createAidReporter({
    pool: world.db.server,
    ledger: world.ledger,
    clock,
    misses: { spend: () => Promise.resolve() },
  });
});
beforeEach(() => {
  hub.entries.length = 0;
});
afterAll(async () => {
  await world.close();
});

const FIELDS = '{ recorded rejected results { index sourceKey version outcome code field remedy grantId } }';
const REPORT = `mutation Report($input: ReportAidInput!) { reportAid(input: $input) ${FIELDS} }`;

interface Answer extends Record<string, unknown> {
  readonly reportAid: { recorded: number; rejected: number; results: Record<string, unknown>[] };
}

async function run(text: string, input: unknown, caller: Bound = education) {
  const context: Omit<AidContext, 'operation' | 'policyVersion' | 'policyStamp'> = {
    caller,
    onDenied: 'refuse',
    requestId: 'test',
    aid,
  };
  const { data, errors = [] } = await hub.engine.execute({ document: parse(text), variables: { input }, context });
  const answer = data as Answer | null | undefined;
  return { answer, errors };
}

test('the payload counts the outcomes and holds one receipt for each item', async () => {
  const [a] = world.people;
  const { answer, errors } = await run(REPORT, { items: [grantTo(a), grantTo(a, { decidedOn: 'soon' })] });
  expect(errors).toEqual([]);
  expect(answer?.reportAid).toMatchObject({
    recorded: 1,
    rejected: 1,
    results: [
      { index: 0, outcome: 'RECORDED', version: 1, remedy: null },
      { index: 1, outcome: 'REJECTED', code: 'BAD_DATE', field: 'decidedOn', grantId: null },
    ],
  });
});

test('numbers are read as text, and what cannot be stored rejects its own item', async () => {
  const [a] = world.people;
  const { answer, errors } = await run(REPORT, {
    items: [
      { ...grantTo(a), amountYuan: 1200.5, version: 2, decidedOn: 20260901 },
      { ...grantTo(a), fundSource: 'a\0b' },
      { ...grantTo(a), name: '\ud83d' },
      { ...grantTo(a), amountYuan: true },
      grantTo(a),
    ],
  });
  expect(errors).toEqual([]);
  expect(answer?.reportAid.results.map(({ outcome, code }) => code ?? outcome)).toEqual([
    'RECORDED',
    'BAD_TEXT',
    'BAD_TEXT',
    'BAD_AMOUNT',
    'RECORDED',
  ]);
});

test('literals are read like variables', async () => {
  const [{ idNumber, name }] = world.people;
  const { answer, errors } = await run(
    `mutation { reportAid(input: { items: [{ sourceKey: "literal", version: 1, idNumber: "${idNumber}", name: "${name}",
       programme: "EDUCATION_AID", mode: "现金", amountYuan: 12.5, decidedOn: "2026-09-01" }] }) ${FIELDS} }`,
    {},
  );
  expect(errors).toEqual([]);
  expect(answer?.reportAid.recorded).toBe(1);
});

test('a list in place of a text refuses the call without telling what stood in it', async () => {
  const [a] = world.people;
  const { errors } = await run(REPORT, { items: [{ ...grantTo(a), idNumber: [a.idNumber] }] });
  expect(errors).toHaveLength(1);
  const shown = toGraphQLError(errors[0], 'test', silentLog);
  expect(shown.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(shown.message).toContain('input.items[0].idNumber');
  expect(JSON.stringify(shown)).not.toContain(a.idNumber);
});

test('fields of a receipt under each other’s names stay themselves', async () => {
  const [a] = world.people;
  const { answer } = await run(
    `mutation Report($input: ReportAidInput!) {
       reportAid(input: $input) { recorded: rejected results { code: outcome outcome: code } } }`,
    { items: [grantTo(a)] },
  );
  expect(answer?.reportAid).toEqual({ recorded: 0, results: [{ code: 'RECORDED', outcome: null }] });
});

test('a death that one department reported marks what others grant after it, and items are told by name', async () => {
  const [, , , d] = world.people;
  await world.db.owner.query(`update person set died_on = '2026-06-15' where id = $1`, [d.personId]);
  const grants = [
    grantTo(d, { sourceKey: 'before', decidedOn: '2026-06-15', periodFrom: '2026-06', item: '助学金' }),
    grantTo(d, { sourceKey: 'decided after', decidedOn: '2026-06-16' }),
    grantTo(d, { sourceKey: 'for months after', decidedOn: '2026-06-01', periodFrom: '2026-07', reference: 'K-1' }),
  ];
  expect((await run(REPORT, { items: grants })).answer?.reportAid.recorded).toBe(3);
  const asking = callerOf('CIVIL_AFFAIRS', 'WINDOW', {
    purpose: 'CASE_HANDLING',
    purposes: ['CASE_HANDLING'],
    caseNo: 'CA-1',
    regions: ['620000000000'],
  });
  const { data } = await hub.ask(
    'query($id: ID!) { person(id: $id) { aidGrants { nodes { sourceKey item itemName reference afterDeath } } } }',
    asking,
    { variables: { id: d.personId } },
  );
  const none = { item: null, itemName: null, reference: null };
  expect(data).toEqual({
    person: {
      aidGrants: {
        nodes: [
          { ...none, sourceKey: 'decided after', afterDeath: true },
          { ...none, sourceKey: 'before', item: 'GRANT', itemName: '助学金', afterDeath: false },
          { ...none, sourceKey: 'for months after', reference: 'K-1', afterDeath: true },
        ],
      },
    },
  });
});

test.each<[string, Bound]>([
  ['an analyst', callerOf('CIVIL_AFFAIRS', 'ANALYST', { purpose: 'AID_REPORTING', caseNo: 'X-1' })],
  ['a window', callerOf('CIVIL_AFFAIRS', 'WINDOW', { purpose: 'AID_REPORTING', caseNo: 'X-1' })],
  ['an auditor', callerOf('AUDIT', 'AUDITOR', { purpose: 'AID_REPORTING', caseNo: 'X-1' })],
])('%s may not report, and the attempt is on record', async (_who, caller) => {
  const attempt = run(REPORT, { items: [grantTo(world.people[0])] }, caller);
  await expect(attempt).rejects.toMatchObject({ code: 'OPERATION_DENIED' });
  expect(hub.entries).toMatchObject([{ decision: 'REFUSED', kind: 'WRITE', coordinates: [['Mutation.reportAid']] }]);
});

test('a purpose that is not reporting does not open the mutation', async () => {
  const caller: Bound = { ...education, purposes: ['AID_REPORTING', 'CASE_HANDLING'], purpose: 'CASE_HANDLING' };
  const { errors } = await run(REPORT, { items: [grantTo(world.people[0])] }, caller);
  expect(errors[0]?.originalError).toMatchObject({ code: 'PURPOSE_NOT_ALLOWED' });
});

test('a policy that another process published is taken up by the next report, and a right it revokes is gone', async () => {
  const files = readPolicyFiles('schema/policy');
  const publish = (wanted: (department: string, operation: string) => boolean) =>
    publishPolicy(world.db.owner, {
      ...files,
      digest: randomBytes(32),
      agreements: files.agreements.map(({ operations, ...agreement }) => ({
        ...agreement,
        operations: new Set([...operations].filter((operation) => wanted(agreement.department, operation))),
      })),
    });
  const attempt = () => run(REPORT, { items: [grantTo(world.people[0])] });
  await publish(() => true);
  expect((await attempt()).answer?.reportAid.recorded).toBe(1);
  await publish((department, operation) => department !== 'EDUCATION' || operation !== 'reportAid');
  await expect(attempt()).rejects.toMatchObject({ code: 'OPERATION_DENIED' });
});
