/** Registering clients: the operator's acts, as the owner of the database. */
import type { Pool } from '../../platform/database.ts';
import { UNIQUE_VIOLATION, sqlState } from '../../platform/database.ts';
import { parseDate } from '../../platform/dates.ts';
import { DEPARTMENTS, PURPOSES, ROLES, roleFits } from '../caller.ts';
import { readCertificate } from '../tokens/certificate.ts';
import { KeyError, isKeyId, publicKeyOfJwk, publicKeyOfPem, thumbprintOf, toPublicJwk } from '../tokens/public-keys.ts';
import type { PublicKey } from '../tokens/public-keys.ts';
import { CLIENT_NAME } from './client.ts';
import type { ClientState } from './client.ts';

/** A client that cannot be registered or changed so; the message says what is at fault and what would do. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** A client as the operator describes it. */
export interface NewClient {
  readonly name: string;
  readonly department: string;
  readonly role: string;
  readonly regions: readonly string[];
  readonly purposes: readonly string[];
  /** A public key as PEM, JWK or JWK set. */
  readonly key: string;
  /** A certificate (PEM) or its SHA-256 thumbprint. */
  readonly certificate?: string | undefined;
  /** Dates, both included. */
  readonly validFrom: string;
  readonly validUntil?: string | undefined;
}

/** Most keys of a client: two and a few while it changes them. */
const MOST_KEYS = 10;

/**
 * Registers a client. Throws ClientError: a name that is taken, a role that its department does not have, a division that
 * does not exist, a purpose that no agreement in force opens to the department in that role, a key that cannot be used.
 */
export async function addClient(pool: Pool, client: NewClient): Promise<void> {
  const fault = faultOf(client) ?? (await faultInDatabase(pool, client));
  if (fault !== undefined) throw new ClientError(fault);
  const { name, department, role, regions, purposes, validFrom, validUntil } = client;
  const keys = keysOf(client.key);
  const certificates = client.certificate === undefined ? [] : [thumbprint(client.certificate)];
  try {
    await pool.query(
      `insert into client (name, department, role, regions, purposes, keys, certificates, state, valid_from, valid_until)
       values ($1, $2, $3, $4, $5, $6, $7, 'ACTIVE', $8, $9)`,
      [name, department, role, regions, purposes, JSON.stringify(keys), certificates, validFrom, validUntil ?? null],
    );
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) throw new ClientError(`There is a client ${name} already.`);
    throw error;
  }
}

/** A client gets tokens again, or no more. Those that it has run out within an hour. Throws ClientError. */
export async function setClientState(pool: Pool, name: string, state: ClientState): Promise<void> {
  await changed(pool, name, `update client set state = $2, changed_at = now() where name = $1`, [state]);
}

/** Adds public keys (PEM, JWK or JWK set) to a client and resolves to their ids. Throws ClientError. */
export async function addClientKeys(pool: Pool, name: string, text: string): Promise<readonly string[]> {
  const keys = keysOf(text);
  const kids = keys.map(({ kid }) => kid);
  await changed(
    pool,
    name,
    `update client set keys = keys || $2::jsonb, changed_at = now()
      where name = $1 and jsonb_array_length(keys || $2::jsonb) <= ${MOST_KEYS}
        and not exists (select from jsonb_array_elements(keys) k where k->>'kid' = any($3))`,
    [JSON.stringify(keys), kids],
    `The client ${name} has a key of that id already, or ${MOST_KEYS} keys: remove one first (hub clients key --remove).`,
  );
  return kids;
}

/** Takes a key from a client; assertions that it signed are refused from now on. Throws ClientError. */
export async function removeClientKey(pool: Pool, name: string, kid: string): Promise<void> {
  await changed(
    pool,
    name,
    `update client set changed_at = now(),
            keys = (select coalesce(jsonb_agg(k), '[]') from jsonb_array_elements(keys) k where k->>'kid' <> $2)
      where name = $1 and exists (select from jsonb_array_elements(keys) k where k->>'kid' = $2)`,
    [kid],
    `The client ${name} has no key ${kid}.`,
  );
}

/** Binds the tokens of a client to this certificate too (PEM or thumbprint); resolves to the thumbprint. Throws ClientError. */
export async function addClientCertificate(pool: Pool, name: string, text: string): Promise<string> {
  const found = thumbprint(text);
  await changed(
    pool,
    name,
    `update client set certificates = array_append(array_remove(certificates, $2), $2), changed_at = now() where name = $1`,
    [found],
  );
  return found;
}

