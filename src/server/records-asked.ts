/** What the sender of a file says of it: in the address, and in the header that names it. */
import { basename } from 'node:path';
import type { DeliveryOpening, DeliveryStatus } from '../intake/index.ts';
import { parseDate } from '../platform/dates.ts';
import { badUserInput } from '../platform/errors.ts';

/** What the address says. */
export interface Asked {
  readonly mode: DeliveryOpening['mode'];
  readonly asOf: Date | undefined;
  readonly region: string | undefined;
  readonly sourceSystem: string | undefined;
}

const PARAMETERS = ['mode', 'asOf', 'region', 'source'];
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The parameters of the address. Throws BAD_USER_INPUT. */
export function readQuery(query: Readonly<Record<string, unknown>>): Asked {
  for (const name of Object.keys(query))
    if (!PARAMETERS.includes(name)) throw badUserInput(`Parameters are ${PARAMETERS.join(', ')}, and no others.`);
  const text = (name: string): string | undefined => {
    const value = query[name];
    if (value === undefined || typeof value === 'string') return value;
    throw badUserInput(`The parameter "${name}" is there more than once.`);
  };
  const mode = { delta: 'DELTA', snapshot: 'SNAPSHOT' }[text('mode')?.toLowerCase() ?? 'delta'];
  if (mode !== 'DELTA' && mode !== 'SNAPSHOT')
    throw badUserInput('The parameter "mode" is delta (these changed) or snapshot (this is everything).');
  return { mode, asOf: readInstant(text('asOf')), region: text('region'), sourceSystem: text('source') };
}

/** An instant, or a day: its beginning in China. */
function readInstant(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const day = parseDate(text);
  const at = new Date(day === undefined ? text : `${day}T00:00:00+08:00`);
  if ((day !== undefined || INSTANT.test(text)) && !Number.isNaN(at.getTime())) return at;
  throw badUserInput(
    'The parameter "asOf" is a day, 2026-11-20, or an instant with its zone, 2026-11-20T08:00:00+08:00.',
  );
}

/** The same bytes in another mode, for another division or of another day are another delivery. */
export const isSame = (before: DeliveryStatus, { mode, asOf, region }: Asked): boolean =>
  before.mode === mode &&
  before.region === (region === undefined ? null : region.padEnd(12, '0')) &&
  (asOf === undefined || asOf.getTime() === before.asOf.getTime());

/** The name of the file, for people; without folders and without signs that a terminal would obey. */
export function nameOf(sent = ''): string | undefined {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(sent)?.[1];
  const plain = /filename="([^"]*)"|filename=([^;"]+)/i.exec(sent);
  let name = plain?.[1] ?? plain?.[2];
  try {
    if (encoded !== undefined) name = decodeURIComponent(encoded);
  } catch {
    // What cannot be decoded is left out.
  }
  return (
    basename(name?.replaceAll('\\', '/') ?? '')
      .replace(/[\p{C}]/gu, '')
      .slice(0, 200) || undefined
  );
}
