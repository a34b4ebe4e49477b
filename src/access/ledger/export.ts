/** Writes a ledger, or months of it, into a file that can be verified without any database (docs/ledger.md). */
import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Clock } from '../../platform/clock.ts';
import type { Pool, PoolClient } from '../../platform/database.ts';
import { readAnchors } from './anchors.ts';
import { archivedThrough, listArchives } from './archives.ts';
import { CanonicalBytes } from './canonical-bytes.ts';
import { chainItems, linkItems, prefaceItems } from './database-items.ts';
import { toMicros } from './digests.ts';
import { EXPORT_VERSION, linesOf, textOf } from './export-lines.ts';
import type { PersonForm } from './export-lines.ts';
import { countEntries, spansOfMonths } from './export-spans.ts';
import type { ChainSpan, LedgerItem } from './items.ts';
import type { SigningKey } from './key-ring.ts';
import { openPseudonyms } from './miss-key.ts';
import { signWith } from './suites.ts';
import { veilItems, veilWith } from './veil.ts';

/** What is exported, and where to. */
export interface LedgerExport {
  /** Any role that may read the tables. */
  readonly pool: Pool;
  readonly anchorDir: string;
  readonly clock: Clock;
  /** The file. It appears under its name when it is whole. */
  readonly out: string;
  /** Months ('YYYY-MM' in Asia/Shanghai), both included; null where there is no bound. */
  readonly from?: string | null;
  readonly to?: string | null;
  /** Seals in place of months; each span begins and ends at a checkpoint. */
  readonly spans?: readonly ChainSpan[];
  /** `plain` unless said. */
  readonly persons?: PersonForm;
  /** Signs the file as a whole. */
  readonly signer?: SigningKey | undefined;
  /** Called now and then with the number of entries written and the number there are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Gives up: nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface ExportSummary {
  readonly entries: number;
  readonly seals: number;
  readonly chains: number;
  readonly checkpoints: number;
  /** SHA-256 of the lines before the last one, in hexadecimal. */
  readonly sha256: string;
}

const CHUNK = 64 * 1024;

/** What the signature of a whole export is over. */
export const exportMessage = (sha256: Buffer): Buffer => new CanonicalBytes('ledger-export', 1).bytes(sha256).content();

/**
 * Exports from one snapshot, so a hub may be at work, in memory that does not grow with the ledger. Writes that no seal
 * has taken up yet are left for the next export. Rejects when it is given up or the file cannot be written.
 */
export async function exportLedger(job: LedgerExport): Promise<ExportSummary> {
  const { pool, anchorDir, out, signal } = job;
  const anchors = await readAnchors(anchorDir);
  const draft = `${out}.part`;
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const spans = await spansOf(client, job);
    const total = job.onProgress ? await countEntries(client, spans) : 0;
    const written = { entries: 0, seals: 0, chains: 0, checkpoints: 0, sha256: '' };
    const items = async function* (): AsyncGenerator<LedgerItem> {
      const told = tellsSeal(spans);
      yield* prefaceItems(client);
      for await (const item of linkItems(client)) if (told(item.link)) yield item;
      for (const { id, ...link } of anchors) if (told(link)) yield { kind: 'witness', by: null, id, link };
      yield* chainItems(client, tellingOf(spans));
    };
    const lines = async function* (): AsyncGenerator<string> {
      const hash = createHash('sha256');
      let [count, chunk] = [0, ''];
      const add = (line: string): void => {
        chunk += `${line}\n`;
        count += 1;
      };
      const cut = (): string => {
        const cutOff = chunk;
        hash.update(cutOff);
        chunk = '';
        return cutOff;
      };
      add(textOf(headOf(job, spans)));
      for await (const item of await veiled(items(), job)) {
        for (const line of linesOf(item)) add(line);
        tally(written, item);
        if (chunk.length < CHUNK) continue;
        yield cut();
        job.onProgress?.(written.entries, Math.max(total, written.entries));
      }
      yield cut();
      const digest = hash.digest();
      written.sha256 = digest.toString('hex');
      yield `${textOf({ kind: 'end', lines: count, ...written, signed: await signatureOf(digest, job.signer) })}\n`;
      job.onProgress?.(written.entries, Math.max(total, written.entries));
    };
    // On the disk before it gets its name: after a power cut it is whole or not there.
    // It is there before anything can be given up: a stream that opens it itself may do so after it was taken away.
    const file = await open(draft, 'w', 0o600);
    await pipeline(
      Readable.from(lines()),
      createGzip(),
      file.createWriteStream({ flush: true }),
      signal ? { signal } : {},
    );
    await rename(draft, out);
    return written;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    client.release(true);
  }
}

/** Null: the whole ledger. What was archived is told by its own files. */
async function spansOf(client: PoolClient, { spans, from = null, to = null }: LedgerExport) {
  if (spans) return spans;
  const ends = archivedThrough(await listArchives(client));
  if (from === null && to === null && ends.size === 0) return null;
  const wanted = await spansOfMonths(client, from, to);
  return wanted.flatMap((span): ChainSpan[] => {
    const after = Math.max(span.after ?? 0, ends.get(span.chain) ?? 0);
    if (after === 0) return [span];
    return span.through !== null && after >= span.through ? [] : [{ ...span, after }];
  });
}

const headOf = (
  { clock, persons = 'plain', from = null, to = null }: LedgerExport,
  spans: readonly ChainSpan[] | null,
) => ({
  kind: 'ledger-export',
  version: EXPORT_VERSION,
  madeMicros: toMicros(clock.now()),
  persons,
  from,
  to,
  spans,
});

function tellingOf(spans: readonly ChainSpan[] | null) {
  if (!spans) return {};
  const skipped = new Map<number, ChainSpan[]>();
  const through = new Map<number, number>();
  for (const span of spans) {
    if (span.after !== null) skipped.set(span.chain, [{ chain: span.chain, after: null, through: span.after }]);
    if (span.through !== null) through.set(span.chain, span.through);
  }
  return { skipped, through, only: new Set(spans.map(({ chain }) => chain)) };
}

function tellsSeal(spans: readonly ChainSpan[] | null): (seal: { chain: number; seq: number }) => boolean {
  if (!spans) return () => true;
  const byChain = new Map(spans.map((span) => [span.chain, span]));
  return ({ chain, seq }) => {
    const span = byChain.get(chain);
    return span !== undefined && seq > (span.after ?? 0) && seq <= (span.through ?? Infinity);
  };
}

async function veiled(
  items: AsyncIterable<LedgerItem>,
  { persons = 'plain', anchorDir }: LedgerExport,
): Promise<AsyncIterable<LedgerItem>> {
  if (persons === 'plain') return items;
  return veilItems(items, veilWith(persons === 'keyed' ? await openPseudonyms(anchorDir) : undefined));
}

async function signatureOf(sha256: Buffer, signer: SigningKey | undefined) {
  if (!signer) return null;
  const { pair, record } = signer;
  return { suite: record.suite, key: record.fingerprint, signature: await signWith(pair, exportMessage(sha256)) };
}

function tally(
  written: { entries: number; seals: number; chains: number; checkpoints: number },
  item: LedgerItem,
): void {
  if (item.kind === 'seal') {
    written.seals += 1;
    written.entries += item.seal.ids.length;
  } else if (item.kind === 'chain') written.chains += 1;
  else if (item.kind === 'checkpoint' || item.kind === 'base') written.checkpoints += 1;
}
