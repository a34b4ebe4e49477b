/**
 * Where fields of the graph put their questions: gathered over the whole of an operation (DataLoader), so that a page of
 * fifty persons is one request, and answered one by one, so that one failure is nobody else's.
 */
import DataLoader from 'dataloader';
import type { Registry } from 'prom-client';
import type { AnsweringContext, Department } from '../access/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { UnavailableReason } from './fault.ts';
import type { LiveAnswer } from './live-answer.ts';
import { openLiveMetrics } from './metrics.ts';
import type { AnyQuestion, LiveQuestion } from './question.ts';
import type { SourceSettings } from './settings.ts';
import { openSource } from './source.ts';
import type { LiveSource, Outcome } from './source.ts';

/** The live sources of one process. */
export interface LiveDesk {
  /** What the source says of whoever has the number; never rejects. */
  answer(question: AnyQuestion, number: string | null, context: AnsweringContext): Promise<Answer>;
  /** Has what is counted shown in the metrics. */
  register(registry: Registry): void;
  close(): Promise<void>;
}

/** An outcome, and when it was there. */
export interface Answer {
  readonly outcome: Outcome;
  readonly at: Date;
}

/** What a field finds in its context. */
export interface LiveContext extends AnsweringContext {
  readonly live?: LiveDesk;
}

/** What the desk is opened with. */
export interface DeskParts {
  readonly sources: readonly SourceSettings[];
  readonly questions: readonly AnyQuestion[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Opens no connection yet. */
export function openLiveDesk({ sources, questions, clock, log }: DeskParts): LiveDesk {
  const metrics = openLiveMetrics(sources.map(({ name }) => name));
  const opened = new Map<string, LiveSource>();
  for (const settings of sources) {
    const question = questions.find(({ name }) => name === settings.name);
    if (question === undefined) throw new Error(`No field puts the question ${settings.name}`);
    opened.set(settings.name, openSource({ settings, question, clock, log, onBatch: metrics.onBatch }));
  }
  // A context is one operation's; what was asked in it goes with it.
  const loaders = new WeakMap<AnsweringContext, Map<string, DataLoader<string, Outcome>>>();
  const loaderOf = (source: LiveSource, context: AnsweringContext): DataLoader<string, Outcome> => {
    const all = loaders.get(context) ?? new Map<string, DataLoader<string, Outcome>>();
    loaders.set(context, all);
    const loader =
      all.get(source.name) ??
      new DataLoader<string, Outcome>((numbers) => source.ask(numbers, context.gone), {
        maxBatchSize: source.largestBatch,
      });
    all.set(source.name, loader);
    return loader;
  };
  const outcomeOf = async (
    { name, department }: AnyQuestion,
    number: string | null,
    context: AnsweringContext,
  ): Promise<Outcome> => {
    const source = opened.get(name);
    if (source === undefined) return 'NOT_CONFIGURED';
    if (!context.mayAsk(department as Department)) return 'NOT_AGREED';
    if (number === null) return 'NO_NUMBER';
    return loaderOf(source, context).load(number);
  };
  return {
    answer: async (question, number, context) => ({
      outcome: await outcomeOf(question, number, context),
      at: clock.now(),
    }),
    register(registry) {
      metrics.register(registry, (name) => opened.get(name)?.breaker() ?? 'CLOSED');
    },
    close: () => {
      for (const source of opened.values()) source.close();
      return Promise.resolve();
    },
  };
}

/** What the statement hands a field that asks about a person. */
export interface AskedPerson {
  readonly idNumber: string | null;
}

/** The answer of a field: the members of the question under LIVE, or all of them null under UNAVAILABLE with its reason. */
export async function askDepartment<T extends object>(
  question: LiveQuestion<T>,
  { idNumber }: AskedPerson,
  context: LiveContext,
): Promise<LiveAnswer & { known: boolean | null } & T> {
  const answered = await context.live?.answer(question, idNumber, context);
  const outcome: Outcome = answered?.outcome ?? 'NOT_CONFIGURED';
  const nothing = Object.fromEntries(Object.keys(question.members).map((name) => [name, null]));
  return (
    typeof outcome === 'string'
      ? { ...nothing, ...unavailable(outcome), known: null }
      : { ...outcome.values, freshness: 'LIVE', reason: null, answeredAt: answered?.at, known: outcome.known }
  ) as LiveAnswer & { known: boolean | null } & T;
}

const unavailable = (reason: UnavailableReason): LiveAnswer => ({ freshness: 'UNAVAILABLE', reason, answeredAt: null });
