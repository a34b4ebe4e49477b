/** Reads one item of a report: every value by its own rule, the first fault named by code and field, never by value. */
import { toDate, toDivision, toFen, toMonth, toVersion } from '../intake/index.ts';
import { nameKey, normaliseResidentId } from '../registry/identity/index.ts';
import { AidCode } from './aid-item.ts';
import type { AidField, AidItem } from './aid-item.ts';
import type { GrantContent } from './grant-digest.ts';
import { AidMode, OWNERS, modeOf, programmeOf } from './programmes.ts';
import type { AidProgramme } from './programmes.ts';

/** An item whose every value was understood; nobody has looked for the person yet. */
export interface ParsedAid extends Omit<GrantContent, 'personId'> {
  readonly sourceKey: string;
  readonly version: number;
  readonly programme: AidProgramme;
  /** Normalised ID number, 18 characters. */
  readonly idKey: string;
  readonly nameKey: string;
  /** The deciding office's division, 12 digits; null when the office is the one at the person's home. */
  readonly officeRegion: string | null;
  /** Code or name of the item as written; the catalogue is looked into when day and division are known. */
  readonly item: string | null;
  readonly reference: string | null;
}

/** What is wrong with an item, and where. */
export interface ItemFault {
  readonly code: AidCode;
  readonly field: AidField;
}

/** An item after reading: understood, or with its first fault. Key and version as far as they could be read. */
export type ReadItem = { readonly sourceKey: string | null; readonly version: number | null } & (
  { readonly aid: ParsedAid; readonly fault?: never } | { readonly aid?: never; readonly fault: ItemFault }
);

/** What the rules need to know of the call. */
export interface ParseContext {
  readonly department: string;
  /** Today in China, 'YYYY-MM-DD'. */
  readonly today: string;
}

/** Most UTF-16 units of a free text; what is no free text is cut at LONGEST_WORD before it is looked at. */
const LONGEST = {
  sourceKey: 128,
  reversalOf: 128,
  name: 100,
  kindDescription: 200,
  fundSource: 100,
  reference: 64,
} as const;
const LONGEST_WORD = 100;

// Controls and NUL, which PostgreSQL or a log cannot hold; half of a character, or what stands in its place.
const NOT_STORABLE = /[\p{Cc}\p{Cs}\ufffd]/u;
/** Modes that are money: no amount, no grant. The others need an amount or a description. */
const MONEY: ReadonlySet<AidMode> = new Set([AidMode.CASH, AidMode.WAIVER, AidMode.LOAN, AidMode.PREMIUM]);

/** Reads an item. Pure: the same item, department and day give the same answer. */
export function parseItem(item: AidItem, { department, today }: ParseContext): ReadItem {
  const { faults, text, word, need, fail } = reader(item);
  const onOrBefore = (sent: string): string | undefined => {
    const date = toDate(sent);
    return date !== undefined && date <= today ? date : undefined;
  };

  const sourceKey = need('sourceKey', text('sourceKey'));
  const version = word('version', toVersion, AidCode.BAD_VERSION, 1);
  const reversalOf = text('reversalOf');
  if (reversalOf !== null && reversalOf === sourceKey) fail(AidCode.BAD_REVERSAL, 'reversalOf');
  const idKey = need('idNumber', word('idNumber', toIdKey, AidCode.BAD_ID_NUMBER));
  const name = need('name', text('name'));
  const programme = need('programme', word('programme', programmeOf, AidCode.UNKNOWN_PROGRAMME));
  if (programme !== null && OWNERS[programme] !== department) {
    fail(AidCode.NOT_YOUR_PROGRAMME, 'programme');
  }
  const mode = need('mode', word('mode', modeOf, AidCode.BAD_MODE));
  const amountFen = word('amountYuan', toFen, AidCode.BAD_AMOUNT);
  const kindDescription = text('kindDescription');
  // A reversal only says which grant it undoes: the sum stands in the original.
  if (mode !== null && reversalOf === null && amountFen === null) {
    if (MONEY.has(mode)) fail(AidCode.MISSING_FIELD, 'amountYuan');
    else need('kindDescription', kindDescription);
  }
  const periodFrom = word('periodFrom', toMonth, AidCode.BAD_PERIOD);
  const periodTo = word('periodTo', toMonth, AidCode.BAD_PERIOD);
  if (periodTo !== null) need('periodFrom', periodFrom);
  if (periodFrom !== null && periodTo !== null && periodFrom > periodTo) fail(AidCode.BAD_PERIOD, 'periodTo');
  const decidedOn = need('decidedOn', word('decidedOn', onOrBefore, AidCode.BAD_DATE));
  const paidOn = word('paidOn', onOrBefore, AidCode.BAD_DATE);
  const fundSource = text('fundSource');
  const officeRegion = word('officeRegion', toDivision, AidCode.OUT_OF_REGION);
  const itemWord = word('item', (sent) => sent, AidCode.UNKNOWN_ITEM);
  const reference = text('reference');

  const [fault] = faults;
  if (fault || !sourceKey || !version || !idKey || !name || !programme || !mode || !decidedOn) {
    return { sourceKey, version, fault: fault ?? { code: AidCode.MISSING_FIELD, field: 'sourceKey' } };
  }
  return {
    sourceKey,
    version,
    aid: {
      sourceKey,
      version,
      reversalOf,
      idKey,
      nameKey: nameKey(name),
      programme,
      mode,
      amountFen,
      kindDescription,
      periodFrom,
      periodTo,
      decidedOn,
      paidOn,
      fundSource,
      officeRegion,
      item: itemWord,
      reference,
    },
  };
}

/** Ways of reading the fields of one item that collect what is wrong. */
function reader(item: AidItem) {
  const faults: ItemFault[] = [];
  const fail = (code: AidCode, field: AidField): null => {
    faults.push({ code, field });
    return null;
  };
  return {
    faults,
    fail,
    /** A free text in NFC; null when it was left empty or cannot be stored. */
    text: (field: keyof typeof LONGEST): string | null => {
      const sent = item[field]?.normalize('NFC').trim() ?? '';
      if (sent.length > LONGEST[field] || NOT_STORABLE.test(sent)) return fail(AidCode.BAD_TEXT, field);
      return sent === '' ? null : sent;
    },
    /** A code, number or date, in which width and spaces mean nothing; the fallback, or null, when it was left empty. */
    word: <T>(field: AidField, rule: (sent: string) => T | undefined, code: AidCode, fallback?: T): T | null => {
      const sent = String(item[field] ?? '').trim();
      if (sent === '') return fallback ?? null;
      if (sent.length > LONGEST_WORD) return fail(code, field);
      return rule(sent.normalize('NFKC').replace(/\s+/gu, '')) ?? fail(code, field);
    },
    /** Marks a field that must be there; after a fault of its own the second one is never shown. */
    need: <T>(field: AidField, value: T | null): T | null => value ?? fail(AidCode.MISSING_FIELD, field),
  };
}

function toIdKey(sent: string): string | undefined {
  const found = normaliseResidentId(sent);
  return found.ok ? found.key : undefined;
}
