/**
 * One request to one address, over node:http: it follows no redirect, unpacks nothing, uses no proxy, and reads so many
 * bytes and no more. What the source sends reaches nobody but the reader of its answers; no error repeats any of it.
 */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { SourceFault } from './fault.ts';

/** Files of a TLS connection, read. */
export interface TlsParts {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Where requests go, and within which limits. */
export interface OutgoingOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Connections at a time. */
  readonly connections: number;
  /** Bytes of an answer. */
  readonly largest: number;
  readonly tls?: TlsParts | undefined;
}

/** A way to one address. */
export interface Outgoing {
  /**
   * Sends a JSON body with POST, and reads a JSON answer of status 200.
   * @throws SourceFault; the signal's reason once it aborts
   */
  post(body: string, signal: AbortSignal): Promise<unknown>;
  close(): void;
}

/** Room for the headers of an answer. */
const MOST_HEADERS = 16 * 1024;

/** Opens no connection yet. */
export function openOutgoing({ url, headers, connections, largest, tls = {} }: OutgoingOptions): Outgoing {
  const address = new URL(url);
  const isTls = address.protocol === 'https:';
  const pooled = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  const agent = isTls ? new HttpsAgent({ ...pooled, minVersion: 'TLSv1.2', ...tls }) : new HttpAgent(pooled);
  const send = isTls ? httpsRequest : httpRequest;

  const once = (body: string, signal: AbortSignal): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const sent = send(address, {
        method: 'POST',
        agent,
        maxHeaderSize: MOST_HEADERS,
        headers: {
          ...headers,
          'content-type': 'application/json',
          accept: 'application/json, application/graphql-response+json',
          // Nothing is unpacked here, so nothing small becomes large.
          'accept-encoding': 'identity',
          'content-length': Buffer.byteLength(body),
        },
      });
      const end = (error: unknown): void => {
        signal.removeEventListener('abort', onAbort);
        sent.destroy();
        reject(error instanceof Error ? error : new SourceFault('REFUSED', 'the connection failed'));
      };
      let begun = false;
      const onAbort = (): void => {
        const { reason } = signal as { readonly reason: unknown };
        const dripping = begun && reason instanceof SourceFault;
        end(dripping ? new SourceFault('BAD_ANSWER', 'the answer did not end within the deadline') : reason);
      };
      if (signal.aborted) {
        end(signal.reason);
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      sent.on('error', (error) => {
        end(faultOf(error, sent));
      });
      sent.on('response', (response) => {
        begun = true;
        const fault = faultOfHead(response, largest);
        if (fault !== undefined) {
          end(fault);
          return;
        }
        readBody(response, largest, end, (bytes) => {
          signal.removeEventListener('abort', onAbort);
          resolve(bytes);
        });
      });
      sent.end(body);
    });

  return {
    async post(body, signal) {
      let bytes: Buffer;
      try {
        bytes = await once(body, signal);
      } catch (error) {
        // The source closed a kept connection just as it was used again: it never saw the question.
        if (!(error instanceof StaleConnection)) throw error;
        bytes = await once(body, signal);
      }
      return parse(bytes);
    },
    close() {
      agent.destroy();
    },
  };
}

/** A kept connection was closed before the request was seen. */
class StaleConnection extends SourceFault {}

function faultOf(error: Error, sent: ClientRequest): SourceFault {
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return new SourceFault('BAD_ANSWER', 'the answer is no HTTP');
  if (code === 'ECONNRESET' && sent.reusedSocket) return new StaleConnection('REFUSED', 'the connection was closed');
  return new SourceFault('REFUSED', `the connection failed${/^[A-Z_]{2,40}$/.test(code) ? ` (${code})` : ''}`);
}

const JSON_TYPES = /^application\/(json|graphql-response\+json)\s*(;|$)/i;

function faultOfHead({ statusCode = 0, headers }: IncomingMessage, largest: number): SourceFault | undefined {
  if (statusCode >= 300 && statusCode < 400)
    return new SourceFault('BAD_ANSWER', 'the source sends elsewhere; redirects are not followed');
  if (statusCode !== 200) return new SourceFault('REFUSED', `the source answered with status ${String(statusCode)}`);
  if ((headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity')
    return new SourceFault('BAD_ANSWER', 'the answer is packed, although it was asked for as it is');
  if (!JSON_TYPES.test(headers['content-type'] ?? '')) return new SourceFault('BAD_ANSWER', 'the answer is not JSON');
  if (Number(headers['content-length'] ?? 0) > largest) return tooLarge();
  return undefined;
}

const tooLarge = (): SourceFault => new SourceFault('BAD_ANSWER', 'the answer is too large');

function readBody(
  response: IncomingMessage,
  largest: number,
  fail: (error: SourceFault) => void,
  done: (bytes: Buffer) => void,
): void {
  const parts: Buffer[] = [];
  let size = 0;
  response.on('data', (part: Buffer) => {
    size += part.byteLength;
    if (size > largest) fail(tooLarge());
    else parts.push(part);
  });
  response.on('error', () => {
    fail(new SourceFault('BAD_ANSWER', 'the answer broke off'));
  });
  response.on('end', () => {
    done(Buffer.concat(parts));
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SourceFault('BAD_ANSWER', 'the answer is not JSON');
  }
}
