/** Exports: what they hold, that they verify without any database, and what cannot be done to one unseen. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { KeyRing, exportLedger, listLedgerKeys, makeLedgerKey, verifyExport } from '../../src/access/ledger/index.ts';
import type { ExportVerification, LedgerExport } from '../../src/access/ledger/index.ts';
import type { SigningKey } from '../../src/access/ledger/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { anEntry, testLedgers } from './ledger-entries.ts';
import type { TestLedgers } from './ledger-entries.ts';

let at: TestLedgers;
let signer: SigningKey;
let trust: string[];
let persons: string[];
let march: number;

const day = (iso: string): number => Date.parse(`${iso}T10:00:00+08:00`);

/** Two processes side by side from February to April, a rotation between them, and one of them killed in the end. */
beforeAll(async () => {
  at = await testLedgers();
  const keysDir = join(at.anchorDir, 'keys');
  let now = day('2026-02-10');
  const clock = { ...systemClock, now: () => new Date(now) };
  const open = () => at.open({ clock, checkpointInterval: 20 });
  const [one, two] = [await open(), await open()];
  persons = [];
  const settle = async (): Promise<void> => {
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(10)) {
      const { rowCount } = await at.database.owner.query(
        `select from ledger_chain c where (select max(seq) from ledger_seal where chain = c.number)
           > (select max(seq) from ledger_checkpoint where chain = c.number)`,
      );
      if (rowCount === 0) return;
    }
    throw new Error('Checkpoints did not come in 10 s');
  };
  march = 0;
  for (const date of [
    '2026-02-10',
    '2026-02-27',
    '2026-03-02',
    '2026-03-15',
    '2026-03-31',
    '2026-04-01',
    '2026-04-20',
  ]) {
    now = day(date);
    for (const ledger of [one, two]) {
      const entry = anEntry({ at: new Date(now), misses: [ledger.missKey(date)] });
      persons.push(...entry.persons.map(({ id }) => id), ...entry.households.map(({ id }) => id));
      await ledger.record(entry);
      await at.write(ledger);
      if (date.startsWith('2026-03')) march += 2;
    }
    await sleep(300);
    await settle();
    if (date === '2026-03-02') await makeLedgerKey(keysDir, 'SM3WITHSM2', clock);
    if (date === '2026-03-15') await makeLedgerKey(keysDir, 'ED25519', clock);
  }
  await one.close();
  await two.close();
  signer = (await KeyRing.open(keysDir, 'ED25519', { make: false, clock })).last;
  trust = [(await listLedgerKeys(keysDir))[0]?.fingerprint ?? ''];
});
afterAll(() => at.drop());

const fileOf = (name: string): string => join(at.anchorDir, `${name}.jsonl.gz`);
async function write(name: string, change: Partial<LedgerExport> = {}): Promise<string> {
  const out = fileOf(name);
  await exportLedger({ pool: at.database.server, anchorDir: at.anchorDir, clock: systemClock, out, signer, ...change });
  return out;
}
const verify = (file: string): Promise<ExportVerification> => verifyExport({ file, trust });
const linesOf = (file: string): string[] => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
/** Written anew by somebody who has read the source, but not the key: the last line fits, without a signature. */
function forge(name: string, lines: readonly string[]): string {
  const body = lines.filter((line) => !line.startsWith('{"kind":"end"'));
  const end = JSON.parse(lines.at(-1) ?? '') as object;
  const sha256 = createHash('sha256')
    .update(body.map((line) => `${line}\n`).join(''))
    .digest('hex');
  const last = JSON.stringify({ ...end, lines: body.length, sha256, signed: null });
  writeFileSync(fileOf(name), gzipSync([...body, last, ''].join('\n')));
  return fileOf(name);
}
const is = (kind: string) => (line: string) => line.startsWith(`{"kind":"${kind}"`);

