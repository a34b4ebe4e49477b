/** Signed checkpoints: when they are made, and what somebody who owns the tables and the anchors cannot do unseen. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeyRing, listLedgerKeys, makeLedgerKey, verifyLedger } from '../../src/access/ledger/index.ts';
import type { FaultKind, Ledger, LedgerParts, Suite, Verification } from '../../src/access/ledger/index.ts';
import { SUITES, isSignedBy, makeKeyPair, signWith } from '../../src/access/ledger/suites.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { aWrite, anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
let keysDir: string;
beforeEach(async () => {
  at = await testLedgers();
  keysDir = join(at.anchorDir, 'keys');
});
afterEach(() => at.drop());

const owner = async (sql: string, values: unknown[] = []): Promise<number> =>
  (await at.database.owner.query(sql, values)).rowCount ?? 0;
/** Changes something, or fails. */
async function tamper(sql: string, values: unknown[] = []): Promise<void> {
  expect(await owner(sql, values)).toBeGreaterThan(0);
}
interface Signed {
  readonly chain: number;
  readonly number: number;
  readonly seq: number;
  readonly entries: string;
  readonly closing: boolean;
  readonly suite: Suite;
  readonly key: string;
  readonly links: readonly { readonly chain: number; readonly number: number }[];
}
const checkpoints = async (): Promise<Signed[]> =>
  (await at.database.owner.query<Signed>('select * from ledger_checkpoint order by chain, number')).rows;
const trusted = async (): Promise<string[]> => (await listLedgerKeys(keysDir)).map(({ fingerprint }) => fingerprint);
const verify = async (checkpointGrace?: number, trust?: readonly string[]): Promise<Verification> =>
  verifyLedger({
    pool: at.database.server,
    anchorDir: at.anchorDir,
    grace: 0,
    trust: trust ?? (await trusted()),
    ...(checkpointGrace === undefined ? {} : { checkpointGrace }),
  });
async function expectFault(kind: FaultKind, chain: number, checkpointGrace?: number): Promise<void> {
  const { firstFault } = await verify(checkpointGrace);
  expect(firstFault).toMatchObject({ kind, chain });
  expect(firstFault?.message).toMatch(/^[A-Z].*\.$/);
}
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await condition()); await sleep(10)) {
    if (Date.now() > end) throw new Error('It did not happen in 10 s');
  }
}
/** A ledger that signs every 30 ms. */
const open = (parts: Partial<LedgerParts> = {}): Promise<Ledger> => at.open({ checkpointInterval: 30, ...parts });
const signedUpTo = (chain: number, entries: number): Promise<void> =>
  until(async () => (await checkpoints()).some((one) => one.chain === chain && Number(one.entries) === entries));

