/** What the database does to find one person among 100,000 entries of three years. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addToMonth, firstIdOf, makeMonths, partitionOf } from '../../src/access/ledger/months.ts';
import { verifyLedger } from '../../src/access/ledger/index.ts';
import { openPool } from '../../src/platform/database.ts';
import type { Pool, PoolClient } from '../../src/platform/database.ts';
import { anEntry, testLedgers } from '../access/ledger-entries.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

const ENTRIES = 100_000;
const MONTHS = 36;
const LAST = '2026-11';
const FILLED = new Set(Array.from({ length: MONTHS }, (_, i) => partitionOf(addToMonth(LAST, -i))));

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

let database: TestDatabase;
let engine: TestEngine;
let person: string;
const statements: Statement[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const client = await database.owner.connect();
  await client.query(
    `insert into access_operation (digest, kind, department, role, purpose, policy_version, name, text, nodes)
     values (decode(repeat('00', 32), 'hex'), 'READ', 'HOUSING', 'SYSTEM', 'AID_ELIGIBILITY', 1, null, 'query', '[["Person.name"], ["Recipient.id", "Recipient.programme"]]')`,
  );
  // 20,000 persons, one to three in an entry; ids and instants spread evenly over the months.
  const [first, end] = [addToMonth(LAST, 1 - MONTHS), addToMonth(LAST, 1)].map((month) =>
    Number.parseInt(firstIdOf(month).slice(0, 13).replace('-', ''), 16),
  );
  await client.query(
    `insert into access_record (id, at, chain, seal, operation, items, client, case_no, decision, persons, person_nodes, digest)
     select (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || substr(tail, 1, 3) || '-8' || substr(tail, 4, 3)
         || '-' || substr(tail, 7, 12))::uuid,
       to_timestamp(ms / 1000.0), 1, n, (select max(number) from access_operation), 1, 'housing.test',
       'HO-' || n % 5000, 'ALLOWED',
       array(select md5('person ' || (n * 7 + k * 13) % 20000)::uuid from generate_series(0, n % 3) k), (n % 3 + 1) || ':0,1', decode(repeat('00', 32), 'hex')
     from generate_series(1, $3::int) n
     cross join lateral (select $1::bigint + (($2::bigint - $1::bigint) * n / ($3::bigint + 1)) as ms) at_ms
     cross join lateral (select lpad(to_hex(ms), 12, '0') as hex, md5('entry ' || n) as tail) parts`,
    [first, end, ENTRIES],
  );
  await makeMonths(client, LAST);
  await client.query('analyze access_record');
  const { rows } = await client.query<{ id: string }>(`select md5('person 4711')::uuid as id`);
  person = rows[0]?.id ?? '';
  client.release();
  engine = await openEngine({ ...database, server: watching(database.server) });
}, 120_000);
afterAll(() => database.drop());

const auditor = callerOf('AUDIT', 'AUDITOR', { caseNo: 'AU-1' });
const OPERATIONS = {
  accessesOf: `query($id: ID!) { accessesOf(personId: $id, first: 50) { nodes { at client coordinates } pageInfo { endCursor } } }`,
  'accessesOf, a month of it': `query($id: ID!) { accessesOf(personId: $id, from: "2026-03-01", to: "2026-03-31") { nodes { at } } }`,
  whoReliedOn: `query($id: ID!) { whoReliedOn(personId: $id, coordinate: "Person.name") { client times } }`,
};

test('the entries lie in the partitions of their months', async () => {
  const { rows } = await database.owner.query<{ name: string; entries: number }>(
    `select tableoid::regclass::text as name, count(*)::int as entries from access_record group by 1`,
  );
  expect(rows).toHaveLength(MONTHS);
  expect(rows.map(({ name }) => name)).not.toContain('access_record_default');
});

test('the oracle by hand finds as many', async () => {
  const { rows } = await database.owner.query<{ n: number }>(
    'select count(*)::int as n from access_record where $1 = any(persons)',
    [person],
  );
  const { data, errors } = await engine.ask(OPERATIONS.accessesOf, auditor, { variables: { id: person } });
  expect(errors).toEqual([]);
  const { nodes } = (data as { accessesOf: { nodes: { coordinates: string[] }[] } }).accessesOf;
  expect(nodes.length).toBe(Math.min(rows[0]?.n ?? 0, 50));
  expect(nodes.length).toBeGreaterThan(3);
  expect(nodes[0]?.coordinates).toEqual(['Person.name', 'Recipient.id', 'Recipient.programme']);
});

test.each(Object.entries(OPERATIONS))('%s reads few pages and scans no month', async (_name, text) => {
  statements.length = 0;
  const { errors } = await engine.ask(text, auditor, { variables: { id: person } });
  expect(errors).toEqual([]);
  const [statement] = statements;
  expect(statements).toHaveLength(1);
  for (const mode of ['auto', 'force_generic_plan']) {
    const plan = await planOf(statement as Statement, mode);
    const nodes = nodesOf(plan);
    expect(nodes.filter(({ table }) => table.startsWith('access_record')).length).toBeGreaterThanOrEqual(MONTHS);
    // Months to come are empty: to look into them is to look at nothing.
    const scanned = nodes.filter(({ how, table }) => how === 'Seq Scan' && FILLED.has(table));
    expect(scanned).toEqual([]);
    // A look into the index of each month, and the entries that share the person's twelve bits.
    expect(buffersOf(plan)).toBeLessThan(1_500);
  }
});

test('what verify asks of the entries goes by an index in every month', async () => {
  // Asked of a small ledger, explained where there are 100,000 entries.
  const small = await testLedgers();
  const ledger = await small.open();
  await ledger.record(anEntry());
  await small.write(ledger);
  await ledger.close();
  const asked: Statement[] = [];
  await verifyLedger({ pool: noting(small.database.server, asked), anchorDir: small.anchorDir });
  await small.drop();
  const ofEntries = asked.filter(({ text }) => text.includes('access_record'));
  expect(ofEntries.length).toBeGreaterThanOrEqual(4);
  for (const { text, values } of ofEntries) {
    const { rows } = await database.server.query<{ 'QUERY PLAN': unknown }>(`explain (format json) ${text}`, [
      ...values,
    ]);
    const nodes = nodesOf(rows[0]?.['QUERY PLAN']);
    expect(nodes.filter(({ table }) => FILLED.has(table)).length).toBeGreaterThanOrEqual(MONTHS);
    expect({ text, scans: nodes.filter(({ how, table }) => how === 'Seq Scan' && FILLED.has(table)) }).toEqual({
      text,
      scans: [],
    });
  }
});

/** A pool that notes all statements with their values. */
function noting(pool: Pool, asked: Statement[]): Pool {
  return new Proxy(pool, {
    get: (target, name) => {
      if (name !== 'connect') return Reflect.get(target, name) as unknown;
      return async () => {
        const client = await target.connect();
        const query = client.query.bind(client) as (...given: unknown[]) => unknown;
        client.query = ((text: string, values: readonly unknown[] = []) => {
          asked.push({ text, values });
          return query(text, values);
        }) as PoolClient['query'];
        return client;
      };
    },
  });
}

