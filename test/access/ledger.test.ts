import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unpackDisclosed } from '../../src/access/ledger/index.ts';
import { inTransaction, openPool } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { aWrite, anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
beforeEach(async () => {
  at = await testLedgers();
});
afterEach(() => at.drop());

const column = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => {
  const { rows } = await at.database.owner.query<{ value: T }>(
    `select ${sql.replace(' from ', ' as value from ')}`,
    values,
  );
  return rows.map(({ value }) => value);
};
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const codesOf = (results: readonly PromiseSettledResult<void>[]): string[] =>
  results.map((result) =>
    result.status === 'fulfilled' ? 'durable' : String((result.reason as { code?: string }).code),
  );

test('an entry is there when record resolves, with everything it said', async () => {
  const ledger = await at.open();
  const [head, child, household] = [newId(), newId(), newId()];
  const entry = anEntry({
    persons: [
      { id: head, node: 0 },
      { id: child, node: 1 },
      { id: head, node: 1 },
    ],
    households: [{ id: household, node: 1 }],
    misses: [ledger.missKey('a number'), ledger.missKey('another')],
    items: 4,
  });
  await ledger.record(entry);

  const { rows } = await at.database.owner.query('select * from access_log');
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    id: entry.id,
    at: entry.at,
    client: 'education.demo',
    department: 'EDUCATION',
    role: 'SYSTEM',
    purpose: 'AID_ELIGIBILITY',
    case_no: 'ED-2026-000001',
    kind: 'READ',
    decision: 'ALLOWED',
    reason: null,
    operation_name: 'Check',
    operation_text: entry.operation.text,
    coordinates: entry.coordinates,
    items: 4,
    misses: 2,
    policy_version: 1,
  });
  const row = rows[0] as { persons: string[]; person_nodes: string };
  expect(unpackDisclosed({ ids: row.persons, nodes: row.person_nodes })).toEqual([
    { id: head, node: 0 },
    { id: head, node: 1 },
    { id: child, node: 1 },
  ]);
});

test('a refusal for want of purpose and case is recorded as well', async () => {
  const ledger = await at.open();
  const refusal = {
    decision: 'REFUSED',
    reason: 'PURPOSE_REQUIRED',
    coordinates: [[]],
    persons: [],
    households: [],
  } as const;
  await ledger.record(anEntry({ ...refusal, purpose: '', caseNo: undefined }));

  const { rows } = await at.database.owner.query('select decision, reason, purpose, case_no, persons from access_log');
  expect(rows).toEqual([
    { decision: 'REFUSED', reason: 'PURPOSE_REQUIRED', purpose: null, case_no: null, persons: null },
  ]);
  expect(await at.verify()).toMatchObject({ ok: true, entries: 1 });
});

test('several hundred requests of two processes share commits, and all of it verifies', async () => {
  const [one, two] = [await at.open(), await at.open()];
  const entries = many(600, () => anEntry());
  const writes = many(30, () => aWrite());
  await Promise.all([
    ...entries.map((entry, i) => (i % 2 === 0 ? one : two).record(entry)),
    ...writes.map((entry, i) => at.write(i % 2 === 0 ? one : two, entry)),
  ]);

  expect((await column('id from access_record')).sort()).toEqual([...entries, ...writes].map(({ id }) => id).sort());
  await Promise.all([one.close(), two.close()]);
  const found = await at.verify();
  expect(found).toMatchObject({ ok: true, chains: 2, entries: 630 });
  expect(found.seals).toBeLessThan(100);
  // One row for reads and one for writes: an entry does not repeat its operation.
  expect(await column('count(*)::int from access_operation')).toEqual([2]);
});

test('the rows of operations differ wherever what may be disclosed differs', async () => {
  const ledger = await at.open();
  const base = anEntry();
  const variants = [
    base,
    anEntry({ operation: { ...base.operation, name: 'Other' } }),
    anEntry({ operation: { ...base.operation, text: 'query Check { other }' } }),
    anEntry({ policyVersion: 2 }),
    anEntry({ purpose: 'CASE_HANDLING' }),
    anEntry({ department: 'HOUSING' }),
    anEntry({ role: 'ANALYST' }),
    anEntry({ coordinates: [base.coordinates[0] ?? [], ['Person.name']] }),
    anEntry({ coordinates: [...base.coordinates, ['Person.name']] }),
  ];
  for (const variant of variants) {
    await ledger.record(variant);
    await ledger.record(anEntry());
  }
  expect(await column('count(distinct operation)::int from access_record')).toEqual([variants.length]);
  expect(await column('count(*)::int from access_operation')).toEqual([variants.length]);
});

test('an entry that PostgreSQL refuses costs only its own request', async () => {
  const ledger = await at.open();
  const good = many(20, () => anEntry());
  const bad = anEntry({ caseNo: 'a\0b' });
  const results = await Promise.allSettled(
    [...good.slice(0, 10), bad, ...good.slice(10)].map((entry) => ledger.record(entry)),
  );

  expect(codesOf(results)).toEqual([...many(10, () => 'durable'), 'LEDGER_UNAVAILABLE', ...many(10, () => 'durable')]);
  expect((await column('id from access_record')).sort()).toEqual(good.map(({ id }) => id).sort());
  expect(await at.verify()).toMatchObject({ ok: true, entries: 20 });
});

