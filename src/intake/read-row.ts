/** Reads one row by its kind: every field by its own rule, every fault named by field and code, never by value. */
import { hash } from 'node:crypto';
import { nameKey, nameLength, normaliseResidentId } from '../registry/index.ts';
import type { FaultCode } from './faults.ts';
import { NOT_STORABLE } from './fields.ts';
import { toDate, toDivision } from './lenient-values.ts';
import type { ParsedRow, ParsedSubject, RawRow, RecordField, RecordKind, RowFault } from './record-kind.ts';

/** A row after reading. With a fault it is lost; `sourceKey` then as far as it could be read. */
export type ReadRow = { readonly rowNo: number; readonly findings: readonly RowFault[] } & (
  | { readonly row: ParsedRow; readonly json: string; readonly digest: string; readonly sourceKey: string }
  | { readonly row: undefined; readonly sourceKey: string | null }
);

/** Most code points of a key and of a name; longest number of a document as delivered. */
const LONGEST_KEY = 200;
const LONGEST_NAME = 100;
const LONGEST_NUMBER = 100;
/** Of somebody whom nobody knows, as hospitals and stations write it. */
const UNKNOWN_NAME = '无名氏';
const SPACES = /\s+/gu;
const PLAIN = /^[\x20-\x7e]*$/;
/** Characters of which each is its own normal form and its own key. */
const COMMON_NAME = /^[\u4e00-\u9fff]{1,20}$/;
const COMMON = /^[\x21-\x7e\u4e00-\u9fff]*$/;

const ID_TYPES: ReadonlyMap<string, string> = new Map([
  ...['RESIDENT_ID', '居民身份证', '身份证', '二代身份证', '01', '1', '111'].map(
    (word) => [word, 'RESIDENT_ID'] as const,
  ),
  ...['HMT_PERMIT', '港澳台居民居住证', '港澳居民居住证', '台湾居民居住证', '港澳台居住证'].map(
    (word) => [word, 'HMT_PERMIT'] as const,
  ),
  ...['FOREIGN_PERMIT', '外国人永久居留身份证', '外国人永久居留证', '永久居留身份证', '553'].map(
    (word) => [word, 'FOREIGN_PERMIT'] as const,
  ),
  ...['TEMPORARY', '临时编号', '无证件', '临时标识'].map((word) => [word, 'TEMPORARY'] as const),
]);

const SEXES: ReadonlyMap<string, string> = new Map([
  ...['1', '男', '男性', 'M', 'MALE'].map((word) => [word, '1'] as const),
  ...['2', '女', '女性', 'F', 'FEMALE'].map((word) => [word, '2'] as const),
  ...['0', '未知', '未知的性别'].map((word) => [word, '0'] as const),
  ...['9', '未说明', '未说明的性别'].map((word) => [word, '9'] as const),
]);

/** A foreign permanent residence card of before 2023. */
const OLD_FOREIGN = /^[A-Z]{3}\d{12}$/;

/** Makes the reader of a kind. Pure: the same row and day give the same answer. */
export function rowReader(kind: RecordKind, today: string): (raw: RawRow) => ReadRow {
  const read = textReader(kind, today);
  return (raw) => {
    const row = read(raw);
    if (!('faults' in raw) || raw.faults.length === 0) return row;
    const spoiled = new Set(raw.faults.map(({ field }) => field));
    return {
      rowNo: raw.rowNo,
      row: undefined,
      sourceKey: spoiled.has('sourceKey') ? null : row.sourceKey,
      findings: [...raw.faults, ...row.findings.filter(({ field }) => !spoiled.has(field))],
    };
  };
}

