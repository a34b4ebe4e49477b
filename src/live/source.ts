/** One source: questions in batches, so many at a time, within a deadline, behind a breaker. It never rejects. */
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { openBreaker } from './breaker.ts';
import type { BreakerState } from './breaker.ts';
import { bodyOf, readAnswers } from './dialogue.ts';
import type { Said } from './dialogue.ts';
import { AskerGone, SourceFault } from './fault.ts';
import type { UnavailableReason } from './fault.ts';
import { openOutgoing } from './outgoing.ts';
import type { AnyQuestion } from './question.ts';
import type { SourceSettings } from './settings.ts';
import { openSlots } from './slots.ts';

/** What a source says of one person, or why it says nothing. */
export type Outcome = Said | UnavailableReason;

/** Is told of every batch; what came of it, in how many seconds. */
export type OnBatch = (source: string, outcome: 'OK' | 'GONE' | UnavailableReason, seconds: number) => void;

/** A source that is connected. */
export interface LiveSource {
  readonly name: string;
  readonly department: string;
  readonly largestBatch: number;
  breaker(): BreakerState;
  /** The outcome for each number, in their order. `gone` ends the request. */
  ask(numbers: readonly string[], gone: AbortSignal): Promise<readonly Outcome[]>;
  close(): void;
}

/** What a source is opened with. */
export interface SourceParts {
  readonly settings: SourceSettings;
  readonly question: AnyQuestion;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onBatch?: OnBatch;
}

/** Opens no connection yet. */
export function openSource({ settings, question, clock, log, onBatch }: SourceParts): LiveSource {
  const { name, department, deadline, largestBatch, concurrency, waiting, token } = settings;
  const outgoing = openOutgoing({
    url: settings.url,
    headers: { ...settings.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    connections: concurrency,
    largest: settings.largestAnswer,
    tls: settings.tls,
  });
  const slots = openSlots(concurrency);
  const closing = new Set<AbortController>();
  const breaker = openBreaker(settings.breaker, clock, (state) => {
    log.warn({ source: name, state }, 'the breaker of a live source changed');
  });

  const exchange = async (numbers: readonly string[], signal: AbortSignal): Promise<readonly Outcome[]> => {
    await slots.take(signal);
    try {
      const sent = await outgoing.post(bodyOf(settings, numbers), signal);
      const said = readAnswers(settings, question, numbers, sent);
      const faults = said.filter((one) => one instanceof SourceFault).length;
      if (faults > 0) log.warn({ source: name, faults }, 'a live source did not answer about everybody');
      return said.map((one) => (one instanceof SourceFault ? one.reason : one));
    } finally {
      slots.give();
    }
  };

  const ask = async (
    numbers: readonly string[],
    gone: AbortSignal,
  ): Promise<readonly [outcome: Parameters<OnBatch>[1], outcomes: readonly Outcome[]]> => {
    const nobody = (reason: UnavailableReason): readonly Outcome[] => numbers.map(() => reason);
    if (slots.waiting >= waiting) return ['BUSY', nobody('BUSY')];
    const leave = breaker.take();
    if (leave === undefined) return ['BREAKER_OPEN', nobody('BREAKER_OPEN')];
    const work = new AbortController();
    closing.add(work);
    const onGone = (): void => {
      work.abort(new AskerGone('Nobody waits any more'));
    };
    if (gone.aborted) onGone();
    gone.addEventListener('abort', onGone, { once: true });
    // From here on, so that waiting for a place counts as well.
    const timer = setTimeout(() => {
      work.abort(new SourceFault('TIMEOUT', 'no answer within the deadline'));
    }, deadline);
    try {
      const outcomes = await exchange(numbers, work.signal);
      const [first] = outcomes;
      // Somebody answered about is an answer; a source that says nothing of anybody has failed.
      if (typeof first === 'string' && outcomes.every((one) => typeof one === 'string')) {
        leave.failed();
        return [first, outcomes];
      }
      leave.succeeded();
      return ['OK', outcomes];
    } catch (error) {
      if (error instanceof AskerGone) {
        leave.dropped();
        return ['GONE', nobody('REFUSED')];
      }
      leave.failed();
      const fault = error instanceof SourceFault ? error : new SourceFault('REFUSED', 'the request failed');
      log.warn({ source: name, reason: fault.reason, fault: fault.message }, 'a live source did not answer');
      return [fault.reason, nobody(fault.reason)];
    } finally {
      clearTimeout(timer);
      gone.removeEventListener('abort', onGone);
      closing.delete(work);
    }
  };

  return {
    name,
    department,
    largestBatch,
    breaker: () => breaker.state(),
    async ask(numbers, gone) {
      const begun = performance.now();
      const [outcome, outcomes] = await ask(numbers, gone);
      onBatch?.(name, outcome, (performance.now() - begun) / 1000);
      return outcomes;
    },
    close() {
      for (const work of closing) work.abort(new AskerGone('The hub stops'));
      outgoing.close();
    },
  };
}
