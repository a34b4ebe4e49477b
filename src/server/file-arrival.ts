/** A file on its way in: how large it may be, how long it may take, and how its sender hears that it was refused. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { FileTooLargeError, spool } from '../intake/files/index.ts';
import type { ArrivedFile } from '../intake/files/index.ts';
import { HubError, cancelled } from '../platform/errors.ts';
import type { Arrivals } from './arrival.ts';

/** Without a byte for so long the sender is taken to be gone; ms. */
const SILENCE = 60_000;
/** For a file to arrive whole, as long as bytes come; ms. */
const LONGEST_UPLOAD = 6 * 3_600_000;
/** How long the rest of a refused file is still listened to, so that its sender hears the refusal; ms. */
const LINGER = 2_000;

/** A refusal that HTTP has a status for. */
export class FileRefused extends HubError {
  readonly statusCode: number;

  constructor(statusCode: number, message: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super('BAD_REQUEST', message, extensions);
    this.statusCode = statusCode;
  }
}

/** Where a file is put down. */
export interface Spooling {
  readonly folder: string;
  /** Bytes that are taken. */
  readonly most: number;
  readonly arrivals: Pick<Arrivals, 'vouchFor'>;
}

/**
 * The file that is the body of a request, once all of it is here; whoever gets it closes it.
 * @throws FileRefused 413 for one that is too large; HubError CANCELLED where its sender went
 */
export async function arrivedFile(
  request: IncomingMessage,
  { folder, most, arrivals }: Spooling,
): Promise<ArrivedFile> {
  const settle = arrivals.vouchFor(request.socket, LONGEST_UPLOAD);
  const announced = Number(request.headers['content-length'] ?? 0);
  try {
    if (announced > most) throw new FileTooLargeError('too large');
    return await spool(bytesOf(request), { folder, most });
  } catch (error) {
    if (error instanceof FileTooLargeError)
      throw new FileRefused(413, `The file is larger than ${most} bytes; send it in parts, as delta.`, {
        bound: 'file',
      });
    if (request.destroyed && !request.complete) throw cancelled();
    throw error;
  } finally {
    settle();
  }
}

async function* bytesOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  const silence = setTimeout(() => request.destroy(), SILENCE);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      silence.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(silence);
  }
}

/** The connection is not used again; what its sender still writes is thrown away for a moment, so that the refusal arrives. */
export async function lingerFor(request: IncomingMessage, reply: FastifyReply): Promise<void> {
  if (request.complete || request.destroyed) return;
  void reply.header('connection', 'close');
  request.resume();
  await Promise.race([
    new Promise((resolve) => request.once('end', resolve).once('close', resolve)),
    sleep(LINGER, undefined, { ref: false }),
  ]);
}