function textReader(kind: RecordKind, today: string): (raw: RawRow) => ReadRow {
  const fields = kind.fields.map((field) => ({ name: field.name, read: remembered((sent) => readField(field, sent)) }));
  const words = wordReaders();
  return (raw) => {
    const { rowNo } = raw;
    if ('unreadable' in raw) {
      return { rowNo, row: undefined, sourceKey: null, findings: [{ field: '', code: raw.unreadable }] };
    }
    const { cells } = raw;
    const faults: RowFault[] = [];
    const doubts: RowFault[] = [];
    const fail = (field: string, code: FaultCode): void => {
      faults.push({ field, code });
    };
    const sourceKey = readKey(cells['sourceKey'], fail);
    const subject = kind.subject === 'person' ? readSubject(cells, { kind, today, words }, fail, doubts) : null;
    const content: Record<string, string> = {};
    for (const { name, read } of fields) {
      const { text, fault, doubt } = read(cells[name] ?? '');
      if (fault !== undefined) fail(name, fault);
      if (text !== undefined) content[name] = text;
      if (doubt !== undefined) doubts.push({ field: name, code: doubt });
    }
    const findings = [...faults, ...doubts];
    if (faults.length > 0 || sourceKey === null) return { rowNo, row: undefined, sourceKey, findings };
    const row: ParsedRow = { rowNo, sourceKey, content, subject, today };
    const between = kind.check?.(row) ?? [];
    if (between.length > 0) return { rowNo, row: undefined, sourceKey, findings: [...findings, ...between] };
    const json = JSON.stringify(content);
    return { rowNo, row, json, digest: digestOf(subject, json), sourceKey, findings };
  };
}

/** What a cell says: nothing at all where it is empty and may be. */
interface Reading {
  readonly text?: string;
  readonly fault?: FaultCode;
  readonly doubt?: FaultCode | undefined;
}

function readField(field: RecordField, cell: string): Reading {
  const sent = tidy(cell, field.verbatim === true ? 'NFC' : 'NFKC');
  if (sent === '') return field.required ? { fault: 'MISSING_FIELD' } : {};
  const text = field.read(sent);
  return text === undefined ? { fault: field.fault } : { text, doubt: field.warn?.(text) };
}

/** Texts that are kept of a column, and the longest of them: schools, stages, days and divisions come again and again. */
const MOST_REMEMBERED = 4_000;
/** The same of what has more of them: a century has 36,500 days, a province some 20,000 villages. */
const MANY_REMEMBERED = 40_000;
const LONGEST_REMEMBERED = 60;

/** The rule, which is pure, with the answers to the first texts of a column. */
function remembered<T>(rule: (text: string) => T, most = MOST_REMEMBERED): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = rule(text);
    if (answers.size < most && text.length <= LONGEST_REMEMBERED) answers.set(text, answer);
    return answer;
  };
}

/** SHA-256, in hexadecimal, of what a row says: the same content in another delivery has the same digest. */
function digestOf(subject: ParsedSubject | null, json: string): string {
  if (subject === null) return hash('sha256', json);
  const { idType, idKey, idValue, name, sex, birthDate, region } = subject;
  return hash('sha256', `${JSON.stringify([idType, idKey ?? idValue, name, sex, birthDate, region])}\n${json}`);
}

function readKey(sent: string | undefined, fail: (field: string, code: FaultCode) => void): string | null {
  const key = tidy(sent, 'NFC');
  if (key === '') fail('sourceKey', 'MISSING_FIELD');
  else if (key.length > LONGEST_KEY || NOT_STORABLE.test(key)) fail('sourceKey', 'BAD_KEY');
  else return key;
  return null;
}

/** Whom the row is about, as far as it could be read: what is wrong is told to `fail`. */
function readSubject(
  cells: Readonly<Record<string, string>>,
  { kind, today, words }: { readonly kind: RecordKind; readonly today: string; readonly words: WordReaders },
  fail: (field: string, code: FaultCode) => void,
  findings: RowFault[],
): ParsedSubject {
  const sent = tidy(cells['name'], 'NFC');
  const common = COMMON_NAME.test(sent);
  const unknown = kind.mayBeUnknown === true && sent === '' && tidy(cells['idNumber'], 'NFC') === '';
  const name = unknown ? UNKNOWN_NAME : sent;
  if (name === '') fail('name', 'MISSING_FIELD');
  else if (common) {
    // Nothing of it can be too long, unfit to be kept, or written in another way.
  } else if (name.length > 2 * LONGEST_NAME || nameLength(name) > LONGEST_NAME || NOT_STORABLE.test(name))
    fail('name', 'BAD_TEXT');
  const { idType, idValue, idKey } = unknown
    ? { idType: 'TEMPORARY', idValue: null, idKey: null }
    : readNumber(cells, words, fail, findings);
  const sex = settle(words.sex(cells['sex'] ?? ''), 'sex', 'BAD_SEX', fail);
  const birthDate = settle(words.date(cells['birthDate'] ?? ''), 'birthDate', 'BAD_DATE', fail);
  if (birthDate !== null && birthDate > today) fail('birthDate', 'FUTURE_DATE');
  const home = settle(words.home(cells['region'] ?? ''), 'region', 'BAD_DIVISION', fail);
  const region = home ?? (idType === 'TEMPORARY' ? foundIn(cells, kind, words) : null);
  return { idType, idValue, idKey, name, nameKey: common ? name : nameKey(name), sex, birthDate, region };
}

