/**
 * Text on its way from PostgreSQL to a client as the bytes that came: a page is neither decoded from UTF-8 nor encoded
 * again, and takes half the memory.
 */
import type { Socket } from 'node:net';
import pg from 'pg';
import type { PoolClient, QueryConfig } from 'pg';
import { Parser } from 'pg-protocol/dist/parser.js';

/** The part of node-postgres that makes text of bytes, which it does not declare. */
interface Reader {
  encoding: BufferEncoding;
}

/** A connection whose reader can be told to leave text as the bytes that came. */
export class ByteClient extends pg.Client {
  reader: Reader | undefined;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this;
    // As node-postgres does it, with the parser kept at hand.
    const attachListeners = (stream: Socket): void => {
      const parser = new Parser();
      this.reader = Reflect.get(parser, 'reader') as Reader;
      stream.on('data', (chunk: Buffer) => {
        parser.parse(chunk, (message) =>
          connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message),
        );
      });
    };
    Object.assign(connection, { attachListeners });
  }
}

/** Runs a query; each text in its rows is the bytes of that text. */
export async function queryBytes<R extends unknown[]>(client: PoolClient, config: QueryConfig): Promise<R[]> {
  const { reader } = client as PoolClient & Pick<ByteClient, 'reader'>;
  if (reader === undefined) throw new Error('The connection was not opened for bytes');
  reader.encoding = 'latin1';
  try {
    const { rows } = await client.query<R>({ ...config, rowMode: 'array' });
    return rows;
  } finally {
    reader.encoding = 'utf8';
  }
}
