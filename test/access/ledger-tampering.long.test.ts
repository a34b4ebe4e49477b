/** What somebody with the rights of the tables' owner can do to a ledger, and how `verify` names it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryDigest, operationDigest, sealDigest } from '../../src/access/ledger/digests.ts';
import type { EntryContent, OperationContent } from '../../src/access/ledger/digests.ts';
import type { FaultKind } from '../../src/access/ledger/index.ts';
import { makeLedgerKey } from '../../src/access/ledger/key-ring.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { newId } from '../../src/platform/id.ts';
import { aWrite, anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
/** Reads in the order of their seals: 2, 3, 4 hold one each, 5 holds three. */
let reads: string[];
let written: string;

const TABLES = [
  'access_operation',
  'access_record',
  'ledger_chain',
  'ledger_seal',
  'ledger_sealed_write',
  'ledger_key',
  'ledger_checkpoint',
];

/**
 * Chain 1: seal 1 begins, 2 to 4 hold one read each, 5 three, 6 a write, 7 closes. Chain 2: seal 1 begins, 2 and 3 hold
 * one read each; its process was killed. Each has a checkpoint of its first seal, and chain 1 one of its end.
 */
beforeAll(async () => {
  at = await testLedgers();
  const ledger = await at.open();
  const entries = Array.from({ length: 8 }, (_, i) =>
    anEntry({ caseNo: `ED-2026-${i}`, misses: [ledger.missKey(`${i}`)], reason: 'NONE', items: i }),
  );
  reads = entries.map(({ id }) => id);
  for (const entry of entries.slice(0, 3)) await ledger.record(entry);
  await Promise.all(entries.slice(3, 6).map((entry) => ledger.record(entry)));
  const write = aWrite();
  written = write.id;
  await at.write(ledger, write);
  await ledger.close();
  // The second chain is signed by a key that the first key endorsed.
  await makeLedgerKey(join(at.anchorDir, 'keys'), 'ED25519', systemClock);
  const last = await at.open();
  for (const entry of entries.slice(6)) await last.record(entry);
  await last.close();
  // Of a process that was killed: without its closing seal, and with the anchor that it had written by then.
  await tamper(`delete from ledger_seal where chain = 2 and closing`);
  await tamper(`delete from ledger_checkpoint where chain = 2 and closing`);
  await anchorAt(2, 3);
  await at.database.owner.query('create schema kept');
  for (const table of TABLES) await tamper(`create table kept.${table} as select * from ${table}`);
  cpSync(at.anchorDir, `${at.anchorDir}-kept`, { recursive: true });
});
afterEach(async () => {
  await at.database.owner.query(`truncate ${TABLES.join(', ')}`);
  for (const table of TABLES) {
    await tamper(`insert into ${table} overriding system value select * from kept.${table}`);
  }
  rmSync(at.anchorDir, { recursive: true, force: true });
  cpSync(`${at.anchorDir}-kept`, at.anchorDir, { recursive: true });
});
afterAll(() => at.drop());

test('what nobody touched is whole', async () => {
  expect(await at.verify()).toEqual({ ok: true, chains: 2, seals: 10, entries: 9, checkpoints: 3 });
});

async function tamper(sql: string, values: unknown[] = []): Promise<void> {
  const { rowCount } = await at.database.owner.query(sql, values);
  if (rowCount === 0) throw new Error('The tampering changed nothing');
}

async function anchorAt(chain: number, seq: number): Promise<void> {
  const { rows } = await at.database.owner.query<{ id: string; digest: string }>(
    `select id, encode(digest, 'hex') as digest from ledger_chain c join ledger_seal s on s.chain = c.number
     where c.number = $1 and seq = $2`,
    [chain, seq],
  );
  const [{ id, digest } = { id: '', digest: '' }] = rows;
  writeFileSync(join(at.anchorDir, `chain-${id}.json`), JSON.stringify({ chain, id, seq, digest }));
}

async function expectFault(kind: FaultKind, chain: number, seq: number, entryId?: string): Promise<void> {
  const { ok, firstFault } = await at.verify(undefined, 0);
  const { message = '', ...where } = firstFault ?? {};
  expect({ ok, ...where }).toEqual({ ok: false, kind, chain, seq, ...(entryId === undefined ? {} : { entryId }) });
  expect(message).toMatch(/^[A-Z].*\.$/);
}

