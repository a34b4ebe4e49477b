import { createRequire } from 'node:module';

/**
 * Lets node-postgres hand over text as the bytes that came, one character each, so that an answer is neither decoded
 * from UTF-8 nor encoded again: what goes out as latin1 is what came in. For this process alone, which reads nothing of
 * what it passes on.
 */
export function passTextThrough(): void {
  const fromPg = createRequire(createRequire(import.meta.url).resolve('pg'));
  const { BufferReader } = fromPg('pg-protocol/dist/buffer-reader.js') as { BufferReader: { prototype: Reader } };
  BufferReader.prototype.string = function (length) {
    const from = this.offset;
    this.offset += length;
    return this.buffer.latin1Slice(from, this.offset);
  };
}

interface Reader {
  readonly buffer: Buffer & { latin1Slice(from: number, to: number): string };
  offset: number;
  string(this: Reader, length: number): string;
}
