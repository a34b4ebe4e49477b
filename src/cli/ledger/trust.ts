import { readFileSync } from 'node:fs';

const FINGERPRINT = /^[0-9a-f]{64}$/i;

/** A `--trust` that is none; the message says what to give. */
class TrustError extends Error {
  override readonly name = 'TrustError';
}

/**
 * Fingerprints that `--trust` gives: each is one, or a file with one at the beginning of each line, as `hub ledger keys`
 * prints them; lines that begin with # are remarks.
 */
export function readTrust(given: readonly string[]): string[] {
  return given.flatMap((text) => (FINGERPRINT.test(text) ? [text.toLowerCase()] : readFile(text)));
}

function readFile(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new TrustError(
      `--trust: ${path} is neither a fingerprint (64 hexadecimal digits) nor a file that can be read.`,
    );
  }
  const words = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/)[0] ?? '');
  const wrong = words.findIndex((word) => !FINGERPRINT.test(word));
  if (wrong >= 0 || words.length === 0) {
    throw new TrustError(
      `--trust: ${path} holds no fingerprint (64 hexadecimal digits) at the beginning of each line.`,
    );
  }
  return words.map((word) => word.toLowerCase());
}