test('the first sentence of a fault says where it is', async () => {
  await tamper(`update access_record set client = 'somebody.else' where id = $1`, [reads[1]]);
  const { firstFault } = await at.verify();
  expect(firstFault?.message).toBe(`Entry ${reads[1]} was changed after it was written: its digest does not fit.`);
});

describe('a changed column', () => {
  const different: Readonly<Record<string, string>> = {
    uuid: `gen_random_uuid()`,
    'timestamp with time zone': `? + interval '1 microsecond'`,
    integer: `coalesce(?, 0) + 10`,
    'character varying': `coalesce(?, '') || 'x'`,
    boolean: `not ?`,
    bytea: `coalesce(?, '') || sha256('x') || sha256('y')`,
    jsonb: `case when ? is null then '[]' else ? || '[["x"]]' end`,
    'uuid[]': `coalesce(?, '{}') || gen_random_uuid()`,
    bigint: `? + 1`,
    'bytea[]': `coalesce(?, '{}') || '\\x00'::bytea`,
  };
  const own: Readonly<Record<string, string>> = {
    'access_record.decision': `'REFUSED'`,
    'access_operation.kind': `'WRITE'`,
    // A digest must keep its length.
    'access_record.digest': `sha256(?)`,
    'access_operation.digest': `sha256(?)`,
    'ledger_seal.digest': `sha256(?)`,
    'ledger_checkpoint.digest': `sha256(?)`,
    'ledger_checkpoint.seal': `sha256(?)`,
    'ledger_checkpoint.suite': `'SM3WITHSM2'`,
    'ledger_key.suite': `'SM3WITHSM2'`,
    'ledger_key.fingerprint': `encode(sha256('x'), 'hex')`,
    'ledger_seal.links': `case when ? is null then '[]' else ? || '[{"chain": 9, "seq": 9, "digest": "00"}]' end`,
  };
  const rows: Readonly<Record<string, string>> = {
    access_operation: `name = 'Check'`,
    access_record: `seal = 3 and chain = 1`,
    ledger_chain: `number = 1`,
    ledger_seal: `seq = 4 and chain = 1`,
    ledger_sealed_write: `true`,
    ledger_key: `previous is not null`,
    ledger_checkpoint: `chain = 1 and closing`,
  };

  test('of any table is found, whichever it is', async () => {
    await at.database.owner.query('alter table access_operation alter number set generated by default');
    const { rows: columns } = await at.database.owner.query<{ table: string; column: string; type: string }>(
      `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
       where c.relnamespace = 'public'::regnamespace and c.relname = any($1)`,
      [TABLES],
    );
    expect(columns.length).toBeGreaterThan(54);
    const unseen: string[] = [];
    for (const { table, column, type } of columns) {
      const value = (own[`${table}.${column}`] ?? different[type] ?? '').replaceAll('?', `"${column}"`);
      await tamper(`update ${table} set "${column}" = ${value} where ${rows[table]}`);
      if ((await at.verify(undefined, 0)).ok) unseen.push(`${table}.${column}`);
      await at.database.owner.query(`truncate ${table}`);
      await tamper(`insert into ${table} overriding system value select * from kept.${table}`);
    }
    expect(unseen).toEqual([]);
    expect(await at.verify()).toMatchObject({ ok: true });
    await at.database.owner.query('alter table access_operation alter number set generated always');
  });

  test('of an entry names the entry', async () => {
    await tamper(`update access_record set persons[1] = gen_random_uuid() where id = $1`, [reads[4]]);
    await expectFault('ENTRY_CHANGED', 1, 5, reads[4]);
  });

  test('of a write names the entry', async () => {
    await tamper(`update access_record set items = 99 where id = $1`, [written]);
    await expectFault('ENTRY_CHANGED', 1, 6, written);
  });

  test('of an entry with a digest to match breaks its seal', async () => {
    await forgeEntry(reads[1]);
    await expectFault('SEAL_BROKEN', 1, 3);
  });

  test('of an entry with a seal to match breaks the next seal', async () => {
    await forgeEntry(reads[1]);
    await reseal(1, 3, 3);
    await expectFault('SEAL_BROKEN', 1, 4);
  });

  test('of an entry with the whole chain made anew breaks the link from the chain that came later', async () => {
    await forgeEntry(reads[1]);
    await reseal(1, 3, 7);
    await expectFault('SEAL_BROKEN', 1, 7);
  });

  test('of an entry with every chain made anew does not fit the anchor', async () => {
    await forgeEntry(reads[6]);
    await reseal(2, 2, 3);
    await expectFault('SEAL_BROKEN', 2, 3);
  });

  test('of an operation names the operation', async () => {
    await tamper(`update access_operation set text = replace(text, 'status', 'diagnosis') where name = 'Check'`);
    await expectFault('OPERATION_CHANGED', 0, 0);
  });

  test('of an operation with a digest to match changes its entries', async () => {
    await forgeOperation();
    await expectFault('ENTRY_CHANGED', 1, 2, reads[0]);
  });
});