describe('a checkpoint', () => {
  test('is made when a chain begins, after new seals, and at its end', async () => {
    const ledger = await open();
    await ledger.record(anEntry());
    await signedUpTo(1, 1);
    await Promise.all([ledger.record(anEntry()), ledger.record(anEntry()), at.write(ledger)]);
    await signedUpTo(1, 4);
    await ledger.close();
    const made = await checkpoints();
    expect(made.map(({ number }) => number)).toEqual(made.map((_, i) => i + 1));
    expect(made[0]).toMatchObject({ seq: 1, entries: '0', closing: false });
    expect(made.at(-1)).toMatchObject({ entries: '4', closing: true });
    expect(await verify(0)).toMatchObject({ ok: true, checkpoints: made.length });
  });

  test('is not made while nothing new is sealed', async () => {
    const ledger = await open();
    await ledger.record(anEntry());
    await signedUpTo(1, 1);
    await sleep(200);
    expect(await checkpoints()).toHaveLength(2);
  });

  test('is made at once by the chain that follows a broken connection, and for the end of the broken one', async () => {
    const ledger = await at.open({ sweepInterval: 50 });
    await ledger.record(anEntry());
    await at.database.server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-ledger' and datname = current_database()`,
    );
    await sleep(50);
    await ledger.record(anEntry());
    await until(async () => (await checkpoints()).map(({ chain }) => chain).join() === '1,1,2');
    expect((await checkpoints()).map(({ closing }) => closing)).toEqual([false, true, false]);
    await ledger.close();
    expect(await verify(0)).toMatchObject({ ok: true, chains: 2 });
  });

  test('names the last checkpoints of the other live chains, and the last one of a chain that ended', async () => {
    const [one, two] = [await open(), await open()];
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([one.record(anEntry()), two.record(anEntry())]);
      await sleep(80);
    }
    await two.close();
    await one.record(anEntry());
    await signedUpTo(1, 4);
    await one.close();
    const made = await checkpoints();
    const linked = (by: number): number[] =>
      made.flatMap(({ chain, links }) => (chain === by ? links.map(({ number }) => number) : []));
    const last = made.filter(({ chain }) => chain === 2).at(-1);
    expect(linked(1)).toContain(last?.number);
    expect(linked(2).length).toBeGreaterThan(1);
    expect(await verify(0)).toMatchObject({ ok: true, chains: 2 });
  });

  test('costs no entry when it cannot be signed, is reported, and is made later', async () => {
    const ledger = await open();
    await ledger.record(anEntry());
    await signedUpTo(1, 1);
    renameSync(keysDir, `${keysDir}-away`);
    await Promise.all(Array.from({ length: 20 }, () => ledger.record(anEntry())));
    await until(() => ledger.unsignedSince?.() !== undefined);
    expect((await verify(0, [])).firstFault?.kind).toBe('KEY_UNTRUSTED');
    expect(
      (await verifyLedger({ pool: at.database.server, anchorDir: at.anchorDir, checkpointGrace: 0 })).firstFault,
    ).toMatchObject({ kind: 'CHECKPOINT_OVERDUE', chain: 1 });
    renameSync(`${keysDir}-away`, keysDir);
    await signedUpTo(1, 21);
    expect(ledger.unsignedSince?.()).toBeUndefined();
    expect(await verify(0)).toMatchObject({ ok: true, entries: 21 });
  });
});

describe('keys', () => {
  test.each(SUITES)('of the suite %s sign, and their signatures fit nothing else', async (suite) => {
    const [pair, other] = [await makeKeyPair(suite), await makeKeyPair(suite)];
    const message = Buffer.from('a message');
    const signature = await signWith(pair, message);
    expect(signature).toHaveLength(64);
    expect(await isSignedBy(pair, message, signature)).toBe(true);
    expect(await isSignedBy(other, message, signature)).toBe(false);
    expect(await isSignedBy(pair, Buffer.from('another'), signature)).toBe(false);
    expect(await isSignedBy(pair, message, Buffer.alloc(64))).toBe(false);
    expect(await isSignedBy({ suite, publicKey: Buffer.from('none') }, message, signature)).toBe(false);
    const [different] = SUITES.filter((one) => one !== suite);
    expect(await isSignedBy({ ...pair, suite: different ?? suite }, message, signature)).toBe(false);
  });

  test('rotate under a running hub, and what older ones signed stays verifiable', async () => {
    const ledger = await open();
    const [first = ''] = await trusted();
    await ledger.record(anEntry());
    const second = await makeLedgerKey(keysDir, 'ED25519', systemClock);
    await ledger.record(anEntry());
    await until(async () => (await checkpoints()).at(-1)?.key === second.fingerprint);
    await ledger.close();
    expect(new Set((await checkpoints()).map(({ key }) => key))).toEqual(new Set([first, second.fingerprint]));
    expect(await verify(0, [first])).toMatchObject({ ok: true });
    expect((await verify(0, [second.fingerprint])).firstFault).toMatchObject({
      kind: 'KEY_UNTRUSTED',
      chain: 1,
      seq: 1,
    });
  });

  test('of another suite follow, chosen in the settings, endorsed by the key before', async () => {
    await (await open()).close();
    const signing = { suite: 'SM3WITHSM2', keysDir, make: true } as const;
    const ledger = await open({ signing });
    await ledger.record(anEntry());
    await ledger.close();
    expect((await checkpoints()).map(({ suite }) => suite)).toEqual(['ED25519', 'ED25519', 'SM3WITHSM2', 'SM3WITHSM2']);
    const [first = ''] = await trusted();
    expect(await verify(0, [first])).toMatchObject({ ok: true, checkpoints: 4 });
  });

  test('are for the hub’s user alone, and none is made where one must be there', async () => {
    await expect(KeyRing.open(keysDir, 'ED25519', { make: false, clock: systemClock })).rejects.toThrow('--new');
    await KeyRing.open(keysDir, 'ED25519', { make: true, clock: systemClock });
    const [name = ''] = readdirSync(keysDir);
    expect(statSync(join(keysDir, name)).mode & 0o777).toBe(0o600);
    expect(statSync(keysDir).mode & 0o777).toBe(0o700);
    chmodSync(join(keysDir, name), 0o640);
    await expect(open()).rejects.toThrow('chmod 600');
  });

  test('are made once by processes that start together', async () => {
    const started = await Promise.all(Array.from({ length: 4 }, () => open()));
    expect(await trusted()).toHaveLength(1);
    await Promise.all(started.map((ledger) => ledger.close()));
    expect(await verify(0)).toMatchObject({ ok: true, chains: 4 });
  });
});

