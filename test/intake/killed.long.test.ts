import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { education, loan, loans, openWorld } from './world.ts';
import type { IntakeWorld } from './world.ts';

const KILLS = 20;
/** Some rows change, some have faults, some come twice. */
const FIRST = [...loans(1, 1_500), loan(3), loan(4, { lentOn: '?' })];
const SECOND = [
  ...loans(101, 1_400),
  ...loans(1_501, 2_000),
  loan(5, { title: '改' }),
  loan(6, { title: 'forbidden' }),
];

let killed: IntakeWorld;
let undisturbed: IntakeWorld;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  killed = await openWorld();
  undisturbed = await openWorld();
  // What is killed is a process of its own.
  await killed.intake.close();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await killed.close();
  await undisturbed.close();
});

async function startProcess(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--import', '@swc-node/register/esm-register', 'test/intake/apply-process.ts', killed.database.serverUrl],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  running.add(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  running.delete(child);
}

/** Everything but keys made anew in each database and what time it was. */
async function stateOf({ database }: IntakeWorld): Promise<unknown> {
  const lists = [
    `select source_key, title, lent_on::text, deposit_fen, encode(digest, 'hex') as digest, ended_on::text,
            (select i.match_key from person_identifier i where i.person_id = loan.person_id) as person
     from loan order by source_key`,
    `select record, source_key, content->>'title' as title, content->>'ended_on' as ended from record_history order by 2, 3, 4`,
    `select row_no, field, code, other_row, source_key from delivery_finding order by 1, 2, 3`,
    `select match_key, count(*)::int as n from person_identifier group by 1 order by 1`,
    `select state, row_count, faulty_count, repeated_count, recorded_count, changed_count, unchanged_count, rejected_count,
            held_count, missing_count, ended_count, applied_through from delivery order by opened_at, id`,
    `select count(*)::int as people from person`,
  ];
  return Promise.all(lists.map(async (sql) => (await database.owner.query(sql)).rows));
}

test(`killed ${KILLS} times at random moments, the end is what it is without`, async () => {
  const ways = [
    { mode: 'SNAPSHOT', asOf: new Date('2026-11-10T00:00:00+08:00') },
    { mode: 'SNAPSHOT', asOf: new Date('2026-11-20T00:00:00+08:00') },
  ] as const;
  for (const [i, rows] of [FIRST, SECOND].entries()) {
    const id = await undisturbed.staged('LOAN', rows, ways[i]);
    await undisturbed.intake.apply(education, id, {}, undisturbed.context);
    await undisturbed.intake.settled(id);
  }

  let kills = 0;
  for (const [i, rows] of [FIRST, SECOND].entries()) {
    const id = await killed.staged('LOAN', rows, ways[i]);
    await killed.intake.apply(education, id, {}, killed.context);
    for (let n = 0; n < KILLS / 2; n += 1) {
      const child = await startProcess();
      const before = (await killed.intake.settled(id, 0)).appliedThrough;
      // Somewhere in a chunk: first wait until it works, at times it is killed before it does.
      for (let look = 0; n % 4 > 0 && look < 200; look += 1) {
        if ((await killed.intake.settled(id, 0)).appliedThrough > before) break;
        await new Promise((go) => setTimeout(go, 10));
      }
      await new Promise((go) => setTimeout(go, Math.random() * 60));
      if ((await killed.intake.settled(id, 0)).state === 'APPLYING') kills += 1;
      await kill(child);
    }
    const last = await startProcess();
    expect((await killed.intake.settled(id, 60_000)).state).toBe('APPLIED');
    await kill(last);
  }
  expect(kills).toBeGreaterThan(KILLS / 2);
  expect(await stateOf(killed)).toEqual(await stateOf(undisturbed));
}, 300_000);
