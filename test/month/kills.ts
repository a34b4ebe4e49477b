/** At which moments a hub is killed while it takes a month, and how far a delivery is then. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileAccount, MonthAccount } from '../../seeds/month/account.ts';
import { Random } from '../../seeds/synthetic/random.ts';
import type { Pool } from '../../src/platform/database.ts';
import type { Running } from '../aid/hub-process.ts';
import type { SlowWay } from './slow-way.ts';

/** How far the delivery of a file is, in this order. */
const PHASES = ['NONE', 'STAGING', 'STAGED', 'PREVIEWING', 'PREVIEWED', 'APPLYING', 'APPLIED'];

/** How far the delivery of a file is. What was abandoned is not there. */
export async function phaseOf(owner: Pool, { file }: FileAccount): Promise<string> {
  const { rows } = await owner.query<{ state: string }>(
    `select state from delivery where file_name = $1 order by opened_at desc limit 1`,
    [file],
  );
  const state = rows[0]?.state ?? '';
  return PHASES.includes(state) ? state : 'NONE';
}

/** A moment to kill at. */
export interface Kill {
  /** STARTING: so long after the command began; UPLOADING: when so much of the file is there; else so long after a phase began. */
  readonly moment: 'STARTING' | 'UPLOADING' | 'STAGING' | 'STAGED' | 'APPLYING';
  /** ms. */
  readonly delay: number;
  /** Of the file. */
  readonly share: number;
}

const MOMENTS = ['STARTING', 'UPLOADING', 'STAGING', 'STAGED', 'APPLYING'] as const;
/** A command starts for about so long; the phases of a few thousand rows are short. */
const LONGEST: Readonly<Record<Kill['moment'], number>> = {
  STARTING: 800,
  UPLOADING: 30,
  STAGING: 20,
  STAGED: 150,
  APPLYING: 150,
};

/**
 * So many kills by file, drawn from the seed, as many of each moment, more likely in files with more rows: each in a file of its
 * own, and some files are killed at once again while their command runs anew.
 */
export function killsOf(
  { files, rows }: MonthAccount,
  seed: number,
  count: number,
): ReadonlyMap<number, readonly Kill[]> {
  const random = new Random(seed, 'kills');
  const plan = new Map<number, Kill[]>();
  const drawKill = (n: number): Kill => {
    const moment = MOMENTS[n % MOMENTS.length] ?? 'STARTING';
    return { moment, delay: random.whole(0, LONGEST[moment]), share: 0.1 + 0.8 * random.fraction() };
  };
  while (plan.size < count) {
    let left = random.fraction() * rows;
    const at = files.findIndex(({ first }) => (left -= first.counts.rows) < 0);
    if (!plan.has(at)) plan.set(at, [drawKill(plan.size)]);
  }
  for (const [n, kills] of [...plan.values()].entries()) if (n % 5 === 2) kills.push(drawKill(n + 2));
  return plan;
}

/** Begins the import of a file, and waits for the moment; the command, and what was going on then. */
export async function reach(
  { moment, delay, share }: Kill,
  file: FileAccount,
  {
    begin,
    owner,
    way,
    dir,
  }: {
    /** Begins the command against a hub at this address. */
    readonly begin: (url?: string) => Running;
    readonly owner: Pool;
    readonly way: SlowWay;
    /** Folder of the files. */
    readonly dir: string;
  },
): Promise<{ readonly command: Running; readonly during: string }> {
  if (moment === 'UPLOADING') {
    const { size } = await stat(join(dir, file.file));
    const held = way.holdAfter(Math.ceil(size * share));
    const command = begin(way.url);
    const came = await Promise.race([held.then(() => true), command.done.then(() => false)]);
    await sleep(delay);
    return { command, during: came ? 'UPLOADING' : await phaseOf(owner, file) };
  }
  const command = begin();
  const ended = Promise.race([command.done.then(() => true), sleep(60_000, true, { ref: false })]);
  const isBefore = async (): Promise<boolean> =>
    PHASES.indexOf(await phaseOf(owner, file)) < PHASES.indexOf(moment === 'STARTING' ? 'NONE' : moment);
  while ((await isBefore()) && !(await Promise.race([ended, sleep(2, false)])));
  await sleep(delay);
  return { command, during: await phaseOf(owner, file) };
}

/**
 * What nobody works on any more is gone on with after a while, by the database's clock: half a minute for what is being applied, a
 * minute for what was coming in. Here that while is over at once.
 */
export async function letTimePass(owner: Pool): Promise<void> {
  await owner.query(`update delivery set lease_until = now() where finished_at is null and lease_until is not null`);
  await owner.query(`update delivery set seen_at = now() - interval '2 minutes' where state = 'STAGING'`);
}
