/** `hub ledger`, as a script sees it: what it prints, and its exit code. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { addLedger } from '../../src/cli/ledger.ts';
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

async function hub(
  args: readonly string[],
  url = at.database.serverUrl,
): Promise<{ code: unknown; out: string; err: string }> {
  const [environment, exitCode] = [process.env, process.exitCode];
  const said = { out: '', err: '' };
  const spies = (['out', 'err'] as const).map((key) =>
    jest.spyOn(process[`std${key}`], 'write').mockImplementation((text) => {
      said[key] += String(text);
      return true;
    }),
  );
  process.env = { ...environment, DATABASE_URL: '', HUB_DATABASE_URL: url, HUB_ANCHOR_DIR: at.anchorDir };
  try {
    const program = new Command();
    addLedger(program);
    await program.parseAsync(['node', 'hub', 'ledger', ...args]);
    return { code: process.exitCode, ...said };
  } finally {
    process.env = environment;
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
  }
}

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
