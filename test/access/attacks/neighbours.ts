/** A few persons whom some callers may see and others may not, for the attacks. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeResidentId } from '../../../seeds/synthetic/resident-id.ts';
import { publishPolicy, readPolicyFiles } from '../../../src/access/index.ts';
import type { Bound } from '../../../src/access/index.ts';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';
import { callerOf } from '../../harness/engine.ts';
import { testFolder } from '../../harness/folder.ts';
import { openHub } from '../../harness/hub.ts';
import type { TestHub } from '../../harness/hub.ts';
import { exampleOf } from '../../harness/installed.ts';
import { delivered, rowsIn } from '../../registry/rows.ts';

type Rows = ReturnType<typeof rowsIn>;

/** What must not leave the hub to anybody whom it is not shared with; nothing else in the world looks like it. */
export const SECRETS = {
  diagnosis: '乙型肝炎',
  ethnicity: '56',
  income: '4321.09',
  account: '6222029876543210',
  address: '秘密路七号',
} as const;

/** What a department records of everybody that is closed to education and to housing, with the secret in `value`. */
export const CLOSED = exampleOf([
  {
    ...{ type: 'MedicalSettlement', relation: 'medicalSettlements', value: 'diagnosis', other: 'total' },
    write: (rows: Rows, personId: string) => rows.settlement({ person_id: personId, diagnosis: SECRETS.diagnosis }),
  },
  {
    ...{ type: 'EmploymentRecord', relation: 'employmentRecords', value: 'training', other: 'registeredOn' },
    write: (rows: Rows, personId: string) =>
      rows.insert('employment_record', {
        ...delivered(),
        ...{ person_id: personId, status: 'EMPLOYED', registered_on: '2026-05-01', refusals: 0 },
        training: SECRETS.diagnosis,
      }),
  },
]);

const place = (township: string): Record<string, string> => ({
  region_code: township,
  township_code: township,
  county_code: `${township.slice(0, 6)}000000`,
  prefecture_code: `${township.slice(0, 4)}00000000`,
  province_code: `${township.slice(0, 2)}0000000000`,
});

/** Two townships of one county in Gansu, and one in Jiangxi. */
export const TOWNSHIPS = { near: '620102001000', far: '620102002000', other: '360102002000' } as const;

/** Somebody with one of everything. */
export interface Neighbour {
  readonly personId: string;
  readonly householdId: string;
  readonly enrolmentId: string;
  readonly recipientId: string;
  readonly idNumber: string;
  readonly name: string;
}

/** The hub with its neighbours. */
export interface Neighbours {
  readonly database: TestDatabase;
  readonly hub: TestHub;
  /** In the caseload of every department, under its case `<DEPARTMENT>-1`. */
  readonly known: Neighbour;
  /** In the same household as `known`, in no caseload. */
  readonly relative: Neighbour;
  /** In another township, in no caseload. */
  readonly stranger: Neighbour;
  /** In another province; in the caseload of HOUSING alone, under `HOUSING-2`. */
  readonly distant: Neighbour;
  /** A number that is valid and nobody's. */
  readonly nobody: string;
  close(): Promise<void>;
}

/** Callers as their department's system calls in the case of `known`. */
export const CALLERS = {
  education: callerOf('EDUCATION', 'SYSTEM', { caseNo: 'EDUCATION-1' }),
  health: callerOf('HEALTH', 'SYSTEM', { caseNo: 'HEALTH-1' }),
  medicalSecurity: callerOf('MEDICAL_SECURITY', 'SYSTEM', { caseNo: 'MEDICAL_SECURITY-1' }),
  housing: callerOf('HOUSING', 'SYSTEM', { caseNo: 'HOUSING-1' }),
  labour: callerOf('LABOUR', 'SYSTEM', { caseNo: 'LABOUR-1' }),
  civilAffairs: callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CIVIL_AFFAIRS-1' }),
  analyst: callerOf('CIVIL_AFFAIRS', 'ANALYST', { caseNo: 'CIVIL_AFFAIRS-1' }),
  window: callerOf('CIVIL_AFFAIRS', 'WINDOW', { caseNo: 'CIVIL_AFFAIRS-1', regions: [TOWNSHIPS.near] }),
  auditor: callerOf('AUDIT', 'AUDITOR', { caseNo: 'AUDIT-1' }),
} as const satisfies Record<string, Bound>;

