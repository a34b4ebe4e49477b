/** What those who run a hub ask it: whether it lives, whether it is ready, and its metrics. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../access/index.ts';
import { unauthenticated } from '../platform/errors.ts';
import type { Entrance } from './entrance.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** What the answers are taken from. */
export interface HealthParts {
  readonly readiness: Pick<Readiness, 'check'>;
  readonly metrics: Pick<Metrics, 'contentType' | 'text'>;
  readonly entrance: Pick<Entrance, 'identify'>;
  /** Whether the caller's token is known here to be revoked. */
  readonly isRevoked: (caller: Caller) => boolean;
}

/** Adds `/healthz` and `/readyz`, open to anyone, and `/metrics`, open to the machine itself and to callers. */
export function addHealth(app: FastifyInstance, { readiness, metrics, entrance, isRevoked }: HealthParts): void {
  app.get('/healthz', (_request, reply) => reply.send({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const { ready, checks } = await readiness.check();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
  });
  app.get('/metrics', async (request, reply) => {
    if (!isLocal(request)) {
      const caller = await entrance.identify(request.headers, reply.raw);
      if (isRevoked(caller)) throw unauthenticated('the token was revoked');
      request.noted.caller = caller;
    }
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** Metrics are open to the machine itself, but not through a proxy that stands on it. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = socket;
  const forwarded = headers.forwarded ?? headers['x-forwarded-for'] ?? headers['x-real-ip'];
  return forwarded === undefined && /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress);
}
