/** The state of the grants is a function of the set of versions held: order, splitting and repetition do not matter. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AidItem } from '../../src/aid/index.ts';
import { openPool } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { education, grantTo, openAidWorld } from './aid-world.ts';
import type { AidWorld } from './aid-world.ts';
import { grantedTwice, statesOf } from './versions.ts';
import type { Version } from './versions.ts';

let world: AidWorld;
beforeAll(async () => {
  world = await openAidWorld();
});
afterAll(async () => {
  await world.close();
});

const KEYS = ['a', 'b', 'c', 'd', 'e'];

/** Distinct versions of five keys; any of them may reverse any key, held or not, and itself be corrected. */
const versions = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.integer({ min: 1, max: 3 })), {
    selector: ([key, version]) => `${key}/${version}`,
    minLength: 1,
    maxLength: 12,
  })
  .chain((slots) =>
    fc.tuple(
      ...slots.map(([key, version]) =>
        fc.record({
          key: fc.constant(key),
          version: fc.constant(version),
          reverses: fc.option(fc.constantFrom(...KEYS.filter((other) => other !== key), 'nowhere'), { nil: null }),
          person: fc.constantFrom(0, 0, 0, 1),
        }),
      ),
    ),
  );

/** The same versions as calls: each at least once, some more often, in any order and split anywhere. */
const calls = (all: readonly Version[]) =>
  fc
    .array(fc.constantFrom(...all), { maxLength: 8 })
    .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }))
    .chain((sent) =>
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: sent.length, maxLength: sent.length }).map((sizes) => {
        const split: Version[][] = [];
        for (let from = 0, n = 0; from < sent.length; from += sizes[n] ?? 1, n += 1) {
          split.push(sent.slice(from, from + (sizes[n] ?? 1)));
        }
        return split;
      }),
    );

/** Keys of one run of the property stand apart from those of the others. */
const itemOf = (run: string, { key, version, reverses, person }: Version): AidItem =>
  grantTo(world.people[person] ?? world.people[0], {
    sourceKey: `${run}-${key}`,
    version,
    amountYuan: String(version),
    reversalOf: reverses === null ? null : `${run}-${reverses}`,
  });

/** Such versions, most of them grants for one of two houses, of which each is rebuilt once. */
const housed = versions.chain((all) =>
  fc.tuple(
    ...all.map((one) =>
      fc
        .constantFrom('x', 'x', 'x', 'y', null)
        .map((house): Version => (house === null ? one : { ...one, reverses: null, house })),
    ),
  ),
);
const housing = { ...education, department: 'HOUSING', client: 'housing.test' } as const;
const houseOf = (run: string, one: Version): AidItem => ({
  ...itemOf(run, one),
  programme: 'DILAPIDATED_HOUSE',
  ...(one.house == null ? {} : { item: 'HOUSE_REBUILDING_D', reference: `${run}-${one.house}` }),
});

async function heldStates(run: string): Promise<Record<string, string>> {
  const { rows } = await world.db.owner.query<{ slot: string; is: string }>(
    `select replace(source_key, $1, '') || '/' || version as slot,
            concat_ws(' ', state, superseded_by_version, replace(reversed_by_key, $1, '')) as is
     from aid_grant where source_key like $1 || '%'`,
    [`${run}-`],
  );
  return Object.fromEntries(rows.map(({ slot, is }) => [slot, is]));
}

test('calls in any order, split anywhere and repeated, end in the state that the set of versions says', async () => {
  const report = world.reporter();
  await fc.assert(
    fc.asyncProperty(
      versions.chain((all) => fc.record({ all: fc.constant(all), sent: calls(all) })),
      async ({ all, sent }) => {
        const run = newId();
        for (const call of sent) {
          const receipts = await report(call.map((one) => itemOf(run, one)));
          expect(receipts.filter(({ outcome }) => outcome === 'REJECTED')).toEqual([]);
        }
        expect(await heldStates(run)).toEqual(statesOf(all));
      },
    ),
    { numRuns: 100 },
  );
});