/** A pool that notes the statements of the reading road. */
function watching(pool: Pool): Pool {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const seen = new WeakSet<PoolClient>();
  const noted = async (): Promise<PoolClient> => {
    const client = await connect();
    if (seen.has(client)) return client;
    seen.add(client);
    const query = client.query.bind(client) as (config: unknown, ...rest: unknown[]) => unknown;
    client.query = ((config: unknown, ...rest: unknown[]) => {
      const text = (config as Partial<Statement> | null)?.text;
      if (text?.includes('from policy_head) head') === true) statements.push(config as Statement);
      return query(config, ...rest);
    }) as PoolClient['query'];
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

async function planOf({ text, values }: Statement, mode: string): Promise<unknown> {
  const settings = { plan_cache_mode: mode, jit: 'off' };
  const pool = openPool(database.serverUrl, { max: 1, name: 'explain', settings });
  try {
    await pool.query(`prepare explained as ${text}`);
    const { rows } = await pool.query<{ 'QUERY PLAN': unknown }>(
      `explain (analyze, buffers, format json) execute explained (${values.map(literal).join(', ')})`,
    );
    return rows[0]?.['QUERY PLAN'];
  } finally {
    await pool.end();
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return quoted(`{${value.map((item: unknown) => JSON.stringify(item)).join(',')}}`);
  return quoted(typeof value === 'string' ? value : JSON.stringify(value));
}

function nodesOf(plan: unknown): { how: string; table: string }[] {
  if (Array.isArray(plan)) return plan.flatMap(nodesOf);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Readonly<Record<string, unknown>>;
  const own = 'Relation Name' in node ? [{ how: String(node['Node Type']), table: String(node['Relation Name']) }] : [];
  return [...own, ...Object.values(node).flatMap(nodesOf)];
}

function buffersOf(plan: unknown): number {
  const [{ Plan: root }] = plan as [{ Plan: Readonly<Record<string, number>> }];
  return (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0);
}
