/** What the log tells at the start that stops nothing: departments without a module, few months of the ledger ahead. */
import { FEWEST_AHEAD, monthsAhead } from '../access/ledger/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pool } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import { readAbsent } from './department-modules.ts';
import type { TrustedDocument } from './trusted-documents.ts';

/** What the policy and the documents name of a department without its module is left out, and nobody is to wonder why. */
export function tellOfAbsent(trusted: readonly TrustedDocument[], log: Logger): void {
  const { departments } = readAbsent();
  if (departments.length === 0) return;
  const documents = trusted.filter(({ leftOut }) => leftOut.length > 0).map(({ name, leftOut }) => ({ name, leftOut }));
  log.info(
    { departments, documents },
    'departments without a module: what agreements and documents name of them is left out',
  );
}

/** Nothing is lost without a month of its own, but what lies in none is moved by the next `hub migrate`. */
export async function warnOfMonths(pool: Pool, clock: Clock, log: Logger): Promise<void> {
  const ahead = await monthsAhead(pool, clock.today().slice(0, 7));
  if (ahead < FEWEST_AHEAD) log.warn({ ahead }, 'few months of the ledger are ready ahead; run: hub migrate');
}
