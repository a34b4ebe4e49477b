/**
 * The budget of fruitless questions per client and day. Guessing ID numbers is the attack that matters: whoever asks
 * again and again about numbers that are no recipient's is stopped and seen. A known person who is no recipient costs as
 * much as nobody, or the budget itself would tell the two apart.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock.ts';
import type { Pool } from '../platform/database.ts';
import { tooManyMisses } from '../platform/errors.ts';
import type { Caller } from './caller.ts';

/** Whose questions they are. */
export type Asking = Pick<Caller, 'client' | 'department' | 'role'>;

/** What an answer with misses has to pass. */
export interface MissBudget {
  /**
   * Takes misses, of so many questions, from the client's budget of the day before an answer leaves.
   * @throws HubError TOO_MANY_MISSES with the seconds to midnight in Shanghai, once the budget is spent
   */
  spend(asking: Asking, misses: number, asked?: number): Promise<void>;
}

/** What this process has taken from a client's budget of a day. */
interface Share {
  readonly day: string;
  /** Taken and not spent yet. */
  left: number;
  /** What nobody had taken when it last looked; nothing until then. */
  rest: number;
  /** The taking under way; whoever else needs some waits for it. */
  taking?: Promise<void> | undefined;
}

const MOST_CLIENTS = 10_000;

/** A process takes this part of the rest ahead: few checks write, and several processes hardly stint one another. */
const AHEAD = 1 / 50;

/**
 * A budget of `perDay` a client that all hub processes of one database share. Each takes some of it ahead, so that not every check writes; the
 * nearer the end, the less, and the last ones singly. What a process had left when it ended is lost for the day.
 */
export function missBudget(pool: Pool, clock: Clock, perDay: (asking: Asking) => number): MissBudget {
  const shares = new LRUCache<string, Share>({ max: MOST_CLIENTS });
  const shareOf = (client: string): Share => {
    const day = clock.today();
    const known = shares.get(client);
    if (known?.day === day) return known;
    const fresh = { day, left: 0, rest: 0 };
    shares.set(client, fresh);
    return fresh;
  };

  const take = async (asking: Asking, share: Share, needed: number): Promise<void> => {
    const ahead = Math.max(0, Math.floor((share.rest - needed) * AHEAD));
    // The sum is capped so that no number of attempts overflows the counter.
    const { rows } = await pool.query<{ misses: number }>(
      `insert into miss_count as m (client, day, misses) values ($1, $2, least($3::int, 1000000000))
       on conflict (client, day) do update set misses = least(m.misses + excluded.misses, 1000000000)
       returning misses`,
      [asking.client, share.day, needed + ahead],
    );
    const rest = perDay(asking) - ((rows[0]?.misses ?? 0) - ahead);
    if (rest < 0) throw tooManyMisses(secondsToMidnight(clock.now()));
    const kept = Math.min(ahead, rest);
    share.rest = rest - kept;
    share.left += needed + kept;
  };

  return {
    async spend(asking, misses) {
      if (misses === 0) return;
      const share = shareOf(asking.client);
      while (share.left < misses) {
        if (share.taking !== undefined) await share.taking.catch(() => undefined);
        else {
          share.taking = take(asking, share, misses - share.left).finally(() => (share.taking = undefined));
          await share.taking;
        }
      }
      share.left -= misses;
    },
  };
}

const DAY = 86_400;
const SHANGHAI = 8 * 3600;

const secondsToMidnight = (now: Date): number => DAY - ((Math.floor(now.getTime() / 1000) + SHANGHAI) % DAY);
