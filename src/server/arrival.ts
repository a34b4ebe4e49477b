/**
 * How long a request may take to arrive. node:http looks over all connections now and then and reports what is late, the same time for
 * all and without work for any one request; a file may take hours, so the route that reads it vouches for its connection meanwhile.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** What may take longer, and what becomes of the rest. */
export interface Arrivals {
  /**
   * Lets the request under way on the connection take `longest` ms, whatever the server's time is; then the connection is cut. Ends when
   * the function that is returned is called.
   */
  vouchFor(socket: Socket, longest: number): () => void;
  /** For `clientError` of the server: what is late and not vouched for is cut off, as is what cannot be read. */
  readonly onClientError: (error: Error & { readonly code?: string }, socket: Socket) => void;
}

/** Nothing is vouched for yet. */
export function openArrivals(): Arrivals {
  const vouched = new Set<Socket>();
  return {
    vouchFor(socket, longest) {
      const timer = setTimeout(() => socket.destroy(), longest);
      vouched.add(socket);
      return () => {
        clearTimeout(timer);
        vouched.delete(socket);
      };
    },
    onClientError(error, socket) {
      if (socket.destroyed || error.code === 'ECONNRESET') return;
      if (error.code === LATE && vouched.has(socket)) return;
      if (socket.writable) socket.write(plainAnswer(STATUS_OF[error.code ?? ''] ?? 400));
      socket.destroy(error);
    },
  };
}

const LATE = 'ERR_HTTP_REQUEST_TIMEOUT';
const STATUS_OF: Readonly<Record<string, number>> = { [LATE]: 408, HPE_HEADER_OVERFLOW: 431 };

/** There is no request that could be answered otherwise. */
function plainAnswer(statusCode: number): string {
  const error = STATUS_CODES[statusCode] ?? '';
  const body = JSON.stringify({ error, message: error, statusCode });
  const head = ['content-type: application/json', `content-length: ${String(body.length)}`, 'connection: close'];
  return [`HTTP/1.1 ${String(statusCode)} ${error}`, ...head, '', body].join('\r\n');
}