test('clients that push overlapping batches at once neither deadlock nor double, and end in the same state', async () => {
  const deadlocks = await deadlocksSoFar();
  const pools = [0, 1, 2, 3].map((n) => openPool(world.db.serverUrl, { max: 1, name: `client-${n}` }));
  try {
    const reporters = pools.map((pool) => world.reporter({ pool }));
    await fc.assert(
      fc.asyncProperty(
        versions.chain((all) => fc.record({ all: fc.constant(all), sent: fc.tuple(calls(all), calls(all)) })),
        async ({ all, sent: [one, other] }) => {
          const run = newId();
          const push = async (n: number, batches: readonly (readonly Version[])[]): Promise<string[]> => {
            const results: string[] = [];
            for (const batch of batches) {
              const receipts = (await reporters[n]?.(batch.map((version) => itemOf(run, version)))) ?? [];
              results.push(...receipts.map(({ outcome }) => outcome));
            }
            return results;
          };
          const results = await Promise.all([
            push(0, one),
            push(1, other),
            push(
              2,
              one.toReversed().map((batch) => batch.toReversed()),
            ),
            push(3, [all, all.toReversed()]),
          ]);
          expect(await heldStates(run)).toEqual(statesOf(all));
          // Whoever was second was told so: each version was new to exactly one of the calls.
          expect(results.flat().filter((outcome) => outcome !== 'UNCHANGED')).toHaveLength(all.length);
        },
      ),
      { numRuns: 40 },
    );
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
  expect(await deadlocksSoFar()).toBe(deadlocks);
});

test('what is granted once is in force once, whatever comes; what is held is in the state that its set says', async () => {
  const report = world.reporter();
  const seen = { refused: 0, taken: 0 };
  await fc.assert(
    fc.asyncProperty(
      housed.chain((all) => fc.record({ all: fc.constant(all), sent: calls(all) })),
      async ({ all, sent }) => {
        const run = newId();
        const held = async (): Promise<readonly Version[]> => {
          const states = await heldStates(run);
          const there = all.filter(({ key, version }) => states[`${key}/${version}`] !== undefined);
          expect(states).toEqual(statesOf(there));
          expect(grantedTwice(there)).toEqual([]);
          return there;
        };
        for (const call of sent) {
          const receipts = await report(
            call.map((one) => houseOf(run, one)),
            {},
            housing,
          );
          const refused = receipts.filter(({ outcome }) => outcome === 'REJECTED');
          expect(refused.filter(({ code }) => code !== 'ALREADY_GRANTED')).toEqual([]);
          await held();
        }
        // Each one that is missing by itself: refused exactly where a house would be rebuilt twice.
        for (const one of all) {
          const there = await held();
          if (there.includes(one)) continue;
          const [receipt] = await report([houseOf(run, one)], {}, housing);
          const twice = grantedTwice([...there, one]).length > 0;
          expect(receipt?.code === 'ALREADY_GRANTED').toBe(twice);
          seen[twice ? 'refused' : 'taken'] += 1;
        }
        await held();
      },
    ),
    { numRuns: 50 },
  );
  expect(seen.refused).toBeGreaterThan(20);
  expect(seen.taken).toBeGreaterThan(0);
});

test('clients that push the same houses at once leave each in force once', async () => {
  const deadlocks = await deadlocksSoFar();
  const pools = [0, 1, 2, 3].map((n) => openPool(world.db.serverUrl, { max: 1, name: `client-${n}` }));
  try {
    const reporters = pools.map((pool) => world.reporter({ pool }));
    await fc.assert(
      fc.asyncProperty(
        housed.chain((all) =>
          fc.record({ all: fc.constant(all), sent: fc.tuple(calls(all), calls(all), calls(all), calls(all)) }),
        ),
        async ({ all, sent }) => {
          const run = newId();
          await Promise.all(
            sent.map(async (batches, n) => {
              for (const batch of batches)
                await reporters[n]?.(
                  batch.map((one) => houseOf(run, one)),
                  {},
                  housing,
                );
            }),
          );
          const states = await heldStates(run);
          const there = all.filter(({ key, version }) => states[`${key}/${version}`] !== undefined);
          expect(states).toEqual(statesOf(there));
          expect(grantedTwice(there)).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
  expect(await deadlocksSoFar()).toBe(deadlocks);
});

test('a reversal that lets go of a grant and a correction of that grant at the same moment agree on its state', async () => {
  const pools = [0, 1].map((n) => openPool(world.db.serverUrl, { max: 1, name: `client-${n}` }));
  try {
    const [one, other] = pools.map((pool) => world.reporter({ pool }));
    for (let round = 0; round < 40; round += 1) {
      const run = newId();
      const before: Version[] = [
        { key: 'a', version: 1, reverses: null, person: 0 },
        { key: 'b', version: 1, reverses: 'a', person: 0 },
      ];
      const letGo: Version = { key: 'b', version: 2, reverses: 'c', person: 0 };
      const correct: Version = { key: 'a', version: 2, reverses: null, person: 0 };
      await one?.(before.map((version) => itemOf(run, version)));
      await Promise.all([one?.([itemOf(run, letGo)]), other?.([itemOf(run, correct)])]);
      expect(await heldStates(run)).toEqual(statesOf([...before, letGo, correct]));
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
});

test('grants and their reversals that come at the same moment agree on the state', async () => {
  const pools = [0, 1].map((n) => openPool(world.db.serverUrl, { max: 1, name: `client-${n}` }));
  try {
    const [one, other] = pools.map((pool) => world.reporter({ pool }));
    for (let round = 0; round < 10; round += 1) {
      const run = newId();
      const names = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
      const granted = names.map((n): Version => ({ key: `g${n}`, version: 1, reverses: null, person: 0 }));
      const reversed = names.map((n): Version => ({ key: `r${n}`, version: 1, reverses: `g${n}`, person: 0 }));
      await Promise.all([
        one?.(granted.map((version) => itemOf(run, version))),
        other?.(reversed.map((version) => itemOf(run, version))),
      ]);
      expect(await heldStates(run)).toEqual(statesOf([...granted, ...reversed]));
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
});

test('large batches in opposite order at once are each recorded once', async () => {
  const deadlocks = await deadlocksSoFar();
  const run = newId();
  const items = Array.from({ length: 1_000 }, (_, n) =>
    grantTo(world.people[n % 4] ?? world.people[0], { sourceKey: `${run}-${n}` }),
  );
  const pools = [0, 1].map((n) => openPool(world.db.serverUrl, { max: 2, name: `client-${n}` }));
  try {
    for (let round = 1; round <= 5; round += 1) {
      const batch = items.map((item) => ({ ...item, version: round }));
      const orders = [batch, batch.toReversed(), batch.slice(300), batch.slice(0, 700).toReversed()];
      const receipts = await Promise.all(orders.map((order, n) => world.reporter({ pool: pools[n % 2]! })(order)));
      expect(receipts.flat().filter(({ outcome }) => outcome === 'RECORDED')).toHaveLength(items.length);
      expect(receipts.flat().filter(({ outcome }) => outcome === 'REJECTED')).toEqual([]);
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
  const { rows } = await world.db.owner.query<{ n: number; current: number }>(
    `select count(*)::int as n, count(*) filter (where state = 'CURRENT' and version = 5)::int as current
     from aid_grant where source_key like $1 || '-%'`,
    [run],
  );
  expect(rows).toEqual([{ n: 5_000, current: 1_000 }]);
  expect(await deadlocksSoFar()).toBe(deadlocks);
});

async function deadlocksSoFar(): Promise<string | undefined> {
  await world.db.owner.query('select pg_stat_clear_snapshot()');
  const { rows } = await world.db.owner.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return rows[0]?.deadlocks;
}
