/** Persons of two provinces, a hub that a department answers, and somebody who asks. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import type { Bound, EngineResult, HubContext } from '../../src/access/index.ts';
import type { LiveDesk } from '../../src/live/index.ts';
import { openLive } from '../../src/live/index.ts';
import { fromBytes } from '../../src/platform/bytes.ts';
import { newAsker } from '../../src/platform/cancel.ts';
import type { Asker } from '../../src/platform/cancel.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { HubError } from '../../src/platform/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { NOW } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';
import { isInstalled } from '../harness/installed.ts';
import { rowsIn } from '../registry/rows.ts';

/** Somebody who is known to the hub. */
export interface Known {
  readonly id: string;
  readonly idNumber: string;
}

/** The persons of the tests. */
export interface People {
  readonly database: TestDatabase;
  /** Fifty of Gansu. */
  readonly near: readonly Known[];
  /** Of Jiangxi. */
  readonly far: Known;
  /** Of Gansu, without a number. */
  readonly unnumbered: string;
}

const JIANGXI = {
  region_code: '360199001001',
  township_code: '360199001000',
  county_code: '360199000000',
  prefecture_code: '360100000000',
  province_code: '360000000000',
};

/** A database with them. */
export async function makePeople(): Promise<People> {
  const database = await testDatabase();
  const rows = rowsIn(database.owner);
  const somebody = async (sequence: number, place: Readonly<Record<string, string>> = {}): Promise<Known> => {
    const id = await rows.person({ birth_date: '1980-02-29', phone: '13900000000', ...place });
    return { id, idNumber: await rows.residentId(id, '1980-02-29', sequence) };
  };
  const near: Known[] = [];
  for (let i = 0; i < 50; i++) near.push(await somebody(i + 1));
  const unnumbered = await rows.person();
  return { database, near, far: await somebody(99, JIANGXI), unnumbered };
}

/** Settings of both questions at one department, as a file; unless `all`, of those whose module is installed. */
export function settingsFile(url: string, change: Readonly<Record<string, unknown>> = {}, all = false): string {
  const source = (name: string, department: string) => ({
    name,
    department,
    kind: 'REST',
    url: `${url}/persons`,
    request: { list: 'persons', key: 'idNumber' },
    answer: { list: 'results', key: 'idNumber', known: 'known' },
    deadline: 2_000,
    ...change,
  });
  const file = join(testFolder('live'), 'sources.json');
  const questions = [
    ...(all || isInstalled('LiveEmployment') ? [source('employment', 'LABOUR')] : []),
    ...(all || isInstalled('LiveInsurance') ? [source('insurance', 'MEDICAL_SECURITY')] : []),
  ];
  writeFileSync(file, JSON.stringify(questions));
  return file;
}

/** The desk of a test engine. */
export const deskFor = ({ schema }: TestEngine, url: string): Promise<LiveDesk> =>
  openLive({ liveSourcesFile: settingsFile(url, {}, true), mode: 'development' }, schema, {
    clock: fixedClock(NOW),
    log: silentLog,
  });

/** What came of an operation, with its text where the answer was spliced. */
export interface Answered {
  readonly result: EngineResult | undefined;
  /** The answer parsed, whichever way it came. */
  readonly data: Record<string, unknown> | undefined;
  readonly codes: readonly unknown[];
}

/** Asks an engine with a desk in the context. */
export async function askWith(
  { engine }: TestEngine,
  live: LiveDesk | undefined,
  text: string,
  caller: Bound,
  {
    onDenied = 'refuse',
    asker = newAsker(),
    variables = {},
  }: { onDenied?: 'refuse' | 'null'; asker?: Asker; variables?: Record<string, unknown> } = {},
): Promise<Answered> {
  const context: HubContext & { live: LiveDesk | undefined } = { caller, onDenied, requestId: 'test', asker, live };
  try {
    const result = await engine.execute({ document: parse(text), variables, context });
    const data = result.text === undefined ? result.data : (JSON.parse(fromBytes(result.text)) as typeof result.data);
    return {
      result,
      data: data ?? undefined,
      codes: (result.errors ?? []).map(({ extensions, message }) => extensions['code'] ?? message),
    };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { result: undefined, data: undefined, codes: [error.code] };
  }
}
