/** Whether the hub can answer: asked by load balancers, and false from the moment it begins to stop. */
import type { Pool } from '../platform/database.ts';

/** One thing that must work. */
export type ReadyCheck = () => Promise<void>;

/** The state of the hub. */
export interface Readiness {
  /** Runs all checks, each for 2 s at most. */
  check(): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, 'ok' | 'failed'>> }>;
  /** What the last check found; false once the hub stops. */
  last(): boolean;
  /** From now on the hub is not ready, whatever the checks say. */
  stop(): void;
}

const PATIENCE = 2_000;

/** What must work for the hub to answer: its database, its ledger, a policy in force. */
export const readyChecks = (pool: Pool): Readonly<Record<string, ReadyCheck>> => ({
  database: async () => {
    await pool.query('select 1');
  },
  ledger: async () => {
    await pool.query('select from ledger_chain limit 1');
  },
  policy: async () => {
    const { rowCount } = await pool.query('select from policy_head');
    if (rowCount === 0) throw new Error('No sharing policy is published');
  },
});

/** Readiness made of named checks; one that throws or hangs has failed. */
export function openReadiness(checks: Readonly<Record<string, ReadyCheck>>): Readiness {
  let stopping = false;
  let last = true;
  return {
    async check() {
      const found = await Promise.all(
        Object.entries(checks).map(async ([name, run]) => [name, (await passes(run)) ? 'ok' : 'failed'] as const),
      );
      last = found.every(([, state]) => state === 'ok');
      return { ready: last && !stopping, checks: Object.fromEntries(found) };
    },
    last: () => last && !stopping,
    stop() {
      stopping = true;
    },
  };
}

async function passes(run: ReadyCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, PATIENCE);
  });
  const outcome = run().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([outcome, patience]);
  } finally {
    clearTimeout(timer);
  }
}
