/** What departments send and read in these tests: the whole hub, over HTTP, with the rights of its own role. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Bound, Department, Purpose, Role } from '../../src/access/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { rowsIn } from '../registry/rows.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, NOW } from '../harness/engine.ts';
import { openHub } from '../harness/hub.ts';
import type { TestHub } from '../harness/hub.ts';

/** What became of one item. */
export interface Receipt {
  readonly outcome: string;
  readonly code: string | null;
  readonly field: string | null;
}

/** The fields of an item by name. */
export type Item = Readonly<Record<string, string | number | boolean>>;

/** What became of a file. */
export interface FileReceipt {
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
  /** The lines of the result file: row as a spreadsheet numbers it, header of the field, code. Each has its remedy. */
  readonly findings: readonly (readonly [row: number, header: string, code: string])[];
}

/** A hub with nobody in it but whom the test puts there. */
export interface Delivering {
  readonly database: TestDatabase;
  readonly hub: TestHub;
  readonly rows: ReturnType<typeof rowsIn>;
  /** Submits records as the department's system; one receipt each. */
  submit(department: Department, record: string, items: readonly Item[]): Promise<readonly Receipt[]>;
  /**
   * Delivers as the department does: fills in the hub's own empty file of the record (fields by name), sends it, has its registrar
   * apply it, and fetches the result file.
   */
  deliverFile(department: Department, record: string, items: readonly Item[]): Promise<FileReceipt>;
  /** Reports aid as the department's system; one receipt each. Items without a key have one of their place. */
  reportAid(department: Department, items: readonly Item[]): Promise<readonly Receipt[]>;
  /** Opens CASE-1 of a department for a person, as whoever asks about them has it. */
  openCase(department: Department, personId: string): Promise<void>;
  /** What a caller reads of a person: the fields, none of them denied. */
  read(personId: string, fields: string, department?: Department, role?: Role): Promise<unknown>;
  /** Somebody with a number, of this county: what a row says of them, and their id. */
  somebody(name: string, born: string, sequence: number): Promise<{ readonly personId: string; readonly who: Item }>;
  /** Asks as a caller of the department about a person in its case. */
  ask(query: string, department: Department, role: Role, purpose?: Purpose): Promise<Answer>;
  /** Whom of EVERYBODY a selection on a person of their case is open to; all others are refused by its coordinates. */
  openTo(personId: string, selection: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Every department's system, and the other roles that read persons. */
const EVERYBODY: readonly (readonly [Department, Role])[] = [
  ['CIVIL_AFFAIRS', 'SYSTEM'],
  ['CIVIL_AFFAIRS', 'ANALYST'],
  ['CIVIL_AFFAIRS', 'WINDOW'],
  ['EDUCATION', 'SYSTEM'],
  ['HEALTH', 'SYSTEM'],
  ['MEDICAL_SECURITY', 'SYSTEM'],
  ['HOUSING', 'SYSTEM'],
  ['LABOUR', 'SYSTEM'],
  ['AUDIT', 'AUDITOR'],
];

/** Data, and the coordinates that were denied. */
export interface Answer {
  readonly data: unknown;
  readonly denied: readonly unknown[];
}

const REPORT = `mutation ($input: ReportAidInput!) { reportAid(input: $input) { results { outcome code field } } }`;
const SUBMIT = `mutation ($input: SubmitRecordsInput!) { submitRecords(input: $input) {
  results { outcome code field } } }`;

/** Starts the hub; `close` ends it and removes the database. */
export async function openDelivering(): Promise<Delivering> {
  const database = await testDatabase();
  const rows = rowsIn(database.owner);
  const hub = await openHub(database, { clock: fixedClock(NOW) });
  const ask: Delivering['ask'] = async (query, department, role, purpose) => {
    const change: Partial<Bound> = {
      caseNo: 'CASE-1',
      ...(purpose === undefined ? {} : { purposes: [purpose], purpose }),
    };
    const { json } = await hub.ask(query, callerOf(department, role, change));
    return { data: json.data ?? null, denied: (json.errors ?? []).map(({ extensions }) => extensions['coordinate']) };
  };
  const openCase: Delivering['openCase'] = async (department, personId) => {
    const { rowCount } = await database.owner.query('select from caseload where department = $1 and person_id = $2', [
      department,
      personId,
    ]);
    if (rowCount === 0)
      await rows.insert('caseload', { department, person_id: personId, case_no: 'CASE-1', opened_on: '2026-01-01' });
  };
  const supplier = (department: Department, role: Role): Bound =>
    callerOf(department, role, { purposes: ['DATA_SUPPLY'], purpose: 'DATA_SUPPLY', caseNo: 'DS-2026-000001' });
  return {
    database,
    hub,
    rows,
    openCase,
    deliverFile: async (department, record, items) => {
      const headers = hub.headersOf(supplier(department, 'SYSTEM'));
      const get = async (path: string): Promise<string> => (await fetch(`${hub.url}${path}`, { headers })).text();
      const empty = await get(`/records/${record}/template.csv`);
      const fields = fieldsOf(record, empty);
      const lines = items.map((item) => fields.map((field) => String(item[field] ?? '')));
      for (const item of items)
        for (const name of Object.keys(item))
          if (!fields.includes(name)) throw new Error(`The empty file of ${record} has no column for ${name}`);
      const sent = await hub.send(`/records/${record}?mode=delta`, empty + stringify(lines), {
        ...headers,
        'content-type': 'text/csv',
      });
      if (sent.status !== 201) throw new Error(sent.text);
      type Told = {
        readonly delivery: { readonly id: string; readonly state: string; readonly counts: Record<string, number> };
      };
      const { id } = (JSON.parse(sent.text) as Told).delivery;
      const applied = await hub.ask(
        `mutation { applyDelivery(id: "${id}") { state } }`,
        supplier(department, 'REGISTRAR'),
      );
      if (applied.json.errors !== undefined) throw new Error(applied.text);
      for (;;) {
        const { delivery } = JSON.parse(await get(`/deliveries/${id}`)) as Told;
        if (delivery.state === 'APPLYING') await sleep(20);
        else
          return {
            state: delivery.state,
            counts: delivery.counts,
            findings: findingsOf(await get(`/deliveries/${id}/result.csv`)),
          };
      }
    },
    reportAid: async (department, items) => {
      const caller = callerOf(department, 'SYSTEM', {
        purposes: ['AID_REPORTING'],
        purpose: 'AID_REPORTING',
        caseNo: 'AID-2026-000001',
      });
      const input = { items: items.map((item, n) => ({ sourceKey: `AID-${String(n)}`, version: 1, ...item })) };
      const { json, text } = await hub.ask(REPORT, caller, { variables: { input } });
      if (json.errors !== undefined) throw new Error(text);
      return (json.data?.['reportAid'] as { readonly results: readonly Receipt[] }).results;
    },
    read: async (personId, fields, department = 'CIVIL_AFFAIRS', role = 'SYSTEM') => {
      await openCase(department, personId);
      const { data, denied } = await ask(`{ person(id: "${personId}") { ${fields} } }`, department, role);
      if (data === null || denied.length > 0) throw new Error(`${fields} denied: ${JSON.stringify(denied)}`);
      return (data as { readonly person: unknown }).person;
    },
    submit: async (department, record, items) => {
      const caller = callerOf(department, 'SYSTEM', {
        purposes: ['DATA_SUPPLY'],
        purpose: 'DATA_SUPPLY',
        caseNo: 'DS-2026-000001',
      });
      const input = { record, items: items.map((fields) => ({ fields })) };
      const { json, text } = await hub.ask(SUBMIT, caller, { variables: { input } });
      const payload = json.data?.['submitRecords'] as { readonly results: readonly Receipt[] } | null | undefined;
      if (payload === undefined || payload === null) throw new Error(`${text}\n${hub.logged().slice(-3000)}`);
      return payload.results;
    },
    somebody: async (name, born, sequence) => {
      const personId = await rows.person({ name, name_key: name, birth_date: born });
      const idNumber = await rows.residentId(personId, born, sequence);
      return { personId, who: { name, idNumber } };
    },
    ask,
    openTo: async (personId, selection) => {
      const open: string[] = [];
      for (const [department, role] of EVERYBODY) {
        await openCase(department, personId);
        const { data, denied } = await ask(`{ person(id: "${personId}") { ${selection} } }`, department, role);
        // Neither told nor refused would be a test that shows nothing.
        if ((denied.length === 0) !== JSON.stringify(data).includes('[{'))
          throw new Error(`${selection}: ${department} ${role} is told ${JSON.stringify(data)}`);
        if (denied.length === 0) open.push(role === 'SYSTEM' ? department : role);
      }
      return open;
    },
    close: async () => {
      await hub.close();
      await database.drop();
    },
  };
}

/** The fields of the columns of an empty file, by the template that the hub made it of. */
function fieldsOf(record: string, empty: string): readonly string[] {
  const file = new URL(`../../seeds/templates/${record.toLowerCase().replaceAll('_', '-')}.json`, import.meta.url);
  const { columns } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly columns: readonly { readonly field: string; readonly headers: readonly string[] }[];
  };
  const [header = []]: string[][] = parse(empty, { bom: true });
  return header.map((name) => columns.find(({ headers }) => headers[0] === name)?.field ?? '');
}

/** A result file without its header; every line of it says what to do. */
function findingsOf(result: string): FileReceipt['findings'] {
  const [, ...lines]: string[][] = parse(result, { bom: true });
  return lines.map(([row = '', , header = '', code = '', reason = '', remedy = '']) => {
    if (reason === '' || remedy === '') throw new Error(`${code} says not what to do`);
    return [Number(row), header, code] as const;
  });
}

/** Receipts of what was taken as it stands. */
export const recorded: Receipt = { outcome: 'RECORDED', code: null, field: null };
/** The receipt of what was refused. */
export const rejected = (field: string, code: string): Receipt => ({ outcome: 'REJECTED', code, field });
