/** GraphiQL from local files: no other host is asked for anything, and the page's own policy says so. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const packageFolder = (name: string): string => dirname(require.resolve(`${name}/package.json`));

/** The folder of the page's files. The compiler copies no such files, so the program built in `dist` looks beside it. */
function assetsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('The files of the GraphiQL page are not there: src/server/graphiql/assets.');
    folder = above;
  }
  return join(folder, 'src/server/graphiql/assets');
}

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
const PAGE_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    fontSrc: ["'self'", 'data:'],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

type Answer = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Serves the page to browsers at `path`; what is no browser there gets `otherwise`. */
export async function addGraphiql(app: FastifyInstance, path: string, otherwise: Answer): Promise<void> {
  const assets = assetsFolder();
  const files = filesOf(assets);
  await app.register(fastifyStatic, { root: assets, serve: false });

  app.get('/', (_request, reply) => reply.redirect(path));
  app.get(path, { helmet: { contentSecurityPolicy: PAGE_POLICY } }, (request, reply) => {
    void reply.header('vary', 'accept').header('cache-control', 'no-cache');
    return request.headers.accept?.includes('text/html') === true
      ? reply.sendFile('index.html', { cacheControl: false })
      : otherwise(request, reply);
  });
  app.get<{ Params: { file: string } }>('/graphiql/:file', (request, reply) => {
    const file = files.get(request.params.file);
    if (file === undefined) {
      reply.callNotFound();
      return reply;
    }
    return reply.header('cache-control', 'no-cache').sendFile(...file, { cacheControl: false });
  });
}
