/** What the name of a file in a watched folder says: STUDENT.snapshot.620102.2026-11-20.first-term.csv */
import { parseDate } from '../../platform/dates.ts';
import type { DeliveryMode } from '../record-kind.ts';

/** What a name says. */
export interface InboxName {
  readonly record: string;
  readonly mode: DeliveryMode;
  /** Division that the file is about. */
  readonly region: string | undefined;
  /** The beginning of that day in China. */
  readonly asOf: Date | undefined;
}

/** Ends of names that programs give to what they still write. */
const UNFINISHED = /^[.~]|\.(?:part|tmp|temp|filepart|crdownload|swp)$/i;
const SHEET = /\.(?:csv|txt|tsv|xlsx|xls)$/i;

/** Whether a file of that name is a delivery, once it is complete. */
export const isDelivery = (name: string): boolean => SHEET.test(name) && !UNFINISHED.test(name);

/**
 * The record stands first, in capital letters; then, in any order and between dots, `snapshot` or `delta` (delta unless said), a
 * division of 6, 9 or 12 digits, and a day. Other words are for people. Undefined where the first word is no record.
 */
export function readInboxName(name: string): InboxName | undefined {
  const [record = '', ...words] = name.replace(SHEET, '').split('.');
  if (!/^[A-Z][A-Z_]*$/.test(record)) return undefined;
  const day = words.find((word) => parseDate(word) !== undefined);
  return {
    record,
    mode: words.includes('snapshot') ? 'SNAPSHOT' : 'DELTA',
    region: words.find((word) => /^(?:\d{6}|\d{9}|\d{12})$/.test(word)),
    asOf: day === undefined ? undefined : new Date(`${day}T00:00:00+08:00`),
  };
}
