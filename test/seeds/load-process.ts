/** Loads a population in a process of its own, for a test that kills it: DATABASE_URL, PERSONS. One line when it begins. */
import { loadSynthetic } from '../../seeds/index.ts';
import { openPool } from '../../src/platform/database.ts';
import { TODAY } from './population.ts';

const pool = openPool(process.env['DATABASE_URL'] ?? '', { max: 2, name: 'load-process' });
await loadSynthetic({
  pool,
  persons: Number(process.env['PERSONS']),
  seed: 1,
  today: TODAY,
  onProgress: (done) => void process.stdout.write(`${done}\n`),
});
await pool.end();
