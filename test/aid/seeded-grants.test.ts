/** The demo's grants are what reports would have made: same digests, same states, and a repeated report changes nothing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadSynthetic } from '../../seeds/index.ts';
import type { Department } from '../../src/access/index.ts';
import { createAidReporter, grantDigest } from '../../src/aid/index.ts';
import type { AidItem, GrantContent } from '../../src/aid/index.ts';
import { settle } from '../../src/aid/grant-versions.ts';
import { formatYuan } from '../../src/platform/money.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { clock, education } from './aid-world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await loadSynthetic({ pool: db.owner, persons: 1_000, seed: 1, today: clock.today() });
});
afterAll(async () => {
  await db.drop();
});

interface Grant extends Omit<GrantContent, 'amountFen'> {
  readonly department: Department;
  readonly sourceKey: string;
  readonly version: number;
  readonly amountFen: string | null;
  readonly digest: Buffer;
  readonly state: string;
  readonly name: string;
  readonly idNumber: string | null;
  readonly provinceCode: string;
}

const grants = async (): Promise<Grant[]> => {
  const { rows } = await db.owner.query<Grant>(
    `select g.department, g.source_key as "sourceKey", g.version, g.programme, g.mode, g.person_id as "personId",
            g.amount_fen as "amountFen", g.kind_description as "kindDescription", g.period_from as "periodFrom",
            g.period_to as "periodTo", g.decided_on as "decidedOn", g.paid_on as "paidOn", g.fund_source as "fundSource",
            g.reversal_of as "reversalOf", g.digest, p.name, g.province_code as "provinceCode",
            concat_ws(' ', g.state, g.superseded_by_version, g.reversed_by_key) as state,
            (select i.value from person_identifier i where i.person_id = p.id and i.type = 'RESIDENT_ID'
              and i.superseded_by_id is null limit 1) as "idNumber"
     from aid_grant g join person p on p.id = g.person_id order by g.department, g.source_key, g.version`,
  );
  return rows;
};

test('every digest is that of the content', async () => {
  const rows = await grants();
  expect(rows.length).toBeGreaterThan(300);
  const wrong = rows.filter((row) => {
    const amountFen = row.amountFen === null ? null : BigInt(row.amountFen);
    return !grantDigest({ ...row, amountFen }).equals(row.digest);
  });
  expect(wrong).toEqual([]);
});

test('every state is the one that the versions held come to', async () => {
  const before = await grants();
  const client = await db.server.connect();
  try {
    for (const department of new Set(before.map((row) => row.department))) {
      const keys = before.filter((row) => row.department === department).map(({ sourceKey }) => sourceKey);
      await settle(client, department, [...new Set(keys)]);
    }
  } finally {
    client.release();
  }
  expect((await grants()).map(({ state }) => state)).toEqual(before.map(({ state }) => state));
});

test('what a department reports again is unchanged', async () => {
  const rows = (await grants()).filter(({ department, idNumber }) => department === 'EDUCATION' && idNumber !== null);
  const reporter = createAidReporter({
    pool: db.server,
    clock,
    misses: { spend: () => Promise.reject(new Error('There should be no miss')) },
    ledger: {
      record: () => Promise.resolve(),
      recordIn: () => Promise.resolve(),
      missKey: () => Buffer.alloc(32),
    },
  });
  const items = rows.map(({ amountFen, ...row }): AidItem => ({
    ...row,
    amountYuan: amountFen === null ? null : formatYuan(amountFen),
  }));
  const { rows: head } = await db.owner.query<{ version: number; stamp: string }>(
    'select version, stamp from policy_head',
  );
  const receipts = await reporter.reportAid({ ...education, regions: ['620000000000', '360000000000'] }, items, {
    operation: { text: '', digest: Buffer.alloc(32) },
    policyVersion: head[0]?.version ?? 0,
    policyStamp: Number(head[0]?.stamp),
  });
  expect(items.length).toBeGreaterThan(50);
  expect(receipts.filter(({ outcome }) => outcome !== 'UNCHANGED')).toEqual([]);
});
