/** What departments send and read in these tests: the whole hub, over HTTP, with the rights of its own role. */
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

/** A hub with nobody in it but whom the test puts there. */
export interface Delivering {
  readonly database: TestDatabase;
  readonly hub: TestHub;
  readonly rows: ReturnType<typeof rowsIn>;
  /** Submits records as the department's system; one receipt each. */
  submit(department: Department, record: string, items: readonly Item[]): Promise<readonly Receipt[]>;
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
  return {
    database,
    hub,
    rows,
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
        const { rowCount } = await database.owner.query(
          'select from caseload where department = $1 and person_id = $2',
          [department, personId],
        );
        if (rowCount === 0)
          await rows.insert('caseload', {
            department,
            person_id: personId,
            case_no: 'CASE-1',
            opened_on: '2026-01-01',
          });
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

/** Receipts of what was taken as it stands. */
export const recorded: Receipt = { outcome: 'RECORDED', code: null, field: null };
/** The receipt of what was refused. */
export const rejected = (field: string, code: string): Receipt => ({ outcome: 'REJECTED', code, field });