/** Takes a certificate from a client; without any its tokens are bound to none. Throws ClientError. */
export async function removeClientCertificate(pool: Pool, name: string, text: string): Promise<void> {
  await changed(
    pool,
    name,
    `update client set certificates = array_remove(certificates, $2), changed_at = now()
      where name = $1 and $2 = any(certificates)`,
    [thumbprint(text)],
    `The client ${name} has no such certificate.`,
  );
}

async function changed(
  pool: Pool,
  name: string,
  statement: string,
  values: readonly unknown[],
  otherwise?: string,
): Promise<void> {
  const { rowCount } = await pool.query(statement, [name, ...values]);
  if (rowCount === 1) return;
  const { rowCount: known } = await pool.query('select from client where name = $1', [name]);
  throw new ClientError(known === 0 || otherwise === undefined ? `There is no client ${name}.` : otherwise);
}

function faultOf({ name, department, role, regions, purposes, validFrom, validUntil }: NewClient): string | undefined {
  if (!CLIENT_NAME.test(name))
    return 'The name holds small letters, digits, dots and hyphens, such as education.gansu.';
  const knownDepartment = DEPARTMENTS.find((known) => known === department);
  if (knownDepartment === undefined) return `The department is one of ${DEPARTMENTS.join(', ')}.`;
  const knownRole = ROLES.find((known) => known === role);
  if (knownRole === undefined) return `The role is one of ${ROLES.join(', ')}.`;
  if (!roleFits(knownRole, knownDepartment)) return `${department} has no role ${role}.`;
  if (regions.length === 0 || new Set(regions).size !== regions.length) return 'Name each division once, at least one.';
  if (purposes.length === 0 || new Set(purposes).size !== purposes.length)
    return 'Name each purpose once, at least one.';
  if (purposes.some((purpose) => !PURPOSES.some((known) => known === purpose)))
    return `Purposes are ${PURPOSES.join(', ')}.`;
  if (parseDate(validFrom) === undefined) return '--from is a date, such as 2026-11-22.';
  if (validUntil === undefined) return undefined;
  return parseDate(validUntil) === undefined || validUntil < validFrom
    ? '--until is a date and not before --from.'
    : undefined;
}

const KNOWN = `
  select array(select code from unnest($1::varchar[]) code where not exists (select from region r where r.code = code.code)) as regions,
         array(select purpose from unnest($2::varchar[]) purpose
                where not exists (
                  select from policy_head h join policy_agreement a on a.version = h.version
                   where a.department = $3 and a.role = $4 and a.state <> 'REVOKED' and purpose.purpose = any(a.purposes))) as purposes`;

async function faultInDatabase(
  pool: Pool,
  { regions, purposes, department, role }: NewClient,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ regions: string[]; purposes: string[] }>(KNOWN, [
    regions,
    purposes,
    department,
    role,
  ]);
  const [unknown] = rows[0]?.regions ?? [];
  if (unknown !== undefined) return `There is no division ${unknown}; codes have 12 digits.`;
  const [closed] = rows[0]?.purposes ?? [];
  if (closed === undefined) return undefined;
  return `No agreement opens ${closed} to ${department} as ${role}: a client has no more than its department.`;
}

function thumbprint(text: string): string {
  const found = readCertificate(text.trim());
  if (found === undefined) throw new ClientError('The certificate is neither PEM nor a SHA-256 thumbprint.');
  return found;
}

/** The public keys of a text as they are stored: the members of the key and its id, nothing else. */
function keysOf(text: string): readonly { readonly kid: string }[] {
  const found = parsed(text);
  const members: readonly unknown[] = isSet(found) ? found.keys : [found];
  if (members.length === 0) throw new ClientError('The file holds no key.');
  const keys = members.map((member) => {
    const { kid, ...key } = readKey(member);
    return toPublicJwk(kid ?? thumbprintOf(key.key), key);
  });
  if (keys.some(({ kid }) => !isKeyId(kid))) throw new ClientError('A key id may hold letters, digits and . _ - only.');
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) throw new ClientError('A key id occurs twice.');
  if (keys.length > MOST_KEYS) throw new ClientError(`A client has at most ${MOST_KEYS} keys.`);
  return keys;
}

function readKey(member: unknown): PublicKey & { readonly kid?: string | undefined } {
  try {
    return typeof member === 'string' ? publicKeyOfPem(member, 'The key') : publicKeyOfJwk(member, 'The key');
  } catch (error) {
    if (error instanceof KeyError) throw new ClientError(`${error.message}.`);
    throw error;
  }
}

function parsed(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new ClientError('The file holds neither PEM nor JSON.');
  }
}

const isSet = (found: unknown): found is { readonly keys: readonly unknown[] } =>
  typeof found === 'object' && found !== null && 'keys' in found && Array.isArray(found.keys);
