/** Whose tokens the hub takes, and whom each of them may speak for. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DEPARTMENTS } from '../caller.ts';
import type { Caller, Department } from '../caller.ts';
import { KeyError } from './public-keys.ts';
import type { KeySource } from './public-keys.ts';

/** An issuer whose tokens are taken. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: KeySource;
  /** Departments that it may name; all of them where nothing is said. */
  readonly departments?: readonly Department[];
  /** How the names of its clients begin; in any way where nothing is said. */
  readonly clients?: string;
}

/** An issuer that publishes its keys, as the file HUB_ISSUERS names it. */
export interface JwksIssuer {
  readonly issuer: string;
  /** Address of its JWK set. */
  readonly jwks: string;
  readonly audience: string;
  readonly departments: readonly Department[];
  readonly clients: string;
}

/** The first claim by which a token goes beyond its issuer; undefined where there is none. */
export function beyondIssuer({ departments, clients }: TrustedIssuer, caller: Caller): string | undefined {
  if (departments?.includes(caller.department) === false) return 'department';
  return clients === undefined || caller.client.startsWith(clients) ? undefined : 'client';
}

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

const row = z.strictObject({
  issuer: z.string().min(1).max(500),
  jwks: z.url({ protocol: /^https?$/, error: 'must be an https address' }),
  audience: z.string().min(1).max(500),
  departments: z.array(z.enum(DEPARTMENTS)).min(1),
  clients: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}\.$/, 'must be the beginning of names with its dot: education.'),
});

/**
 * Reads the file HUB_ISSUERS: a JSON list of `{ issuer, jwks, audience, departments, clients }`. Throws KeyError with the
 * row and member at fault: an address without https (only a hub in development mode takes http, and of this machine
 * alone), an issuer that occurs twice or is the hub itself, names of clients that two issuers could give.
 */
export async function readIssuers(
  file: string,
  { own, development }: { readonly own: string; readonly development: boolean },
): Promise<readonly JwksIssuer[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new KeyError(`HUB_ISSUERS: ${file} cannot be read`);
  });
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new KeyError(`HUB_ISSUERS: ${file} is not JSON`);
  }
  const read = z.array(row).max(100).safeParse(found);
  if (!read.success) {
    const [at = '', member = ''] = read.error.issues[0]?.path ?? [];
    const where = typeof at === 'number' ? `row ${at + 1}${member === '' ? '' : `, "${String(member)}"`}: ` : '';
    throw new KeyError(`HUB_ISSUERS: ${where}${read.error.issues[0]?.message ?? 'is malformed'}`);
  }
  read.data.forEach((one, i) => {
    const fault = faultOf(one, read.data.slice(0, i), own, development);
    if (fault !== undefined) throw new KeyError(`HUB_ISSUERS: row ${i + 1}, ${fault}`);
  });
  return read.data;
}

function faultOf(
  { issuer, jwks, clients }: JwksIssuer,
  earlier: readonly JwksIssuer[],
  own: string,
  development: boolean,
): string | undefined {
  const { protocol, hostname, username, password } = new URL(jwks);
  if (protocol !== 'https:' && !(development && LOCAL.has(hostname)))
    return '"jwks": must be an https address; http is for this machine in development mode alone';
  if (username !== '' || password !== '') return '"jwks": must hold no password';
  if (issuer === own) return '"issuer": is the name of this hub (HUB_ISSUER); give one of them another';
  for (const other of earlier) {
    if (other.issuer === issuer) return '"issuer": occurs twice';
    if (other.clients.startsWith(clients) || clients.startsWith(other.clients))
      return '"clients": two issuers could give the same name';
  }
  return undefined;
}