describe('something removed:', () => {
  test('an entry is named', async () => {
    await tamper(`delete from access_record where id = $1`, [reads[3]]);
    await expectFault('ENTRY_MISSING', 1, 5, reads[3]);
  });

  test('a write is named', async () => {
    await tamper(`delete from access_record where id = $1`, [written]);
    await expectFault('ENTRY_MISSING', 1, 6, written);
  });

  test('an entry that its seal no longer mentions breaks the seal', async () => {
    await tamper(`delete from access_record where id = $1`, [reads[1]]);
    await tamper(`update ledger_seal set entries = null where chain = 1 and seq = 3`);
    await expectFault('SEAL_BROKEN', 1, 3);
  });

  test('the note that a write was sealed', async () => {
    await tamper(`delete from ledger_sealed_write`);
    await expectFault('ENTRY_MISSING', 1, 6, written);
  });

  test('the operation of an entry', async () => {
    await tamper(`delete from access_operation where name is null`);
    await expectFault('OPERATION_MISSING', 1, 6, written);
  });

  test('a seal in the middle', async () => {
    await tamper(`delete from ledger_seal where chain = 1 and seq = 4`);
    await expectFault('SEAL_MISSING', 1, 4);
  });

  test('a seal in the middle with its entries', async () => {
    await tamper(`delete from ledger_seal where chain = 1 and seq in (3, 4)`);
    await tamper(`delete from access_record where chain = 1 and seal in (3, 4)`);
    await expectFault('SEAL_MISSING', 1, 3);
  });

  test('a seal in the middle, the later ones counted down', async () => {
    await tamper(`delete from ledger_seal where chain = 1 and seq = 3`);
    await tamper(`delete from access_record where chain = 1 and seal = 3`);
    for (const seq of [4, 5, 6, 7]) {
      await tamper(`update ledger_seal set seq = seq - 1 where chain = 1 and seq = $1`, [seq]);
    }
    await tamper(`update access_record set seal = seal - 1 where chain = 1 and seal > 3`);
    await tamper(`update ledger_sealed_write set seq = seq - 1`);
    await expectFault('SEAL_BROKEN', 1, 3);
  });

  test('a tail without its entries', async () => {
    await tamper(`delete from ledger_seal where chain = 2 and seq = 3`);
    await expectFault('TAIL_MISSING', 2, 3, reads[7]);
  });

  test('a tail with its entries, known to the anchor alone', async () => {
    await cutTail(2, 3);
    await expectFault('TAIL_MISSING', 2, 3);
  });

  test('a tail with its entries, known to a later chain alone', async () => {
    await cutTail(1, 5);
    await tamper(`delete from ledger_sealed_write`);
    await tamper(`delete from access_record where id = $1`, [written]);
    rmSync(at.anchorDir, { recursive: true });
    await expectFault('TAIL_MISSING', 1, 7);
  });

  test('the closing seal alone, known to a later chain', async () => {
    await cutTail(1, 7);
    rmSync(at.anchorDir, { recursive: true });
    await expectFault('TAIL_MISSING', 1, 7);
  });

  test('a write and the seal that took it up', async () => {
    await tamper(`delete from ledger_seal where chain = 1 and seq >= 6`);
    await expectFault('TAIL_MISSING', 1, 6, written);
  });

  test('a chain in the middle', async () => {
    await removeChain(1);
    await expectFault('CHAIN_MISSING', 1, 0);
  });

  test('the last chain', async () => {
    await removeChain(2);
    await expectFault('CHAIN_MISSING', 2, 3);
  });

  test('the last chain but for its entries', async () => {
    await tamper(`delete from ledger_chain where number = 2`);
    await tamper(`delete from ledger_seal where chain = 2`);
    await tamper(`delete from ledger_checkpoint where chain = 2`);
    await expectFault('CHAIN_MISSING', 2, 2, reads[6]);
  });

  test('all of it', async () => {
    await tamper('delete from ledger_chain');
    for (const table of TABLES.filter((name) => name !== 'ledger_chain')) {
      await tamper(`delete from ${table}`);
    }
    await expectFault('CHAIN_MISSING', 2, 3);
  });
});

