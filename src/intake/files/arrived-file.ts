/**
 * A file that arrived whole. One that comes over the network is first put down: its digest says whether it was delivered
 * already and its last byte may decide its encoding, so nothing of it can be used before all of it is there. It has no name
 * from its first byte on: the system gives its space back when the process ends, however it ends.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { probeEncoding } from '../../platform/csv/encoding.ts';
import type { Encoding } from '../../platform/csv/encoding.ts';
import { newId } from '../../platform/id.ts';

/** A file that has arrived whole. */
export interface ArrivedFile {
  readonly bytes: number;
  /** SHA-256 of its bytes. */
  readonly digest: Buffer;
  /** By its first bytes; OTHER is a form that nobody reads here. */
  readonly format: 'CSV' | 'XLSX' | 'OTHER';
  /** Where it is text. */
  readonly encoding: Encoding;
  /** Its bytes from the first one, as often as wanted. */
  read(): AsyncIterable<Buffer>;
  /** Gives it up. */
  close(): Promise<void>;
}

/** More bytes came than are taken; the message holds none of them. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
}

const CHUNK = 256 * 1024;
const HEAD = 4;

/**
 * Puts a file down in a folder of the hub's own, which is made where it is missing; rejects as `chunks` does, and with
 * FileTooLargeError. Of a file that did not arrive whole nothing is left.
 */
export async function spool(
  chunks: AsyncIterable<Uint8Array>,
  { folder, most }: { readonly folder: string; readonly most: number },
): Promise<ArrivedFile> {
  const handle = await nameless(folder);
  const write = async (chunk: Uint8Array): Promise<void> => {
    for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at, chunk.length - at)).bytesWritten;
  };
  return look(handle, chunks, most, write);
}

/** A file that lies on this machine's disk and is no link. Rejects with what the system says, and FileTooLargeError. */
export async function openLocal(path: string, most: number): Promise<ArrivedFile> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  return look(handle, readFrom(handle), most);
}

async function look(
  handle: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  most: number,
  write?: (chunk: Uint8Array) => Promise<void>,
): Promise<ArrivedFile> {
  try {
    const hash = createHash('sha256');
    const probe = probeEncoding();
    let head = Buffer.alloc(0);
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > most) throw new FileTooLargeError(`The file has more than ${most} bytes.`);
      if (head.length < HEAD) head = Buffer.concat([head, chunk.subarray(0, HEAD)]).subarray(0, HEAD);
      hash.update(chunk);
      probe.take(chunk);
      await write?.(chunk);
    }
    return {
      bytes,
      digest: hash.digest(),
      format: formatOf(head),
      encoding: probe.end(),
      read: () => readFrom(handle),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** How files begin that are neither text nor XLSX: old workbooks, documents, pictures, archives; hexadecimal. */
const OTHERS = ['d0cf11e0', '25504446', '89504e47', 'ffd8ff', '52617221', '377abcaf', '1f8b'];
/** XLSX is a ZIP archive. */
const ZIP = '504b0304';

function formatOf(head: Buffer): ArrivedFile['format'] {
  const sign = head.toString('hex');
  if (sign === ZIP) return 'XLSX';
  return OTHERS.some((other) => sign.startsWith(other)) ? 'OTHER' : 'CSV';
}

async function nameless(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, newId());
  const handle = await open(path, 'wx+', 0o600);
  await unlink(path);
  return handle;
}

async function* readFrom(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
