/** Trusted documents: GraphQL files that are known by their hash, and valid before the hub answers anybody. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphQLError, Kind, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { DEFAULT_BOUNDS } from '../platform/bounds.ts';
import type { Bounds } from '../platform/bounds.ts';
import { formLimits } from './limits.ts';
import { installedPart } from './installed-part.ts';
import type { InstalledPart } from './installed-part.ts';
import { packageFile } from './package-file.ts';

/** One file. */
export interface TrustedDocument {
  /** `sha256:` and the hash of the text in hexadecimal (GraphQL over HTTP, appendix on persisted documents). */
  readonly id: string;
  /** Names of its operations, with commas between; of the file where they have none. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly document: DocumentNode;
  /** What it asks for of departments whose module is not installed, which is not answered. */
  readonly leftOut: readonly string[];
}

/** Files that cannot be trusted, each with its reason. */
export class TrustedDocumentError extends Error {
  override readonly name = 'TrustedDocumentError';
}

/**
 * The documents of `schema/operations` and of a folder of the installation: every `*.graphql` in it, not in folders below.
 * What they ask for of a department whose module is not installed is left out, and what asks for nothing else is no
 * document of this hub.
 * @throws TrustedDocumentError that names every file that does not parse or validate
 */
export async function readTrustedDocuments(
  schema: GraphQLSchema,
  folder: string | undefined,
  bounds: Bounds = DEFAULT_BOUNDS,
): Promise<readonly TrustedDocument[]> {
  const folders = [packageFile('schema/operations'), ...(folder === undefined ? [] : [folder])];
  const files = (await Promise.all(folders.map(filesIn))).flat();
  const faults: string[] = [];
  const documents = await Promise.all(
    files.map(async (file): Promise<TrustedDocument[]> => {
      const text = await readFile(file, 'utf8');
      try {
        const { document, leftOut } = checked(schema, text, bounds);
        if (document === undefined) return [];
        return [{ id: idOf(text), name: nameOf(document, file), file, text, document, leftOut }];
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        faults.push(`${[file, error.locations?.[0]?.line ?? []].flat().join(':')}: ${error.message}`);
        return [];
      }
    }),
  );
  if (faults.length > 0) {
    throw new TrustedDocumentError(`Documents that the schema does not admit:\n  ${faults.sort().join('\n  ')}`);
  }
  return documents.flat();
}

/** The id of a document: two texts that differ in a space are two documents. */
export const idOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => {
    throw new TrustedDocumentError(`The folder of trusted documents cannot be read: ${folder} (HUB_DOCUMENTS_DIR)`);
  });
  return names
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => join(folder, name));
}

/** What a client's document passes too. @throws GraphQLError, the first of several */
function checked(schema: GraphQLSchema, text: string, bounds: Bounds): InstalledPart {
  const part = installedPart(schema, parse(text, { maxTokens: bounds.tokens }));
  if (part.document === undefined) return part;
  const [fault] = validate(schema, part.document, [...specifiedRules, formLimits(bounds)]);
  if (fault !== undefined) throw fault;
  return part;
}

function nameOf({ definitions }: DocumentNode, file: string): string {
  const names = definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? (node.name?.value ?? []) : [],
  );
  return names.length === 0 ? (/[^/\\]+(?=\.graphql$)/.exec(file)?.[0] ?? file) : names.join(', ');
}