describe('something moved or added:', () => {
  test('entries of a seal in another order', async () => {
    await tamper(
      `update ledger_seal set entries = substr(entries, 17, 16) || substr(entries, 1, 16) || substr(entries, 33)
       where chain = 1 and seq = 5`,
    );
    await expectFault('SEAL_BROKEN', 1, 5);
  });

  test('an entry that changed its place with another', async () => {
    await tamper(`update access_record set seal = 7 - seal where chain = 1 and seal in (3, 4)`);
    await expectFault('ENTRY_MISSING', 1, 3, reads[1]);
  });

  test('seals that changed their places with their entries', async () => {
    await tamper(`update ledger_seal set seq = 99 where chain = 1 and seq = 3`);
    await tamper(`update ledger_seal set seq = 3 where chain = 1 and seq = 4`);
    await tamper(`update ledger_seal set seq = 4 where chain = 1 and seq = 99`);
    await tamper(`update access_record set seal = 7 - seal where chain = 1 and seal in (3, 4)`);
    await expectFault('SEAL_BROKEN', 1, 3);
  });

  test('an entry written into a seal of the past', async () => {
    const forged = await addEntry(`chain = 1 and seal = 4`, `seal`);
    await expectFault('ENTRY_FOREIGN', 1, 4, forged);
  });

  test('many entries written into a seal of the past', async () => {
    for (let i = 0; i < 5; i += 1) await addEntry(`id = '${reads[2]}'`, `seal`);
    const { firstFault } = await at.verify();
    expect(firstFault).toMatchObject({ chain: 1, seq: 4, entryId: expect.anything() as unknown });
  });

  test('an entry beyond the last seal', async () => {
    const forged = await addEntry(`id = '${reads[7]}'`, `seal + 1`);
    await expectFault('TAIL_MISSING', 2, 4, forged);
  });

  test('a write that no seal took up', async () => {
    const forged = await addEntry(`id = '${reads[0]}'`, `0`);
    await expectFault('ENTRY_UNSEALED', 1, 0, forged);
  });

  test('a write that is said to be sealed', async () => {
    const forged = await addEntry(`id = '${reads[0]}'`, `0`);
    await tamper('insert into ledger_sealed_write (chain, entry_id, seq) values (1, $1, 6)', [forged]);
    await expectFault('ENTRY_FOREIGN', 1, 6, forged);
  });

  test('a note of a seal for an entry that never was', async () => {
    const nobody = newId();
    await tamper('insert into ledger_sealed_write (chain, entry_id, seq) values (1, $1, 3)', [nobody]);
    await expectFault('ENTRY_FOREIGN', 1, 3, nobody);
  });

  test('a seal at the end by somebody who does not know the seal before', async () => {
    await tamper(
      `insert into ledger_seal (chain, seq, at, closing, digest) values (2, 4, now(), true, sha256('forged'))`,
    );
    await expectFault('SEAL_BROKEN', 2, 4);
  });

  test('an anchor that was edited stops the verification', async () => {
    const [file = ''] = readdirSync(at.anchorDir).filter((name) => name.startsWith('chain-'));
    writeFileSync(join(at.anchorDir, file), readFileSync(join(at.anchorDir, file), 'utf8').replace('"seq"', '"sqe"'));
    await expect(at.verify()).rejects.toThrow(/is not an anchor/);
  });
});

test('a hub that starts does not continue a chain whose tail was cut off, so that it stays found', async () => {
  await cutTail(2, 3);
  const next = await at.open();
  await next.record(anEntry());
  await next.close();
  await expectFault('TAIL_MISSING', 2, 3);
});

