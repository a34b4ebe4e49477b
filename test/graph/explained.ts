/** Plans of the documented reading operations on a loaded database: how many statements, and what PostgreSQL does. */
import { readFileSync } from 'node:fs';
import type { Pool, PoolClient } from '../../src/platform/database.ts';
import { openPool } from '../../src/platform/database.ts';
import type { Bound } from '../../src/access/index.ts';
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

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A documented operation with variables that answer something, and who asks. */
interface Asked {
  readonly name: string;
  readonly caller: Bound;
  readonly variables: Record<string, unknown>;
}

/** What one operation did. */
export interface Explained {
  readonly operation: string;
  readonly statements: number;
  /** Sequential scans of big tables, under the custom and under the generic plan. */
  readonly scans: readonly string[];
  /** Big tables that the plans reach in whatever way, so that a plan that reads nothing cannot pass. */
  readonly reached: readonly string[];
  /** Length of the answer, so that an empty one cannot pass. */
  readonly characters: number;
}

/** Runs each documented reading operation once and explains its statement twice. */
export async function explainOperations(db: TestDatabase): Promise<Explained[]> {
  const statements: Statement[] = [];
  const watched = { ...db, server: watching(db.server, statements) };
  const { ask } = await openEngine(watched);
  const explained: Explained[] = [];
  for (const { name, caller, variables } of await operations(db.owner)) {
    statements.length = 0;
    const { data, errors } = await ask(readFileSync(`schema/operations/${name}.graphql`, 'utf8'), caller, {
      variables,
    });
    if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('; ')}`);
    const read = statements.filter(({ text }) => text.includes('from policy_head) head'));
    const [statement] = read;
    const accesses: Access[] = [];
    for (const mode of ['auto', 'force_generic_plan'] as const) {
      if (statement !== undefined) accesses.push(...(await accessesOf(db.serverUrl, statement, mode)));
    }
    explained.push({
      operation: name,
      statements: read.length,
      scans: accesses.filter(({ how }) => how === 'Seq Scan').map(({ table, mode }) => `${table} (${mode})`),
      reached: [...new Set(accesses.map(({ table }) => table))],
      characters: JSON.stringify(data).length,
    });
  }
  return explained;
}

/** A pool whose clients note every statement they are given. */
function watching(pool: Pool, statements: Statement[]): Pool {
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

async function accessesOf(url: string, { text, values }: Statement, mode: string): Promise<Access[]> {
  const pool = openPool(url, { max: 1, name: 'explain', settings: { plan_cache_mode: mode, jit: 'off' } });
  const client = await pool.connect();
  try {
    await client.query(`prepare explained as ${text}`);
    const literals = values.map(literal).join(', ');
    const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(
      `explain (format json) execute explained (${literals})`,
    );
    return accessesIn(rows[0]?.['QUERY PLAN']).map((access) => ({ ...access, mode }));
  } finally {
    client.release();
    await pool.end();
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]::text[]`;
  return quoted(typeof value === 'string' ? value : JSON.stringify(value));
}

function accessesIn(plan: unknown): Omit<Access, 'mode'>[] {
  if (Array.isArray(plan)) return plan.flatMap(accessesIn);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Readonly<Record<string, unknown>>;
  const table = String(node['Relation Name']);
  const own = BIG.has(table) ? [{ table, how: String(node['Node Type']) }] : [];
  return [...own, ...Object.values(node).flatMap(accessesIn)];
}

/** The operations with persons, households and counties that are in the database. */
async function operations(owner: Pool): Promise<Asked[]> {
  const { rows } = await owner.query<{ person: string; household: string; county: string; number: string }>(`
    select r.person_id as person, r.household_id as household, r.county_code as county, i.match_key as number
    from recipient r join person_identifier i on i.person_id = r.person_id and i.superseded_by_id is null
    join aid_grant g on g.person_id = r.person_id
    where r.programme = 'DIBAO' and r.valid_to is null order by r.id limit 1`);
  const [sample] = rows;
  if (sample === undefined) throw new Error('The database holds no recipient with a grant');
  const education = callerOf('EDUCATION', 'SYSTEM', { caseNo: await caseOf(owner, 'EDUCATION') });
  const system = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'T-1' });
  const window = callerOf('CIVIL_AFFAIRS', 'WINDOW', { caseNo: 'T-1', regions: [sample.county] });
  const analyst = callerOf('CIVIL_AFFAIRS', 'ANALYST', { caseNo: 'T-1' });
  return [
    { name: 'check-status', caller: education, variables: { checks: [{ idNumber: sample.number, name: '无名' }] } },
    { name: 'recipients', caller: system, variables: { filter: { programme: 'DIBAO' } } },
    { name: 'recipients', caller: system, variables: { filter: { programme: 'TEKUN', region: '620000000000' } } },
    { name: 'recipients', caller: window, variables: {} },
    { name: 'recipient-ids', caller: education, variables: { first: 50 } },
    { name: 'recipient-ids', caller: analyst, variables: { filter: { region: sample.county } } },
    { name: 'person', caller: system, variables: { id: sample.person } },
    { name: 'household', caller: system, variables: { id: sample.household } },
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
