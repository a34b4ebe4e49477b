/** Tokens that hold no longer although they have not expired: single ones, and all of a client from before an instant. */
import { z } from 'zod';
import { DEPARTMENTS } from '../caller.ts';
import type { Caller, Department } from '../caller.ts';

/** A revocation as the policy is loaded with it: of a token or of a client. */
export const storedRevocation = z.object({
  /** Department whose steward revoked. */
  department: z.enum(DEPARTMENTS),
  tokenId: z.string().nullable(),
  client: z.string().nullable(),
  /** An instant; tokens issued earlier are void. */
  issuedBefore: z.coerce.date().nullable(),
});

/** Whether the token that the caller came with is revoked. */
export type Revocations = (caller: Pick<Caller, 'tokenId' | 'client' | 'department' | 'issuedAt'>) => boolean;

/** What it revokes binds tokens of every department; another department's binds its own tokens alone. */
const ANYWHERE: Department = 'CIVIL_AFFAIRS';

/** The rows, ready to be asked with every request. */
export function revocationsOf(rows: readonly z.infer<typeof storedRevocation>[]): Revocations {
  const tokens = new Map<string, Set<Department>>();
  const clients = new Map<string, Map<Department, number>>();
  for (const { department, tokenId, client, issuedBefore } of rows) {
    if (tokenId !== null) tokens.set(tokenId, (tokens.get(tokenId) ?? new Set()).add(department));
    if (client === null || issuedBefore === null) continue;
    const of = clients.get(client) ?? new Map<Department, number>();
    clients.set(client, of.set(department, Math.max(of.get(department) ?? 0, issuedBefore.getTime())));
  }
  if (tokens.size === 0 && clients.size === 0) return () => false;
  return ({ tokenId, client, department, issuedAt }) => {
    const by = tokens.get(tokenId);
    if (by !== undefined && (by.has(department) || by.has(ANYWHERE))) return true;
    const before = clients.get(client);
    if (before === undefined) return false;
    const last = Math.max(before.get(department) ?? 0, before.get(ANYWHERE) ?? 0);
    // A token that does not say when it was issued may be from before.
    return issuedAt === undefined ? last > 0 : issuedAt * 1_000 < last;
  };
}

/** Longest time from the issue of a token to its expiry, in seconds: one that lasts longer is not accepted. */
export const LONGEST_LIFETIME = 31 * 86_400;
/** By how much the clocks of issuer and hub may make a token last longer, in seconds. */
const CLOCKS = 300;

/** Until when a revocation is kept: every token that it can be about has expired by then. */
export const keptUntil = (revokedAt: Date): Date => new Date(revokedAt.getTime() + (LONGEST_LIFETIME + CLOCKS) * 1_000);
