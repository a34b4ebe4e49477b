/** Documents that relay-compiler persisted, as trusted documents of a hub. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In relay.config.json: artifacts name a document by the hash of its text, and the texts are kept in a file. */
export const PERSISTED = { persistConfig: { file: 'persisted.json', algorithm: 'SHA256' } };

/** Lays the persisted texts into the folder that the hub reads at its start (HUB_DOCUMENTS_DIR). */
export function layDocuments(persisted: string, folder: string): void {
  const texts = JSON.parse(readFileSync(persisted, 'utf8')) as Readonly<Record<string, string>>;
  for (const [hash, text] of Object.entries(texts)) writeFileSync(join(folder, `${hash}.graphql`), text);
}
