/** Compiles the documents of this folder, as their user would, against the schema that the hub publishes. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { testFolder } from '../../harness/folder.ts';

const COMPILER = resolve('test/clients/node_modules/relay-compiler/cli.js');

/** What relay-compiler made of the documents. */
export interface Compiled {
  /** An artifact by its name. */
  artifact<T>(name: string): Promise<T>;
  /** The texts by their hashes, where they were persisted. */
  readonly persisted: string;
}

/**
 * The documents compiled with the settings of relay.config.json and these; throws with what relay-compiler says where it
 * does not accept them.
 */
export function compileDocuments(settings: object = {}): Compiled {
  const folder = testFolder('relay');
  const at = (name: string): string => join(folder, name);
  cpSync('test/clients/relay', folder, { recursive: true });
  cpSync('schema/schema.graphql', at('schema.graphql'));
  mkdirSync(at('artifacts'));
  const config = JSON.parse(readFileSync(at('relay.config.json'), 'utf8')) as object;
  writeFileSync(at('relay.config.json'), JSON.stringify({ ...config, ...settings }));
  writeFileSync(at('persisted.json'), '{}');
  const run = spawnSync(process.execPath, [COMPILER], { cwd: folder, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`relay-compiler does not accept the schema:\n${run.stdout}${run.stderr}`);
  return {
    persisted: at('persisted.json'),
    artifact: async <T>(name: string) => {
      const module = (await import(at(`artifacts/${name}.graphql.ts`))) as { readonly default: T };
      return module.default;
    },
  };
}
