/** The hub's addresses for records, as its commands use them: send a file, fetch one, ask and act. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { callerHeaders, parsed, retryAfter, unreachable } from '../hub-http.ts';
import { RefusedError, UnreachableError, ask } from '../query/ask.ts';
import type { Asking } from '../query/ask.ts';
import { deliveryForm } from './delivery.ts';
import type { Delivery } from './delivery.ts';

/** What goes with a file. */
export interface Sending {
  readonly path: string;
  readonly record: string;
  readonly mode: string;
  readonly asOf?: string | undefined;
  readonly region?: string | undefined;
  readonly source?: string | undefined;
  /** Told of bytes sent so far. */
  readonly onSent: (bytes: number) => void;
}

/** A file that the hub has. */
export interface Sent {
  readonly delivery: Delivery;
  /** The very file had been delivered before. */
  readonly known: boolean;
}

const LONGEST = 30 * 60_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const PASSING = new Set([408, 429, 502, 503, 504]);

const received = z.object({ known: z.boolean(), delivery: deliveryForm });
const refusal = z.object({
  errors: z.array(z.object({ message: z.string(), extensions: z.looseObject({ code: z.string() }) })).min(1),
});
const kinds = z.object({
  records: z.array(
    z.object({
      record: z.string(),
      title: z.string(),
      department: z.string(),
      template: z.boolean(),
      required: z.array(z.string()),
    }),
  ),
});

/** The kinds of records that the hub takes. Throws RefusedError or UnreachableError, as everything here does. */
export async function listKinds(asking: Asking): Promise<z.infer<typeof kinds>['records']> {
  const response = await patiently(asking, () => request(asking, '/records'));
  return kinds.parse(await response.json()).records;
}

/** Sends a file; the hub reads and checks all of it, and knows one that it has by its digest, so sending again is safe. */
export async function sendFile(asking: Asking, sending: Sending): Promise<Sent> {
  const { path, record, mode, asOf, region, source } = sending;
  const { size } = await stat(path);
  const query = new URLSearchParams({ mode });
  for (const [name, value] of Object.entries({ asOf, region, source })) if (value !== undefined) query.set(name, value);
  const response = await patiently(asking, () =>
    request(asking, `/records/${encodeURIComponent(record)}?${query.toString()}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(size),
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
      },
      body: Readable.toWeb(Readable.from(counted(path, sending.onSent))),
      duplex: 'half',
    }),
  );
  return received.parse(await response.json());
}

/** Writes what an address holds to a file, which is there whole or not at all. */
export async function fetchFile(asking: Asking, address: string, path: string): Promise<void> {
  const response = await patiently(asking, () => request(asking, address));
  if (response.body === null) throw new UnreachableError('The hub answered with nothing.');
  const draft = `${path}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(draft));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A delivery of the own department. */
export async function findDelivery(asking: Asking, id: string): Promise<Delivery> {
  const response = await patiently(asking, () => request(asking, `/deliveries/${encodeURIComponent(id)}`));
  return received.pick({ delivery: true }).parse(await response.json()).delivery;
}

const recentForm = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      record: z.string(),
      mode: z.string(),
      state: z.string(),
      openedAt: z.string(),
      fileName: z.string().nullable(),
      rowCount: z.number(),
      faultyCount: z.number(),
      rejectedCount: z.number(),
    }),
  ),
});

/** A delivery in a list. */
export type RecentDelivery = z.infer<typeof recentForm>['nodes'][number];

/** Recent deliveries of the own department, the latest first. */
export async function listDeliveries(asking: Asking, first: number): Promise<readonly RecentDelivery[]> {
  const query = `query($first: Int!) { deliveries(first: $first) {
    nodes { id record mode state openedAt fileName rowCount faultyCount rejectedCount } } }`;
  const { data } = await ask({ query, variables: { first } }, asking);
  return recentForm.parse(data['deliveries']).nodes;
}

async function* counted(path: string, onSent: (bytes: number) => void): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    yield chunk;
    sent += chunk.length;
    onSent(sent);
  }
}

function request(
  asking: Asking,
  address: string,
  { headers, ...init }: RequestInit & { readonly duplex?: 'half' } = {},
): Promise<Response> {
  return fetch(asking.url.replace(/\/graphql$/, address), {
    ...init,
    headers: {
      ...(headers as Record<string, string> | undefined),
      ...callerHeaders(asking),
    },
    signal: AbortSignal.any([asking.signal, AbortSignal.timeout(LONGEST)]),
  });
}

/** Waits out what passes by itself: a lost connection, a busy or restarting hub. */
async function patiently({ url, signal, patience }: Asking, attempt: () => Promise<Response>): Promise<Response> {
  const until = Date.now() + patience;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    let passing: string;
    let waitMs = wait;
    try {
      const response = await attempt();
      if (response.ok) return response;
      passing = told(response.status, await response.text());
      if (!PASSING.has(response.status)) throw new RefusedError(passing);
      waitMs = retryAfter(response) ?? wait;
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      signal.throwIfAborted();
      passing = unreachable(url, error);
    }
    if (Date.now() + waitMs > until) throw new UnreachableError(passing);
    await sleep(waitMs, undefined, { signal });
  }
}

function told(status: number, text: string): string {
  const [first] = refusal.safeParse(parsed(text)).data?.errors ?? [];
  return first === undefined
    ? `HTTP ${String(status)}: this is no answer of a hub`
    : `${first.extensions.code}: ${first.message}`;
}
