import { hash } from 'node:crypto';

// One byte that says what follows, so that no two sequences of values share an encoding.
const ABSENT = 0;
const TEXT = 1;
const BYTES = 2;
const INTEGER = 3;
const LIST = 4;

/**
 * Values as bytes that can be read in one way only: each is its kind, its length (four bytes, big-endian) and its
 * content (UTF-8, raw, or a signed 64-bit integer, big-endian).
 */
export class CanonicalBytes {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  /** `what` separates the digests of one kind of thing from those of another; a new layout is a new version. */
  constructor(what: string, version: number) {
    this.text(what).integer(version);
  }

  text(value: string | null | undefined): this {
    if (value == null) return this.#absent();
    const length = Buffer.byteLength(value);
    this.#head(TEXT, length);
    this.#length += this.#bytes.write(value, this.#length);
    return this;
  }

  bytes(value: Uint8Array | null | undefined): this {
    if (value == null) return this.#absent();
    this.#head(BYTES, value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  integer(value: number | bigint | null | undefined): this {
    if (value == null) return this.#absent();
    this.#head(INTEGER, 8);
    this.#length = this.#bytes.writeBigInt64BE(BigInt(value), this.#length);
    return this;
  }

  /** A list: its length, then each item as `write` puts it. */
  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.#head(LIST, items.length, 0);
    for (const item of items) write(item);
    return this;
  }

  /** SHA-256 of everything written, 32 bytes. */
  digest(): Buffer {
    return hash('sha256', this.#bytes.subarray(0, this.#length), 'buffer');
  }

  /** Everything written, for a signature over it. */
  content(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #absent(): this {
    this.#head(ABSENT, 0);
    return this;
  }

  #head(kind: number, length: number, room = length): void {
    const needed = this.#length + 5 + room;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#length = this.#bytes.writeUInt8(kind, this.#length);
    this.#length = this.#bytes.writeUInt32BE(length, this.#length);
  }
}
