/** Documents that need no parsing and no validation: the trusted ones, and those that passed once. */
import { LRUCache } from 'lru-cache';
import type { DocumentNode } from 'graphql';
import type { TrustedDocument } from './trusted-documents.ts';

/** Valid documents by their exact text. */
export interface Documents {
  readonly trusted: readonly TrustedDocument[];
  /** Whether only trusted documents are answered. */
  readonly only: boolean;
  /** A trusted document by its id, `sha256:` and 64 hexadecimal digits. */
  trustedBy(id: string): TrustedDocument | undefined;
  isTrusted(text: string): boolean;
  find(text: string): DocumentNode | undefined;
  /** Keeps a document that passed validation. */
  keep(text: string, document: DocumentNode): void;
}

const MOST_DOCUMENTS = 1_000;

/** Characters of all documents kept together; their syntax trees take about a hundred times that in bytes. */
const MOST_TEXT = 512 * 1024;

/** The trusted documents, for good, and room for others that clients send. */
export function openDocuments(trusted: readonly TrustedDocument[], only: boolean): Documents {
  const byId = new Map(trusted.map((document) => [document.id, document]));
  const byText = new Map(trusted.map(({ text, document }) => [text, document]));
  const recent = new LRUCache<string, DocumentNode>({
    max: MOST_DOCUMENTS,
    maxSize: MOST_TEXT,
    sizeCalculation: (_document, text) => text.length,
  });
  return {
    trusted,
    only,
    trustedBy: (id) => byId.get(id),
    isTrusted: (text) => byText.has(text),
    find: (text) => byText.get(text) ?? recent.get(text),
    keep(text, document) {
      if (text !== '' && !byText.has(text)) recent.set(text, document);
    },
  };
}
