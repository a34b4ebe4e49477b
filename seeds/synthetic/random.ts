/**
 * Randomness that is the same for the same seed on every machine (sfc32). Each entity draws from a stream of its own, named
 * after it, so that a change in how one is made does not move the others.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: string | number, stream: string) {
    const words = fourWords(`${seed}/${stream}`);
    [this.#a, this.#b, this.#c, this.#d] = words;
    for (let i = 0; i < 12; i++) this.word();
  }

  /** The next 32 bits. */
  word(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** In [0, 1). */
  fraction(): number {
    return this.word() / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the list, each as likely as the other. */
  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.fraction() * list.length)];
    if (found === undefined) throw new RangeError('Nothing to pick from an empty list.');
    return found;
  }

  /** From a bell around 1 with a long right tail (log-normal), e.g. for amounts. */
  spread(sigma: number): number {
    const u = Math.max(this.fraction(), 1e-12);
    const v = this.fraction();
    return Math.exp(sigma * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v));
  }

  /** A UUID in the shape of version 7 with the given instant (milliseconds); ordered when the instants are. */
  uuid(atMs: number): string {
    const high = Math.floor(atMs / 65_536);
    const low = atMs % 65_536;
    const a = this.word();
    const b = this.word();
    const c = this.word();
    return (
      `${hex16(high >>> 16)}${hex16(high & 0xffff)}-${hex16(low)}-${hex16(0x7000 | (a >>> 20))}-` +
      `${hex16(0x8000 | (a & 0x3fff))}-${hex16(b >>> 16)}${hex16(c >>> 16)}${hex16(c & 0xffff)}`
    );
  }
}

/** Draws one of the words of a table `{ word: weight }`; made once, asked often. */
export function weighted<T extends string>(weights: Readonly<Record<T, number>>): (random: Random) => T {
  const words = Object.keys(weights) as T[];
  const total = words.reduce((sum, word) => sum + weights[word], 0);
  const last = words.at(-1);
  if (last === undefined) throw new RangeError('A table without words.');
  return (random) => {
    let left = random.fraction() * total;
    for (const word of words) {
      left -= weights[word];
      if (left < 0) return word;
    }
    return last;
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Four digits for 16 bits, from a table: millions of ids are written. */
function hex16(value: number): string {
  return (HEX[value >>> 8] ?? '') + (HEX[value & 0xff] ?? '');
}

/** Spreads a text over 128 bits (cyrb128): good enough to seed, not a digest. */
function fourWords(text: string): [number, number, number, number] {
  let h1 = 1779033703;
  let h2 = 3144134277;
  let h3 = 1013904242;
  let h4 = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  h1 ^= h2 ^ h3 ^ h4;
  return [h1, h2 ^ h1, h3 ^ h1, h4 ^ h1];
}
