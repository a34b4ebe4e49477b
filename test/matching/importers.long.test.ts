/** Eight importers bring the same people at once, in different orders and chunks: everybody is one person afterwards. */
import { expect, test } from '@jest/globals';
import { matchSubjects } from '../../src/matching/index.ts';
import { inTransaction, openPool } from '../../src/platform/database.ts';
import { Random } from '../../seeds/synthetic/random.ts';
import { plainName } from '../../seeds/synthetic/names.ts';
import { testDatabase } from '../harness/database.ts';
import { fill, numberOf, stepOf } from './rows.ts';
import type { Delivered } from './rows.ts';

const IMPORTERS = 8;
const PEOPLE = 4_000;

test('eight importers of the same people at once make no twin and lose nobody', async () => {
  const database = await testDatabase();
  try {
    const names = new Random(3, 'importers');
    const people = Array.from({ length: PEOPLE }, (_, n): Delivered => {
      const born = new Date(Date.UTC(1950, 0, 1 + (n % 2_000))).toISOString().slice(0, 10);
      return { name: plainName(names, '1', '01'), number: numberOf(born, 2 * Math.floor(n / 2_000) + 1) };
    });
    const created = await Promise.all(
      Array.from({ length: IMPORTERS }, (_, importer) => importAll(database.serverUrl, importer, people)),
    );
    const { rows } = await database.owner.query<{ persons: number; numbers: number; lonely: number }>(
      `select (select count(*)::int from person) as persons, (select count(*)::int from person_identifier) as numbers,
         (select count(*)::int from person p where not exists (select from person_identifier i where i.person_id = p.id)) as lonely`,
    );
    expect(rows).toEqual([{ persons: PEOPLE, numbers: PEOPLE, lonely: 0 }]);
    expect(created.reduce((sum, n) => sum + n, 0)).toBe(PEOPLE);
    // It was a race: more than one of them created somebody.
    expect(created.filter((n) => n > 0).length).toBeGreaterThan(1);
  } finally {
    await database.drop();
  }
}, 180_000);

/** Brings all people in an order of the importer's own; how many it created. Every row is certain or created. */
async function importAll(url: string, importer: number, people: readonly Delivered[]): Promise<number> {
  const pool = openPool(url, { max: 1, name: `importer-${importer}` });
  const random = new Random(importer, 'order');
  const order = people.map((person) => ({ person, at: random.fraction() })).sort((a, b) => a.at - b.at);
  let created = 0;
  try {
    for (let n = 0; n < order.length; n += 500) {
      const chunk = order.slice(n, n + 500).map(({ person }) => person);
      created += await inTransaction(pool, async (tx) => {
        await fill(tx, chunk);
        await matchSubjects(tx, stepOf({ sourceSystem: `source-${importer}` }));
        const { rows } = await tx.query<{ match: string; n: number }>(
          'select match, count(*)::int as n from intake_row group by 1',
        );
        const of = new Map(rows.map((row) => [row.match, row.n]));
        expect((of.get('CREATED') ?? 0) + (of.get('CERTAIN') ?? 0)).toBe(chunk.length);
        return of.get('CREATED') ?? 0;
      });
    }
    return created;
  } finally {
    await pool.end();
  }
}