const DEPARTMENTS = ['EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'AUDIT', 'CIVIL_AFFAIRS'];

/** Starts a hub whose database holds the neighbours. */
export async function openNeighbours(): Promise<Neighbours> {
  const database = await testDatabase();
  const rows = rowsIn(database.owner);
  let sequence = 0;

  const neighbour = async (name: string, township: string, household?: string): Promise<Neighbour> => {
    const at = place(township);
    sequence += 1;
    const personId = await rows.person({
      ...at,
      name,
      name_key: name,
      birth_date: '1980-02-29',
      ethnicity: SECRETS.ethnicity,
      phone: '13900001234',
      address: SECRETS.address,
    });
    const idNumber = await rows.residentId(personId, '1980-02-29', sequence);
    const householdId =
      household ??
      (await rows.household({
        ...at,
        head_person_id: personId,
        member_count: 2,
        monthly_income_fen: 432109,
        assets_fen: 432109,
        address: SECRETS.address,
      }));
    await rows.membership({ household_id: householdId, person_id: personId });
    const enrolmentId = await rows.enrolment({
      ...at,
      household_id: householdId,
      applicant_id: personId,
      payee_account: SECRETS.account,
      amount_fen: 67890,
    });
    const recipientId = await rows.recipient({
      ...at,
      enrolment_id: enrolmentId,
      person_id: personId,
      household_id: householdId,
    });
    await CLOSED.write(rows, personId);
    await rows.insert('student_record', {
      ...delivered(),
      as_of: '2026-10-01T00:00:00Z',
      source_key: personId,
      person_id: personId,
      stage: 'PRIMARY',
      school_code: '62000001',
      school_name: '秘密小学',
      grade: 3,
      boarding: false,
      term: '2026-1',
    });
    for (const department of ['EDUCATION', 'HOUSING'])
      await rows.grant({ ...at, department, person_id: personId, household_id: householdId });
    return { personId, householdId, enrolmentId, recipientId, idNumber, name };
  };

  const known = await neighbour('王小明', TOWNSHIPS.near);
  const relative = await neighbour('王小红', TOWNSHIPS.near, known.householdId);
  const stranger = await neighbour('李四', TOWNSHIPS.far);
  const distant = await neighbour('赵六', TOWNSHIPS.other);
  const open = (department: string, caseNo: string, { personId, householdId }: Neighbour) =>
    rows.insert('caseload', {
      department,
      person_id: personId,
      household_id: householdId,
      case_no: caseNo,
      opened_on: '2026-01-01',
    });
  for (const department of DEPARTMENTS) await open(department, `${department}-1`, known);
  await open('HOUSING', 'HOUSING-2', distant);
  await rows.insert('feed', {
    source_system: 'minzheng',
    department: 'CIVIL_AFFAIRS',
    record: 'ENROLMENT',
    as_of: '2026-11-20T00:00:00Z',
    rhythm_hours: 744,
  });
  const hub = await openHub(database);
  return {
    database,
    hub,
    known,
    relative,
    stranger,
    distant,
    nobody: makeResidentId('360199', '1980-08-08', 901),
    close: async () => {
      await hub.close();
      await database.drop();
    },
  };
}

/** An agreement as its file in schema/policy/agreements holds it. */
export interface AgreementFile {
  operations: string[];
  fields: Record<string, string>;
  rows: Record<string, string>;
  validUntil?: string;
  missesPerDay?: number;
}

/** Publishes the policy of schema/policy with changes to one agreement. */
export async function publishAmended(
  database: TestDatabase,
  name: string,
  change: (agreement: AgreementFile) => void,
): Promise<void> {
  const folder = testFolder('policy');
  cpSync('schema/policy', folder, { recursive: true });
  const file = join(folder, 'agreements', `${name}.json`);
  const agreement = JSON.parse(readFileSync(file, 'utf8')) as AgreementFile;
  change(agreement);
  writeFileSync(file, JSON.stringify(agreement));
  await publishPolicy(database.owner, readPolicyFiles(folder));
}
