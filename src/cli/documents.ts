/** `hub documents`: the trusted documents, with the ids under which the hub knows them. */
import type { Command } from 'commander';
import { relative } from 'node:path';
import { readConfig } from '../platform/config.ts';
import { TrustedDocumentError, buildHubSchema, readTrustedDocuments } from '../server/index.ts';

/** A document is not valid. */
const EXIT_INVALID = 2;

const HELP = `
A trusted document is a .graphql file in schema/operations, or in the folder HUB_DOCUMENTS_DIR. Its id is the SHA-256 of its
text; a client sends it in place of the text: {"documentId": "sha256:...", "variables": {...}}. To add one, put the file
into the folder and start the hub again; a file that the schema does not admit stops the start.

With HUB_TRUSTED_DOCUMENTS=only the hub answers nothing else.

Exit codes: 0 all valid, 1 failed, 2 a document is not valid; each is named`;

/** Adds the subcommand. */
export function addDocuments(program: Command): void {
  program
    .command('documents')
    .summary('list the trusted documents and check them')
    .description('Checks the trusted documents against the schema and prints id, operation and file of each.')
    .addHelpText('after', HELP)
    .action(async () => {
      process.exitCode = await documents();
    });
}

async function documents(): Promise<number> {
  try {
    for (const { id, name, file } of await readTrustedDocuments(await buildHubSchema(), readConfig().documentsDir)) {
      process.stdout.write(`${id}  ${name.padEnd(24)}${relative(process.cwd(), file)}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof TrustedDocumentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_INVALID;
  }
}