describe('somebody who owns the tables and the anchors', () => {
  beforeEach(async () => {
    const [one, two] = [await open(), await open()];
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([one.record(anEntry()), two.record(aWrite({ kind: 'READ' }))]);
      await Promise.all([signedUpTo(1, round + 1), signedUpTo(2, round + 1)]);
    }
    await two.close();
    await one.record(anEntry());
    await one.close();
    expect(await verify(0)).toMatchObject({ ok: true, chains: 2, entries: 7 });
  });

  test('makes the whole history anew with another key', async () => {
    const trust = await trusted();
    const { rows } = await at.database.owner.query<{ table: string }>(
      `select c.relname as table from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and c.relname in ('access_record', 'access_operation', 'ledger_chain', 'ledger_seal', 'ledger_sealed_write', 'ledger_key', 'ledger_checkpoint')`,
    );
    await owner(`truncate ${rows.map(({ table }) => table).join(', ')}`);
    rmSync(at.anchorDir, { recursive: true });
    const forged = await open();
    await forged.record(anEntry());
    await forged.close();
    expect(await verify(0)).toMatchObject({ ok: true });
    expect((await verify(0, trust)).firstFault).toMatchObject({ kind: 'KEY_UNTRUSTED', chain: 1 });
  });

  test('changes an entry', async () => {
    await tamper(`update access_record set client = 'somebody' where chain = 1 and seal = 3`);
    await expectFault('ENTRY_CHANGED', 1);
  });

  test('swaps the signatures of two checkpoints', async () => {
    await tamper(
      `update ledger_checkpoint k set signature = o.signature from ledger_checkpoint o
       where k.chain = 1 and o.chain = 1 and k.number + o.number = 5 and k.number in (2, 3)`,
    );
    await expectFault('SIGNATURE_WRONG', 1);
  });

  test('moves a checkpoint to another chain', async () => {
    await tamper(
      `update ledger_checkpoint k set signature = o.signature, digest = o.digest, links = o.links, at = o.at, seal = o.seal
       from ledger_checkpoint o where k.chain = 1 and o.chain = 2 and k.number = 2 and o.number = 2`,
    );
    await expectFault('SIGNATURE_WRONG', 1);
  });

  test('removes a checkpoint in the middle', async () => {
    await tamper('delete from ledger_checkpoint where chain = 1 and number = 2');
    await expectFault('CHECKPOINT_MISSING', 1);
  });

  test('removes a checkpoint in the middle and counts the later ones down', async () => {
    await tamper('delete from ledger_checkpoint where chain = 1 and number = 2');
    for (const number of [3, 4, 5])
      await owner('update ledger_checkpoint set number = $1 - 1 where chain = 1 and number = $1', [number]);
    await expectFault('SIGNATURE_WRONG', 1);
  });

  test('removes the last checkpoints, which are then overdue', async () => {
    await tamper('delete from ledger_checkpoint where chain = 1 and number > 2');
    await expectFault('CHECKPOINT_OVERDUE', 1, 0);
    await tamper(`update ledger_seal set at = at - interval '6 minutes' where chain = 1 and seq > 90 or chain = 1`);
    // Seals cannot be made younger or older either.
    await expectFault('SEAL_BROKEN', 1);
  });

  test('removes a tail with its checkpoints and anchors, which the other chain saw', async () => {
    const [{ seq = 0 } = {}] = (await checkpoints()).filter(({ chain, number }) => chain === 2 && number === 2);
    for (const file of readdirSync(at.anchorDir)) if (file.startsWith('chain-')) rmSync(join(at.anchorDir, file));
    await tamper('delete from ledger_checkpoint where chain = 2 and number > 2');
    await tamper('delete from ledger_seal where chain = 2 and seq > $1', [seq]);
    await owner('delete from access_record where chain = 2 and seal > $1', [seq]);
    await owner('delete from ledger_sealed_write where chain = 2 and seq > $1', [seq]);
    await expectFault('CHECKPOINT_MISSING', 2);
  });

  test('removes the public key', async () => {
    await tamper('delete from ledger_key');
    await expectFault('KEY_MISSING', 1);
  });

  test('publishes a key of his own as the successor', async () => {
    const away = `${keysDir}-forged`;
    const forged = await makeLedgerKey(away, 'ED25519', systemClock);
    const [before = ''] = await trusted();
    await tamper(
      `insert into ledger_key (fingerprint, suite, public_key, made_at, previous, endorsement, proof)
       values ($1, 'ED25519', $2, to_timestamp($3), $4, $5, $5)`,
      [forged.fingerprint, forged.publicKey, Number(forged.madeMicros) / 1e6, before, forged.proof],
    );
    await expectFault('KEY_CHANGED', 0);
  });

  test('finds a hub that goes on no help: it signs no chain that does not fit what was signed', async () => {
    await tamper('delete from ledger_checkpoint where chain = 1 and closing');
    await tamper(
      `update ledger_seal set digest = sha256('x') where chain = 1 and seq = (select max(seq) from ledger_checkpoint where chain = 1)`,
    );
    const next = await open({ sweepInterval: 20 });
    await sleep(200);
    await next.close();
    expect((await checkpoints()).some(({ chain, closing }) => chain === 1 && closing)).toBe(false);
    await expectFault('SEAL_BROKEN', 1);
  });
});

