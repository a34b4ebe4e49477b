/**
 * The embedded PostgreSQL: found, adopted or started, kept up while a hub needs it, and stopped by the last hub.
 *
 * Who is using the server is written nowhere but in the server: every hub holds one connection with a shared advisory
 * lock. A hub that leaves gives its own up and asks for the exclusive one; it gets that only when nobody else is there,
 * and then it stops the server. A hub that was killed has lost its connection and with it its lock, so nothing stale
 * can remain; its server stays, and the next hub adopts it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from './database.ts';
import { openPool } from './database.ts';
import { findBinaries } from './embedded/binaries.ts';
import type { Binaries } from './embedded/binaries.ts';
import type { Passwords } from './embedded/cluster.ts';
import { DATABASE, makeCluster, makeDatabase, readPasswords, ROLES } from './embedded/cluster.ts';
import type { Place } from './embedded/place.ts';
import { findPlace } from './embedded/place.ts';
import { clearPidFile, findPostmaster, logFile, startPostmaster, stopPostmaster } from './embedded/postmaster.ts';
import type { Logger } from './log.ts';

/** How an embedded server is started. */
export interface EmbeddedOptions {
  /** Data folder of the installation; the server's files lie in `postgres` below it. */
  readonly dir: string;
  readonly log: Logger;
  /** False in tests alone: nothing is flushed to the disk. */
  readonly durable?: boolean;
  /** Settings of PostgreSQL beyond the hub's own, e.g. { max_connections: '400' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running embedded server. */
export interface EmbeddedPostgres {
  /** URL of the role that owns the database. */
  readonly ownerUrl: string;
  /** URL of the role that the hub works as. */
  readonly serverUrl: string;
  /** URL of the administrator, for tests that make databases of their own. */
  readonly adminUrl: string;
  /** The server was running before this call. */
  readonly adopted: boolean;
  /** Folder of passwords, log and data; removed by hand, never by the hub. */
  readonly home: string;
  /** Leaves the server, and stops it when no other hub uses it. Resolves when it is down. */
  stop(): Promise<void>;
}

const USERS_LOCK = 4_851_170; // shared by the hubs that use the server, exclusive for the one that stops it
const MAKING_LOCK = 4_851_171; // held while the roles and the database are made
const PATIENCE = 180_000; // ms; the recovery of a large log may take its time
const ATTEMPTS = 5;

/** The hub's place among the users of a server: a connection that holds the shared lock. */
interface Seat {
  readonly client: PoolClient;
  readonly port: number;
  readonly adopted: boolean;
  /** Ends the connection; safe to repeat, and on a connection that is broken. */
  close(): Promise<void>;
}

/** Starts the embedded server of a data folder, or adopts the one that runs there. */
export async function startEmbedded({
  dir,
  log,
  durable = true,
  settings = {},
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const begun = Date.now();
  const place = findPlace(dir, log);
  const binaries = findBinaries(place.account);
  const passwords = readPasswords(place);
  makeCluster(place, binaries, passwords.admin);
  const leaving = new AbortController();
  const start = (port?: number) =>
    takeSeat({ place, binaries, passwords, durable, settings, port, log, giveUp: leaving.signal });

  let seat: Seat | undefined = await start();
  const { port, adopted } = seat;
  await seat.client.query('select pg_advisory_lock($1)', [MAKING_LOCK]);
  await makeDatabase(seat.client, passwords);
  await seat.client.query('select pg_advisory_unlock($1)', [MAKING_LOCK]);
  log.info({ port, adopted, home: place.home, ms: Date.now() - begun }, 'PostgreSQL is up');

  const keep = (current: Seat): void => {
    current.client.once('error', () => {
      void current.close();
      if (leaving.signal.aborted) return;
      seat = undefined;
      log.error({ log: logFile(place) }, 'the connection to the embedded PostgreSQL broke; starting it again');
      // On the same port, so that every pool of this process finds it again.
      restarting = restart().catch((err: unknown) => {
        if (!leaving.signal.aborted) log.fatal({ err }, 'the embedded PostgreSQL does not come back');
      });
    });
  };
  const restart = async (): Promise<void> => {
    const next = await start(port);
    seat = next;
    keep(next);
    log.warn({ port }, 'the embedded PostgreSQL is up again');
  };
  let restarting: Promise<void> = Promise.resolve();
  keep(seat);

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    leaving.abort();
    await restarting;
    const last = seat === undefined ? true : await leaveSeat(seat);
    const found = findPostmaster(place);
    if (last && found !== undefined) await stopPostmaster(place, found.pid);
    await seat?.close();
    log.info({ stopped: last }, last ? 'PostgreSQL is down' : 'another hub uses PostgreSQL; it stays up');
  };
  const url = (role: keyof typeof ROLES, database: string): string =>
    `postgresql://${ROLES[role]}:${passwords[role]}@127.0.0.1:${port}/${database}`;
  return {
    ownerUrl: url('owner', DATABASE),
    serverUrl: url('server', DATABASE),
    adminUrl: url('admin', 'postgres'),
    adopted,
    home: place.home,
    stop: () => (stopping ??= stop()),
  };
}

interface Start {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly passwords: Passwords;
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly port: number | undefined;
  readonly log: Logger;
  readonly giveUp: AbortSignal;
}

/** Goes round until a server is up and this hub has its seat, whichever process started it. */
async function takeSeat({ place, binaries, passwords, log, giveUp, ...how }: Start): Promise<Seat> {
  const until = Date.now() + PATIENCE;
  let failures = 0;
  let started = false;
  let reason = 'it is neither ready nor gone';
  while (Date.now() < until && !giveUp.aborted) {
    const found = findPostmaster(place);
    if (found?.ready === true) {
      const seat = await trySeat(found.port, place, passwords.admin, log);
      if (typeof seat !== 'string') return { ...seat, adopted: !started };
      reason = seat;
    } else if (found === undefined) {
      clearPidFile(place);
      const failed = await startPostmaster(place, binaries, { ...how, log });
      started = failed === undefined;
      if (started) continue;
      // Another hub may have started it in the same moment, the port may be taken, an old process may still be ending.
      reason = failed ?? reason;
      failures += 1;
      if (failures >= ATTEMPTS && findPostmaster(place) === undefined) break;
    }
    await sleep(100);
  }
  throw new Error(`The embedded PostgreSQL does not come up. ${reason}\nIts log is ${logFile(place)}.`);
}

/** A seat on a server that is up, or the reason why there is none. */
async function trySeat(
  port: number,
  place: Place,
  password: string,
  log: Logger,
): Promise<Omit<Seat, 'adopted'> | string> {
  const url = `postgresql://${ROLES.admin}:${password}@127.0.0.1:${port}/postgres`;
  const pool = openPool(url, { max: 1, name: 'hub keeper', log });
  let client: PoolClient | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    if (closing === undefined) client?.release(true);
    return (closing ??= pool.end());
  };
  try {
    client = await pool.connect();
    // An error of a connection that is in use and that nobody listens to would end the process.
    client.on('error', () => undefined);
    const { rows } = await client.query<{ folder: string; seated: boolean }>(
      "select current_setting('data_directory') as folder, pg_try_advisory_lock_shared($1) as seated",
      [USERS_LOCK],
    );
    // The port may by now belong to another checkout's server, which was copied with its passwords.
    if (rows[0]?.folder === place.data && rows[0].seated) return { client, port, close };
    await close();
    return rows[0]?.folder === place.data ? 'another hub is stopping it' : `port ${port} belongs to another server`;
  } catch (error) {
    await close();
    return error instanceof Error ? error.message : 'no connection';
  }
}

/** Gives the seat up; true when nobody else has one, and then nobody can take one until the connection ends. */
async function leaveSeat({ client }: Seat): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [USERS_LOCK]);
    const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [USERS_LOCK]);
    return rows[0]?.last === true;
  } catch {
    // Nobody can ask it any more, so nobody works with it.
    return true;
  }
}
