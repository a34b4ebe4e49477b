/** Whether the hub can answer: asked by load balancers, and false from the moment it begins to stop. */

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
