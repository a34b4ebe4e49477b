/**
 * The hub's own signing keys: a file each in a folder, private, mode 0600. Which key signs and how long an earlier one is
 * still believed follows from the times in the files alone, so that each step of a rotation is one file that appears or
 * goes, and every process comes to the same result by itself.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { DEMO_KEY_PREFIX, KeyError, isKeyId, thumbprintOf } from './public-keys.ts';
import type { KeySource, PublicKey } from './public-keys.ts';
import { readFolder, watchFolder } from './watched-folder.ts';
import type { FolderReading, FoundFile } from './watched-folder.ts';

/** A key that the hub signs with, signed with, or will sign with. */
export interface OwnKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Seconds since 1970; undefined for a key that is published ahead and signs nothing yet. */
  readonly signsFrom: number | undefined;
}

/** What signs a token. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** What a key is for at a moment: published ahead, signing, only believed, or nothing any more. */
export type OwnKeyState = 'NEXT' | 'SIGNING' | 'VERIFYING' | 'EXPIRED';

/** A key with what it is for. */
export interface StatedKey {
  readonly key: OwnKey;
  readonly state: OwnKeyState;
  /** Until when it is believed, in seconds since 1970; undefined while no later key signs. */
  readonly until: number | undefined;
}

/** Longest life of a token that the hub signs, in seconds. */
export const LONGEST_OWN_TOKEN = 3_600;
/** For how long an earlier key is believed: its last token, a minute for clocks, a minute until every process follows. */
export const OVERLAP = LONGEST_OWN_TOKEN + 120;

/** What each key is for at the given second, oldest first. */
export function statesOf(keys: Iterable<OwnKey>, now: number): readonly StatedKey[] {
  const all = [...keys].toSorted((a, b) => startOf(a) - startOf(b) || a.createdAt - b.createdAt);
  const signing = all.findLast((key) => startOf(key) <= now);
  return all.map((key, i) => {
    const successor = all[i + 1]?.signsFrom;
    const until = key.signsFrom === undefined || successor === undefined ? undefined : successor + OVERLAP;
    const over = until !== undefined && now > until;
    const state = key === signing ? 'SIGNING' : startOf(key) > now ? 'NEXT' : over ? 'EXPIRED' : 'VERIFYING';
    return { key, state, until };
  });
}

const startOf = ({ signsFrom }: OwnKey): number => signsFrom ?? Infinity;

/** The hub's own keys as a running hub uses them. */
export interface OwnKeys extends KeySource {
  /** The key that signs now; undefined where there is none. */
  signing(): SigningKey | undefined;
  /** Keys that are believed now or will be. */
  published(): ReadonlyMap<string, PublicKey>;
  close(): void;
}

/** Reads the folder and follows it; one that does not exist has no key. Throws KeyError for a file at fault. */
export async function openOwnKeys(
  folder: string,
  { clock, log, admits = () => true }: { clock: Clock; log: Logger; admits?: (kid: string, key: PublicKey) => boolean },
): Promise<OwnKeys> {
  let keys: readonly OwnKey[] = [];
  let believed: ReadonlyMap<string, StatedKey> = new Map();
  const now = (): number => Math.floor(clock.now().getTime() / 1000);
  const watched = await watchFolder(reading(folder), log, (entries) => {
    keys = [...entries.values()].filter(({ kid, publicKey }) => admits(kid, publicKey));
    // Until when a key is believed stands in the files; only what it is for goes with the hour.
    believed = new Map(statesOf(keys, 0).map((stated) => [stated.key.kid, stated]));
  });
  return {
    get(kid) {
      const stated = believed.get(kid);
      return stated === undefined || now() > (stated.until ?? Infinity) ? undefined : stated.key.publicKey;
    },
    signing: () => statesOf(keys, now()).find(({ state }) => state === 'SIGNING')?.key,
    published: () =>
      new Map(
        statesOf(keys, now())
          .filter(({ state }) => state !== 'EXPIRED')
          .map(({ key }) => [key.kid, key.publicKey]),
      ),
    lookAgain: () => watched.lookAgain(),
    close: () => watched.close(),
  };
}

/** All keys of the folder. Throws KeyError with the name of a file at fault. */
export async function readOwnKeys(folder: string): Promise<readonly OwnKey[]> {
  return [...(await readFolder(reading(folder))).values()];
}

const ENDING = '.key.json';

/** Name of the file of a key. */
export const fileOfOwnKey = (kid: string): string => `${kid}${ENDING}`;

const reading = (folder: string): FolderReading<OwnKey> => ({
  folder,
  isOurs: (name) => name.endsWith(ENDING) && !name.startsWith('.'),
  read: readOne,
  mayBeMissing: true,
});

const coordinate = z.string().regex(/^[\w-]{43}$/);
const file = z.strictObject({
  kid: z.string().refine(isKeyId),
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
  x: coordinate,
  y: coordinate,
  d: coordinate,
  created_at: z.int().positive(),
  signs_from: z.int().positive().optional(),
});

/** The file of a key: its private JWK and its times. */
export function toFile(key: KeyObject, createdAt: number, signsFrom: number | undefined): string {
  const { x, y, d } = key.export({ format: 'jwk' });
  const kid = thumbprintOf(createPublicKey(key));
  const times = { created_at: createdAt, ...(signsFrom === undefined ? {} : { signs_from: signsFrom }) };
  return `${JSON.stringify({ kid, kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', x, y, d, ...times }, null, 2)}\n`;
}

function readOne({ name, text, mode }: FoundFile): OwnKey {
  // As ssh does: a private key that others can read is nobody's secret.
  if ((mode & 0o077) !== 0) throw new KeyError(`${name}: others can read or write it; chmod 600 it`);
  let found: z.infer<typeof file>;
  try {
    found = file.parse(JSON.parse(text));
  } catch {
    throw new KeyError(`${name}: is not a signing key of the hub`);
  }
  const { kid, kty, crv, x, y, d } = found;
  if (fileOfOwnKey(kid) !== name) throw new KeyError(`${name}: must have the name of its key id`);
  const [privateKey, publicKey] = pairOf({ kty, crv, x, y, d }, name);
  if (kid.startsWith(DEMO_KEY_PREFIX) || kid !== thumbprintOf(publicKey))
    throw new KeyError(`${name}: its key id is not the thumbprint of its key`);
  return {
    kid,
    privateKey,
    publicKey: { key: publicKey, algorithm: 'ES256' },
    createdAt: found.created_at,
    signsFrom: found.signs_from,
  };
}

function pairOf(jwk: JsonWebKey, name: string): readonly [KeyObject, KeyObject] {
  try {
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
    const publicKey = createPublicKey(privateKey);
    const probe = Buffer.from(name);
    if (verify('sha256', probe, publicKey, sign('sha256', probe, privateKey))) return [privateKey, publicKey];
  } catch {
    // Told below, without what OpenSSL says of the key.
  }
  throw new KeyError(`${name}: its private and its public half do not belong together`);
}
