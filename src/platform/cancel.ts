/** Work ends with the client that asked for it: it waits for no connection, and its statement is cancelled in PostgreSQL. */
import { connect } from 'node:net';
import type { Pool, PoolClient } from './database.ts';
import { cancelled } from './errors.ts';

/**
 * Whoever waits for an answer. Not an AbortSignal: one of these is made for each request, and a field costs nothing
 * where nobody leaves.
 */
export interface Asker {
  gone: boolean;
  /** What the work under way does when the asker goes; it takes itself out when it is done. */
  onGone: (() => void) | undefined;
}

/** Somebody who is still there. */
export const newAsker = (): Asker => ({ gone: false, onGone: undefined });

/** The asker has gone: what waits or runs for it is given up. */
export function leave(asker: Asker | undefined): void {
  if (asker === undefined || asker.gone) return;
  asker.gone = true;
  asker.onGone?.();
}

/**
 * A connection of the pool. An asker who goes while none is free is out of the queue at once: the connection that comes
 * later is handed back untouched. @throws CANCELLED
 */
export function connectFor(pool: Pool, asker: Asker | undefined): Promise<PoolClient> {
  if (asker === undefined) return pool.connect();
  if (asker.gone) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    asker.onGone = () => {
      reject(cancelled());
    };
    pool.connect((error, client) => {
      asker.onGone = undefined;
      if (client === undefined) reject(error ?? new Error('The pool gave no connection'));
      else if (asker.gone) client.release();
      else resolve(client);
    });
  });
}

/**
 * Has the statement that runs on the connection cancelled as soon as the asker goes. The request to cancel names a
 * connection and not a statement, and arrives when it arrives: so a connection whose asker has gone runs nothing else,
 * and the caller gives it back to be closed. @throws CANCELLED when the asker has gone before
 */
export function cancelFor(asker: Asker, client: PoolClient): void {
  if (asker.gone) throw cancelled();
  asker.onGone = () => {
    requestCancel(client as PoolClient & Backend);
  };
}

/** What node-postgres knows of the server's end of a connection. */
interface Backend {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

const CANCEL_REQUEST = 80_877_102;
const LENGTH = 16;
/** For the server to take the request; in ms. What is not cancelled ends with its time. */
const PATIENCE = 5_000;

/**
 * CancelRequest of PostgreSQL's protocol (manual, 54.2.8): on a connection of its own, without a password, never
 * answered; the key tells it from anybody else's.
 */
function requestCancel({ host, port, processID, secretKey }: Backend): void {
  if (processID === null || secretKey === null) return;
  const packet = Buffer.alloc(LENGTH);
  [LENGTH, CANCEL_REQUEST, processID, secretKey].forEach((word, i) => packet.writeInt32BE(word, 4 * i));
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.setTimeout(PATIENCE, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.end(packet);
}