test.each([
  ['a person that is no UUID', { persons: [{ id: 'Zhang San', node: 0 }] }],
  ['a node that the plan does not have', { persons: [{ id: newId(), node: 2 }] }],
  ['a time that is none', { at: new Date(Number.NaN) }],
  ['an id that is none', { id: 'x' }],
])('an entry with %s is refused before it reaches a batch', async (_what, change) => {
  const ledger = await at.open();
  await expect(ledger.record(anEntry(change))).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  await expect(ledger.record(anEntry())).resolves.toBeUndefined();
});

test('a batch whose connection breaks rejects its own requests, and the next ones go on in a new chain', async () => {
  const ledger = await at.open();
  await ledger.record(anEntry());
  const doomed = await whileLocked(async () => {
    const batch = Promise.allSettled(many(5, () => ledger.record(anEntry())));
    await ledgerHangs();
    await at.database.server.query(`select pg_terminate_backend(pid) ${OF_THE_LEDGER}`);
    return batch;
  });
  expect(codesOf(doomed)).toEqual(many(5, () => 'LEDGER_UNAVAILABLE'));

  await Promise.all(many(5, () => ledger.record(anEntry())));
  await ledger.close();
  expect(await at.verify()).toMatchObject({ ok: true, chains: 2, entries: 6 });
});

test('a queue that is full refuses at once and serves those who wait', async () => {
  const ledger = await at.open({ limits: { batch: 2, waiting: 4 } });
  await ledger.record(anEntry());
  const results = await whileLocked(async () => {
    const first = ledger.record(anEntry());
    await ledgerHangs();
    const rest = many(6, () => ledger.record(anEntry()));
    expect(codesOf(await Promise.allSettled(rest.slice(4)))).toEqual(['LEDGER_UNAVAILABLE', 'LEDGER_UNAVAILABLE']);
    return [first, ...rest.slice(0, 4)];
  });
  await Promise.all(results);
  expect(await at.verify()).toMatchObject({ ok: true, entries: 6 });
});

test('somebody who writes into a chain from outside does not stop it', async () => {
  const ledger = await at.open();
  await ledger.record(anEntry());
  await at.database.owner.query(
    `insert into ledger_seal (chain, seq, at, closing, digest) select chain, max(seq) + 1, now(), false, '\\x${'00'.repeat(32)}' from ledger_seal group by chain`,
  );
  await ledger.record(anEntry());
  expect(await column('distinct chain from access_record')).toEqual([1, 2]);
  expect(await at.verify()).toMatchObject({ ok: false, firstFault: { kind: 'SEAL_BROKEN', chain: 1, seq: 3 } });
});

test('a write that is rolled back leaves nothing, and nothing waits for it', async () => {
  const ledger = await at.open();
  const abandoned = inTransaction(at.database.server, async (client) => {
    await ledger.recordIn(client, aWrite());
    throw new Error('business failed');
  });
  await expect(abandoned).rejects.toThrow('business failed');
  await inTransaction(at.database.server, async (client) => {
    await client.query('savepoint before');
    await ledger.recordIn(client, aWrite());
    await client.query('rollback to before');
  });
  await ledger.close();

  expect(await column('count(*)::int from access_record')).toEqual([0]);
  expect(await column('closing from ledger_seal order by seq desc limit 1')).toEqual([true]);
  expect(await at.verify()).toMatchObject({ ok: true, entries: 0 });
});

test('a write is sealed within a second of its commit, however long its transaction took, and blocks nobody', async () => {
  const ledger = await at.open();
  const client = await at.database.server.connect();
  await client.query('begin');
  const slow = aWrite();
  await ledger.recordIn(client, slow);
  await at.write(ledger);
  await ledger.record(anEntry());
  await waitFor(() => column('entry_id from ledger_sealed_write'));
  expect(await column('entry_id from ledger_sealed_write')).not.toContain(slow.id);
  await client.query('commit');
  client.release();
  await sleep(1_000);

  expect(await column('entry_id from ledger_sealed_write')).toContain(slow.id);
  expect(await at.verify()).toMatchObject({ ok: true, entries: 3 });
});

test('the entry of a transaction that was tried again is sealed once', async () => {
  const ledger = await at.open();
  const entry = aWrite();
  for (const end of ['rollback', 'commit']) {
    const client = await at.database.server.connect();
    await client.query('begin');
    await ledger.recordIn(client, entry);
    await client.query(end);
    client.release();
  }
  await ledger.close();
  expect(await at.verify()).toMatchObject({ ok: true, entries: 1 });
});

