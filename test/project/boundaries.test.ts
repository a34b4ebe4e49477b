import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT, plant, type PlantedTree } from './planted-tree.ts';

const config = createRequire(import.meta.url)(`${ROOT}/.dependency-cruiser.cjs`) as {
  readonly forbidden: readonly { readonly name: string }[];
};

/** rule → the file that breaks it, and what it imports. */
const violations: Readonly<Record<string, readonly [from: string, imports: string]>> = {
  'edge-platform': ['src/platform/bad.ts', '../graph/index.ts'],
  'edge-graph': ['src/graph/bad.ts', '../access/index.ts'],
  'edge-access': ['src/access/bad.ts', '../registry/index.ts'],
  'edge-registry': ['src/registry/bad.ts', '../aid/index.ts'],
  'edge-matching': ['src/matching/bad.ts', '../aid/index.ts'],
  'edge-intake': ['src/intake/bad.ts', '../aid/index.ts'],
  'edge-live': ['src/live/bad.ts', '../aid/index.ts'],
  'edge-departments': ['src/departments/housing/bad.ts', '../../sharing/index.ts'],
  'edge-aid': ['src/aid/bad.ts', '../sharing/index.ts'],
  'edge-sharing': ['src/sharing/bad.ts', '../server/index.ts'],
  'edge-accountability': ['src/accountability/wrong.ts', '../sharing/index.ts'],
  'edge-governance': ['src/governance/wrong.ts', '../aid/index.ts'],
  'edge-corrections': ['src/corrections/wrong.ts', '../aid/index.ts'],
  'edge-insight': ['src/insight/bad.ts', '../server/index.ts'],
  'edge-server': ['src/server/bad.ts', '../cli/index.ts'],
  'edge-cli': ['src/cli/bad.ts', '../registry/index.ts'],
  'every-folder-has-a-row': ['src/utils/bad.ts', '../platform/clock.ts'],
  'through-the-front-door': ['src/aid/backdoor.ts', '../registry/inside.ts'],
  'departments-are-strangers': ['src/departments/housing/stranger.ts', '../education/index.ts'],
  'only-the-server-names-a-department': ['src/sharing/names.ts', '../departments/education/index.ts'],
  'one-door-to-the-database': ['src/aid/side-door.ts', 'pg'],
  'only-the-server-speaks-http': ['src/sharing/http.ts', 'fastify'],
  'seeds-and-migrations-stay-outside': ['src/registry/demo.ts', '../../seeds/index.ts'],
  'tests-stay-outside': ['src/aid/tested.ts', '../../test/builders.ts'],
  'no-development-library-in-what-is-shipped': ['src/aid/dev.ts', 'fast-check'],
  'nothing-is-left-over': ['src/aid/left-over.ts', '../platform/clock.ts'],
  'nothing-undeclared': ['src/aid/accident.ts', 'ajv'],
  'nothing-unresolved': ['src/aid/ghost.ts', './nowhere.ts'],
  'no-cycles': ['src/aid/egg.ts', './hen.ts'],
};

/** What the same tiers may do: none of it is reported. */
const allowed: Readonly<Record<string, string>> = {
  'src/graph/good.ts': "import '../platform/clock.ts';",
  'src/platform/database.ts': "import pg from 'pg'; export const pool = pg.Pool;",
  'src/aid/good.ts': "import type { Pool } from 'pg'; import '../registry/index.ts'; export type P = Pool;",
  'src/aid/good.test.ts': "import 'fast-check'; import '../../test/builders.ts'; import '../../seeds/index.ts';",
  'src/departments/housing/good.ts': "import '../../registry/index.ts';",
  'src/server/good.ts': "import 'fastify'; import '../departments/housing/index.ts'; import '../../seeds/index.ts';",
  'src/cli/good.ts': "import '../server/index.ts'; import '../../migrations/index.ts';",
  'seeds/good.ts': "import '../src/registry/inside.ts';",
};

const files: Record<string, string> = {
  ...allowed,
  'src/cli/main.ts': Object.keys(allowed)
    .map((name) => `import '../../${name}';`)
    .join('\n'),
  'src/aid/hen.ts': "import './egg.ts';",
};
for (const [from, imports] of Object.values(violations)) files[from] = `import '${imports}';`;
for (const tier of [
  'graph',
  'access',
  'registry',
  'aid',
  'sharing',
  'insight',
  'server',
  'cli',
  'departments/education',
  'departments/housing',
])
  files[`src/${tier}/index.ts`] = 'export {};';
for (const name of [
  'src/platform/clock.ts',
  'src/registry/inside.ts',
  'seeds/index.ts',
  'migrations/index.ts',
  'test/builders.ts',
])
  files[name] = 'export {};';

describe('the table of tiers', () => {
  let tree: PlantedTree;
  let found: readonly { readonly from: string; readonly rule: { readonly name: string } }[];

  beforeAll(() => {
    tree = plant(['.dependency-cruiser.cjs'], files);
    const run = tree.run('dependency-cruiser/bin/dependency-cruise.mjs', [
      ...['src', 'seeds', 'migrations', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
    ]);
    found = (JSON.parse(run.stdout) as { summary: { violations: typeof found } }).summary.violations;
  });
  afterAll(() => tree.remove());

  test('every rule has a planted violation', () => {
    expect(Object.keys(violations).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  test.each(Object.entries(violations))('%s catches its violation', (rule, [from]) => {
    expect(found.filter((violation) => violation.from === from).map((violation) => violation.rule.name)).toContain(
      rule,
    );
  });

  test.each(Object.keys(allowed))('%s keeps the rules and is not reported', (name) => {
    expect(found.filter(({ from }) => from === name)).toEqual([]);
  });
});
