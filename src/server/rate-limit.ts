/**
 * How often each client may ask: so many requests a second, and a burst on top. One number is kept for each client (GCRA,
 * the leaky bucket as a meter: the instant at which its allowance would be whole again), in this process alone.
 */
import { LRUCache } from 'lru-cache';

/** How often something may happen. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
}

/** The rate of a client that may send so many requests a second: what four seconds bring may come at once. */
export const rateOf = (perSecond: number): Rate => ({ perSecond, burst: 4 * perSecond });

/**
 * How often tokens are asked for, which costs a signature each and is where keys are tried: a system needs one an hour.
 * Behind a proxy all departments have one address.
 */
export const TOKEN_RATES = {
  client: { perSecond: 1, burst: 30 },
  address: { perSecond: 10, burst: 300 },
} as const satisfies Record<string, Rate>;

/** What came of a request. */
export interface Taken {
  readonly allowed: boolean;
  /** Whole seconds until one more is allowed, at least one; 0 where this one was. */
  readonly retryAfter: number;
  /** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10). */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Counts requests by a key: a client's name, or an address. */
export interface RateLimit {
  /** Takes one from the allowance of the key; a refused request takes nothing. */
  take(key: string): Taken;
}

/** Keys that are remembered. Whoever drops out has a whole allowance again. */
const MOST_KEYS = 10_000;
/** Of milliseconds: what rounding may make of a share of a second. */
const EPSILON = 1e-6;

/**
 * A limit under a name of one word, which its headers carry: q requests in w seconds are allowed, r are left, and all of
 * them are there again in t seconds.
 * @param now milliseconds of a clock that never goes back
 */
export function openRateLimit(
  name: string,
  { perSecond, burst }: Rate,
  now: () => number = () => performance.now(),
): RateLimit {
  const wholeAt = new LRUCache<string, number>({ max: MOST_KEYS });
  const each = 1_000 / perSecond;
  const most = burst * each;
  const policy = ['ratelimit-policy', `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`] as const;
  const told = (used: number): Taken['headers'] => {
    const left = Math.max(0, Math.floor((most - used) / each + EPSILON));
    return [policy, ['ratelimit', `"${name}";r=${left};t=${Math.ceil(used / 1_000)}`]];
  };

  return {
    take(key) {
      const at = now();
      const used = Math.max(0, (wholeAt.get(key) ?? 0) - at);
      if (used + each > most + EPSILON)
        return {
          allowed: false,
          retryAfter: Math.max(1, Math.ceil((used + each - most) / 1_000)),
          headers: told(used),
        };
      wholeAt.set(key, at + used + each);
      return { allowed: true, retryAfter: 0, headers: told(used + each) };
    },
  };
}