test('the entry of a transaction that was tried again while the first attempt was looked up is sealed as well', async () => {
  const ledger = await at.open();
  const entry = aWrite();
  const attempt = async (end: string): Promise<void> => {
    const client = await at.database.server.connect();
    await client.query('begin');
    await ledger.recordIn(client, entry);
    await client.query(end);
    client.release();
  };
  await attempt('rollback');
  await whileLocked(async () => {
    await ledgerHangs();
    await attempt('commit');
  }, 'ledger_sealed_write');
  await waitFor(() => column('entry_id from ledger_sealed_write'));
  expect(await at.verify()).toMatchObject({ ok: true, entries: 1 });
});

test('an error of PostgreSQL in a business transaction passes through as it is', async () => {
  const ledger = await at.open();
  const client = await at.database.server.connect();
  await client.query('begin');
  await client.query('select 1 / 0').catch(() => undefined);
  await expect(ledger.recordIn(client, aWrite())).rejects.toMatchObject({ code: '25P02' });
  await client.query('rollback');
  client.release();
});

test('the server’s role can select and insert, and nothing else', async () => {
  const ledger = await at.open();
  await ledger.record(anEntry());
  await at.write(ledger);
  const tables = [
    'access_operation',
    'access_record',
    'ledger_chain',
    'ledger_seal',
    'ledger_sealed_write',
    'ledger_key',
    'ledger_checkpoint',
  ];
  const attempts = tables.flatMap((table) => [
    `delete from ${table}`,
    `truncate ${table}`,
    `drop table ${table}`,
    `alter table ${table} disable trigger all`,
    `select * from ${table} for update`,
  ]);
  const columns = await column<string>(
    `'update ' || table_name || ' set "' || column_name || '" = default' from information_schema.columns
     where table_schema = 'public' and table_name = any($1)`,
    [tables],
  );
  expect(columns.length).toBeGreaterThan(50);
  for (const attempt of [...attempts, ...columns]) {
    await expect(at.database.server.query(attempt)).rejects.toMatchObject({ code: '42501' });
  }
});

test('the anchor tells the last seal, and closing writes a closing seal', async () => {
  const ledger = await at.open();
  await Promise.all(many(5, () => ledger.record(anEntry())));
  await ledger.close();
  const [file = ''] = readdirSync(at.anchorDir).filter((name) => name.startsWith('chain-'));
  const anchor = JSON.parse(readFileSync(join(at.anchorDir, file), 'utf8')) as Record<string, unknown>;
  const { rows } = await at.database.owner.query(
    `select chain, seq, encode(digest, 'hex') as digest, closing from ledger_seal order by seq desc limit 1`,
  );
  expect(rows[0]).toMatchObject({
    chain: anchor['chain'],
    seq: anchor['seq'],
    digest: anchor['digest'],
    closing: true,
  });
  await expect(ledger.record(anEntry())).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
});

test('anchors do not pile up: one that a later chain vouches for is removed', async () => {
  for (let start = 0; start < 4; start += 1) {
    const ledger = await at.open();
    await ledger.record(anEntry());
    await ledger.close();
  }
  expect(readdirSync(at.anchorDir).filter((name) => name.startsWith('chain-'))).toHaveLength(1);
  expect(await at.verify()).toMatchObject({ ok: true, chains: 4 });
});

test('a miss is a keyed hash: comparable within an installation, of no use without its key', async () => {
  const [one, two] = [await at.open(), await at.open()];
  const elsewhere = await at.open({ anchorDir: `${at.anchorDir}-2` });
  expect(one.missKey('a number')).toEqual(two.missKey('a number'));
  expect(one.missKey('a number')).not.toEqual(one.missKey('another'));
  expect(one.missKey('a number')).not.toEqual(elsewhere.missKey('a number'));
  expect(one.missKey('a number')).toHaveLength(16);
  expect(statSync(join(at.anchorDir, 'miss-key')).mode & 0o777).toBe(0o600);
});

test('opening fails when the database cannot be reached', async () => {
  const url = new URL(at.database.serverUrl);
  url.pathname = '/no_such_database';
  const pool = openPool(url.href, { max: 1, name: 'nowhere' });
  await expect(at.open({ pool })).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  await pool.end();
});

const OF_THE_LEDGER = `from pg_stat_activity where application_name = 'test-ledger' and datname = current_database()`;

/** Runs the work while nobody can use the table. */
async function whileLocked<T>(work: () => Promise<T>, table = 'access_record'): Promise<T> {
  const blocker = await at.database.owner.connect();
  try {
    await blocker.query('begin');
    await blocker.query(`lock table ${table} in access exclusive mode`);
    return await work();
  } finally {
    await blocker.query('rollback');
    blocker.release();
  }
}

const ledgerHangs = (): Promise<void> =>
  waitFor(
    async () => (await at.database.server.query<object>(`select ${OF_THE_LEDGER} and wait_event_type = 'Lock'`)).rows,
  );

async function waitFor(look: () => Promise<unknown[]>): Promise<void> {
  for (const until = Date.now() + 5_000; (await look()).length === 0; await sleep(20)) {
    if (Date.now() > until) throw new Error('It did not happen in 5 s');
  }
}
