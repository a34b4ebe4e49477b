/** Money: integer fen (1/100 yuan) as bigint inside, yuan as decimal text with two places at the edge. */

const YUAN = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/;
// 16 digits of yuan stay inside PostgreSQL's bigint when counted in fen.

/**
 * Fen of an amount in yuan such as '12', '12.3', '12.30' or '-12.30'; undefined for anything else (thousands marks,
 * signs of currency, more than two places, full-width digits): what a department meant is not guessed.
 */
export function parseYuan(text: string): bigint | undefined {
  const match = YUAN.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', cents = ''] = match;
  const fen = BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'));
  return sign === '-' ? -fen : fen;
}

/** Yuan with exactly two places, e.g. 1230n → '12.30'. Takes the decimal text that node-postgres gives for bigint too. */
export function formatYuan(fen: bigint | string): string {
  const value = BigInt(fen);
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
