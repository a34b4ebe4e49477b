/**
 * Files over HTTP: POST /records/{RECORD} takes a department's file and stages it, GET /records lists the kinds, GET
 * /records/{RECORD}/template.csv|xlsx gives an empty file, GET /deliveries/{id} tells how far a delivery is, and
 * /deliveries/{id}/result.csv what was found row by row. Nothing of a body is read before its
 * sender is known and may deliver such records.
 */
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  FileError,
  FileTooLargeError,
  emptyCsv,
  emptyXlsx,
  openSheet,
  resultFile,
  spool,
} from '../intake/files/index.ts';
import type { ArrivedFile, Templates } from '../intake/files/index.ts';
import type { DeliveryOpening, DeliveryStatus, Intake, RawRow } from '../intake/index.ts';
import type { Bounds } from '../platform/bounds.ts';
import type { Asker } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { HeaderError } from '../platform/csv/headers.ts';
import { HubError, badUserInput, cancelled, tooManyRequests } from '../platform/errors.ts';
import { isId } from '../platform/id.ts';
import type { Admission } from './admission/admission.ts';
import { beginTurn } from './admission/turn.ts';
import type { Arrivals } from './arrival.ts';
import type { RequestContext } from './operations.ts';
import { isSame, nameOf, readQuery } from './records-asked.ts';

/** What the files' addresses are built from. */
export interface RecordsParts {
  readonly intake: Intake;
  readonly templates: Templates;
  /** Folder for files under way. */
  readonly spoolDir: string;
  readonly clock: Clock;
}

/** What the server around lends them. */
export interface RecordsServer {
  readonly bounds: Bounds;
  readonly admission: Admission;
  readonly arrivals: Pick<Arrivals, 'vouchFor'>;
  /** Who asks, and what for. */
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => Promise<RequestContext>;
  readonly refuse: (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
}

/** XLSX as its media type. */
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const TAKEN: readonly string[] = ['text/csv', 'text/tab-separated-values', XLSX, 'application/octet-stream'];
/** Files of a client that may be on their way at a time. */
const MOST_AT_A_TIME = 4;
/** Without a byte for so long the sender is taken to be gone; ms. */
const SILENCE = 60_000;
/** For a file to arrive whole, as long as bytes come; ms. */
const LONGEST_UPLOAD = 6 * 3_600_000;
/** How long the rest of a refused file is still listened to, so that its sender hears the refusal; ms. */
const LINGER = 2_000;

/** A refusal that HTTP has a status for. */
class FileRefused extends HubError {
  readonly statusCode: number;