describe('an export', () => {
  test('of the whole ledger verifies offline, with the same counts as the database', async () => {
    const whole = await at.verify();
    expect(whole).toMatchObject({ ok: true, chains: 2, entries: 28 });
    expect(await verify(await write('whole'))).toEqual(whole);
    expect(readdirSync(at.anchorDir).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('of a month holds all of the month and little more, and its link to the checkpoint before', async () => {
    const file = await write('march', { from: '2026-03', to: '2026-03' });
    const found = await verify(file);
    expect(found).toMatchObject({ ok: true, from: '2026-03', to: '2026-03', chains: 2 });
    const lines = linesOf(file);
    expect(lines.filter(is('base'))).toHaveLength(2);
    const ats = lines
      .filter(is('entry'))
      .map((line) => new Date(Number((JSON.parse(line) as { atMicros: string }).atMicros) / 1000));
    expect(ats.filter((one) => one.getTime() >= day('2026-03-01') && one.getTime() < day('2026-04-01'))).toHaveLength(
      march / 2,
    );
    expect(found.entries).toBeGreaterThanOrEqual(march);
    expect(found.entries).toBeLessThanOrEqual(march + 4);
  });

  test.each([
    [{ from: '2026-04' }, 8],
    [{ to: '2026-02' }, 8],
    [{ from: '2027-01' }, 0],
    [{ to: '2025-12' }, 0],
  ])('of %j verifies, and holds at least its entries', async (range, entries) => {
    const found = await verify(await write('range', range));
    expect(found).toMatchObject({ ok: true });
    expect(found.entries).toBeGreaterThanOrEqual(entries);
    expect(found.entries).toBeLessThanOrEqual(entries === 0 ? 0 : entries + 8);
  });

  test('without persons tells none, and all else of each entry is verified', async () => {
    const file = await write('none', { persons: 'none' });
    const text = gunzipSync(readFileSync(file)).toString();
    expect(persons.filter((id) => text.includes(id))).toEqual([]);
    expect(await verify(file)).toMatchObject({ ok: true, entries: 28 });
    const changed = linesOf(file).map((line) => line.replace('"client":"education.demo"', '"client":"education.dem0"'));
    expect((await verify(forge('none-changed', changed))).firstFault?.kind).toBe('ENTRY_CHANGED');
  });

  test('with pseudonyms tells equal ones for equal ids, and no id', async () => {
    const file = await write('keyed', { persons: 'keyed' });
    const text = gunzipSync(readFileSync(file)).toString();
    expect(persons.filter((id) => text.includes(id))).toEqual([]);
    expect(await verify(file)).toMatchObject({ ok: true, entries: 28 });
    const told = linesOf(file)
      .filter(is('entry'))
      .flatMap((line) => (JSON.parse(line) as { persons: string[] }).persons);
    expect(told).toHaveLength(28);
    expect(told.every((one) => /^[0-9a-f]{32}$/.test(one))).toBe(true);
    const again = linesOf(await write('keyed-again', { persons: 'keyed' }));
    expect(again.filter(is('entry'))).toEqual(linesOf(file).filter(is('entry')));
  });

  test('without a key is written unsigned, and says so', async () => {
    const file = await write('unsigned', { signer: undefined });
    expect(await verify(file)).toMatchObject({ ok: true, unsigned: true });
  });

  test('that is given up leaves nothing', async () => {
    const leaving = new AbortController();
    const out = fileOf('given-up');
    const job = write('given-up', { signal: leaving.signal, onProgress: () => undefined });
    leaving.abort();
    await expect(job).rejects.toThrow();
    expect([out, `${out}.part`].filter((path) => existsSync(path))).toEqual([]);
  });

  test('tells how far it is', async () => {
    const told: [number, number][] = [];
    await write('told', { onProgress: (done, total) => told.push([done, total]) });
    expect(told.at(-1)).toEqual([28, 28]);
    const part: number[] = [];
    await write('told-part', { from: '2026-03', to: '2026-03', onProgress: (_, total) => part.push(total) });
    expect(part.at(-1)).toBe((await verify(fileOf('march'))).entries);
  });
});

describe('in an export', () => {
  let lines: string[];
  let bytes: Buffer;
  beforeAll(async () => {
    const file = await write('attacked');
    lines = linesOf(file);
    bytes = readFileSync(file);
  });

  test('a changed byte is found, wherever it is', async () => {
    for (let i = 10; i < bytes.length; i += Math.ceil(bytes.length / 60)) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      writeFileSync(fileOf('byte'), changed);
      expect([i, (await verify(fileOf('byte'))).ok]).toEqual([i, false]);
    }
  });

  test('a cut is found, wherever it is', async () => {
    for (const at of [0, 5, 20, 0.3, 0.7, 0.99].map((share) =>
      share < 1 ? Math.floor(bytes.length * share) : share,
    )) {
      writeFileSync(fileOf('cut'), bytes.subarray(0, at));
      expect((await verify(fileOf('cut'))).ok).toBe(false);
    }
    for (let end = 1; end < lines.length; end += 7) {
      writeFileSync(fileOf('cut'), gzipSync(`${lines.slice(0, end).join('\n')}\n`));
      expect((await verify(fileOf('cut'))).ok).toBe(false);
    }
  });

  test('a line that somebody changed who knows the format is found, whichever it is', async () => {
    const unseen: string[] = [];
    for (const [i, line] of lines.entries()) {
      if (i === 0 || is('end')(line)) continue;
      // The last letter or digit of each value, one value at a time.
      const places = [...line.matchAll(/[0-9a-zA-Z](?=["\],}])/g)]
        .map(({ index }) => index)
        .filter((index) => /[:,["][^:]*$/.test(line.slice(0, index)));
      const place = places[(i * 7) % places.length] ?? 0;
      if (/"[^"]*$/.test(line.slice(0, place)) && line.slice(place + 1).startsWith('":')) continue;
      const old = line[place] ?? '';
      const next = old === '1' ? '2' : /\d/.test(old) ? '1' : old === 'a' ? 'b' : 'a';
      const changed = [...lines];
      changed[i] = line.slice(0, place) + next + line.slice(place + 1);
      if ((await verify(forge('line', changed))).ok) unseen.push(`${line.slice(0, place)}>${old}<`);
    }
    expect(unseen).toEqual([]);
  });

  test('a removed line is found, whichever it is', async () => {
    const unseen: string[] = [];
    for (const [i, line] of lines.entries()) {
      if (i === 0 || is('end')(line)) continue;
      if (
        (
          await verify(
            forge(
              'removed',
              lines.filter((_, j) => j !== i),
            ),
          )
        ).ok
      )
        unseen.push(line.slice(0, 120));
    }
    // What an anchor saw can be left out; a signature over the whole shows it.
    expect(unseen.filter((line) => !line.startsWith('{"kind":"witness","by":null'))).toEqual([]);
  });

  test('a removed tail with its checkpoints is found by the other chain', async () => {
    const begin = lines.findIndex(is('chain'));
    const second = lines.findIndex((line, i) => i > begin && is('chain')(line));
    const checkpoint = lines.findIndex((line, i) => i > begin + 4 && is('checkpoint')(line));
    const without = [...lines.slice(0, checkpoint + 1), ...lines.slice(second)].filter(
      (line) => !line.startsWith('{"kind":"witness"'),
    );
    expect((await verify(forge('tail', without))).firstFault).toMatchObject({
      kind: expect.stringMatching(/CHECKPOINT_MISSING|SEAL_BROKEN/),
    });
  });

  test('seals of a month cannot be skipped with a checkpoint', async () => {
    const month = linesOf(await write('skipped', { from: '2026-03', to: '2026-03' }));
    const base = month.findIndex(is('base'));
    const later = month.findIndex((line, i) => i > base + 6 && is('checkpoint')(line));
    const { checkpoint } = JSON.parse(month[later] ?? '') as { checkpoint: object };
    const before = month.slice(0, later).filter(is('checkpoint')).at(-1) ?? month[base] ?? '';
    const previous = (JSON.parse(before) as { checkpoint: { digest: string } }).checkpoint.digest;
    const jump = JSON.stringify({ kind: 'base', checkpoint, previous });
    expect(
      (await verify(forge('skip', [...month.slice(0, base), jump, ...month.slice(later + 1)]))).firstFault,
    ).toMatchObject({
      kind: 'SEAL_MISSING',
    });
  });

  test('the whole made anew is signed by nobody who is trusted', async () => {
    expect((await verifyExport({ file: fileOf('attacked'), trust: ['ab'.repeat(32)] })).firstFault?.kind).toBe(
      'KEY_UNTRUSTED',
    );
  });

  test('a stranger’s file is no export', async () => {
    writeFileSync(fileOf('stranger'), gzipSync('{"hello": 1}\n'));
    expect((await verify(fileOf('stranger'))).firstFault?.kind).toBe('EXPORT_DAMAGED');
    writeFileSync(fileOf('stranger'), 'no gzip at all');
    expect((await verify(fileOf('stranger'))).firstFault?.kind).toBe('EXPORT_DAMAGED');
    await expect(verify(fileOf('not-there'))).rejects.toThrow('ENOENT');
  });
});
