/**
 * Not found and not allowed look the same: in the bytes of the answer, in the number and text of the statements, in their
 * plans, and, but for the few pages named below, in what PostgreSQL reads for them. Time is not asserted: it follows from
 * these, and what is left of a difference is some microseconds of a page in memory.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeResidentId } from '../../../seeds/synthetic/resident-id.ts';
import type { Bound } from '../../../src/access/index.ts';
import { openPool } from '../../../src/platform/database.ts';
import type { Pool } from '../../../src/platform/database.ts';
import { literal, watching } from '../../graph/explained.ts';
import type { Statement } from '../../graph/explained.ts';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { callerOf, openEngine } from '../../harness/engine.ts';
import type { Outcome, TestEngine } from '../../harness/engine.ts';
import { openHub } from '../../harness/hub.ts';
import type { TestHub } from '../../harness/hub.ts';

/** The row that is found and not shown, and the caseload that is asked whether it may be. */
const ROW_AND_SCOPE = 4;
/** A number that is known: its identifier, its person, and that there is no standing status. For each question. */
const KNOWN_PERSON = 5;

const NOBODY = '01900000-0000-7000-8000-000000000000';

let database: TestDatabase;
let explainer: Pool;
let engine: TestEngine;
const statements: Statement[] = [];
let world: { personId: string; householdId: string; recipientId: string; idNumber: string };
let education: Bound;
const elsewhere: Bound = callerOf('CIVIL_AFFAIRS', 'WINDOW', { caseNo: 'CA-1', regions: ['620102001000'] });

beforeAll(async () => {
  database = await testDatabase({ seeded: true });
  // As the hub's own connections plan: see SESSION in src/server/start.ts.
  const settings = { plan_cache_mode: 'force_generic_plan', jit: 'off' };
  explainer = openPool(database.serverUrl, { max: 1, name: 'explain', settings });
  engine = await openEngine({ ...database, server: watching(database.server, statements) });
  const { rows } = await database.owner.query<typeof world>(`
    select r.person_id as "personId", r.household_id as "householdId", r.id as "recipientId", i.match_key as "idNumber"
      from recipient r join person_identifier i on i.person_id = r.person_id and i.superseded_by_id is null
     where r.valid_to is null and r.township_code <> '620102001000'
       and not exists (select from caseload c where c.department = 'EDUCATION' and c.person_id = r.person_id)
       and not exists (select from caseload c where c.department = 'EDUCATION' and c.household_id = r.household_id)
     order by r.id limit 1`);
  const [stranger] = rows;
  if (stranger === undefined) throw new Error('Everybody is in the caseload');
  world = stranger;
  const { rows: cases } = await database.owner.query<{ case_no: string }>(
    `select case_no from caseload where department = 'EDUCATION' and closed_on is null order by case_no limit 1`,
  );
  education = callerOf('EDUCATION', 'SYSTEM', { caseNo: String(cases[0]?.case_no) });
});
afterAll(async () => {
  await explainer.end();
  await database.drop();
});

interface Look {
  readonly outcome: Outcome;
  readonly texts: readonly string[];
  /** Nodes of the plan in order, with tables and indexes. */
  readonly plan: unknown;
  /** Pages that the statement reads, from memory or disk. */
  readonly pages: number;
}

/** Asks, and then has PostgreSQL say what the same statement does with the same values. */
async function look(text: string, caller: Bound, variables: Record<string, unknown>): Promise<Look> {
  statements.length = 0;
  const outcome = await engine.ask(text, caller, { variables });
  const sent = [...statements];
  const explained = await Promise.all(sent.map(explain));
  return {
    outcome,
    texts: sent.map((statement) => statement.text),
    plan: explained.map(({ plan }) => plan),
    pages: explained.reduce((sum, { pages }) => sum + pages, 0),
  };
}

interface PlanNode extends Record<string, unknown> {
  readonly Plans?: readonly PlanNode[];
}

async function explain({ text, values }: Statement): Promise<{ plan: unknown; pages: number }> {
  const client = await explainer.connect();
  try {
    await client.query(`prepare looked as ${text}`);
    const run = `explain (analyze, buffers, timing off, format json) execute looked (${values.map(literal).join(', ')})`;
    // The first run reads the catalogue as well.
    await client.query(run);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(run);
    await client.query('deallocate looked');
    const root = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
    return { plan: shapeOf(root), pages: Number(root['Shared Hit Blocks']) + Number(root['Shared Read Blocks']) };
  } finally {
    client.release();
  }
}

const shapeOf = (node: PlanNode): unknown => [
  node['Node Type'],
  node['Relation Name'],
  node['Index Name'],
  (node.Plans ?? []).map(shapeOf),
];

const PERSON = 'query($id: ID!) { person(id: $id) { id name recipientOf { programme } aidGrants { nodes { id } } } }';
const HOUSEHOLD = 'query($id: ID!) { household(id: $id) { id memberCount aidGrants { nodes { id } } } }';
const NODE =
  'query($id: ID!) { node(id: $id) { __typename id ... on Person { name } ... on Recipient { programme } } }';
const NODES = 'query($id: ID!) { nodes(ids: [$id]) { __typename id ... on Person { name } } }';