  constructor(statusCode: number, message: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super('BAD_REQUEST', message, extensions);
    this.statusCode = statusCode;
  }
}

/** Adds the addresses to the server. */
export function addRecords(
  app: FastifyInstance,
  parts: RecordsParts,
  { bounds, admission, arrivals, admit, refuse }: RecordsServer,
): void {
  const { intake, templates, spoolDir, clock } = parts;
  const underWay = new Map<string, number>();
  const inHand = new Map<string, Promise<void>>();

  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // The body stays a stream.
    scope.addContentTypeParser('*', (_request, _payload, parsed) => {
      parsed(null);
    });
    scope.setErrorHandler(refuse);
    scope.addHook('onError', async (request, reply) => {
      await lingerFor(request.raw, reply);
    });
    scope.route<{ Params: { record: string } }>({
      method: 'POST',
      url: '/records/:record',
      onRequest: async (request, reply) => {
        const { caller } = await admit(request, reply);
        intake.kindFor(caller, request.params.record);
        await intake.assertSupplier(caller);
        const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
        if (!TAKEN.includes(type) || request.headers['content-encoding'] !== undefined)
          throw new FileRefused(415, `Send the file itself, uncompressed, as one of ${TAKEN.join(', ')}.`);
      },
      handler: async (request, reply) => {
        const { context } = request.noted;
        if (context === undefined) throw new Error('A file without a sender reached the intake');
        const { client } = context.caller;
        const before = underWay.get(client) ?? 0;
        if (before >= MOST_AT_A_TIME) throw tooManyRequests(5);
        underWay.set(client, before + 1);
        try {
          const { status, known } = await take(request, context);
          context.seen.outcome = 'OK';
          return await reply
            .code(known ? 200 : 201)
            .header('location', `/deliveries/${status.id}`)
            .type('application/json')
            .send(told(status, known));
        } finally {
          const now = (underWay.get(client) ?? 1) - 1;
          if (now === 0) underWay.delete(client);
          else underWay.set(client, now);
        }
      },
    });
    done();
  });

  app.register((reading, _options, done) => {
    reading.setErrorHandler(refuse);
    for (const form of ['csv', 'xlsx'] as const)
      reading.get<{ Params: { record: string } }>(`/records/:record/template.${form}`, async (request, reply) => {
        const { seen } = await admit(request, reply);
        const template = templates.get(request.params.record);
        if (template === undefined) return reply.callNotFound();
        const body = await (form === 'csv' ? emptyCsv(template) : emptyXlsx(template));
        seen.outcome = 'OK';
        return reply
          .header('content-disposition', attachment(`${template.record.toLowerCase()}.${form}`))
          .type(form === 'csv' ? 'text/csv; charset=utf-8' : XLSX)
          .send(body);
      });

    reading.get('/records', async (request, reply) => {
      const { seen } = await admit(request, reply);
      seen.outcome = 'OK';
      return reply.send({
        records: intake.kinds.map(({ name: record, title, department }) => ({
          record,
          title,
          department,
          template: templates.has(record),
          required:
            templates.get(record)?.columns.flatMap(({ required, headers: [first] }) => (required ? [first] : [])) ?? [],
        })),
      });
    });

    reading.get<{ Params: { id: string } }>('/deliveries/:id', async (request, reply) => {
      const { caller, seen } = await admit(request, reply);
      await intake.assertSupplier(caller);
      const { id } = request.params;
      const status = isId(id) ? await intake.find(caller, id) : undefined;
      if (status === undefined) return reply.callNotFound();
      seen.outcome = 'OK';
      return reply.send(told(status, true));
    });

    reading.get<{ Params: { id: string } }>('/deliveries/:id/result.csv', async (request, reply) => {
      const { caller, seen } = await admit(request, reply);
      await intake.assertSupplier(caller);
      const { id } = request.params;
      const status = isId(id) ? await intake.find(caller, id) : undefined;
      if (status === undefined) return reply.callNotFound();
      seen.outcome = 'OK';
      return reply
        .header('content-disposition', attachment(`${id}.result.csv`))
        .type('text/csv; charset=utf-8')
        .send(resultFile(intake.findings(id), templates.get(status.record)));
    });
    done();
  });

  /** Puts the file down, finds whether it was delivered before, and stages it where it was not. */
  async function take(
    request: FastifyRequest<{ Params: { record: string } }>,
    { caller, asker }: RequestContext,
  ): Promise<{ readonly status: DeliveryStatus; readonly known: boolean }> {
    const { record } = request.params;
    const template = templates.get(record);
    if (template === undefined) throw badUserInput(`There is no template for ${record}: deliver it by submitRecords.`);
    const asked = readQuery(request.query as Readonly<Record<string, unknown>>);
    const settle = arrivals.vouchFor(request.raw.socket, LONGEST_UPLOAD);
    const file = await arrived(request.raw, spoolDir, bounds.file).finally(settle);
    try {
      const rows = await openSheet(file, template).catch(explain);
      const key = `${caller.department} ${record} ${file.digest.toString('hex')}`;
      // The same file twice at once: the second one finds what the first one made.
      return await oneAtATime(key, async () => {
        const before = await intake.findByDigest(caller, record, file.digest);
        if (before !== undefined && isSame(before, asked)) return { status: before, known: true };
        const opening: DeliveryOpening = {
          ...asked,
          record,
          asOf: asked.asOf ?? clock.now(),
          fileName: nameOf(request.headers['content-disposition']),
          fileDigest: file.digest,
          format: file.format,
        };
        const status = await inTurn(caller.client, asker, async () => {
          const id = await intake.openDelivery(caller, opening);
          return intake.stage(id, whileThere(rows, asker)).catch(explain);
        });
        return { status, known: false };
      });
    } finally {
      await file.close();
    }
  }

  async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
    while (inHand.has(key)) await inHand.get(key);
    const working = work();
    const ended = working.then(
      () => undefined,
      () => undefined,
    );
    inHand.set(key, ended);
    try {
      return await working;
    } finally {
      inHand.delete(key);
    }
  }

  async function inTurn<T>(client: string, asker: Asker, work: () => Promise<T>): Promise<T> {
    const entering = admission.enter(client, asker);
    if (entering !== undefined) await entering;
    const turn = beginTurn(admission, client, asker);
    try {
      return await work();
    } finally {
      turn.end();
    }
  }
}

async function arrived(request: IncomingMessage, folder: string, most: number): Promise<ArrivedFile> {
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

/** A sender who goes while the file is staged leaves an abandoned delivery. */
async function* whileThere(rows: AsyncIterable<readonly RawRow[]>, asker: Asker): AsyncGenerator<readonly RawRow[]> {
  for await (const some of rows) {
    if (asker.gone) throw cancelled();
    yield some;
  }
}

const explain = (error: unknown): never => {
  if (error instanceof HeaderError || error instanceof FileError)
    throw badUserInput(error.message, { argument: 'file' });
  throw error;
};

const attachment = (name: string): string => `attachment; filename="${name}"`;

/** A delivery as JSON, and where to go on. */
function told(status: DeliveryStatus, known: boolean): unknown {
  const { asOf, openedAt, finishedAt, ...rest } = status;
  return {
    known,
    delivery: {
      ...rest,
      asOf: asOf.toISOString(),
      openedAt: openedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
    },
    links: { result: `/deliveries/${status.id}/result.csv` },
  };
}

/** The connection is not used again; what its sender still writes is thrown away for a moment, so that the refusal arrives. */
async function lingerFor(request: IncomingMessage, reply: FastifyReply): Promise<void> {
  if (request.complete || request.destroyed) return;
  void reply.header('connection', 'close');
  request.resume();
  await Promise.race([
    new Promise((resolve) => request.once('end', resolve).once('close', resolve)),
    sleep(LINGER, undefined, { ref: false }),
  ]);
}
