/** What a dry run foresees is what happens, over more worlds, requests and changes. */
import { expect, test } from '@jest/globals';
import { runRounds } from './dry-run-rounds.ts';
import { openDryRunWorld } from './dry-run-world.ts';

test.each([11, 12, 13, 14])(
  'world %d: of random requests and random small changes nothing comes otherwise than foreseen',
  async (seed) => {
    const world = await openDryRunWorld(seed);
    try {
      const { effects, strange } = await runRounds(world, seed, 150, 8);
      expect(strange.slice(0, 3)).toEqual([]);
      for (const effect of ['FAILS', 'PASSES', 'TELLS_LESS', 'TELLS_MORE', 'UNCHANGED'])
        expect([effect, (effects[effect] ?? 0) > 0]).toEqual([effect, true]);
    } finally {
      await world.close();
    }
  },
  600_000,
);
