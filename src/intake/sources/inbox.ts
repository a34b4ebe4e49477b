/**
 * The watched folder, for exchange platforms that deliver files: HUB_INBOX_DIR/<client>/<RECORD>….csv. A file that is complete
 * moves to `processing`, is staged and applied as that client's, and ends in `done` or `failed` with its result beside it.
 * Whatever ends the hub in between, the next look goes on: the file's digest says what was done with it.
 */
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bound } from '../../access/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { HeaderError } from '../../platform/csv/headers.ts';
import type { Pool } from '../../platform/database.ts';
import { HubError } from '../../platform/errors.ts';
import { newId } from '../../platform/id.ts';
import type { Logger } from '../../platform/log.ts';
import { FileTooLargeError, openLocal } from '../files/arrived-file.ts';
import type { ArrivedFile } from '../files/arrived-file.ts';
import { resultFile } from '../files/result-file.ts';
import { openSheet } from '../files/sheet.ts';
import { FileError } from '../files/sheet-header.ts';
import type { Templates } from '../files/template.ts';
import { isWaiting } from '../intake-service.ts';
import type { DeliveryStatus, Intake } from '../intake-service.ts';
import { isDelivery, readInboxName } from './inbox-name.ts';
import type { InboxName } from './inbox-name.ts';
import { withLease } from './lease.ts';

/** What the watched folder works with. */
export interface InboxParts {
  readonly dir: string;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intake: Intake;
  readonly templates: Templates;
  /** The client as a caller who supplies data under a case number; a text says why it is none. */
  readonly callerOf: (client: string, caseNo: string) => Promise<Bound | string>;
  /** Largest file, bytes. */
  readonly most: number;
  /** A file without a `.done` beside it is complete when it did not change for so long; ms. */
  readonly settle?: number;
  /** Between two looks; ms. */
  readonly every?: number;
}

/** A watched folder. */
export interface Inbox {
  /** Takes up what is complete now; how many files were brought to their end. Nothing where another process is at it. */
  look(): Promise<number>;
  /** Looks again and again. */
  start(): void;
  /** Ends after the file under way. */
  close(): Promise<void>;
}

const SETTLE = 15_000;
const EVERY = 5_000;
const WAIT = 60_000;
const OWN = { processing: 'processing', done: 'done', failed: 'failed' } as const;
const DONE_MARK = '.done';
/** Bytes that are kept of a file's name. */
const LONGEST_NAME = 160;
/** The number under which the ledger has what came through the folder. */
const CASE = 'INBOX';

