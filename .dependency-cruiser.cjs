/**
 * Who may import whom. This table is the architecture; the rules below are made from it, and
 * test/project/boundaries.test.ts plants a violation of every one of them.
 */
const MAY_IMPORT = {
  platform: [],
  graph: ['platform'],
  access: ['graph', 'platform'],
  registry: ['access', 'graph', 'platform'],
  matching: ['registry', 'access', 'graph', 'platform'],
  intake: ['matching', 'registry', 'access', 'graph', 'platform'],
  live: ['registry', 'access', 'graph', 'platform'],
  aid: ['live', 'intake', 'matching', 'registry', 'access', 'graph', 'platform'],
  // What a department refuses of its own items of aid it says in the words of aid.
  departments: ['aid', 'live', 'intake', 'matching', 'registry', 'access', 'graph', 'platform'],
  sharing: ['aid', 'registry', 'access', 'graph', 'platform'],
  insight: ['sharing', 'aid', 'registry', 'access', 'graph', 'platform'],
  accountability: ['registry', 'access', 'graph', 'platform'],
  governance: ['registry', 'access', 'graph', 'platform'],
  corrections: ['governance', 'accountability', 'registry', 'access', 'graph', 'platform'],
  server: [
    'corrections',
    'governance',
    'accountability',
    'insight',
    'sharing',
    'aid',
    'departments',
    'live',
    'intake',
    'matching',
    'registry',
    'access',
    'graph',
    'platform',
  ],
  cli: ['server', 'platform'],
};

/** Files that are started rather than imported. */
const STARTED = ['^src/cli/main\\.ts$', '^ormconfig\\.ts$', '^seeds/reference/extract-regions\\.ts$'];

const any = (names) => names.join('|');
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([tier, allowed]) =>
      rule(
        `edge-${tier}`,
        `${tier} may import ${allowed.join(', ') || 'nothing of ours'}.`,
        { path: `^src/${tier}/` },
        { path: '^src/', pathNot: `^src/(${any([tier, ...allowed])})/` },
      ),
    ),
    rule(
      'every-folder-has-a-row',
      'A new folder below src/ needs its row in the table above.',
      { path: `^src/(?!(${any(Object.keys(MAY_IMPORT))})/)` },
      {},
    ),
    rule(
      'through-the-front-door',
      'A tier shows the others its index.ts; only platform, which has no inside, is open.',
      { path: '^src/([^/]+)/' },
      { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/platform/', '/index\\.ts$'] },
    ),
    rule(
      'departments-are-strangers',
      'One department never imports another: what they share is in the registry.',
      { path: '^src/departments/([^/]+)/' },
      { path: '^src/departments/[^/]+/', pathNot: '^src/departments/$1/' },
    ),
    rule(
      'only-the-server-names-a-department',
      'A new department is one folder and one line in the server.',
      { path: '^src/', pathNot: '^src/(departments|server)/' },
      { path: '^src/departments/[^/]+/' },
    ),
    rule(
      'one-door-to-the-database',
      'Connections come from platform/database.ts, which sets the client, the parsers and retries; types may be imported anywhere.',
      { path: '^src/', pathNot: '^src/platform/(database|byte-client)\\.ts$' },
      { path: '(^|/)node_modules/pg/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'only-the-server-speaks-http',
      'HTTP and Apollo end in the server: the rest can be called without them.',
      { path: '^src/', pathNot: '^src/server/' },
      { path: '(^|/)node_modules/(fastify|@fastify/[^/]+|@apollo/[^/]+|@as-integrations/[^/]+)/' },
    ),
    rule(
      'seeds-and-migrations-stay-outside',
      'The hub serves any data: only what starts it loads demo data or runs migrations.',
      { path: '^src/', pathNot: ['^src/(server|cli)/', '\\.test\\.ts$'] },
      { path: '^(seeds|migrations|ormconfig\\.ts)' },
    ),
    rule(
      'tests-stay-outside',
      'What is shipped imports no test.',
      { pathNot: ['^test/', '\\.test\\.ts$'] },
      { path: ['^test/', '\\.test\\.ts$'] },
    ),
    rule(
      'no-development-library-in-what-is-shipped',
      'It would be missing where only production libraries are installed; hub schema is for those who develop.',
      { pathNot: ['^test/', '\\.test\\.ts$', '^src/cli/schema\\.ts$'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
    ),
    rule(
      'nothing-undeclared',
      'A library that package.json does not name is there by accident.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule('nothing-unresolved', 'The imported file or library is not there.', {}, { couldNotResolve: true }),
    rule(
      'nothing-is-left-over',
      'What neither the command line nor TypeORM reaches is dead, or is started on its own and named here.',
      { path: STARTED },
      { path: '^(src|seeds|migrations)/', pathNot: [...STARTED, '\\.test\\.ts$'], reachable: false },
    ),
    rule('no-cycles', 'Two files that need each other are one file, or a third one.', {}, { circular: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'default'] },
    // What a browser runs is no part of the tiers.
    exclude: { path: ['^(dist|coverage|\\.hub)/', '^src/server/graphiql/assets/'] },
  },
};
