/** GraphiQL from local files: no other host is asked for anything, and the page's own policy says so. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { packageFile } from '../package-file.ts';

const require = createRequire(import.meta.url);
const packageFolder = (name: string): string => dirname(require.resolve(`${name}/package.json`));

/** Name below /graphiql → where the file is. Nothing else is served. */
function filesOf(assets: string): ReadonlyMap<string, readonly [name: string, folder: string]> {
  return new Map([
    ['hub.js', ['hub.js', assets]],
    ['hub.css', ['hub.css', assets]],
    ['examples.js', ['examples.js', assets]],
    ['react.js', ['umd/react.production.min.js', packageFolder('react')]],
    ['react-dom.js', ['umd/react-dom.production.min.js', packageFolder('react-dom')]],
    ['graphiql.js', ['graphiql.min.js', packageFolder('graphiql')]],
    ['graphiql.css', ['graphiql.min.css', packageFolder('graphiql')]],
  ]);
}

// The editor sets styles from script and carries its fonts as data.
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': PAGE_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  vary: 'accept',
} as const;

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Serves the page to browsers at `path`; what is no browser there gets `otherwise`. */
export async function addGraphiql(app: FastifyInstance, path: string, otherwise: Answer): Promise<void> {
  // The compiler copies no such files; the program built in `dist` takes them from the sources.
  const assets = packageFile('src/server/graphiql/assets');
  const files = filesOf(assets);
  await app.register(fastifyStatic, { root: assets, serve: false });

  app.get('/', (_request, reply) => reply.redirect(path));
  app.get(path, (request, reply) =>
    request.headers.accept?.includes('text/html') === true
      ? reply.headers(PAGE_HEADERS).sendFile('index.html', { cacheControl: false })
      : otherwise(request, reply),
  );
  app.get<{ Params: { file: string } }>('/graphiql/:file', (request, reply) => {
    const file = files.get(request.params.file);
    if (file === undefined) {
      reply.callNotFound();
      return reply;
    }
    return reply.header('cache-control', 'no-cache').sendFile(...file, { cacheControl: false });
  });
}
