/** What PostGraphile is given in the database: a role that sees everything, and row-level security for when it is on. */
import { randomBytes } from 'node:crypto';
import { openPool, quoteText } from '../src/platform/database.ts';
import type { DataSet } from './data-set.ts';

/** The peers' side of the database. */
export interface Peers {
  /** As the role that PostGraphile signs in with. */
  readonly url: string;
  /**
   * Turns row-level security on or off. It is on only while its own contestant is asked, so that nobody else is measured
   * on tables that have it.
   */
  rowSecurity(on: boolean): Promise<void>;
  close(): Promise<void>;
}

const ROLE = 'bench_postgraphile';

/** Makes role, functions and policies anew. */
export async function openPeers({ adminUrl, serverUrl, owner }: DataSet): Promise<Peers> {
  const password = randomBytes(18).toString('base64url');
  const admin = openPool(adminUrl, { max: 1, name: 'bench' });
  for (const role of [ROLE]) {
    await admin.query(
      `do $$ begin create role ${role} login; exception when duplicate_object then null; end $$;
       alter role ${role} password ${quoteText(password)}`,
    );
  }
  await admin.end();
  await owner.query(`grant select on all tables in schema public to ${ROLE}`);
  const url = new URL(serverUrl);
  url.username = ROLE;
  url.password = password;
  return {
    url: url.href,
    rowSecurity: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