describe('when things go wrong without any malice', () => {
  test('a process that died between its last seal and the checkpoint: the next one signs the end', async () => {
    const doomed = await at.open();
    await doomed.record(anEntry());
    await doomed.close();
    // As if it had died right after the closing seal.
    await tamper('delete from ledger_checkpoint where closing');
    await expectFault('CHECKPOINT_OVERDUE', 1, 0);
    const next = await at.open();
    expect((await checkpoints()).filter(({ chain }) => chain === 1)).toMatchObject([
      { number: 1 },
      { number: 2, closing: true, entries: '1' },
    ]);
    await next.close();
    expect(await verify(0)).toMatchObject({ ok: true, chains: 2 });
  });

  test('a chain from before there were checkpoints is signed when a hub starts', async () => {
    const old = await at.open();
    await old.record(anEntry());
    await old.close();
    await tamper('delete from ledger_checkpoint');
    await (await at.open()).close();
    expect((await checkpoints())[0]).toMatchObject({ chain: 1, number: 1, closing: true, entries: '1' });
    expect(await verify(0)).toMatchObject({ ok: true });
  });

  test('a clock that goes back stops no checkpoint, and is told', async () => {
    let back = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() - back) };
    const ledger = await open({ clock });
    await ledger.record(anEntry());
    await signedUpTo(1, 1);
    back = 3_600_000;
    await ledger.record(anEntry());
    await signedUpTo(1, 2);
    await ledger.close();
    expect(await verify(7_200_000)).toMatchObject({ ok: true, entries: 2, clockBack: 1 });
    expect(await verify()).toMatchObject({ ok: true, clockBack: 1 });
  });
});
