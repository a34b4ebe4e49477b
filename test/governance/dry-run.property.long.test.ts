/** What a dry run foresees is what happens when the same requests are made under the published change. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runRounds } from './dry-run-rounds.ts';
import { openDryRunWorld } from './dry-run-world.ts';
import type { DryRunWorld } from './dry-run-world.ts';

const SEED = Number(process.env['HUB_TEST_SEED'] ?? 20261122);
const REQUESTS = Number(process.env['HUB_TEST_RUNS'] ?? 150);
const ROUNDS = 4;

let world: DryRunWorld;
beforeAll(async () => {
  world = await openDryRunWorld(SEED);
});
afterAll(() => world.close());

test('of random requests and random small changes nothing comes otherwise than foreseen', async () => {
  const { effects, strange } = await runRounds(world, SEED, REQUESTS, ROUNDS);
  expect(strange.slice(0, 3)).toEqual([]);
  // A run in which nothing changed would have shown nothing.
  for (const effect of ['FAILS', 'PASSES', 'TELLS_LESS', 'UNCHANGED'])
    expect([effect, (effects[effect] ?? 0) > 0]).toEqual([effect, true]);
  const all = Object.values(effects).reduce((sum, count) => sum + count, 0);
  const unsure = Object.entries(effects).filter(([effect]) => /^(MAY_|UNKNOWN)/.test(effect));
  expect(unsure.reduce((sum, [, count]) => sum + count, 0) / all).toBeLessThan(0.08);
}, 180_000);
