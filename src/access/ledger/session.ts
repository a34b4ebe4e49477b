import type { Clock } from '../../platform/clock.ts';
import type { Pool, PoolClient } from '../../platform/database.ts';
import { beginChain } from './chain.ts';
import type { Head } from './chain.ts';

/** How long PostgreSQL may take over one statement of the ledger, in ms. */
export const STATEMENT_TIMEOUT = 10_000;

/**
 * One connection and the chain that it alone continues. When the connection breaks, the chain ends with it: whether the
 * last seal was written is then unknown, and a chain that nobody else can have continued needs no guess.
 */
export class Session {
  readonly client: PoolClient;
  head: Head;
  #broken = false;

  private constructor(client: PoolClient, head: Head) {
    this.client = client;
    this.head = head;
  }

  /** Takes a connection for good and begins a chain. */
  static async open(pool: Pool, clock: Clock): Promise<Session> {
    const client = await pool.connect();
    let broken: () => void = () => undefined;
    // Without a listener a connection that breaks would end the process.
    client.on('error', () => broken());
    try {
      await client.query(`set statement_timeout = ${STATEMENT_TIMEOUT}`);
      // A machine that vanished holds its chain until the server notices: within a minute, not after two hours.
      await client.query(
        'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3',
      );
      await client.query(
        `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`,
      );
      const session = new Session(client, await beginChain(client, clock.now()));
      broken = () => session.end();
      return session;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Closes the connection, and with it gives up the lock on the chain. */
  end(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.client.release(true);
  }
}
