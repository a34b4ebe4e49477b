/**
 * Text on its way from PostgreSQL to a client as the bytes that came, one character each (what Node calls latin1): a page
 * is neither decoded from UTF-8 nor encoded again, and takes half the memory. Such a string is only passed on.
 */
import type { Socket } from 'node:net';
import pg from 'pg';
import { Parser } from 'pg-protocol/dist/parser.js';
import type { PoolClient, QueryConfig, QueryResult } from './database.ts';

declare const bytes: unique symbol;

/** Bytes of UTF-8, one character each. */
export type ByteText = string & { readonly [bytes]: true };

/** What node-postgres does not declare of its own parts. */
interface Connection {
  attachListeners(stream: Socket): void;
  emit(name: string, message: unknown): boolean;
}
interface Reader {
  encoding: BufferEncoding;
}

/** A connection whose reader of text can be told what to make of the bytes. */
export class ByteClient extends pg.Client {
  reader: Reader | undefined;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { readonly connection: Connection };
    connection.attachListeners = (stream) => {
      const parser = new Parser();
      ({ reader: this.reader } = parser as unknown as { readonly reader: Reader });
      stream.on('data', (chunk: Buffer) => {
        parser.parse(chunk, (message) =>
          connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message),
        );
      });
    };
  }
}

/** Runs a query; each text in its rows is the bytes of that text. */
export async function queryBytes<R extends readonly unknown[]>(
  client: PoolClient,
  config: QueryConfig,
): Promise<readonly R[]> {
  const { reader } = client as PoolClient & Pick<ByteClient, 'reader'>;
  if (reader === undefined) throw new Error('The connection was not opened for bytes');
  reader.encoding = 'latin1';
  try {
    const { rows } = (await client.query({ ...config, rowMode: 'array' })) as unknown as QueryResult<never> & {
      rows: R[];
    };
    return rows;
  } finally {
    reader.encoding = 'utf8';
  }
}

/** Text as its bytes. */
export const toBytes = (text: string): ByteText => Buffer.from(text, 'utf8').toString('latin1') as ByteText;

/** The text that the bytes are. */
export const fromBytes = (bytes: ByteText): string => Buffer.from(bytes, 'latin1').toString('utf8');
