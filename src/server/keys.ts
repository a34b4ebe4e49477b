/** Whose tokens this installation takes, and what it signs with. */
import { join } from 'node:path';
import {
  DEMO_KEY_PREFIX,
  KeyError,
  findDemoKey,
  jwksKeys,
  openDemoKey,
  openKeyFolder,
  openOwnKeys,
  readIssuers,
  readPublicKeys,
  thumbprintOf,
} from '../access/tokens/index.ts';
import type {
  DemoKey,
  KeySource,
  OwnKeys,
  PublicKey,
  PublicKeys,
  SigningKey,
  TrustedIssuer,
} from '../access/tokens/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/log.ts';

/** Whom the hub believes, and as whom it signs. */
export interface Trust {
  /** The hub itself under the name HUB_ISSUER: its own keys, those of HUB_PUBLIC_KEYS_DIR, the demo's in development. */
  readonly own: TrustedIssuer;
  /** The issuers of HUB_ISSUERS. */
  readonly others: readonly TrustedIssuer[];
  /** The key that signs now. */
  readonly signing: () => SigningKey | undefined;
  /** Keys that the hub signs, signed or will sign with. */
  readonly published: () => PublicKeys;
  /** Stops following the folders. */
  close(): Promise<void>;
}

/**
 * The keys that this installation checks tokens against, where they lie in HUB_PUBLIC_KEYS_DIR; in development mode
 * without it the demo key of the data folder. Production mode refuses the demo key under any name. Throws KeyError.
 */
export async function openKeys(config: Config): Promise<PublicKeys> {
  const { mode, publicKeysDir, dataDir } = config;
  if (mode === 'development') {
    return publicKeysDir === undefined ? (await openDemoKey(dataDir)).publicKeys : readPublicKeys(publicKeysDir);
  }
  if (publicKeysDir === undefined) {
    throw new KeyError(
      'HUB_PUBLIC_KEYS_DIR: missing; production mode needs the public keys of your token issuer ' +
        '(or its address in HUB_ISSUERS, or keys of the hub itself: hub keys new)',
    );
  }
  if (/demo/i.test(publicKeysDir) || publicKeysDir === join(dataDir, 'keys')) {
    throw new KeyError(`HUB_PUBLIC_KEYS_DIR: ${publicKeysDir} is a folder of demo keys; production mode refuses them`);
  }
  const keys = await readPublicKeys(publicKeysDir);
  const admits = notDemo(await findDemoKey(dataDir));
  for (const [kid, key] of keys) {
    if (admits(kid, key)) continue;
    throw new KeyError(`HUB_PUBLIC_KEYS_DIR: the key ${kid} is a demo key; production mode refuses it`);
  }
  return keys;
}

/** Opens everything that tokens are checked against. Throws KeyError with what to do. */
export async function openTrust(config: Config, { clock, log }: { clock: Clock; log: Logger }): Promise<Trust> {
  const { mode, publicKeysDir, dataDir, keysDir, issuersFile, issuer, audience } = config;
  const production = mode === 'production';
  const admits = production ? notDemo(await findDemoKey(dataDir)) : undefined;
  const limits = { clock, log, ...(admits === undefined ? {} : { admits }) };
  const jwksIssuers =
    issuersFile === undefined ? [] : await readIssuers(issuersFile, { own: issuer, development: !production });
  const own = await openOwnKeys(keysDir, limits);
  try {
    const demo = production || publicKeysDir !== undefined ? undefined : await openDemoKey(dataDir);
    const folder = await openFolder(config, own, jwksIssuers.length > 0, log, admits);
    const others = jwksIssuers.map(({ jwks, ...rest }) => ({ ...rest, keys: jwksKeys({ url: jwks, ...limits }) }));
    // In the background: an issuer that is down does not hold the start up. Its first token looks again.
    for (const { keys } of others) void keys.lookAgain?.();
    const sources = [own, ...(folder === undefined ? [] : [folder]), ...(demo === undefined ? [] : [demo.publicKeys])];
    return {
      own: { issuer, audience, keys: together(sources) },
      others,
      signing: () => own.signing() ?? demo,
      published: () => new Map([...own.published(), ...(demo?.publicKeys ?? [])]),
      close() {
        own.close();
        folder?.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    own.close();
    throw error;
  }
}

/** The folder HUB_PUBLIC_KEYS_DIR, followed; undefined where there is none, and in production mode others to believe. */
async function openFolder(
  config: Config,
  own: OwnKeys,
  hasIssuers: boolean,
  log: Logger,
  admits: Admits | undefined,
): Promise<(KeySource & { close(): void }) | undefined> {
  const { mode, publicKeysDir } = config;
  const believesOthers = hasIssuers || own.published().size > 0;
  if (publicKeysDir === undefined && (mode === 'development' || believesOthers)) return undefined;
  await openKeys(config);
  return publicKeysDir === undefined ? undefined : openKeyFolder(publicKeysDir, log, admits);
}

type Admits = (kid: string, key: PublicKey) => boolean;

/** Whether a key is none of the demo's, whatever it is called. */
function notDemo(demo: DemoKey | undefined): Admits {
  const [key] = demo?.publicKeys.values() ?? [];
  const refused = key === undefined ? undefined : thumbprintOf(key.key);
  return (kid, { key: found }) => !kid.startsWith(DEMO_KEY_PREFIX) && thumbprintOf(found) !== refused;
}

/** Several sources as one; the first that knows a key decides. */
function together(sources: readonly KeySource[]): KeySource {
  return {
    get(kid) {
      for (const source of sources) {
        const key = source.get(kid);
        if (key !== undefined) return key;
      }
      return undefined;
    },
    lookAgain() {
      const looking = sources.flatMap((source) => source.lookAgain?.() ?? []);
      return looking.length === 0 ? undefined : Promise.all(looking).then(() => undefined);
    },
  };
}
