/** How fast deliveries come in, as a share of COPY of the same rows, finished, into the same tables; and with what memory. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { inTransaction } from '../../src/platform/database.ts';
import { openDataSet } from '../data-set.ts';
import type { DataSet, Opening } from '../data-set.ts';
import { memoryOf } from '../gauge.ts';
import { BUILD } from '../places.ts';
import { figureOf, thisMachine } from '../results.ts';
import type { ImportResults, ImportResult } from '../results.ts';
import { checkpoint, postgresVersion } from '../server-state.ts';
import type { ImportOrder, Imported, ImporterEnvironment } from './importer.ts';
import { COPIES, drawSubjects, withNew, writeRows } from './rows.ts';
import type { RowFiles, Subject } from './rows.ts';

/** A delivery that is measured: `each`-th row about somebody new; 0: nobody is. */
interface Kind {
  readonly title: string;
  readonly rows: number;
  readonly each: number;
  readonly rounds: number;
}

const SOURCE = 'bench-imports';
/** Persons whom rows are about; more rows than these are about the same ones again. */
const MOST_SUBJECTS = 200_000;
const FEW = 100_000;
const MANY = 1_000_000;

/** Measures on the data set; COPY and the hub take turns, and each finds the tables as the other did. */
export async function measureImports(opening: Opening, rounds: number, rows = [FEW, MANY]): Promise<ImportResults> {
  const { say, signal } = opening;
  const data = await openDataSet(opening);
  try {
    // The ledger begins anew, with anchors of its own: every importer goes on where the one before ended.
    rmSync(anchorsOf(data), { recursive: true, force: true });
    await data.owner.query('truncate ledger_checkpoint');
    // Deleting a person asks every table that refers to persons; for the time of the measurement each can answer by an index.
    await data.owner.query('create index if not exists bench_caseload_person_id on caseload (person_id)');
    const known = await drawSubjects(data.owner, MOST_SUBJECTS);
    const [few = FEW, many = MANY] = rows;
    const kinds: readonly Kind[] = [
      { title: 'everybody known', rows: few, each: 0, rounds },
      { title: 'every tenth person new', rows: few, each: 10, rounds },
      { title: 'everybody new', rows: few, each: 1, rounds: Math.min(rounds, 1) },
      { title: 'everybody known', rows: many, each: 0, rounds: 1 },
    ];
    const results: ImportResult[] = [];
    for (const kind of kinds) {
      signal.throwIfAborted();
      say(`imports: ${kind.rows.toLocaleString('en-US')} rows, ${kind.title}`);
      const result = await measure(data, kind, withNew(known, kind.rows, kind.each), signal);
      results.push(result);
      const { share, hub } = result;
      say(`  ${Math.round(hub.median).toLocaleString('en-US')} rows/s, ${share.median.toFixed(2)} of COPY`);
    }
    return {
      day: data.day,
      persons: data.persons,
      machine: thisMachine(),
      postgres: { version: await postgresVersion(data), settings: data.settings },
      results,
    };
  } finally {
    await data.owner.query('drop index if exists bench_caseload_person_id');
    await data.close();
  }
}

const anchorsOf = ({ dir }: DataSet): string => join(dir, 'anchors-imports');

async function measure(
  data: DataSet,
  { title, rows, rounds }: Kind,
  subjects: readonly Subject[],
  signal: AbortSignal,
): Promise<ImportResult> {
  const folder = join(data.dir, 'imports');
  mkdirSync(folder, { recursive: true });
  const environment: ImporterEnvironment = { url: data.serverUrl, anchorDir: anchorsOf(data) };
  await clean(data);
  const importer = fork(join(BUILD, 'bench/imports/importer.js'), {
    env: { ...process.env, BENCH: JSON.stringify(environment) },
  });
  signal.addEventListener('abort', () => importer.kill('SIGKILL'));
  const copied: number[] = [];
  const imported: number[] = [];
  try {
    await answerOf(importer);
    for (let round = 0; round < rounds; round += 1) {
      const files = await writeRows(subjects, SOURCE, `R${String(round)}`, (name) => join(folder, name));
      const turns = [
        async (): Promise<void> => void copied.push(rows / (await copy(data, files))),
        async (): Promise<void> => void imported.push(rows / (await deliver(importer, files.csv, rows))),
      ];
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
        await turn();
        await clean(data);
        await checkpoint(data);
      }
    }
    const memory = importer.pid === undefined ? undefined : memoryOf(importer.pid)?.peak;
    return {
      ...{ title, rows },
      copy: figureOf(copied),
      hub: figureOf(imported),
      share: figureOf(imported.map((one, round) => one / (copied[round] ?? one))),
      memory: memory ?? null,
    };
  } finally {
    if (importer.connected) {
      importer.disconnect();
      await once(importer, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds that COPY of the finished rows takes, in one transaction. */
async function copy({ owner }: DataSet, files: RowFiles): Promise<number> {
  const begun = performance.now();
  await inTransaction(owner, async (tx) => {
    for (const [file, into] of COPIES)
      await pipeline(createReadStream(files[file]), tx.query(copyFrom(`copy ${into} from stdin`)));
  });
  return (performance.now() - begun) / 1000;
}

/** Seconds that the hub takes from the first byte of the file until every row is applied. Throws when a row was not recorded. */
async function deliver(importer: ChildProcess, path: string, rows: number): Promise<number> {
  const order: ImportOrder = { path, sourceSystem: SOURCE };
  importer.send(order);
  const { seconds, state, counts } = (await answerOf(importer)) as Imported;
  // Somebody new may resemble somebody known, and waits for a decision; that is seldom.
  if (state !== 'APPLIED' || counts.recorded + counts.held !== rows || counts.held > rows / 1000)
    throw new Error(`A delivery of ${String(rows)} rows ended ${state}: ${JSON.stringify(counts)}`);
  return seconds;
}

async function answerOf(importer: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const gone = once(importer, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('The importer ended before it answered.');
  });
  try {
    const [answer] = (await Promise.race([once(importer, 'message', { signal: ended.signal }), gone])) as unknown[];
    return answer;
  } finally {
    ended.abort();
    gone.catch(() => undefined);
  }
}

const OWN = `source_system = '${SOURCE}'`;
const OF_OWN = `delivery_id in (select id from delivery where ${OWN})`;
/** What a turn leaves behind, those that refer to others first. */
const LEFT = [
  `match_candidate where review_id in (select id from match_review where ${OWN})`,
  `match_review_row where ${OF_OWN}`,
  `match_review where ${OWN}`,
  `registry_conflict where ${OWN}`,
  `delivery_finding where ${OF_OWN}`,
  `delivery_row where ${OF_OWN}`,
  `delivery where ${OWN}`,
  `student_record where ${OWN}`,
  `feed where ${OWN}`,
  `person_identifier where ${OWN}`,
  `person where ${OWN}`,
];

/** Takes away what a turn has written, dead rows included. */
async function clean({ owner }: DataSet): Promise<void> {
  for (const left of LEFT) await owner.query(`delete from ${left}`);
  await owner.query('vacuum delivery_row, student_record, person_identifier, person');
}