/** Where somebody without a number was found; whether that is a division at all is told with its own field. */
const foundIn = (cells: Readonly<Record<string, string>>, kind: RecordKind, words: WordReaders): string | null =>
  kind.foundIn === undefined ? null : words.home(cells[kind.foundIn] ?? '') || null;

/** A home is told at least by its county. */
const toHome = (text: string): string | undefined => (text.length >= 6 ? toDivision(text) : undefined);

function readNumber(
  cells: Readonly<Record<string, string>>,
  words: WordReaders,
  fail: (field: string, code: FaultCode) => void,
  findings: RowFault[],
): Pick<ParsedSubject, 'idType' | 'idValue' | 'idKey'> {
  const type = settle(words.idType(cells['idType'] ?? ''), 'idType', 'BAD_ID_TYPE', fail);
  const idValue = tidy(cells['idNumber'], 'NFC');
  if (idValue === '') return { idType: type, idValue: null, idKey: null };
  const idType = type ?? 'RESIDENT_ID';
  if (idValue.length > LONGEST_NUMBER || NOT_STORABLE.test(idValue)) {
    fail('idNumber', 'BAD_TEXT');
    return { idType, idValue: null, idKey: null };
  }
  const idKey = keyOf(idType, idValue);
  if (idKey === null) findings.push({ field: 'idNumber', code: 'BAD_ID_NUMBER' });
  return { idType, idValue, idKey };
}

function keyOf(idType: string, idValue: string): string | null {
  const found = idType === 'TEMPORARY' ? undefined : normaliseResidentId(idValue);
  if (found?.ok === true) return found.key;
  const bare = idValue.normalize('NFKC').replace(SPACES, '').toUpperCase();
  if (idType === 'TEMPORARY') return bare;
  return idType === 'FOREIGN_PERMIT' && OLD_FOREIGN.test(bare) ? bare : null;
}

/** Readers of the standard words; false is a text that cannot be read, null an empty one. */
type WordReaders = Readonly<Record<'idType' | 'sex' | 'date' | 'home', (cell: string) => string | null | false>>;

/** Those of one file, whose columns they remember. */
function wordReaders(): WordReaders {
  const of = (rule: (bare: string) => string | undefined, most?: number) =>
    remembered((cell) => readWord(cell, rule), most);
  return {
    idType: of((bare) => ID_TYPES.get(bare.toUpperCase())),
    sex: of((bare) => SEXES.get(bare.toUpperCase())),
    date: of(toDate, MANY_REMEMBERED),
    home: of(toHome, MANY_REMEMBERED),
  };
}

/** A word in which width and spaces mean nothing. */
function readWord(cell: string, rule: (bare: string) => string | undefined): string | null | false {
  const text = tidy(cell, 'NFKC').replace(SPACES, '');
  if (text === '') return null;
  return text.length > LONGEST_NUMBER ? false : (rule(text) ?? false);
}

function settle(
  word: string | null | false,
  field: string,
  code: FaultCode,
  fail: (field: string, code: FaultCode) => void,
): string | null {
  if (word !== false) return word;
  fail(field, code);
  return null;
}

/** Most cells are plain ASCII, which no form of normalisation changes. */
function tidy(sent: string | undefined, form: 'NFC' | 'NFKC'): string {
  if (sent === undefined) return '';
  if (COMMON.test(sent)) return sent;
  return PLAIN.test(sent) ? sent.trim() : sent.normalize(form).trim();
}
