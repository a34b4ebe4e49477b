/** A process that applies what is to be applied until it is killed: `apply-process.ts URL`. */
import { createIntake } from '../../src/intake/index.ts';
import { matchSubjects } from '../../src/matching/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { openPool } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { NOW } from '../harness/engine.ts';
import { LOAN, SHELF } from './kinds.ts';

const [url = ''] = process.argv.slice(2);
const pool = openPool(url, { max: 2, name: 'test-apply', settings: { jit: 'off' } });
createIntake({
  pool,
  ledger: { record: () => Promise.resolve(), recordIn: () => Promise.resolve() },
  clock: fixedClock(NOW),
  log: silentLog,
  kinds: [LOAN, SHELF],
  policy: () => {
    throw new Error('Nobody is let in here');
  },
  matchSubjects,
  chunk: 40,
  leaseSeconds: 1,
  times: { look: 10, sweep: 3_600_000, abandonedAfter: 900, keptDays: 90 },
}).start();
process.stdout.write('ready\n');
setInterval(() => undefined, 1_000);
