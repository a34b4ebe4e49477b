/** What was disclosed is found by block ranges of time, however long the ledger is. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WHO, openBy, openEmergenciesWorld } from './emergencies-world.ts';
import type { EmergenciesWorld } from './emergencies-world.ts';

/** A month of a middling ledger; the emergency is one morning of it. */
const ENTRIES = 200_000;

let world: EmergenciesWorld;
beforeAll(async () => {
  world = await openEmergenciesWorld();
  await world.db.owner.query(
    `insert into access_operation (digest, kind, department, role, policy_version, text, nodes)
     values (sha256('ordinary'), 'READ', 'HEALTH', 'SYSTEM', 1, '{ feeds }', '[[]]')`,
  );
  await world.db.owner.query(
    `insert into access_record (id, at, chain, seal, operation, client, case_no, decision, digest)
     select uuid_of, timestamptz '2026-11-01' + n * interval '13 seconds', 1000, n,
       (select max(number) from access_operation), 'health.test', 'JZ-2026-000001', 'ALLOWED', sha256('x')
     from generate_series(1, ${String(ENTRIES)}) n
     cross join lateral (select ('019ac000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as uuid_of) made
     order by n`,
  );
  await world.db.owner.query('vacuum (analyze) access_record');
}, 120_000);
afterAll(() => world.close());

/** Rows of the ledger that were looked at so far, kept or not. */
async function seen(): Promise<{ readonly scanned: number; readonly sequential: number }> {
  await world.db.owner.query('select pg_stat_force_next_flush()');
  const { rows } = await world.db.owner.query<{ scanned: number; sequential: number }>(
    `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int as scanned,
       coalesce(sum(seq_tup_read), 0)::int as sequential
     from pg_stat_user_tables where relname like 'access_record%'`,
  );
  return rows[0] ?? { scanned: 0, sequential: 0 };
}

test('counting what two hours disclosed reads a small part of the ledger', async () => {
  await openBy(world.hub, WHO.hospital);
  await world.hub('query P($id: ID!) { person(id: $id) { name } }', WHO.hospital, { id: world.patient });
  const ask = () =>
    world.hub('{ emergencies { nodes { disclosed { answers persons coordinates } } } }', WHO.healthSteward);
  await world.db.owner.query(`select brin_summarize_new_values(indexrelid)
    from pg_index join pg_class c on c.oid = indexrelid where c.relname like '%access_record%at%' and c.relkind = 'i'`);
  const before = await seen();
  const { data } = await ask();
  expect(data?.['emergencies']).toMatchObject({
    nodes: [{ disclosed: { answers: 1, persons: 1, coordinates: ['Person.name'] } }],
  });
  const after = await seen();
  expect(after.sequential - before.sequential).toBe(0);
  expect(after.scanned - before.scanned).toBeLessThan(ENTRIES / 10);
});
