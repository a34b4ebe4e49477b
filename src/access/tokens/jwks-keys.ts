/**
 * The keys that an issuer publishes (a JWK set, RFC 7517 section 5), fetched from the one address in the settings. A key
 * that is not known yet makes the hub look once more, but not more often than twice a minute, however many tokens ask for
 * it; keys that were fetched before hold on while the issuer cannot be reached, for a day.
 */
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { isKeyId, publicKeyOfJwk, thumbprintOf } from './public-keys.ts';
import type { KeySource, PublicKey, PublicKeys } from './public-keys.ts';

/** From where, and within which limits. */
export interface JwksOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Keys that are not taken although they are published; demo keys in production mode. */
  readonly admits?: (kid: string, key: PublicKey) => boolean;
  /** For the whole fetch, in ms. */
  readonly timeout?: number;
}

/** Seconds: between two fetches at least; after which keys are fetched anew; for which they hold without the issuer. */
export const JWKS_TIMES = { cooldown: 30, fresh: 600, stale: 86_400 } as const;

const TIMEOUT = 5_000;
const LARGEST_SET = 262_144;
const MOST_KEYS = 100;

const keySet = z.object({ keys: z.array(z.unknown()).max(MOST_KEYS) });

/** What an issuer publishes, as a source of keys. Fetches nothing by itself until it is asked. */
export function jwksKeys({ url, clock, log, admits = () => true, timeout = TIMEOUT }: JwksOptions): KeySource {
  let keys: PublicKeys = new Map();
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let fetching: Promise<void> | undefined;
  const seconds = (): number => clock.now().getTime() / 1000;

  /** Never rejects: whoever waits looks for its key afterwards. */
  const fetchNow = async (): Promise<void> => {
    try {
      const found = readSet(await fetchText(url, timeout), admits, log, url);
      if (found.size === 0) throw new JwksFault('holds no key that the hub can use');
      keys = kept(keys, found);
      fetchedAt = seconds();
      log.info({ jwks: url, keys: keys.size }, 'the keys of a token issuer were fetched');
    } catch (error) {
      const fault = error instanceof JwksFault ? error.message : 'cannot be reached';
      log.warn({ jwks: url, fault, keys: keys.size }, 'the keys of a token issuer could not be fetched');
    } finally {
      fetching = undefined;
    }
  };
  const lookAgain = (): Promise<void> | undefined => {
    if (fetching !== undefined) return fetching;
    const now = seconds();
    // A clock that was set back does not stop the fetching.
    if (now >= triedAt && now - triedAt < JWKS_TIMES.cooldown) return undefined;
    triedAt = now;
    return (fetching = fetchNow());
  };

  return {
    get(kid) {
      const age = seconds() - fetchedAt;
      // In the background: this token is not held up, and a key that was withdrawn is gone with the next one.
      if (age > JWKS_TIMES.fresh && fetchedAt !== -Infinity) void lookAgain();
      return age > JWKS_TIMES.stale ? undefined : keys.get(kid);
    },
    lookAgain,
  };
}

/** Why a set was not taken, in words that hold nothing of it. */
class JwksFault extends Error {
  override readonly name = 'JwksFault';
}

async function fetchText(url: string, timeout: number): Promise<string> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    // What is in the settings is where the keys are: nobody sends the hub elsewhere.
    redirect: 'error',
    credentials: 'omit',
    signal: AbortSignal.timeout(timeout),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new JwksFault(`answered ${String(response.status)}`);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
  for await (const part of body) {
    size += part.byteLength;
    // Leaving the loop closes the connection.
    if (size > LARGEST_SET) throw new JwksFault('is larger than a set of keys');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The keys of a set that can be used; others are left out and named in the log, by number. */
function readSet(
  text: string,
  admits: (kid: string, key: PublicKey) => boolean,
  log: Logger,
  url: string,
): Map<string, PublicKey> {
  let members: readonly unknown[];
  try {
    members = keySet.parse(JSON.parse(text)).keys;
  } catch {
    throw new JwksFault('is not a JWK set');
  }
  const found = new Map<string, PublicKey>();
  const twice = new Set<string>();
  const leftOut: number[] = [];
  members.forEach((member, i) => {
    try {
      const { kid, ...key } = publicKeyOfJwk(member, 'the key');
      if (kid === undefined || !isKeyId(kid) || !admits(kid, key)) leftOut.push(i + 1);
      else if (found.has(kid)) twice.add(kid);
      else found.set(kid, key);
    } catch {
      leftOut.push(i + 1);
    }
  });
  // Of two keys with one name neither is taken: which of them was meant nobody can tell.
  for (const kid of twice) found.delete(kid);
  if (leftOut.length + twice.size > 0)
    log.warn({ jwks: url, leftOut, twice: twice.size }, 'keys of a token issuer cannot be used');
  return found;
}

/** The new keys; one that was known before stays the object that it was. */
function kept(before: PublicKeys, found: ReadonlyMap<string, PublicKey>): PublicKeys {
  return new Map(
    [...found].map(([kid, key]) => {
      const known = before.get(kid);
      return [kid, known !== undefined && thumbprintOf(known.key) === thumbprintOf(key.key) ? known : key];
    }),
  );
}
