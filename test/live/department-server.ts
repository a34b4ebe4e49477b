/**
 * A department's own server for tests and for trying out by hand: HTTP, REST and GraphQL, over a handful of answers, and it
 * can be told to fail in each of the ways in which such servers fail.
 *
 * By hand: `node --import @swc-node/register/esm-register test/live/department-server.ts 4100`, then
 * `curl -d timeout http://127.0.0.1:4100/fail` and `curl -d none http://127.0.0.1:4100/fail`.
 */
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Ways to fail. */
export const FAILURES = [
  'none',
  'timeout',
  'drip',
  'cut',
  'hang-up',
  'error-500',
  'unauthorized',
  'redirect',
  'not-json',
  'broken-json',
  'not-utf8',
  'html',
  'huge',
  'endless',
  'gzip',
  'huge-headers',
  'no-http',
  'wrong-form',
  'stranger',
  'twice',
  'wrong-type',
  'half',
  'graphql-errors',
] as const;
/** One of them; `wrong-type` and `half` spoil the answer about every second person. */
export type Failure = (typeof FAILURES)[number];

/** A batch as it arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly numbers: readonly string[];
}

/** What the department says of a person. */
export type Told = Readonly<Record<string, unknown>>;

/** A running department. */
export interface DepartmentServer {
  readonly url: string;
  readonly received: Received[];
  /** Requests whose client went away before they were answered. */
  readonly abandoned: () => number;
  fail: Failure;
  /** ms before an answer. */
  delay: number;
  /** Called with every batch before it is answered. */
  onBatch: ((numbers: readonly string[]) => void | Promise<void>) | undefined;
  /** What is said of a number; undefined where the department knows nobody of it. */
  recordOf: (number: string) => Told | undefined;
  close(): Promise<void>;
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The numbers in a body of either kind: `{ persons: [{ idNumber }] }`, or variables with `idNumbers`. */
function numbersIn(body: unknown): readonly string[] {
  const { persons, variables } = body as { persons?: { idNumber: string }[]; variables?: { idNumbers: string[] } };
  const numbers = persons?.map(({ idNumber }) => idNumber) ?? variables?.idNumbers ?? [];
  return numbers.filter(isText);
}

/** Starts it on a free port, or the one that is given; over HTTPS with a certificate. */
export async function startDepartment(port = 0, tls?: ServerOptions): Promise<DepartmentServer> {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let abandoned = 0;
  const department: Omit<DepartmentServer, 'url'> = {
    received: [],
    abandoned: () => abandoned,
    fail: 'none',
    delay: 0,
    onBatch: undefined,
    recordOf: () => ({
      status: 'EMPLOYED',
      registeredOn: '2026-03-01',
      insuredType: 'RESIDENT',
      paidThrough: '2026-12',
    }),
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearInterval(timer);
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };

  const later = (ms: number, then: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
    }, ms);
    timers.add(timer);
  };
  const every = (ms: number, then: () => boolean): void => {
    const timer = setInterval(() => {
      if (then()) return;
      clearInterval(timer);
      timers.delete(timer);
    }, ms);
    timers.add(timer);
  };

  const answerOf = (path: string, numbers: readonly string[]): unknown => {
    const results = numbers.map((idNumber) => {
      const record = department.recordOf(idNumber);
      return record === undefined ? { idNumber, known: false } : { idNumber, known: true, ...record };
    });
    const spoiled = spoil(department.fail, results);
    return path === '/graphql' ? { data: { answers: spoiled } } : { results: spoiled };
  };

  const respond = (path: string, numbers: readonly string[], response: ServerResponse): void => {
    const json = (body: unknown, head: Record<string, string> = {}): void => {
      response.writeHead(200, { 'content-type': 'application/json', ...head }).end(JSON.stringify(body));
    };
    switch (department.fail) {
      case 'timeout':
        return;
      case 'hang-up':
        response.destroy();
        return;
      case 'no-http':
        response.socket?.end('RUBBISH\r\n\r\n');
        return;
      case 'error-500':
        response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ secret: SECRET }));
        return;
      case 'unauthorized':
        response.writeHead(401, { 'www-authenticate': SECRET }).end(SECRET);
        return;
      case 'redirect':
        response.writeHead(307, { location: `/elsewhere?${SECRET}` }).end();
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${SECRET}</p>`);
        return;
      case 'not-json':
        response.writeHead(200, { 'content-type': 'application/json' }).end(SECRET);
        return;
      case 'broken-json':
        response.writeHead(200, { 'content-type': 'application/json' }).end(`{"results": [{"${SECRET}"`);
        return;
      case 'not-utf8':
        response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
        return;
      case 'cut':
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' })
          .write('{"results": [');
        later(20, () => response.destroy());
        return;
      case 'drip':
        response.writeHead(200, { 'content-type': 'application/json' });
        every(20, () => !response.destroyed && response.write(' '));
        return;
      case 'huge':
        json({ results: [], padding: 'x'.repeat(4 * 1024 * 1024) });
        return;
      case 'endless':
        response.writeHead(200, { 'content-type': 'application/json' });
        every(1, () => {
          if (!response.destroyed) response.write(' '.repeat(64 * 1024));
          return !response.destroyed;
        });
        return;
      case 'gzip':
        // A gigabyte of blanks would be a megabyte; that it is packed at all is enough.
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.from(`{"results": []${' '.repeat(10_000_000)}}`)));
        return;
      case 'huge-headers':
        json(answerOf(path, numbers), { 'x-padding': 'x'.repeat(64 * 1024) });
        return;
      case 'wrong-form':
        json({ result: 'EMPLOYED', numbers });
        return;
      case 'graphql-errors':
        json({ errors: [{ message: SECRET }], data: null });
        return;
      default:
        json(answerOf(path, numbers));
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    if (path === '/fail') {
      const wanted = FAILURES.find((one) => one === text.trim());
      if (wanted !== undefined) department.fail = wanted;
      response.writeHead(wanted === undefined ? 400 : 200).end(`${department.fail}\n`);
      return;
    }
    const numbers = numbersIn(JSON.parse(text));
    response.on('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
    department.received.push({ path, headers: request.headers, numbers });
    await department.onBatch?.(numbers);
    if (department.delay === 0) respond(path, numbers, response);
    else
      later(department.delay, () => {
        respond(path, numbers, response);
      });
  };

  const take = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch(() => {
      response.writeHead(400).end();
    });
  };
  const server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
  server.on('tlsClientError', () => undefined);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return Object.assign(department, { url });
}

/** Stands in every answer that must be shown to nobody. */
export const SECRET = 'text-of-the-source';

function spoil(fail: Failure, results: readonly Told[]): readonly (Told | null)[] {
  switch (fail) {
    case 'stranger':
      return [...results, { idNumber: 'somebody-else', known: true, status: 'EMPLOYED', note: SECRET }];
    case 'twice':
      return [...results, ...results.slice(0, 1)];
    case 'wrong-type':
      return results.map((one, i) => (i % 2 === 1 ? { ...one, status: SECRET } : one));
    case 'half':
      return results.map((one, i) => (i % 2 === 1 ? null : one));
    default:
      return results;
  }
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const { url } = await startDepartment(Number(argv[2] ?? 4100));
  process.stdout.write(
    `A department answers at ${url}/persons (REST) and ${url}/graphql; POST a failure to ${url}/fail\n`,
  );
}
