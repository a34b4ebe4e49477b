/** A small world for the tests of reportAid: a few persons at known places, a reporter on a database of its own. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { openLedger } from '../../src/access/ledger/index.ts';
import type { AccessEntry, Ledger } from '../../src/access/ledger/index.ts';
import type { Bound } from '../../src/access/index.ts';
import { createAidReporter } from '../../src/aid/index.ts';
import type { AidItem, AidReceipt, AidReporter, AidReporterParts, ReportContext } from '../../src/aid/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { newId } from '../../src/platform/id.ts';
import { silentLog } from '../../src/platform/log.ts';
import { nameKey } from '../../src/registry/index.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';

export const clock = fixedClock('2026-11-22T09:00:00+08:00');

/** Somebody in the test database. */
export interface Somebody {
  readonly personId: string;
  readonly householdId: string;
  readonly idNumber: string;
  readonly name: string;
}

/** A call of the service; what a test does not care about is filled in. */
export type Report = (
  items: readonly AidItem[],
  change?: Partial<ReportContext>,
  caller?: Bound,
) => ReturnType<AidReporter['reportAid']>;

export interface AidWorld {
  readonly db: TestDatabase;
  readonly ledger: Ledger;
  /** Four persons at home in Gansu. */
  readonly people: readonly [Somebody, Somebody, Somebody, Somebody];
  /** Somebody at home in Jiangxi. */
  readonly elsewhere: Somebody;
  /** A number that is valid and nobody's. */
  readonly nobody: string;
  /** A county office in Gansu, and one in Jiangxi. */
  readonly offices: { readonly gansu: string; readonly jiangxi: string };
  /** The service with some of its parts replaced. */
  reporter(parts?: Partial<AidReporterParts>): Report;
  close(): Promise<void>;
}

/** An education office of Gansu that reports. */
export const education: Bound = {
  client: 'education.test',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_REPORTING'],
  purpose: 'AID_REPORTING',
  caseNo: 'ED-2026-000001',
  tokenId: 'test',
};

const text = 'mutation Report($input: ReportAidInput!) { reportAid(input: $input) { recorded } }';

/** A grant to somebody that nothing is wrong with. */
export const grantTo = ({ idNumber, name }: Pick<Somebody, 'idNumber' | 'name'>, change: AidItem = {}): AidItem => ({
  sourceKey: newId(),
  version: 1,
  idNumber,
  name,
  programme: 'EDUCATION_AID',
  mode: 'CASH',
  amountYuan: '1200.00',
  decidedOn: '2026-09-01',
  ...change,
});

export async function openAidWorld(): Promise<AidWorld> {
  const db = await testDatabase();
  const anchorDir = mkdtempSync(join(tmpdir(), 'hub-aid-'));
  const ledger = await openLedger({ pool: db.server, clock, anchorDir, log: silentLog });
  const { rows: policy } = await db.owner.query<{ version: number; stamp: string }>(
    'select version, stamp from policy_head',
  );
  const offices = { gansu: await countyIn(db, '620000000000'), jiangxi: await countyIn(db, '360000000000') };
  const people = await Promise.all(
    ['王小明', '买买提·艾力', '李𬎆', '赵六'].map(async (name, n) => settle(db, name, n, offices.gansu)),
  );
  const [a, b, c, d] = people;
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('nobody there');
  return {
    db,
    ledger,
    people: [a, b, c, d],
    elsewhere: await settle(db, '钱七', 10, offices.jiangxi),
    nobody: makeResidentId('620199', '1980-01-01', 999),
    offices,
    reporter: (parts) => {
      const reporter = createAidReporter({
        pool: db.server,
        ledger,
        clock,
        misses: { spend: () => Promise.resolve() },
        ...parts,
      });
      const known = {
        operation: operation(),
        policyVersion: policy[0]?.version ?? 1,
        policyStamp: Number(policy[0]?.stamp),
      };
      return (items, change = {}, caller = education) => reporter.reportAid(caller, items, { ...known, ...change });
    },
    close: async () => {
      await ledger.close();
      await db.drop();
      rmSync(anchorDir, { recursive: true, force: true });
    },
  };
}

/** What each item came to: its code, or its outcome where it has none. */
export const outcomesOf = (receipts: readonly AidReceipt[]): string[] =>
  receipts.map(({ outcome, code }) => code ?? outcome);

/** How many rows a table has. */
export async function countIn(db: TestDatabase, table: string): Promise<number> {
  const { rows } = await db.owner.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? -1;
}

/** Where each version of these grants stands, by key and version: its state, and by what it was superseded or reversed. */
export async function statesOf(db: TestDatabase, keys: readonly string[]): Promise<Record<string, string>> {
  const { rows } = await db.owner.query<{ slot: string; is: string }>(
    `select source_key || '/' || version as slot, concat_ws(' ', state, superseded_by_version, reversed_by_key) as is
     from aid_grant where source_key = any($1) order by source_key, version`,
    [keys],
  );
  return Object.fromEntries(rows.map(({ slot, is }) => [slot, is]));
}

/** A ledger, and what it is told. */
export function listenTo(ledger: Ledger): {
  readonly entries: readonly AccessEntry[];
  readonly spy: Pick<Ledger, 'missKey' | 'record' | 'recordIn'>;
} {
  const entries: AccessEntry[] = [];
  return {
    entries,
    spy: {
      missKey: (number) => ledger.missKey(number),
      record: (entry) => {
        entries.push(entry);
        return ledger.record(entry);
      },
      recordIn: (client, entry) => {
        entries.push(entry);
        return ledger.recordIn(client, entry);
      },
    },
  };
}

const operation = (): ReportContext['operation'] => ({
  text,
  digest: createHash('sha256').update(text).digest(),
  name: 'Report',
});

async function countyIn(db: TestDatabase, province: string): Promise<string> {
  const { rows } = await db.owner.query<{ code: string }>(
    `select code from region where level = 'COUNTY' and province_code = $1 order by code limit 1`,
    [province],
  );
  if (rows[0] === undefined) throw new Error('The template holds no divisions');
  return rows[0].code;
}

/** Puts a person with a number and a household into a county. */
async function settle(db: TestDatabase, name: string, n: number, county: string): Promise<Somebody> {
  const [personId, householdId] = [newId(), newId()];
  const idNumber = makeResidentId('620199', '1990-05-17', n);
  const place = `region_code, county_code, prefecture_code, province_code`;
  const from = `source_system, source_key, as_of`;
  const where = `code, county_code, prefecture_code, province_code`;
  await db.owner.query(
    `insert into person (id, name, name_key, sex, ${place}, ${from})
     select $1::uuid, $2, $3, '1', ${where}, 'test', $1, now() from region where code = $4`,
    [personId, name, nameKey(name), county],
  );
  await db.owner.query(
    `insert into household (id, head_person_id, urban_rural, member_count, ${place}, ${from})
     select $1::uuid, $2, 'RURAL', 1, ${where}, 'test', $1, now() from region where code = $3`,
    [householdId, personId, county],
  );
  await db.owner.query(
    `insert into membership (id, household_id, person_id, relation, role, valid_from, ${from})
     values ($1::uuid, $2, $3, '01', 'APPLICANT', '2020-01-01', 'test', $1, now())`,
    [newId(), householdId, personId],
  );
  await db.owner.query(
    `insert into person_identifier (id, person_id, type, value, match_key, verified, ${from})
     values ($1::uuid, $2, 'RESIDENT_ID', $3, $3, true, 'test', $1, now())`,
    [newId(), personId, idNumber],
  );
  return { personId, householdId, idNumber, name };
}
