/** The keys that the hub signs with: made, rotated with an overlap, retired, and followed by hubs that run. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { calculateJwkThumbprint } from 'jose';
import type { JWK } from 'jose';
import type { Caller } from '../../src/access/caller.ts';
import {
  listOwnKeys,
  makeOwnKey,
  openKeyFolder,
  openOwnKeys,
  openTokenVerifier,
  retireOwnKey,
  rotateOwnKeys,
  signToken,
  toPublicJwk,
} from '../../src/access/tokens/index.ts';
import type { OwnKeys } from '../../src/access/tokens/index.ts';
import { OVERLAP } from '../../src/access/tokens/own-keys.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { openLog } from '../../src/platform/log.ts';
import { testFolder } from '../harness/folder.ts';

let seconds: number;
const clock: Clock = { now: () => new Date(seconds * 1000), today: () => '2026-11-22' };
let folder: string;
let lines: string;
const log = openLog(
  'info',
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines += chunk.toString('utf8');
      done();
    },
  }),
);
const open: { close(): void }[] = [];
beforeEach(() => {
  seconds = Date.parse('2026-11-22T09:00:00+08:00') / 1000;
  folder = join(testFolder('own-keys'), 'signing-keys');
  lines = '';
});
afterEach(() => {
  for (const keys of open.splice(0)) keys.close();
});

const opened = async (): Promise<OwnKeys> => {
  const keys = await openOwnKeys(folder, { clock, log });
  open.push(keys);
  return keys;
};
/** What a running hub knows once it has looked. */
async function looked(keys: { lookAgain?(): Promise<void> | undefined }): Promise<void> {
  for (;;) {
    const looking = keys.lookAgain?.();
    if (looking !== undefined) return looking;
    await sleep(50);
  }
}
const states = async (): Promise<unknown[]> =>
  (await listOwnKeys(folder, clock)).map(({ key, state }) => [key.kid, state]);
const fileOf = (kid: string): string => join(folder, `${kid}.key.json`);

const education: Omit<Caller, 'tokenId'> = {
  client: 'education.gansu',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000'],
  purposes: ['AID_ELIGIBILITY'],
};
const rules = { issuer: 'hub', audience: 'hub', clock };
function tokenOf(keys: OwnKeys): string {
  const key = keys.signing();
  if (key === undefined) throw new Error('nothing signs');
  return `Bearer ${signToken(key, education, { ...rules, lifetime: 3_600 }).token}`;
}

