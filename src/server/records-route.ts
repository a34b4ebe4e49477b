/**
 * Files over HTTP: POST /records/{RECORD} takes a department's file and stages it, GET /records lists the kinds, GET
 * /records/{RECORD}/template.csv|xlsx gives an empty file, GET /deliveries/{id} tells how far a delivery is, and
 * /deliveries/{id}/result.csv what was found row by row. Nothing of a body is read before its sender is known and may deliver
 * such records.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FileError, emptyCsv, emptyXlsx, openSheet, resultFile } from '../intake/files/index.ts';
import type { Templates } from '../intake/files/index.ts';
import type { DeliveryOpening, DeliveryStatus, Intake, RawRow } from '../intake/index.ts';
import type { Bounds } from '../platform/bounds.ts';
import type { Asker } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { HeaderError } from '../platform/csv/headers.ts';
import { badUserInput, cancelled, tooManyRequests } from '../platform/errors.ts';
import { isId } from '../platform/id.ts';
import type { Admission } from './admission/admission.ts';
import { inTurn } from './admission/turn.ts';
import type { Arrivals } from './arrival.ts';
import { FileRefused, arrivedFile, lingerFor } from './file-arrival.ts';
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

/** An address that ends in a delivery's id. */
interface AskedDelivery {
  Params: { id: string };
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

    reading.get<AskedDelivery>('/deliveries/:id', async (request, reply) => {
      const status = await deliveryOf(request, reply);
      return status === undefined ? reply.callNotFound() : reply.send(told(status, true));
    });

    reading.get<AskedDelivery>('/deliveries/:id/result.csv', async (request, reply) => {
      const status = await deliveryOf(request, reply);
      if (status === undefined) return reply.callNotFound();
      return reply
        .header('content-disposition', attachment(`${status.id}.result.csv`))
        .type('text/csv; charset=utf-8')
        .send(resultFile(intake.findings(status.id), templates.get(status.record)));
    });
    done();
  });

  /** The delivery of an address, where the caller may know of it. */
  async function deliveryOf(
    request: FastifyRequest<AskedDelivery>,
    reply: FastifyReply,
  ): Promise<DeliveryStatus | undefined> {
    const { caller, seen } = await admit(request, reply);
    await intake.assertSupplier(caller);
    const { id } = request.params;
    const status = isId(id) ? await intake.find(caller, id) : undefined;
    if (status !== undefined) seen.outcome = 'OK';
    return status;
  }

  /** Puts the file down, finds whether it was delivered before, and stages it where it was not. */
  async function take(
    request: FastifyRequest<{ Params: { record: string } }>,
    { caller, asker }: RequestContext,
  ): Promise<{ readonly status: DeliveryStatus; readonly known: boolean }> {
    const { record } = request.params;
    const template = templates.get(record);
    if (template === undefined) throw badUserInput(`There is no template for ${record}: deliver it by submitRecords.`);
    const asked = readQuery(request.query as Readonly<Record<string, unknown>>);
    const file = await arrivedFile(request.raw, { folder: spoolDir, most: bounds.file, arrivals });
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
        const status = await inTurn(admission, caller.client, asker, async () => {
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
