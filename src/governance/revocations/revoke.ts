/** Revokes tokens by what they are called. It holds from the next request on every hub process, cached plans included. */
import type { ActContext, ActParts, Bound, Department } from '../../access/index.ts';
import { raiseStamp } from '../../access/index.ts';
import { keptUntil } from '../../access/revocations/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { badUserInput } from '../../platform/errors.ts';
import { newId } from '../../platform/id.ts';
import { stewardAct } from '../steward.ts';

/** One token by its `jti`, or all tokens of a client that were issued before an instant. */
export type Revoked =
  | { readonly tokenId: string }
  | { readonly client: string; /** Now, where it is left out. */ readonly issuedBefore: Date | undefined };

/** A revocation that stands. */
export interface StandingRevocation {
  readonly revokedAt: Date;
  readonly until: Date;
  /** Whether it stood before this call. */
  readonly already: boolean;
}

/** The service behind the mutations `revokeToken` and `revokeClientTokens`. */
export interface TokenRevoker {
  /**
   * Revokes as the caller's department: civil affairs tokens of any department, others their own. Whether such a token
   * exists is not told. Idempotent; what stood before stays as it was. Throws BAD_USER_INPUT and what `stewardAct` throws.
   */
  revoke(caller: Bound, what: Revoked, reason: string, context: ActContext): Promise<StandingRevocation>;
}

/** Builds the service. */
export function createTokenRevoker(parts: ActParts): TokenRevoker {
  return {
    revoke: (caller, what, reason, context) => {
      const name = 'tokenId' in what ? 'revokeToken' : 'revokeClientTokens';
      const { client: by, department } = caller;
      return stewardAct(parts, { name, caller, context }, ({ tx, at }) =>
        writeRevocation(tx, { what, reason: reason.trim(), by, department, at }),
      );
    },
  };
}

/** What is written of a revocation. */
export interface NewRevocation {
  readonly what: Revoked;
  /** 2 to 500 characters, nothing personal. */
  readonly reason: string;
  readonly by: string;
  readonly department: Department;
  readonly at: Date;
}

/** Writes a revocation and makes every plan and admission from before void, in one transaction with its caller's. */
export async function writeRevocation(
  tx: PoolClient,
  { what, reason, by, department, at }: NewRevocation,
): Promise<StandingRevocation> {
  checkReason(reason);
  const row = 'tokenId' in what ? ofToken(what.tokenId) : ofClient(what.client, what.issuedBefore ?? at, at);
  const until = keptUntil(at);
  const { rowCount } = await tx.query(
    `insert into revocation (id, department, token_id, client, issued_before, reason, revoked_by, revoked_at, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [newId(), department, row.tokenId, row.client, row.issuedBefore, reason, by, at, until],
  );
  if (rowCount === 1) {
    await raiseStamp(tx);
    // Not before: what is forgotten binds no token, so no process needs to hear of it.
    await tx.query('select forget_expired_revocations($1)', [at]);
    return { revokedAt: at, until, already: false };
  }
  const { rows } = await tx.query<{ revokedAt: Date; until: Date }>(
    `select revoked_at as "revokedAt", until from revocation
     where department = $1 and (token_id = $2 or (client = $3 and issued_before = $4))`,
    [department, row.tokenId, row.client, row.issuedBefore],
  );
  return { revokedAt: at, until, ...rows[0], already: true };
}

interface Row {
  readonly tokenId: string | null;
  readonly client: string | null;
  readonly issuedBefore: Date | null;
}

// As tokens must say it: see access/tokens/claims.ts.
const CLIENT = /^[a-z0-9][a-z0-9.-]{1,62}[a-z0-9]$/;
const SHORTEST_ID = 8;
const LONGEST_ID = 128;

function ofToken(tokenId: string): Row {
  if (tokenId.length < SHORTEST_ID || tokenId.length > LONGEST_ID)
    throw badUserInput(
      '令牌编号有误 tokenId: send the claim "jti" of the token, 8 to 128 characters; never the token itself.',
    );
  return { tokenId, client: null, issuedBefore: null };
}

function ofClient(client: string, issuedBefore: Date, at: Date): Row {
  if (!CLIENT.test(client))
    throw badUserInput('调用方名称有误 client: send the name of the client, such as education.demo.');
  if (issuedBefore > at)
    throw badUserInput(
      '签发时限不能晚于现在 issuedBefore: it lies ahead; tokens that are not issued yet cannot be revoked.',
    );
  return { tokenId: null, client, issuedBefore };
}

function checkReason(reason: string): void {
  if (reason.length < 2 || reason.length > 500)
    throw badUserInput('请说明撤销原因（2至500字） reason: say why, in 2 to 500 characters.');
}