test('a hub that starts keeps the anchor of a chain that was made anew before', async () => {
  await tamper(`delete from ledger_chain where number = 2`);
  await tamper(`delete from ledger_seal where chain = 2`);
  await tamper(`delete from access_record where chain = 2`);
  await tamper(`delete from ledger_checkpoint where chain = 2`);
  rmSync(at.anchorDir, { recursive: true });
  mkdirSync(at.anchorDir);
  await anchorAt(1, 7);
  await forgeEntry(reads[1]);
  await reseal(1, 3, 7);
  const next = await at.open();
  await next.close();
  await expectFault('SEAL_BROKEN', 1, 7);
});

async function cutTail(chain: number, from: number): Promise<void> {
  await tamper(`delete from ledger_seal where chain = $1 and seq >= $2`, [chain, from]);
  await at.database.owner.query(`delete from access_record where chain = $1 and seal >= $2`, [chain, from]);
  await at.database.owner.query(`delete from ledger_checkpoint where chain = $1 and seq >= $2`, [chain, from]);
}

async function removeChain(chain: number): Promise<void> {
  await tamper(`delete from ledger_chain where number = $1`, [chain]);
  await tamper(`delete from ledger_seal where chain = $1`, [chain]);
  await tamper(`delete from access_record where chain = $1`, [chain]);
  await tamper(`delete from ledger_checkpoint where chain = $1`, [chain]);
  await at.database.owner.query(`delete from ledger_sealed_write where chain = $1`, [chain]);
}

/** Copies an entry under a new id with a digest to match; returns that id. */
async function addEntry(of: string, seal: string): Promise<string> {
  const id = newId();
  await tamper(
    `insert into access_record (id, at, chain, seal, operation, items, client, case_no, decision, reason, persons,
       person_nodes, households, household_nodes, misses, digest)
     select $1, at, chain, ${seal}, operation, items, client, case_no, decision, reason, persons, person_nodes,
       households, household_nodes, misses, digest from access_record where ${of}`,
    [id],
  );
  await redigest(id);
  return id;
}

/** Changes an entry as somebody would who has read the source of this repository. */
async function forgeEntry(id: string | undefined): Promise<void> {
  await tamper(`update access_record set client = 'somebody.else' where id = $1`, [id]);
  await redigest(id);
}

type EntryRow = Omit<EntryContent, 'atMicros'> & { readonly micros: string; readonly operation: Buffer };

async function redigest(id: string | undefined): Promise<void> {
  const { rows } = await at.database.owner.query<EntryRow>(
    `select r.id, (extract(epoch from r.at) * 1000000)::bigint as micros, o.digest as operation, client,
       case_no as "caseNo", decision, reason, items, persons, person_nodes as "personNodes", households,
       household_nodes as "householdNodes", misses
     from access_record r join access_operation o on o.number = r.operation where r.id = $1`,
    [id],
  );
  const [row] = rows;
  const digest = entryDigest({ ...row!, atMicros: BigInt(row!.micros) }, row!.operation);
  await tamper(`update access_record set digest = $2 where id = $1`, [id, digest]);
}

async function forgeOperation(): Promise<void> {
  await tamper(`update access_operation set text = replace(text, 'status', 'diagnosis') where name = 'Check'`);
  const { rows } = await at.database.owner.query<OperationContent>(
    `select *, policy_version as "policyVersion" from access_operation where name = 'Check'`,
  );
  await tamper(`update access_operation set digest = $1 where name = 'Check'`, [operationDigest(rows[0]!)]);
}

/** Computes the seals of a chain anew, as their owner could. */
async function reseal(chain: number, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq += 1) {
    const { rows } = await at.database.owner.query<{
      micros: string;
      closing: boolean;
      before: Buffer;
      digests: Buffer[];
    }>(
      `select (extract(epoch from s.at) * 1000000)::bigint as micros, s.closing, p.digest as before,
         array(select r.digest from access_record r
               left join ledger_sealed_write w on w.chain = r.chain and w.entry_id = r.id
               where r.chain = s.chain and (r.seal = s.seq or w.seq = s.seq)
               order by position(uuid_send(r.id) in s.entries)) as digests
       from ledger_seal s join ledger_seal p on p.chain = s.chain and p.seq = s.seq - 1
       where s.chain = $1 and s.seq = $2`,
      [chain, seq],
    );
    const { micros, closing, before, digests } = rows[0]!;
    const content = { chain, seq, atMicros: BigInt(micros), closing, entries: digests, links: null };
    await tamper(`update ledger_seal set digest = $3 where chain = $1 and seq = $2`, [
      chain,
      seq,
      sealDigest(content, before),
    ]);
  }
}
