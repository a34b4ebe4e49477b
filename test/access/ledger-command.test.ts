/** `hub ledger`, as a script sees it: what it prints, and its exit code. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addLedger } from '../../src/cli/ledger.ts';
import { runCommand } from '../harness/command.ts';
import type { CommandDone } from '../harness/command.ts';
import { asAdmin, createDatabaseSql, urlsOf } from '../harness/urls.ts';
import { aWrite, anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
beforeEach(async () => {
  at = await testLedgers();
});
afterEach(async () => {
  await at.drop();
});

const hub = (args: readonly string[], url = at.database.serverUrl): Promise<CommandDone> =>
  runCommand(addLedger, ['ledger', ...args], {
    DATABASE_URL: '',
    HUB_DATABASE_URL: url,
    HUB_ANCHOR_DIR: at.anchorDir,
    HUB_LEDGER_KEYS_DIR: join(at.anchorDir, 'keys'),
  });

/** Two reads and a write by a process that closed its ledger. */
async function record(): Promise<readonly string[]> {
  const ledger = await at.open();
  const entries = [
    anEntry(),
    anEntry({ decision: 'REFUSED', reason: 'FIELD_DENIED', persons: [], households: [] }),
    aWrite(),
  ];
  for (const entry of entries.slice(0, 2)) await ledger.record(entry);
  await at.write(ledger, entries[2]);
  await ledger.close();
  return entries.map(({ id }) => id);
}

test('verify exits with 0 and says how much it checked', async () => {
  await record();
  const { code, out } = await hub(['verify']);
  expect(out).toBe('账本完整 · The ledger is whole: 3 entries, 5 seals, 1 chain, 2 checkpoints.\n');
  expect(code).toBe(0);
});

test('verify exits with 2 and names the first fault', async () => {
  const [, refused] = await record();
  await at.database.owner.query(`delete from access_record where id = $1`, [refused]);
  const { code, out } = await hub(['verify']);
  expect(out).toMatch(/^账本有误 · The ledger has a fault\. Entry [0-9a-f-]{36} is covered by seal 3 of chain 1/);
  expect(out).toContain(`  entry           ${refused}\n`);
  expect(out).toContain('  fault           ENTRY_MISSING\n');
  expect(code).toBe(2);
});

test('verify --json prints one object for scripts', async () => {
  await record();
  const { out } = await hub(['verify', '--json']);
  expect(JSON.parse(out)).toMatchObject({ ok: true, entries: 3, seals: 5, chains: 1, checkpoints: 2 });
});

test('verify exits with 1 and a sentence where there is no ledger', async () => {
  const name = `test_empty_${process.pid}`;
  await asAdmin((query) => query(createDatabaseSql(name)));
  try {
    const { code, err } = await hub(['verify'], urlsOf(name).owner);
    expect(err).toBe('This database has no ledger yet: run hub migrate.\n');
    expect(code).toBe(1);
  } finally {
    await asAdmin((query) => query(`drop database ${name} with (force)`));
  }
});

test('list prints reads, refusals and writes in their order, and nobody’s data', async () => {
  await record();
  const { code, out } = await hub(['list']);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatch(/education\.demo +AID_ELIGIBILITY +ED-2026-000001 +READ ALLOWED +Check +1\/1\/0$/);
  expect(lines[2]).toMatch(/READ REFUSED FIELD_DENIED +Check +0\/0\/0$/);
  expect(lines[3]).toMatch(/AID_REPORTING +ED-2026-000001 +WRITE ALLOWED +mutation/);
  expect(code).toBe(0);
});

test('list --last --json prints that many entries, the last ones', async () => {
  const ids = await record();
  const { out } = await hub(['list', '--last', '2', '--json']);
  const printed = out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  expect(printed).toEqual(ids.slice(1));
});

test('an export is verified with no database, given the key that the installation told by another way', async () => {
  await record();
  const keys = await hub(['keys']);
  expect(keys.out).toMatch(/^[0-9a-f]{64} {2}ED25519 {5}\d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
  const trusted = join(at.anchorDir, 'trusted.txt');
  writeFileSync(trusted, `# the hub\n${keys.out}`);
  const exported = await hub(['export', '--out', at.anchorDir]);
  expect(exported).toMatchObject({ code: 0, err: '' });
  expect(exported.out).toMatch(/Exported ledger-[\d-]+\.jsonl\.gz: 3 entries, 5 seals, 1 chains, 2 checkpoints\./);

  const [name = ''] = readdirSync(at.anchorDir).filter((file) => file.endsWith('.jsonl.gz'));
  const file = join(at.anchorDir, name);
  const nowhere = 'postgresql://nobody@127.0.0.1:1/nothing';
  expect(await hub(['verify', '--file', file, '--trust', trusted], nowhere)).toMatchObject({
    code: 0,
    out: '账本完整 · The ledger is whole: 3 entries, 5 seals, 1 chain, 2 checkpoints.\n',
  });
  const stranger = await hub(['verify', '--file', file, '--trust', 'ab'.repeat(32)], nowhere);
  expect(stranger.code).toBe(2);
  expect(stranger.out).toContain('fault           KEY_UNTRUSTED');
  expect(await hub(['verify', '--file', file], nowhere)).toMatchObject({ code: 1 });

  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 20));
  const cut = await hub(['verify', '--file', file, '--trust', trusted, '--json'], nowhere);
  expect(cut.code).toBe(2);
  expect(JSON.parse(cut.out)).toMatchObject({ ok: false, firstFault: { kind: 'EXPORT_DAMAGED' } });
});

test('a new key follows the last one, and is trusted by whoever trusted that', async () => {
  await record();
  const [first = ''] = (await hub(['keys'])).out.split(' ');
  const listed = (await hub(['keys', '--new', '--suite', 'SM3WITHSM2'])).out.trimEnd().split('\n');
  expect(listed).toHaveLength(2);
  expect(listed[1]).toContain('SM3WITHSM2');
  const both = (await hub(['keys', '--json'])).out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(both[1]).toMatchObject({ suite: 'SM3WITHSM2', previous: first });
});

test('months that are none, or in the wrong order, are refused before anything is read', async () => {
  await record();
  const out = join(at.anchorDir, 'x.jsonl.gz');
  const { code, err } = await hub(['export', '--out', out, '--from', '2026-04', '--to', '2026-03']);
  expect({ code, err }).toEqual({ code: 1, err: '--from: 2026-04 is after --to 2026-03.\n' });
  await expect(hub(['export', '--out', out, '--from', '2026-13'])).rejects.toThrow();
});
