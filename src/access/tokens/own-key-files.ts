/** Making, rotating and retiring the hub's own keys: what `hub keys` does to the folder. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/id.ts';
import { fileOfOwnKey, readOwnKeys, statesOf, toFile } from './own-keys.ts';
import type { OwnKey, StatedKey } from './own-keys.ts';
import { KeyError, thumbprintOf } from './public-keys.ts';

/** All keys of the folder with what they are for now, oldest first. Throws KeyError. */
export async function listOwnKeys(folder: string, clock: Clock): Promise<readonly StatedKey[]> {
  return statesOf(await readOwnKeys(folder), secondsOf(clock));
}

/**
 * Makes a key that is published and signs nothing until the next rotation, so that everybody knows it beforehand. The
 * first key of all signs at once. Resolves to its id.
 */
export async function makeOwnKey(folder: string, clock: Clock): Promise<string> {
  const now = secondsOf(clock);
  const first = (await readOwnKeys(folder)).length === 0;
  return write(folder, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, now, first ? now : undefined);
}

/**
 * From now on another key signs: the one that was made ahead, or a new one. Earlier keys are believed until the last token
 * that they may have signed has expired. Resolves to the id of the key that signs.
 */
export async function rotateOwnKeys(folder: string, clock: Clock): Promise<string> {
  const now = secondsOf(clock);
  const keys = await readOwnKeys(folder);
  const ahead = keys
    .filter(({ signsFrom }) => signsFrom === undefined)
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .at(0);
  // Two rotations within one second must not be a draw.
  const from = Math.max(now, ...keys.map(({ signsFrom = 0 }) => signsFrom + 1));
  return ahead === undefined
    ? write(folder, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, now, from)
    : write(folder, ahead.privateKey, ahead.createdAt, from);
}

/**
 * Removes a key: tokens that it signed are refused within seconds. Throws KeyError for an unknown key, and, unless `now`
 * is said (a key that got into wrong hands), for one that signs or is still believed.
 */
export async function retireOwnKey(
  folder: string,
  kid: string,
  { clock, now = false }: { readonly clock: Clock; readonly now?: boolean },
): Promise<OwnKey> {
  const stated = (await listOwnKeys(folder, clock)).find(({ key }) => key.kid === kid);
  if (stated === undefined) throw new KeyError(`There is no key ${kid} in ${folder}; see hub keys list.`);
  if (!now && stated.state === 'SIGNING')
    throw new KeyError(`The key ${kid} signs now. Rotate first (hub keys rotate), or remove it at once with --now.`);
  if (!now && stated.state === 'VERIFYING' && stated.until !== undefined)
    throw new KeyError(
      `Tokens of the key ${kid} may be valid until ${new Date(stated.until * 1000).toISOString()}. ` +
        'Wait, or refuse them from now on with --now.',
    );
  await rm(join(folder, fileOfOwnKey(kid)));
  return stated.key;
}

const secondsOf = (clock: Clock): number => Math.floor(clock.now().getTime() / 1000);

async function write(
  folder: string,
  key: Parameters<typeof toFile>[0],
  createdAt: number,
  signsFrom: number | undefined,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kid = thumbprintOf(key);
  const draft = join(folder, `.${newId()}`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(toFile(key, createdAt, signsFrom));
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A hub sees the whole file or none of it.
  await rename(draft, join(folder, fileOfOwnKey(kid)));
  return kid;
}