describe('a key of the hub', () => {
  test('is a file that its owner alone may read, named by the thumbprint that everybody computes', async () => {
    const kid = await makeOwnKey(folder, clock);
    expect(await readdir(folder)).toEqual([`${kid}.key.json`]);
    expect((await stat(fileOf(kid))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const stored = JSON.parse(await readFile(fileOf(kid), 'utf8')) as JWK;
    expect(await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: stored.x!, y: stored.y! })).toBe(kid);
  });

  test('signs at once where it is the first, and else from the next rotation on, published beforehand', async () => {
    const first = await makeOwnKey(folder, clock);
    const second = await makeOwnKey(folder, clock);
    expect(await states()).toEqual([
      [first, 'SIGNING'],
      [second, 'NEXT'],
    ]);
    const keys = await opened();
    expect(keys.signing()?.kid).toBe(first);
    expect([...keys.published().keys()]).toEqual([first, second]);
    expect(await rotateOwnKeys(folder, clock)).toBe(second);
    expect(await readdir(folder)).toHaveLength(2);
  });

  test('is published without its private half', async () => {
    const kid = await makeOwnKey(folder, clock);
    const [[, key] = []] = (await opened()).published();
    const shown = toPublicJwk(kid, key!);
    expect(Object.keys(shown).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  test('is believed after a rotation until its last token has expired, and then no longer', async () => {
    const first = await makeOwnKey(folder, clock);
    const keys = await opened();
    const verifier = openTokenVerifier({ ...rules, keys });
    const old = tokenOf(keys);
    expect(verifier.verify(old)).toMatchObject(education);
    seconds += 10;
    const second = await rotateOwnKeys(folder, clock);
    await looked(keys);
    // The new key signs at once.
    expect(keys.signing()?.kid).toBe(second);
    seconds += 3_000;
    expect(verifier.verify(old)).toMatchObject(education);
    expect(verifier.verify(tokenOf(keys))).toMatchObject(education);
    seconds += OVERLAP - 3_000;
    expect(keys.get(first)).toBeDefined();
    seconds += 1;
    expect(keys.get(first)).toBeUndefined();
    expect([...keys.published().keys()]).toEqual([second]);
    expect(await states()).toEqual([
      [first, 'EXPIRED'],
      [second, 'SIGNING'],
    ]);
  });

  test('that another process took up a moment ago is found by its first token', async () => {
    await makeOwnKey(folder, clock);
    const [here, there] = [await opened(), await opened()];
    const verifier = openTokenVerifier({ ...rules, keys: here });
    await rotateOwnKeys(folder, clock);
    seconds += 1;
    await looked(there);
    const waiting = verifier.verify(tokenOf(there));
    expect(waiting).toBeInstanceOf(Promise);
    expect(await waiting).toMatchObject(education);
  });

  test('that is retired is refused at once, its verified tokens included', async () => {
    const first = await makeOwnKey(folder, clock);
    const keys = await opened();
    const verifier = openTokenVerifier({ ...rules, keys });
    const old = tokenOf(keys);
    expect(verifier.verify(old)).toMatchObject(education);
    await expect(retireOwnKey(folder, first, { clock })).rejects.toThrow('signs now');
    const second = await rotateOwnKeys(folder, clock);
    seconds += 2;
    await expect(retireOwnKey(folder, first, { clock })).rejects.toThrow('may be valid until');
    await expect(retireOwnKey(folder, 'nobody', { clock })).rejects.toThrow('There is no key nobody');
    await retireOwnKey(folder, first, { clock, now: true });
    await looked(keys);
    expect(() => verifier.verify(old)).toThrow('not one that this hub accepts');
    expect(verifier.verify(tokenOf(keys))).toMatchObject(education);
    expect(await states()).toEqual([[second, 'SIGNING']]);
  });

  test('may be retired without more once nothing needs it', async () => {
    const first = await makeOwnKey(folder, clock);
    seconds += 1;
    await rotateOwnKeys(folder, clock);
    seconds += OVERLAP + 2;
    expect((await retireOwnKey(folder, first, { clock })).kid).toBe(first);
    const spare = await makeOwnKey(folder, clock);
    expect((await retireOwnKey(folder, spare, { clock })).kid).toBe(spare);
  });

  test('of two rotations in one second the later one signs', async () => {
    await makeOwnKey(folder, clock);
    await rotateOwnKeys(folder, clock);
    const last = await rotateOwnKeys(folder, clock);
    seconds += 5;
    expect((await opened()).signing()?.kid).toBe(last);
  });
});

describe('a hub that runs', () => {
  test('has no key where there is no folder, and takes up the first one', async () => {
    const keys = await opened();
    expect(keys.signing()).toBeUndefined();
    const kid = await makeOwnKey(folder, clock);
    await looked(keys);
    expect(keys.signing()?.kid).toBe(kid);
  });

  test('follows the folder by itself within seconds', async () => {
    const keys = await opened();
    const kid = await makeOwnKey(folder, clock);
    for (let i = 0; i < 140 && keys.signing() === undefined; i += 1) await sleep(50);
    expect(keys.signing()?.kid).toBe(kid);
  }, 15_000);

  test('keeps what a file said before it was broken, and logs its name without its content', async () => {
    const kid = await makeOwnKey(folder, clock);
    const keys = await opened();
    const token = tokenOf(keys);
    const text = await readFile(fileOf(kid), 'utf8');
    await writeFile(fileOf(kid), text.slice(0, 200));
    await looked(keys);
    expect(keys.signing()?.kid).toBe(kid);
    expect(openTokenVerifier({ ...rules, keys }).verify(token)).toMatchObject(education);
    expect(lines).toContain(`${kid}.key.json`);
    const { d, x } = JSON.parse(text) as { d: string; x: string };
    expect(lines).not.toContain(d);
    expect(lines).not.toContain(x);
    await expect(rotateOwnKeys(folder, clock)).rejects.toThrow(`${kid}.key.json`);
    await rm(fileOf(kid));
    await looked(keys);
    expect(keys.get(kid)).toBeUndefined();
  });

  test('keeps its keys while the folder as a whole is away', async () => {
    const kid = await makeOwnKey(folder, clock);
    const keys = await opened();
    await rename(folder, `${folder}-away`);
    await looked(keys);
    expect(keys.signing()?.kid).toBe(kid);
    expect(lines).toContain('a key folder cannot be read');
  });

  test('does not start on a key file that is broken, foreign, misnamed, weak or open to others', async () => {
    const kid = await makeOwnKey(folder, clock);
    const text = await readFile(fileOf(kid), 'utf8');
    const made = JSON.parse(text) as Record<string, unknown>;
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    const write = async (content: unknown, name = kid): Promise<void> => {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await writeFile(fileOf(name), typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    };
    for (const [content, fault, name] of [
      ['{', 'is not a signing key'],
      [{ ...made, d: other.d }, 'do not belong together'],
      [{ ...made, x: other.x, y: other.y, d: other.d }, 'not the thumbprint'],
      [{ ...made, alg: 'HS256' }, 'is not a signing key'],
      [{ ...made, extra: 1 }, 'is not a signing key'],
      [made, 'must have the name of its key id', 'another'],
    ] as const) {
      await write(content, name);
      await expect(opened()).rejects.toThrow(fault);
    }
    await write(text);
    expect((await opened()).signing()?.kid).toBe(kid);
    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      await chmod(fileOf(kid), mode);
      await expect(opened()).rejects.toThrow('chmod 600');
    }
  });
});

describe('the folder of an issuer’s public keys', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const pem = (key = publicKey): string => String(key.export({ type: 'spki', format: 'pem' }));

  test('is followed: a new key holds, a removed one is refused, a broken one holds as it was', async () => {
    const issuer = testFolder('issuer');
    await writeFile(join(issuer, 'a.pem'), pem());
    const keys = await openKeyFolder(issuer, log);
    open.push(keys);
    const known = keys.get('a');
    expect(known?.key.equals(publicKey)).toBe(true);
    await writeFile(join(issuer, 'b.pem'), pem(other));
    await looked(keys);
    expect(keys.get('b')?.key.equals(other)).toBe(true);
    expect(keys.get('a')).toBe(known);
    await writeFile(join(issuer, 'b.pem'), 'nonsense');
    await rm(join(issuer, 'a.pem'));
    await looked(keys);
    expect(keys.get('a')).toBeUndefined();
    expect(keys.get('b')?.key.equals(other)).toBe(true);
    await rm(join(issuer, 'b.pem'));
    await looked(keys);
    expect(keys.get('b')).toBeUndefined();
    expect(lines).toContain('no token of its issuer is accepted');
    expect(createPublicKey(pem()).equals(publicKey)).toBe(true);
  });
});
