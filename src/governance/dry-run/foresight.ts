/** What stewards ask the ledger before and after a change of the policy. */
import type { Bound, SharingPolicy } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Ledger } from '../../access/ledger/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Pool } from '../../platform/database.ts';
import { addDays } from '../../platform/dates.ts';
import { badUserInput } from '../../platform/errors.ts';
import { recordedReading } from '../steward-reading.ts';
import { expiring } from '../usage/expiring.ts';
import type { Expiring } from '../usage/expiring.ts';
import { readAnswered } from '../usage/relied.ts';
import { unusedGrants } from '../usage/unused.ts';
import type { UnusedGrants } from '../usage/unused.ts';
import { candidateOf } from './candidate.ts';
import type { Tried } from './candidate.ts';
import { tryOnThePast } from './dry-run.ts';
import type { Wanted } from './dry-run.ts';
import type { Span } from './ledger-counts.ts';
import type { DryRunReport } from './report.ts';

/** Days in Asia/Shanghai, both included. */
export interface Days {
  /** 30 days ago by default; 90 for what is used. */
  readonly since: string | undefined;
  /** Today by default. */
  readonly until: string | undefined;
}

/** Readings of the ledger for stewards. Each needs the purpose GOVERNANCE and a case, and is on record itself. */
export interface Foresight {
  /** Tries a change on the past. Throws BAD_USER_INPUT for a change that cannot be applied to the policy in force. */
  dryRun(caller: Bound, tried: Tried, days: Days, wanted: Wanted): Promise<DryRunReport>;
  /** What is granted and nobody used since a day. */
  unused(caller: Bound, days: Days): Promise<readonly UnusedGrants[]>;
  /** Agreements that end within so many days, and who relied on them in the last 90. */
  expiring(caller: Bound, within: number): Promise<readonly Expiring[]>;
}

/** What they are made with. */
export interface ForesightParts {
  readonly pool: Pool;
  readonly graph: Graph;
  readonly ledger: Pick<Ledger, 'record'>;
  readonly clock: Clock;
  /** The policy in force. */
  readonly policy: () => SharingPolicy;
}

const DAYS = { dryRun: 30, usage: 90 } as const;

/** Readings over the policy in force. */
export function createForesight({ pool, graph, ledger, clock, policy }: ForesightParts): Foresight {
  const reading = { ledger, clock, version: () => policy().version };
  const spanOf = ({ since, until }: Days, before: number): Span => {
    const today = clock.today();
    const first = since ?? addDays(today, -before);
    if (first > (until ?? today)) throw badUserInput('since: the span ends before it begins');
    // What happens meanwhile is not in it: two readings of a span agree.
    const end =
      until === undefined || until >= today ? new Date(clock.now().getTime() + 1) : startOf(addDays(until, 1));
    return { since: startOf(first), until: end };
  };
  return {
    dryRun: (caller, tried, days, wanted) =>
      recordedReading(reading, caller, 'policyDryRun', async () => {
        const inForce = policy();
        const candidate = await candidateOf({ pool, graph, policy: inForce, today: clock.today() }, tried);
        return tryOnThePast({ pool, graph, policy: inForce }, candidate, spanOf(days, DAYS.dryRun), wanted);
      }),
    unused: (caller, days) =>
      recordedReading(reading, caller, 'policyUnused', async () => {
        const answered = await readAnswered(pool, spanOf(days, DAYS.usage));
        return unusedGrants({ graph, policy: policy(), today: clock.today() }, answered);
      }),
    expiring: (caller, within) =>
      recordedReading(reading, caller, 'policyExpiring', async () => {
        if (within < 0 || within > 3_650) throw badUserInput('within: take a number of days from 0 to 3650');
        const answered = await readAnswered(pool, spanOf({ since: undefined, until: undefined }, DAYS.usage));
        return expiring(policy(), clock.today(), within, answered);
      }),
  };
}

const startOf = (day: string): Date => new Date(`${day}T00:00:00+08:00`);
