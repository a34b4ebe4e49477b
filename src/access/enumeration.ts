/**
 * Guessing in a hurry: whoever finds hardly anybody, check after check, is answered more and more slowly, and civil
 * affairs and the auditors are told. The budget of a day (miss-budget.ts) bounds how much is guessed; this bounds how fast,
 * so that somebody can look before the day's budget is gone.
 *
 * What a client feels depends only on how many of its checks found no recipient, which its answers tell it anyway; whether
 * a number is known to the hub is for the alert alone.
 */
import { LRUCache } from 'lru-cache';
import { tooManyMisses } from '../platform/errors.ts';
import type { Asking, MissBudget } from './miss-budget.ts';

/** What became of questions. */
export interface Found {
  readonly asked: number;
  /** Found no recipient: a known person or nobody. */
  readonly fruitless: number;
  /** Of these the numbers that are nobody's. */
  readonly nobody: number;
}

/** A client that seems to be guessing: counts of the last ten minutes in this process, and nothing of any person. */
export interface GuessingAlert extends Found, Asking {}

/** Watches what becomes of each client's questions. */
export interface GuessWatch {
  /**
   * Before questions are answered: how long the client is to wait, in ms, at most ten seconds.
   * @throws HubError TOO_MANY_MISSES with the seconds to come back after, where it would be longer
   */
  admit(client: string, questions: number): number;
  /** Once questions are answered, or refused for the budget. */
  note(asking: Asking, found: Found): void;
}

/** What a watch is made with. */
export interface GuessWatchParts {
  /** Fruitless checks within ten minutes from which on a client is looked at. */
  readonly slowAfter: number;
  /** Told of a client once an hour at most. */
  readonly onAlert: (alert: GuessingAlert) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

const MINUTE = 60_000;
const WINDOW = 10; // minutes
const HOUR = 60 * MINUTE;
/** Of a whole school roll three in a hundred are recipients; of guesses hardly one in a thousand. */
const GUESSING_FROM = 0.99;
/** What each question costs a client that is being slowed, in ms: with every further `slowAfter` misses as much again. */
const PRICE = 5;
const HIGHEST_PRICE = 100;
/** Longest that anybody waits for an answer on purpose, in ms. */
const LONGEST_WAIT = 10_000;
const MOST_CLIENTS = 10_000;

interface Minute extends Record<keyof Found, number> {
  minute: number;
}

/** What is known of a client. */
interface Watched {
  /** A ring of the last minutes. */
  readonly minutes: Minute[];
  /** When what it asked so far is paid for. */
  paidAt: number;
  alertedAt: number;
}

/** A watch with nobody on it; it knows this process alone. */
export function openGuessWatch({ slowAfter, onAlert, now = () => performance.now() }: GuessWatchParts): GuessWatch {
  const clients = new LRUCache<string, Watched>({ max: MOST_CLIENTS });

  return {
    admit(client, questions) {
      const known = clients.get(client);
      if (known === undefined) return 0;
      const at = now();
      const { fruitless, guessing } = judge(known, at, slowAfter);
      if (!guessing) return 0;
      const wait = Math.max(0, known.paidAt - at);
      if (wait > LONGEST_WAIT) throw tooManyMisses(Math.ceil((wait - LONGEST_WAIT) / 1_000));
      known.paidAt = at + wait + questions * Math.min(HIGHEST_PRICE, PRICE * Math.floor(fruitless / slowAfter));
      return wait;
    },
    note(asking, found) {
      const { client } = asking;
      const known = clients.get(client) ?? { minutes: [], paidAt: 0, alertedAt: -HOUR };
      clients.set(client, known);
      const at = now();
      const current = minuteOf(known, Math.floor(at / MINUTE));
      current.asked += found.asked;
      current.fruitless += found.fruitless;
      current.nobody += found.nobody;
      const { guessing, ...counts } = judge(known, at, slowAfter);
      if (!guessing || at - known.alertedAt < HOUR) return;
      known.alertedAt = at;
      const { department, role } = asking;
      onAlert({ client, department, role, ...counts });
    },
  };
}

/** A budget that tells the watch of what is spent, for those who know no watch. */
export const watchedBudget = (budget: MissBudget, watch: GuessWatch): MissBudget => ({
  spend(asking, misses, asked = misses) {
    watch.note(asking, { asked, fruitless: misses, nobody: misses });
    return budget.spend(asking, misses);
  },
});

function minuteOf({ minutes }: Watched, minute: number): Minute {
  const at = minute % WINDOW;
  const known = minutes[at];
  if (known?.minute === minute) return known;
  const fresh = { minute, asked: 0, fruitless: 0, nobody: 0 };
  minutes[at] = fresh;
  return fresh;
}

/** The sums of the window, and whether they are those of somebody who guesses. */
function judge({ minutes }: Watched, at: number, slowAfter: number): Found & { readonly guessing: boolean } {
  const first = Math.floor(at / MINUTE) - WINDOW + 1;
  const sum = { asked: 0, fruitless: 0, nobody: 0 };
  // A minute in which nothing was asked leaves a hole in the ring.
  minutes.forEach(({ minute, asked, fruitless, nobody }) => {
    if (minute < first) return;
    sum.asked += asked;
    sum.fruitless += fruitless;
    sum.nobody += nobody;
  });
  return { ...sum, guessing: sum.fruitless >= slowAfter && sum.fruitless >= GUESSING_FROM * sum.asked };
}
