import { tokenIssuer } from '../access/clients/index.ts';
import type { CertificateReader } from '../access/tokens/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Pool } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import type { Trust } from './keys.ts';
import { TOKEN_RATES, openRateLimit } from './rate-limit.ts';
import type { TokenEndpointParts } from './token-endpoint.ts';

/** The token endpoint of a hub: who asks, by which rates, and what signs. */
export function tokenEndpointOf(
  { issuer, audience }: Config,
  {
    pool,
    clock,
    log,
    trust,
    certificates,
  }: {
    readonly pool: Pool;
    readonly clock: Clock;
    readonly log: Logger;
    readonly trust: Trust;
    readonly certificates: CertificateReader;
  },
): TokenEndpointParts {
  const clients = openRateLimit('token', TOKEN_RATES.client);
  const take = (client: string): number | undefined => {
    const { allowed, retryAfter } = clients.take(client);
    return allowed ? undefined : retryAfter;
  };
  return {
    issuer: tokenIssuer({ pool, clock, log, issuer, audience, signing: trust.signing, take }),
    certificates,
    published: trust.published,
    addresses: openRateLimit('token', TOKEN_RATES.address),
    log,
  };
}
