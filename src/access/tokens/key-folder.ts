/** A folder of an issuer's public keys: a file each. */
import { basename, extname } from 'node:path';
import type { Logger } from '../../platform/log.ts';
import { KeyError, isKeyId, publicKeyOfJwk, publicKeyOfPem } from './public-keys.ts';
import type { KeySource, PublicKey, PublicKeys } from './public-keys.ts';
import { readFolder, watchFolder } from './watched-folder.ts';
import type { FolderReading, FoundFile } from './watched-folder.ts';

interface Named {
  readonly kid: string;
  readonly key: PublicKey;
}

const KINDS = new Set(['.pem', '.jwk', '.json']);

const reading = (folder: string): FolderReading<Named> => ({
  folder,
  isOurs: (name) => KINDS.has(extname(name)),
  read: readOne,
});

/**
 * Reads a folder of public keys: `<kid>.pem` (SPKI), or `*.jwk`/`*.json` with one JWK that has a `kid`. Throws KeyError
 * for a private key, a weak or foreign one, a key id that occurs twice, or a folder without keys.
 */
export async function readPublicKeys(folder: string): Promise<PublicKeys> {
  return strictly(folder, await readFolder(reading(folder)));
}

/** The same folder, followed while the hub runs. A key whose file is removed is refused within seconds. */
export async function openKeyFolder(
  folder: string,
  log: Logger,
  admits: (kid: string, key: PublicKey) => boolean = () => true,
): Promise<KeySource & { close(): void }> {
  await readPublicKeys(folder);
  let keys: PublicKeys = new Map();
  const watched = await watchFolder(reading(folder), log, (entries) => {
    const found = merged(entries, (kid, file) => {
      log.error({ file, kid }, 'a key id occurs twice; the first file holds');
    });
    keys = new Map([...found].filter(([kid, key]) => admits(kid, key)));
    if (keys.size === 0) log.error({ folder }, 'the key folder is empty: no token of its issuer is accepted');
  });
  return {
    get: (kid) => keys.get(kid),
    lookAgain: () => watched.lookAgain(),
    close: () => watched.close(),
  };
}

function strictly(folder: string, entries: ReadonlyMap<string, Named>): PublicKeys {
  const keys = merged(entries, (kid, file) => {
    throw new KeyError(`${file}: the key id ${kid} occurs twice`);
  });
  if (keys.size === 0) throw new KeyError(`The key folder ${folder} has no public key (*.pem, *.jwk)`);
  return keys;
}

function merged(entries: ReadonlyMap<string, Named>, onTwice: (kid: string, file: string) => void): PublicKeys {
  const keys = new Map<string, PublicKey>();
  for (const [file, { kid, key }] of entries) {
    if (keys.has(kid)) onTwice(kid, file);
    else keys.set(kid, key);
  }
  return keys;
}

function readOne({ name, text }: FoundFile): Named {
  const kind = extname(name);
  const { kid, key, algorithm } =
    kind === '.pem' ? { kid: basename(name, kind), ...publicKeyOfPem(text, name) } : fromJson(text, name);
  if (!isKeyId(kid)) throw new KeyError(`${name}: the key id may hold letters, digits and . _ - only`);
  return { kid, key: { key, algorithm } };
}

function fromJson(text: string, name: string): PublicKey & { readonly kid: string } {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new KeyError(`${name}: is not a JWK with kid and kty`);
  }
  const { kid, ...key } = publicKeyOfJwk(found, name);
  if (kid === undefined) throw new KeyError(`${name}: is not a JWK with kid and kty`);
  return { ...key, kid };
}
