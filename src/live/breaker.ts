/**
 * A circuit breaker: a source that fails so many times in a row within a while is left alone for a time, then asked once;
 * that answer decides. Time comes from the clock that is handed in.
 */
import type { Clock } from '../platform/clock.ts';

/** When it opens, and for how long; times in seconds. */
export interface BreakerTerms {
  /** So many failures, with no success between them, … */
  readonly failures: number;
  /** … within so many seconds open it. */
  readonly within: number;
  /** For so long nothing is asked. */
  readonly open: number;
}

/** `CLOSED`: asked as usual · `OPEN`: left alone · `HALF_OPEN`: the next request is a trial, and others wait for what it finds. */
export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

/** Leave to ask once. Whoever has it says what became of it, in one of three ways. */
export interface Leave {
  readonly succeeded: () => void;
  readonly failed: () => void;
  /** Nothing was learned: whoever waited for the answer has gone. */
  readonly dropped: () => void;
}

/** The breaker of one source in one process. */
export interface Breaker {
  state(): BreakerState;
  /** Leave to ask; undefined where nothing is asked now. */
  take(): Leave | undefined;
}

/** A closed breaker. `onChange` is told of each change. */
export function openBreaker(
  { failures: most, within, open }: BreakerTerms,
  clock: Clock,
  onChange: (state: BreakerState) => void = () => undefined,
): Breaker {
  const seconds = (): number => clock.now().getTime() / 1000;
  let failedAt: number[] = [];
  let openedAt: number | undefined;
  let trial = false;
  // What was asked before a change says nothing about the time after it.
  let era = 0;

  // A clock that was set back keeps nothing open for ever.
  const isOver = (now: number): boolean => openedAt === undefined || now >= openedAt + open || now < openedAt;
  const state = (): BreakerState =>
    openedAt === undefined ? 'CLOSED' : trial || isOver(seconds()) ? 'HALF_OPEN' : 'OPEN';
  const trip = (): void => {
    openedAt = seconds();
    trial = false;
    era += 1;
    failedAt = [];
    onChange('OPEN');
  };
  const close = (): void => {
    openedAt = undefined;
    trial = false;
    era += 1;
    failedAt = [];
    onChange('CLOSED');
  };
  const leaveOf = (taken: number, isTrial: boolean): Leave => ({
    succeeded() {
      if (taken !== era) return;
      if (isTrial) close();
      else failedAt = [];
    },
    failed() {
      if (taken !== era) return;
      if (isTrial) {
        trip();
        return;
      }
      const now = seconds();
      failedAt = [...failedAt.filter((at) => at <= now && now - at < within), now];
      if (failedAt.length >= most) trip();
    },
    dropped() {
      if (taken === era && isTrial) trial = false;
    },
  });
  return {
    state,
    take() {
      if (openedAt === undefined) return leaveOf(era, false);
      if (trial || !isOver(seconds())) return undefined;
      trial = true;
      onChange('HALF_OPEN');
      return leaveOf(era, true);
    },
  };
}
