import { z } from 'zod';
import { DEPARTMENTS, PURPOSES, ROLES, roleFits } from '../caller.ts';
import type { Caller } from '../caller.ts';
import { isThumbprint } from './certificate.ts';

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** What a token must say of its bearer. Unknown values are refused; claims that the hub does not know are left alone. */
const claims = z
  .object({
    client: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,62}[a-z0-9]$/, 'must be a name such as education.demo'),
    department: z.enum(DEPARTMENTS),
    role: z.enum(ROLES),
    regions: z
      .array(z.string().regex(/^\d{12}$/, 'must be a division code of 12 digits'))
      .min(1)
      .max(200),
    purposes: z.array(z.enum(PURPOSES)).min(1),
    jti: z.string().min(8).max(128),
    // RFC 8705, section 3.1. A binding that the hub cannot check would be none, so an unknown one is refused.
    cnf: z.strictObject({ 'x5t#S256': z.string().refine(isThumbprint) }).optional(),
  })
  .refine(({ regions }) => unique(regions), { path: ['regions'], error: 'names a division twice' })
  .refine(({ purposes }) => unique(purposes), { path: ['purposes'], error: 'names a purpose twice' })
  .refine(({ role, department }) => roleFits(role, department), {
    path: ['role'],
    error: 'does not exist in this department',
  });

/** What came of reading a payload; `fault` may be shown, it repeats no value. */
export type ReadClaims =
  | {
      readonly ok: true;
      readonly caller: Caller;
      /** Thumbprint of the one certificate that the token may come with. */
      readonly certificate: string | undefined;
    }
  | { readonly ok: false; readonly claim: string; readonly fault: string };

/** The caller of a token whose signature was verified, or the first claim at fault. */
export function readClaims(payload: Readonly<Record<string, unknown>>): ReadClaims {
  const read = claims.safeParse(payload);
  if (read.success) {
    const { client, department, role, regions, purposes, jti, cnf } = read.data;
    const caller = { client, department, role, regions, purposes, tokenId: jti };
    return { ok: true, caller, certificate: cnf?.['x5t#S256'] };
  }
  const issue = read.error.issues[0];
  return { ok: false, claim: String(issue?.path[0] ?? ''), fault: issue?.message ?? 'is malformed' };
}
