/** No step reads all persons: a chunk costs what its rows cost, however many people the registry has. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { measureMatching } from '../../seeds/truth/measure.ts';
import { matchSubjects } from '../../src/matching/index.ts';
import type { PoolClient } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { fill, numberOf, stepOf } from './rows.ts';
import type { Delivered } from './rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  // Created and found by the same rules that are looked at below.
  await measureMatching({ pool: database.server, persons: 20_000, seed: 7 });
  await database.owner.query('analyze');
}, 120_000);
afterAll(() => database.drop());

const STATEMENT = /^\s*(with|select|insert|update)\b/i;

/** The transaction, with the plan of every statement noted before it runs. */
function explained(tx: PoolClient, plans: string[]): PoolClient {
  const query = async (text: string, values: unknown[] = []): Promise<unknown> => {
    if (STATEMENT.test(text)) {
      const { rows } = await tx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    return tx.query(text, values);
  };
  return Object.assign(Object.create(tx) as PoolClient, { query });
}

test('neither known, new nor doubtful rows make a step read persons or identifiers from end to end', async () => {
  const { rows: known } = await database.owner.query<{ name: string; number: string; born: string }>(
    `select p.name, i.value as number, p.birth_date as born from person p join person_identifier i on i.person_id = p.id order by p.id limit 2000`,
  );
  const rows = known.map(({ name, number, born }, n): Delivered => {
    if (n % 10 === 1) return { name, number: number.slice(1), born };
    if (n % 10 === 2) return { name, born, sex: '1' };
    if (n % 10 === 3) return { name: `${name}丁`, number };
    if (n % 10 === 4) return { name, number: numberOf('2026-02-03', (n / 10) | 0), born };
    return { name, number };
  });
  const plans: string[] = [];
  const tx = await database.server.connect();
  try {
    await tx.query('begin');
    await fill(tx, rows);
    await matchSubjects(explained(tx, plans), stepOf());
    await tx.query('rollback');
  } finally {
    tx.release();
  }
  expect(plans.length).toBeGreaterThan(10);
  expect(plans.filter((plan) => /Seq Scan on (person|person_identifier)\b(?!_)/.test(plan))).toEqual([]);
});
