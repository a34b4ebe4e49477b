/** A data set with everybody who answers from it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../src/access/index.ts';
import { makeLedgerKey } from '../src/access/ledger/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { ask } from './answers.ts';
import { CALLERS } from './callers.ts';
import { CONTESTANTS } from './contestants.ts';
import type { Contestant, ContestantName, Setting } from './contestants.ts';
import { openDataSet } from './data-set.ts';
import type { DataSet, Opening } from './data-set.ts';
import { memoryOf, postmasterOf } from './gauge.ts';
import type { Operation } from './operations.ts';
import { openPeers } from './peers.ts';
import type { Peers } from './peers.ts';
import { CURSOR_QUESTION, cursorTag } from './postgraphile-dialect.ts';
import type { Translating } from './postgraphile-dialect.ts';
import { profileFlags, readProfile } from './profile.ts';
import { start } from './processes.ts';
import type { Running } from './processes.ts';
import { drawSamples } from './samples.ts';
import type { Samples } from './samples.ts';
import { headersOf, makeTokens } from './tokens.ts';

/** A contestant that answers. */
export interface Fighter {
  readonly contestant: Contestant;
  readonly running: Running;
  /** Version of its Node. */
  readonly node: string;
  /** Memory some seconds after it began to answer, before the first request; bytes, 0 where the system does not tell. */
  readonly atRest: number;
}

/** A data set, who answers from it, and what is asked of it. */
export interface Arena {
  readonly data: DataSet;
  readonly peers: Peers;
  readonly samples: Samples;
  readonly fighters: readonly Fighter[];
  /** Process of PostgreSQL; undefined where the system does not tell. */
  readonly postmaster: number | undefined;
  /** 'YYYY-MM-DD' in China. */
  readonly today: string;
  headersFor(operation: Operation): Readonly<Record<string, string>>;
  translating(operation: Operation): Translating;
  close(): Promise<void>;
}

/** Who takes part, and whether a profile is taken of them. */
export interface Entering extends Opening {
  readonly contestants: readonly ContestantName[];
  readonly profile: boolean;
  /** Whether anything is measured, or answers compared alone. */
  readonly measured: boolean;
}

/** How long a process is left alone before its memory at rest is read, ms: the garbage of its start goes by itself. */
const REST = 5_000;

/** Opens the data set and starts the contestants. */
export async function openArena(entering: Entering): Promise<Arena> {
  const { contestants, profile, measured, say, signal } = entering;
  const data = await openDataSet(entering);
  const started: { readonly contestant: Contestant; readonly running: Running; readonly node: string }[] = [];
  const close = async (): Promise<void> => {
    for (const { contestant, running } of started) {
      await running.stop();
      if (profile) for (const line of readProfile(profilesOf(data, contestant))) say(line);
    }
    await data.close();
  };
  try {
    const today = systemClock.today();
    const samples = await drawSamples(data, today);
    const tokens = makeTokens(data.dir);
    const peers = await openPeers(data);
    // What earlier runs left there belongs to a ledger that is gone. One folder for all: they hash alike.
    const anchorDir = join(data.dir, 'anchors');
    rmSync(anchorDir, { recursive: true, force: true });
    await makeLedgerKey(join(anchorDir, 'keys'), 'ED25519', systemClock);
    const setting: Setting = { serverUrl: data.serverUrl, peerUrl: peers.url, tokens, today, dir: data.dir, anchorDir };
    for (const name of contestants) {
      signal.throwIfAborted();
      say(`starting ${name}`);
      const contestant = CONTESTANTS[name];
      const command = contestant.command(setting);
      const flags = profile ? profileFlags(profilesOf(data, contestant)) : [];
      const running = await start(name, { ...command, args: [...flags, ...command.args] }, join(data.dir, 'logs'));
      const node = execFileSync(command.node, ['--version'], { encoding: 'utf8' }).trim();
      started.push({ contestant, running, node });
    }
    if (measured) await sleep(REST, undefined, { signal });
    const fighters = started.map((one) => ({ ...one, atRest: memoryOf(one.running.pid)?.now ?? 0 }));
    const tag = await tagOf(fighters);
    const caseOf: Readonly<Partial<Record<Caller['department'], string>>> = {
      ...samples.caseOf,
      CIVIL_AFFAIRS: 'CA-BENCH-1',
    };
    const caseFor = ({ caller }: Operation): string => caseOf[CALLERS[caller].department] ?? '';
    mkdirSync(join(data.dir, 'load'), { recursive: true });
    return {
      ...{ data, peers, samples, fighters, today, close },
      postmaster: await postmasterOf(data.serverUrl),
      headersFor: (operation) => headersOf(tokens.of[operation.caller], operation.purpose, caseFor(operation)),
      translating: (operation) => ({ today, tag, caseNo: caseFor(operation) }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const profilesOf = ({ dir }: DataSet, { name }: Contestant): string => join(dir, 'profiles', name);

/** Bare PostGraphile tells it to anyone; the other one has the same cursors. */
async function tagOf(fighters: readonly Fighter[]): Promise<string> {
  const one = fighters.find(({ contestant }) => contestant.dialect === 'postgraphile');
  if (one === undefined) return '';
  const headers = { 'content-type': 'application/json' };
  return cursorTag(await ask(one.running, headers, JSON.stringify({ query: CURSOR_QUESTION })));
}
