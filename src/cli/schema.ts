/** `hub schema`: the GraphQL schema as a file, and whether that file is up to date. */
import type { Command } from 'commander';
import { buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrustedDocumentError, buildHubSchema, packageFile, readTrustedDocuments, toSdl } from '../server/index.ts';

/** The file does not say what the code says. */
const EXIT_DRIFTED = 2;

const HELP = `
Exit codes: 0 written or up to date, 1 failed, 2 --check found a difference or an operation that is not
valid; breaking changes and such operations are named`;

/** Adds the subcommand. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .summary('write schema/schema.graphql, or check that it is up to date')
    .description('Writes the GraphQL schema, as the resolvers describe it, to schema/schema.graphql.')
    .option('--check', 'write nothing; fail when the file differs or an operation in schema/operations is not valid')
    .option('--print', 'write to standard output instead')
    .addHelpText('after', HELP)
    .action(async (options: { readonly check?: true; readonly print?: true }) => {
      process.exitCode = await schema(options);
    });
}

async function schema({ check, print }: { readonly check?: true; readonly print?: true }): Promise<number> {
  const built = await buildHubSchema();
  const text = toSdl(built);
  const file = packageFile('schema/schema.graphql');
  if (print === true) {
    process.stdout.write(text);
    return 0;
  }
  const before = await readFile(file, 'utf8').catch(() => '');
  const invalid = check === true ? await invalidDocuments(built) : undefined;
  if (invalid !== undefined) process.stderr.write(`${invalid}\n`);
  if (before === text) {
    process.stderr.write('schema/schema.graphql is up to date.\n');
    return invalid === undefined ? 0 : EXIT_DRIFTED;
  }
  const changes = before === '' ? [] : await changesOf(before, text);
  for (const change of changes) process.stderr.write(`  ${change}\n`);
  if (check === true) {
    process.stderr.write('schema/schema.graphql differs from the code. Run npm run schema and commit the file.\n');
    return EXIT_DRIFTED;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  process.stderr.write('schema/schema.graphql is written.\n');
  return 0;
}

/** What is wrong with the operations beside the schema; undefined where they are all valid. */
async function invalidDocuments(schema: GraphQLSchema): Promise<string | undefined> {
  try {
    await readTrustedDocuments(schema, undefined);
    return undefined;
  } catch (error) {
    if (error instanceof TrustedDocumentError) return error.message;
    throw error;
  }
}

/** The changes that break a client come first. */
async function changesOf(before: string, after: string): Promise<string[]> {
  // Needed where the schema is developed, so it is no dependency of the running hub.
  const { CriticalityLevel, diff } = await import('@graphql-inspector/core');
  const changes = await diff(buildSchema(before), buildSchema(after));
  const breaks = (level: string): boolean => level === String(CriticalityLevel.Breaking);
  return changes
    .toSorted((a, b) => Number(breaks(b.criticality.level)) - Number(breaks(a.criticality.level)))
    .map(({ criticality, message }) => `${breaks(criticality.level) ? 'BREAKING ' : ''}${message}`);
}
