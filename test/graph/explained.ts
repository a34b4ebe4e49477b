/** Plans of the documented reading operations on a loaded database: how many statements, and what PostgreSQL does. */
import { readFileSync } from 'node:fs';
import { parse, print } from 'graphql';
import type { Pool, PoolClient } from '../../src/platform/database.ts';
import { openPool } from '../../src/platform/database.ts';
import type { Bound } from '../../src/access/index.ts';
import { installedPart } from '../../src/server/installed-part.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestDatabase } from '../harness/database.ts';

/** Tables that grow with the population. */
const BIG = new Set([
  'person',
  'person_identifier',
  'household',
  'membership',
  'enrolment',
  'enrolment_event',
  'recipient',
  'aid_grant',
  'student_record',
  'medical_settlement',
  'housing_record',
  'employment_record',
]);

/** What was sent to PostgreSQL. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A documented operation, or one of this file's own, with variables that answer something, and who asks. */
interface Asked {
  readonly name: string;
  readonly text?: string;
  readonly caller: Bound;
  readonly variables: Record<string, unknown>;
}

/** What one operation did. */
export interface Explained {
  readonly operation: string;
  readonly statements: number;
  /** Sequential scans of big tables, under the custom and under the generic plan. */
  readonly scans: readonly string[];
  /** Tables that the plans reach in whatever way, so that a plan that reads nothing cannot pass. */
  readonly reached: readonly string[];
  /** Rows of a big table that one sort takes at most, as PostgreSQL estimates them under the generic plan, with which hubs run. */
  readonly sorted: number;
  /** Length of the answer, so that an empty one cannot pass. */
  readonly characters: number;
}

