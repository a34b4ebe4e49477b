/** A department's system as the hub knows it: what it may at most, and by which keys it is known. */
import { z } from 'zod';
import type { Pool } from '../../platform/database.ts';
import { DEPARTMENTS, PURPOSES, ROLES } from '../caller.ts';
import type { Caller } from '../caller.ts';
import { isThumbprint } from '../tokens/certificate.ts';
import { publicKeyOfJwk } from '../tokens/public-keys.ts';
import type { PublicKey, PublicKeys } from '../tokens/public-keys.ts';

/** Whether a client gets tokens. */
export type ClientState = 'ACTIVE' | 'DISABLED';

/** A registered client. */
export interface RegisteredClient extends Omit<Caller, 'tokenId'> {
  readonly keys: PublicKeys;
  /** Thumbprints (`x5t#S256`) of its certificates; where there is one, its tokens are bound to it. */
  readonly certificates: readonly string[];
  readonly state: ClientState;
  /** Dates, both included. */
  readonly validFrom: string;
  readonly validUntil: string | undefined;
}

/** How clients are named. */
export const CLIENT_NAME = /^[a-z0-9][a-z0-9.-]{1,62}[a-z0-9]$/;

/** Whether the client gets tokens on the day. */
export const isActiveOn = ({ state, validFrom, validUntil }: RegisteredClient, day: string): boolean =>
  state === 'ACTIVE' && validFrom <= day && day <= (validUntil ?? day);

const COLUMNS = 'name, department, role, regions, purposes, keys, certificates, state, valid_from, valid_until';

const row = z.object({
  name: z.string().regex(CLIENT_NAME),
  department: z.enum(DEPARTMENTS),
  role: z.enum(ROLES),
  regions: z.array(z.string()),
  purposes: z.array(z.enum(PURPOSES)),
  keys: z.array(z.looseObject({ kid: z.string() })),
  certificates: z.array(z.string().refine(isThumbprint)),
  state: z.enum(['ACTIVE', 'DISABLED']),
  valid_from: z.string(),
  valid_until: z.string().nullable(),
});

/** The client of that name. */
export async function findClient(pool: Pool, name: string): Promise<RegisteredClient | undefined> {
  const { rows } = await pool.query<Record<string, unknown>>({
    name: 'client-by-name',
    text: `select ${COLUMNS} from client where name = $1`,
    values: [name],
  });
  return rows[0] === undefined ? undefined : toClient(rows[0]);
}

/** All clients by name. */
export async function listClients(pool: Pool): Promise<readonly RegisteredClient[]> {
  const { rows } = await pool.query<Record<string, unknown>>(`select ${COLUMNS} from client order by name`);
  return rows.map(toClient);
}

function toClient(found: Readonly<Record<string, unknown>>): RegisteredClient {
  const { name, keys, valid_from: validFrom, valid_until: validUntil, ...rest } = row.parse(found);
  return {
    ...rest,
    client: name,
    keys: new Map(keys.map((jwk): [string, PublicKey] => [jwk.kid, keyOf(jwk)])),
    validFrom,
    validUntil: validUntil ?? undefined,
  };
}

function keyOf(jwk: object): PublicKey {
  const { key, algorithm } = publicKeyOfJwk(jwk, 'a key of a client');
  return { key, algorithm };
}
