/**
 * The budget of fruitless questions per client and day. Guessing ID numbers is the attack that matters: whoever asks
 * again and again about numbers that are no recipient's is stopped and seen. A known person who is no recipient costs as
 * much as nobody, or the budget itself would tell the two apart.
 */
import type { Clock } from '../platform/clock.ts';
import type { Pool } from '../platform/database.ts';
import { tooManyMisses } from '../platform/errors.ts';

/** What an answer with misses has to pass. */
export interface MissBudget {
  /**
   * Takes misses from the client's budget of the day before an answer leaves.
   * @throws HubError TOO_MANY_MISSES with the seconds to midnight in Shanghai, once the budget is spent
   */
  spend(client: string, misses: number): Promise<void>;
}

/** A budget that all hub processes of one database share. */
export function missBudget(pool: Pool, clock: Clock, perDay: number): MissBudget {
  return {
    async spend(client, misses) {
      if (misses === 0) return;
      // The sum is capped so that no number of attempts overflows the counter.
      const { rows } = await pool.query<{ misses: number }>(
        `insert into miss_count as m (client, day, misses) values ($1, $2, least($3::int, 1000000000))
         on conflict (client, day) do update set misses = least(m.misses + excluded.misses, 1000000000)
         returning misses`,
        [client, clock.today(), misses],
      );
      if ((rows[0]?.misses ?? 0) > perDay) throw tooManyMisses(secondsToMidnight(clock.now()));
    },
  };
}

const DAY = 86_400;
const SHANGHAI = 8 * 3600;

const secondsToMidnight = (now: Date): number => DAY - ((Math.floor(now.getTime() / 1000) + SHANGHAI) % DAY);