describe('by an id, nobody and somebody out of scope', () => {
  const kinds = [
    ['person', PERSON, 'personId'],
    ['household', HOUSEHOLD, 'householdId'],
    ['node', NODE, 'personId'],
    ['node of a recipient', NODE, 'recipientId'],
    ['nodes', NODES, 'personId'],
  ] as const;
  test.each(
    kinds.flatMap(([name, text, of]) => [
      [name, 'a department that sees its caseload', text, of, () => education] as const,
      [name, 'a window that sees its township', text, of, () => elsewhere] as const,
    ]),
  )('%s: look the same to %s', async (_name, _who, text, of, caller) => {
    const [nobody, stranger] = [
      await look(text, caller(), { id: NOBODY }),
      await look(text, caller(), { id: world[of] }),
    ];
    expect(stranger.outcome).toEqual(nobody.outcome);
    expect(nobody.outcome.errors).toEqual([]);
    expect(nobody.texts).toHaveLength(1);
    expect(stranger.texts).toEqual(nobody.texts);
    expect(stranger.plan).toEqual(nobody.plan);
    expect(nobody.pages).toBeGreaterThan(0);
    expect(Math.abs(stranger.pages - nobody.pages)).toBeLessThanOrEqual(ROW_AND_SCOPE);
  });
});

test('the pages that are counted show what is read: somebody in scope costs more than the difference that is allowed', async () => {
  const { rows } = await database.owner.query<{ id: string }>(
    `select c.person_id as id from caseload c join recipient r on r.person_id = c.person_id
      where c.department = 'EDUCATION' and c.closed_on is null and r.valid_to is null order by r.id limit 1`,
  );
  const nobody = await look(PERSON, education, { id: NOBODY });
  const own = await look(PERSON, education, { id: rows[0]?.id });
  expect(own.outcome.data).toMatchObject({ person: { id: rows[0]?.id } });
  expect(own.texts).toEqual(nobody.texts);
  expect(own.pages - nobody.pages).toBeGreaterThan(ROW_AND_SCOPE);
});

describe('by a denied field', () => {
  test('nobody, somebody out of scope and somebody in scope are refused alike, and nothing is sent to the database', async () => {
    const denied = 'query($id: ID!) { person(id: $id) { id medicalSettlements { diagnosis } } }';
    const [{ person_id: own } = { person_id: '' }] = (
      await database.owner.query<{ person_id: string }>(
        `select person_id from caseload where department = 'EDUCATION' and closed_on is null limit 1`,
      )
    ).rows;
    const [nobody, ...others] = await Promise.all(
      [NOBODY, 'no id at all', world.personId, own].map((id) => engine.ask(denied, education, { variables: { id } })),
    );
    statements.length = 0;
    expect(nobody?.errors).toMatchObject([{ code: 'FIELD_DENIED' }]);
    for (const other of others) expect(other).toEqual(nobody);
    await engine.ask(denied, education, { variables: { id: own } });
    expect(statements).toEqual([]);
  });
});

const CHECK =
  'query($c: [StatusCheckInput!]!, $d: Date) { checkStatus(checks: $c, onDate: $d) { result nameAgrees programmes { programme } } }';

describe('by a number, nobody and somebody known who is no recipient', () => {
  const nobody = makeResidentId('360199', '1980-08-08', 901);
  // Nobody was a recipient then.
  const asked = (idNumber: string, times: number) => ({
    c: Array.from({ length: times }, () => ({ idNumber, name: '无名' })),
    d: '1990-01-01',
  });

  test.each([1, 10, 100])('look the same in a check of %s', async (times) => {
    const none = await look(CHECK, education, asked(nobody, times));
    const known = await look(CHECK, education, asked(world.idNumber, times));
    expect(none.outcome.errors).toEqual([]);
    expect(known.outcome).toEqual(none.outcome);
    expect(known.texts).toEqual(none.texts);
    expect(known.plan).toEqual(none.plan);
    expect(known.pages - none.pages).toBeGreaterThanOrEqual(0);
    expect(known.pages - none.pages).toBeLessThanOrEqual(KNOWN_PERSON * times + ROW_AND_SCOPE);
  });
});

describe('over HTTP', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await openHub(database);
  });
  afterAll(() => hub.close());

  const ACCESSES = 'query($id: ID!) { accessesOf(personId: $id) { totalCount nodes { id } } }';
  const NUMBER = 'query($n: String!) { checkStatus(checks: [{ idNumber: $n }], onDate: "1990-01-01") { result } }';
  test('the answers are equal to the byte, headers included', async () => {
    const shape = async (text: string, variables: Record<string, unknown>) => {
      const {
        status,
        headers,
        text: body,
      } = await hub.ask(text, { ...education, client: 'bytes.test' }, { variables });
      return { status, headers, body };
    };
    // Somebody at whom another department looked, and at whom nobody did.
    const civilAffairs = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1' });
    const looked = async (id: string): Promise<string> =>
      (await hub.ask(ACCESSES, civilAffairs, { variables: { id } })).text;
    await hub.ask(PERSON, civilAffairs, { variables: { id: world.personId } });
    expect(await looked(world.personId)).not.toEqual(await looked(NOBODY));
    const pairs = [
      ...[PERSON, HOUSEHOLD, NODE, NODES].flatMap((text) =>
        [world.personId, world.householdId, world.recipientId, 'no id at all'].map(
          (id) => [text, { id: NOBODY }, { id }] as const,
        ),
      ),
      [ACCESSES, { id: NOBODY }, { id: world.personId }] as const,
      [NUMBER, { n: makeResidentId('360199', '1980-08-08', 901) }, { n: world.idNumber }] as const,
    ];
    for (const [text, absent, present] of pairs) {
      const nobody = await shape(text, absent);
      expect([text, nobody.status]).toEqual([text, 200]);
      expect([text, await shape(text, present)]).toEqual([text, nobody]);
    }
  });
});
