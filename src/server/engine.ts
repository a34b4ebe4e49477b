/** The engine as the server needs it. */
import type { DocumentNode } from 'graphql';
import type { HubContext } from '../access/index.ts';

/** What an operation comes to: `text` is the JSON of `data`, to be spliced in unparsed; else graphql-js made `data`. */
export interface EngineResult {
  readonly text?: string;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly Error[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Runs validated operations, introspection included. */
export interface Engine {
  execute(request: {
    readonly document: DocumentNode;
    readonly operationName?: string | undefined;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly context: HubContext;
  }): Promise<EngineResult>;
}
