/** Text that is only passed on, as the bytes of its UTF-8, one character each (what Node calls latin1). */

declare const bytes: unique symbol;

/** Bytes of UTF-8, one character each. */
export type ByteText = string & { readonly [bytes]: true };

/** Text as its bytes. */
export const toBytes = (text: string): ByteText => Buffer.from(text, 'utf8').toString('latin1') as ByteText;

/** The text that the bytes are. */
export const fromBytes = (bytes: ByteText): string => Buffer.from(bytes, 'latin1').toString('utf8');