/** Runs each documented reading operation once and explains its statement twice. */
export async function explainOperations(db: TestDatabase): Promise<Explained[]> {
  const statements: Statement[] = [];
  const watched = { ...db, server: watching(db.server, statements) };
  const { ask, schema } = await openEngine(watched);
  const explained: Explained[] = [];
  for (const { name, text, caller, variables } of await operations(db.owner)) {
    statements.length = 0;
    const written = parse(text ?? readFileSync(`schema/operations/${name}.graphql`, 'utf8'));
    // Without what belongs to a department that is not installed, as a hub reads it.
    const { document } = installedPart(schema, written);
    if (document === undefined) continue;
    const { data, errors } = await ask(print(document), caller, { variables });
    if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('; ')}`);
    const read = statements.filter((sent) => sent.text.includes('from policy_head) head'));
    const [statement] = read;
    const accesses: Access[] = [];
    let sorted = 0;
    for (const mode of ['auto', 'force_generic_plan'] as const) {
      if (statement === undefined) continue;
      const plan = await planOf(db.serverUrl, statement, mode);
      accesses.push(...accessesIn(plan).map((access) => ({ ...access, mode })));
      if (mode === 'force_generic_plan') sorted = sortedIn(plan);
    }
    explained.push({
      operation: name,
      statements: read.length,
      scans: accesses
        .filter(({ how, table }) => how === 'Seq Scan' && BIG.has(table))
        .map(({ table, mode }) => `${table} (${mode})`),
      sorted,
      reached: [...new Set(accesses.map(({ table }) => table))],
      characters: JSON.stringify(data).length,
    });
  }
  return explained;
}

/** A pool whose clients note every statement they are given. */
export function watching(pool: Pool, statements: Statement[]): Pool {
  const seen = new WeakSet<PoolClient>();
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const noted = async (): Promise<PoolClient> => {
    const client = await connect();
    if (!seen.has(client)) {
      seen.add(client);
      const query = client.query.bind(client) as (config: unknown, ...rest: unknown[]) => unknown;
      client.query = ((config: unknown, ...rest: unknown[]) => {
        if (typeof config === 'object' && config !== null && 'text' in config) statements.push(config as Statement);
        return query(config, ...rest);
      }) as PoolClient['query'];
    }
    return client;
  };
  return new Proxy(pool, {
    get: (target, name) => {
      if (name === 'connect') return noted;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

interface Access {
  readonly table: string;
  readonly how: string;
  readonly mode: string;
}

async function planOf(url: string, statement: Statement, mode: string): Promise<unknown> {
  const pool = openPool(url, { max: 1, name: 'explain', settings: { plan_cache_mode: mode, jit: 'off' } });
  const client = await pool.connect();
  try {
    return await explain(client, statement);
  } finally {
    client.release();
    await pool.end();
  }
}

async function explain(client: PoolClient, { text, values }: Statement): Promise<unknown> {
  await client.query(`prepare explained as ${text}`);
  const literals = values.map(literal).join(', ');
  const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(
    `explain (format json) execute explained (${literals})`,
  );
  return rows[0]?.['QUERY PLAN'];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A value as SQL text. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return quoted(`{${value.map((item: unknown) => JSON.stringify(item)).join(',')}}`);
  return quoted(typeof value === 'string' ? value : JSON.stringify(value));
}

function accessesIn(plan: unknown): Omit<Access, 'mode'>[] {
  if (Array.isArray(plan)) return plan.flatMap(accessesIn);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Readonly<Record<string, unknown>>;
  const table = String(node['Relation Name']);
  const own = 'Relation Name' in node && table !== 'policy_head' ? [{ table, how: String(node['Node Type']) }] : [];
  return [...own, ...Object.values(node).flatMap(accessesIn)];
}

/** The most rows that go into one sort over a big table; a page that is turned round, once it is cut off, is none. */
function sortedIn(plan: unknown): number {
  if (Array.isArray(plan)) return Math.max(0, ...plan.map(sortedIn));
  if (typeof plan !== 'object' || plan === null) return 0;
  const node = plan as Readonly<Record<string, unknown>>;
  const reaches = accessesIn(node).some(({ table }) => BIG.has(table));
  const own = node['Node Type'] === 'Sort' && reaches && !isPage(node['Plans']) ? Number(node['Plan Rows']) : 0;
  return Math.max(own, ...Object.values(node).map(sortedIn));
}

function isPage(plans: unknown): boolean {
  const [below] = plans as readonly Readonly<Record<string, unknown>>[];
  return below?.['Node Type'] === 'Limit' || (below?.['Node Type'] === 'Subquery Scan' && isPage(below['Plans']));
}

/** A page in an order that the caller chose, from either end. */
const ORDERED = `query Ordered($orderBy: RecipientOrder, $first: Int, $last: Int) {
  recipients(orderBy: $orderBy, first: $first, last: $last) {
    nodes { id validFrom }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;
const RECORDS = `query Records($id: ID!) {
  person(id: $id) { records { id asOf } aidGrants(orderBy: REPORTED_AT_DESC) { nodes { id } } }
}`;
const NODES = 'query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

/** The page that begins after this row, in the order of ids. */
const cursorAt = (id: string): string => Buffer.from(JSON.stringify([id])).toString('base64');

/** Which indexes of recipients the plan of a page takes where the index of statistics is the only one left. */
export async function indexesOfPages(db: TestDatabase): Promise<readonly string[]> {
  const statements: Statement[] = [];
  const { ask } = await openEngine({ ...db, server: watching(db.server, statements) });
  const page = (await operations(db.owner)).find(
    ({ name, variables }) => name === 'recipients' && 'after' in variables,
  );
  if (page === undefined) throw new Error('No page is asked for');
  await ask(readFileSync('schema/operations/recipients.graphql', 'utf8'), page.caller, { variables: page.variables });
  const statement = statements.find(({ text }) => text.includes('from policy_head) head'));
  if (statement === undefined) throw new Error('The page was not read');
  const client = await db.owner.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ drop: string }>(
      `select coalesce('alter table recipient drop constraint ' || quote_ident(c.conname) || ' cascade',
           'drop index ' || i.indexrelid::regclass) as drop
       from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.conrelid = i.indrelid
       where i.indrelid = 'recipient'::regclass and i.indexrelid <> 'ix_recipient__statistics'::regclass`,
    );
    for (const { drop } of rows) await client.query(drop);
    await client.query('set local plan_cache_mode = force_generic_plan');
    await client.query('set local enable_seqscan = off');
    return [...JSON.stringify(await explain(client, statement)).matchAll(/"Index Name":"(\w*recipient\w*)"/g)].map(
      ([, name = '']) => name,
    );
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** The operations with persons, households and counties that are in the database. */
async function operations(owner: Pool): Promise<Asked[]> {
  const { rows } = await owner.query<
    Record<'person' | 'household' | 'county' | 'prefecture' | 'number' | 'first', string>
  >(`
    select r.person_id as person, r.household_id as household, r.county_code as county, i.match_key as number,
      r.prefecture_code as prefecture, (select min(id::text) from recipient) as first
    from recipient r join person_identifier i on i.person_id = r.person_id and i.superseded_by_id is null
    join aid_grant g on g.person_id = r.person_id
    where r.programme = 'DIBAO' and r.valid_to is null order by r.id limit 1`);
  const [sample] = rows;
  if (sample === undefined) throw new Error('The database holds no recipient with a grant');
  const education = callerOf('EDUCATION', 'SYSTEM', { caseNo: await caseOf(owner, 'EDUCATION') });
  const system = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'T-1' });
  const window = callerOf('CIVIL_AFFAIRS', 'WINDOW', { caseNo: 'T-1', regions: [sample.county] });
  const gansu = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'T-1', regions: ['620000000000'] });
  const analyst = callerOf('CIVIL_AFFAIRS', 'ANALYST', { caseNo: 'T-1' });
  return [
    { name: 'check-status', caller: education, variables: { checks: [{ idNumber: sample.number, name: '无名' }] } },
    { name: 'recipients', caller: system, variables: { filter: { programme: 'DIBAO' } } },
    { name: 'recipients', caller: system, variables: { filter: { programme: 'TEKUN', region: '620000000000' } } },
    {
      ...{ name: 'recipients', caller: { ...gansu, regions: [`${sample.county.slice(0, 2)}0000000000`] } },
      variables: {
        filter: { programme: 'DIBAO', region: sample.prefecture },
        first: 50,
        after: cursorAt(sample.first),
      },
    },
    { name: 'recipients', caller: window, variables: {} },
    { name: 'recipient-ids', caller: education, variables: { first: 50 } },
    { name: 'recipient-ids', caller: analyst, variables: { filter: { region: sample.county } } },
    { name: 'person', caller: system, variables: { id: sample.person } },
    { name: 'person-records', caller: system, variables: { id: sample.person } },
    { name: 'emergency', caller: system, variables: { id: sample.person } },
    { name: 'household', caller: system, variables: { id: sample.household } },
    { name: 'regions', caller: window, variables: { parent: '620000000000' } },
    { name: 'feeds', caller: window, variables: {} },
    { name: 'records', caller: system, text: RECORDS, variables: { id: sample.person } },
    { name: 'nodes', caller: window, text: NODES, variables: { ids: [sample.person, sample.household] } },
    ...[system, gansu, window, analyst, education].flatMap((caller) =>
      [
        { orderBy: 'VALID_FROM_ASC', first: 50 },
        { orderBy: 'VALID_FROM_DESC', first: 50 },
        { orderBy: 'VALID_FROM_ASC', last: 50 },
      ].map((variables) => ({ name: `recipients in order, ${caller.client}`, text: ORDERED, caller, variables })),
    ),
    { name: 'recipient-statistics', caller: analyst, variables: { region: '620000000000' } },
    { name: 'recipient-statistics', caller: system, variables: { region: sample.county } },
  ];
}

async function caseOf(owner: Pool, department: string): Promise<string> {
  const { rows } = await owner.query<{ case_no: string }>(
    'select case_no from caseload where department = $1 and closed_on is null order by case_no limit 1',
    [department],
  );
  const [open] = rows;
  if (open === undefined) throw new Error(`${department} has no open case`);
  return open.case_no;
}