/** The watched folder; nothing is read before `look` or `start`. */
export function openInbox(parts: InboxParts): Inbox {
  const { dir, pool, clock, log, intake, templates, callerOf, most, settle = SETTLE, every = EVERY } = parts;
  const seen = new Map<string, { readonly size: number; readonly mtimeMs: number; readonly since: number }>();
  let closing = false;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  /** All of it under one lease, file by file: a change must not overtake the snapshot before it. */
  const look = (): Promise<number> => withLease(pool, `hub inbox ${dir}`, lookAll).then((count) => count ?? 0);

  async function lookAll(): Promise<number> {
    let count = 0;
    for (const client of await folders(dir)) {
      const home = join(dir, client);
      if (!(await ownFolders(home))) {
        log.warn({ client }, 'a folder of the inbox has a link among its own folders; nothing is taken from it');
        continue;
      }
      await claim(home);
      for (const name of await files(join(home, OWN.processing))) {
        if (closing) return count;
        if (await bringToEnd(home, client, name)) count += 1;
      }
    }
    return count;
  }

  /** Moves what is complete: from then on nobody writes it, and a look that is cut off finds it again. */
  async function claim(home: string): Promise<void> {
    const names = new Set(await files(home));
    const waiting = new Set(await files(join(home, OWN.processing)));
    for (const name of names) {
      const path = join(home, name);
      if (!isDelivery(name) || waiting.has(name)) continue;
      const marked = names.has(`${name}${DONE_MARK}`);
      if (!marked && !(await isStill(path))) continue;
      await rename(path, join(home, OWN.processing, name));
      if (marked) await rm(`${path}${DONE_MARK}`, { force: true });
      seen.delete(path);
    }
  }

  async function isStill(path: string): Promise<boolean> {
    const { size, mtimeMs } = await lstat(path);
    const now = performance.now();
    const before = seen.get(path);
    if (before?.size === size && before.mtimeMs === mtimeMs) return now - before.since >= settle;
    seen.set(path, { size, mtimeMs, since: now });
    return settle === 0;
  }

  /** False where it is to be tried again: the database was away, or the delivery is still under way. */
  async function bringToEnd(home: string, client: string, name: string): Promise<boolean> {
    const path = join(home, OWN.processing, name);
    try {
      const ended = await deliver(path, client, name);
      if (ended === undefined) return false;
      const kept = join(home, OWN.done, `${ended.id}.${shortened(name)}`);
      await write(`${kept}.result.csv`, ended);
      await rename(path, kept);
      log.info(
        { client, delivery: ended.id, record: ended.record, state: ended.state },
        'a file of the inbox was taken in',
      );
      return true;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) {
        log.error({ err: error, client }, 'a file of the inbox waits to be tried again');
        return false;
      }
      const failed = join(home, OWN.failed, `${newId()}.${shortened(name)}`);
      await writeFile(`${failed}.reason.txt`, `\ufeff${reason}\n`);
      await rename(path, failed);
      log.warn(
        { client, code: error instanceof HubError ? error.code : 'BAD_FILE' },
        'a file of the inbox was refused',
      );
      return true;
    }
  }

  /** The delivery at its end; undefined while it is under way. */
  async function deliver(path: string, client: string, name: string): Promise<DeliveryStatus | undefined> {
    const said = readInboxName(name);
    if (said === undefined) throw new FileError(NAMING);
    const caller = await callerOf(client, CASE);
    if (typeof caller === 'string') throw new FileError(caller);
    intake.kindFor(caller, said.record);
    const file = await openLocal(path, most);
    try {
      const staged = await stagedOf(file, caller, said, name);
      const asked = isWaiting(staged) ? await intake.apply(caller, staged.id) : staged;
      const { state, id } = asked.state === 'APPLYING' ? await intake.settled(asked.id, WAIT) : asked;
      if (state === 'FAILED') throw new FileError(`报送 ${id} 应用失败 The delivery could not be applied.`);
      return state === 'APPLIED' ? await intake.find(caller, id) : undefined;
    } finally {
      await file.close();
    }
  }

  /** The delivery of this very file as an earlier look left it, or a new one. */
  async function stagedOf(
    file: ArrivedFile,
    caller: Bound,
    { record, mode, region, asOf }: InboxName,
    name: string,
  ): Promise<DeliveryStatus> {
    const before = await intake.findByDigest(caller, record, file.digest);
    if (before?.mode === mode && before.region === (region?.padEnd(12, '0') ?? null)) return before;
    const template = templates.get(record);
    if (template === undefined) throw new FileError(`There is no template for ${record}.`);
    const rows = await openSheet(file, template);
    const id = await intake.openDelivery(caller, {
      record,
      mode,
      region,
      asOf: asOf ?? clock.now(),
      fileName: name,
      fileDigest: file.digest,
      format: file.format,
    });
    return intake.stage(id, rows);
  }

  /** Whole or not at all. */
  async function write(path: string, { id, record }: DeliveryStatus): Promise<void> {
    await pipeline(resultFile(intake.findings(id), templates.get(record)), createWriteStream(`${path}.part`));
    await rename(`${path}.part`, path);
  }

  const again = (): void => {
    timer = setTimeout(() => {
      underWay = look()
        .catch((err: unknown) => {
          log.error({ err }, 'the inbox could not be looked at');
        })
        .finally(() => {
          if (!closing) again();
        });
    }, every);
  };

  return {
    look,
    start: again,
    async close() {
      closing = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}

const NAMING =
  '文件名应为 记录种类[.snapshot][.区划][.日期].csv，例如 STUDENT.snapshot.620102.2026-11-20.csv · ' +
  'The name begins with the record in capitals, such as STUDENT.snapshot.620102.2026-11-20.csv';

/** What the deliverer is told; undefined for what passes by itself. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof HeaderError || error instanceof FileError || error instanceof FileTooLargeError)
    return error.message;
  return error instanceof HubError && error.status < 500 && error.status !== 429
    ? `${error.code}: ${error.message}`
    : undefined;
}

/** Makes what is missing; false where one is a link, by which files would be written elsewhere. */
async function ownFolders(home: string): Promise<boolean> {
  for (const folder of Object.values(OWN)) {
    await mkdir(join(home, folder), { recursive: true });
    if (!(await lstat(join(home, folder))).isDirectory()) return false;
  }
  return true;
}

/** A number and more stand beside the name, and all of it in one name of 255 bytes at most. */
function shortened(name: string): string {
  const { ext, name: stem } = parse(name);
  const signs = [...stem];
  while (Buffer.byteLength(signs.join('')) > LONGEST_NAME) signs.pop();
  return signs.join('') + ext;
}

/** Folders of clients; a link is none. */
const folders = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();

/** Files by name; a link is none. */
const files = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
