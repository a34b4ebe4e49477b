/**
 * The oracle in a process of its own, for a hub with a fault in it: `search.ts <seed> <cases> [turn]`. The last line it prints is
 * JSON: after how many cases a difference was found and how it shows, or that there was none.
 */
import { publishAgreements, turned } from './amended.ts';
import { Difference, openReading, runCases } from './reading.ts';

const [seed, most, turn] = process.argv.slice(2).map(Number);
if (seed === undefined || most === undefined) throw new Error('search.ts <seed> <cases> [turn]');

const tell = (found: { readonly cases: number; readonly difference?: string }): void =>
  void process.stdout.write(`\n${JSON.stringify(found)}\n`);

const reading = await openReading(seed);
try {
  const agreements = turn === undefined ? reading.agreements : turned(reading.agreements, turn);
  if (turn !== undefined) await publishAgreements(reading.database.owner, agreements);
  const { cases } = await runCases({ ...reading, agreements }, { seed, least: most, most });
  tell({ cases });
} catch (error) {
  if (!(error instanceof Difference)) throw error;
  tell({ cases: error.cases, difference: error.message });
} finally {
  await reading.database.drop();
}
