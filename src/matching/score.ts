/** Scores a row against candidates, and decides. Pure: the same values give the same score and the same evidence. */
import {
  compareBirths,
  compareHomes,
  compareNames,
  compareSexes,
  type BirthAgreement,
  type Home,
  type HomeAgreement,
  type NameAgreement,
  type NumberAgreement,
  type SexAgreement,
} from './compare.ts';
import {
  CERTAIN_FROM,
  CERTAIN_LEAD,
  MOST_CANDIDATES,
  NAME_LENGTH_WORTH,
  REVIEW_FROM,
  REVIEW_FROM_WITH_NUMBER,
  SHOWN_BESIDE_HOLDER_FROM,
  WEIGHTS,
} from './weights.ts';

/** What a row says of its subject. */
export interface Subject extends Home {
  /** The number as it is compared; null where there is none or it is malformed. */
  readonly idKey: string | null;
  /** Something stands where the number should. */
  readonly hasNumber: boolean;
  /** The number has no check digit (15 digits): a slip in it makes another valid number. */
  readonly unchecked: boolean;
  /** Valid numbers one slip away from a malformed one. */
  readonly variants: ReadonlySet<string>;
  readonly nameKey: string;
  readonly sex: string | null;
  /** 'YYYY-MM-DD', as delivered or else as the number says. */
  readonly birthDate: string | null;
  /** The birth date was delivered, and not read from the number. */
  readonly birthDelivered: boolean;
}

/** A person who may be meant. */
export interface Candidate extends Home {
  readonly personId: string;
  readonly nameKey: string;
  readonly sex: string | null;
  readonly birthDate: string | null;
  /** All numbers that the person has or had. */
  readonly numbers: readonly string[];
}

/** How the two agree, field by field. */
export interface Agreements {
  readonly number: NumberAgreement;
  readonly name: NameAgreement;
  readonly birth: BirthAgreement;
  readonly sex: SexAgreement;
  readonly home: HomeAgreement;
}

/** A candidate with what speaks for and against. */
export interface Scored {
  readonly personId: string;
  readonly score: number;
  readonly agreements: Agreements;
  /** One line for each field, Chinese first, with its weight; no personal value. */
  readonly evidence: readonly string[];
}

/** What is to be done with a row. */
export type Verdict =
  | { readonly kind: 'CERTAIN'; readonly scored: Scored }
  | { readonly kind: 'REVIEW'; readonly candidates: readonly Scored[] }
  | { readonly kind: 'NOBODY' };

/** Compares one row with one candidate. */
export function score(subject: Subject, candidate: Candidate): Scored {
  const agreements: Agreements = {
    number: compareNumbers(subject, candidate),
    name: compareNames(subject.nameKey, candidate.nameKey),
    birth: compareBirths(subject.birthDate, candidate.birthDate),
    sex: compareSexes(subject.sex, candidate.sex),
    home: compareHomes(subject, candidate),
  };
  const worth = worthOf(subject, agreements);
  const evidence = FIELDS.map(
    (field) =>
      `${TITLES[field]}：${WORDS[agreements[field]] ?? agreements[field]} · ${field} ${agreements[field]} ${signed(worth[field])}`,
  );
  const sum = FIELDS.reduce((total, field) => total + worth[field], 0);
  return { personId: candidate.personId, score: Math.round(sum * 10) / 10, agreements, evidence };
}

/** Decides for a row among all its candidates, in whichever order they come. */
export function decide(subject: Subject, candidates: readonly Candidate[]): Verdict {
  const scored = candidates
    .map((candidate) => score(subject, candidate))
    .sort((a, b) => b.score - a.score || (a.personId < b.personId ? -1 : 1));
  const [best, second] = scored;
  if (best === undefined) return { kind: 'NOBODY' };
  // A number found is never passed over: somebody has it, and it is for a person to say who.
  const holder = scored.find(({ agreements }) => agreements.number === 'SAME');
  const lead = best.score - (second?.score ?? -Infinity);
  if (best.score >= CERTAIN_FROM && lead >= CERTAIN_LEAD && isPlain(best.agreements, subject) && !isNamesOther(scored))
    return { kind: 'CERTAIN', scored: best };
  const least = subject.idKey !== null && !subject.unchecked ? REVIEW_FROM_WITH_NUMBER : REVIEW_FROM;
  const reviewed = best.score >= least || holder !== undefined;
  if (!reviewed) return { kind: 'NOBODY' };
  // Where the number is somebody else's, whoever bears the name may be meant, though the number speaks against them.
  const shownFrom = holder === undefined ? least : SHOWN_BESIDE_HOLDER_FROM;
  const shown = scored.filter((one) => one !== holder && one.score >= shownFrom).slice(0, MOST_CANDIDATES - 1);
  const beside = holder === undefined ? shown : [...shown, holder].sort((a, b) => b.score - a.score);
  return { kind: 'REVIEW', candidates: beside };
}

/** The name is another's, who was born on the same day: of twins the one with the other's number, as it seems. */
const isNamesOther = ([best, ...others]: readonly Scored[]): boolean =>
  best?.agreements.name !== 'SAME' &&
  others.some(({ agreements: { name, birth } }) => name === 'SAME' && birth === 'SAME');

/**
 * What no sum may outweigh. Twins agree in birth, home, surname and all but a digit or two of the number; a relative's
 * number stands in many a form. So a name that differs is certain only under the very number, and a contradiction in
 * birth or sex never is.
 */
function isPlain({ number, name, birth, sex }: Agreements, { birthDelivered }: Subject): boolean {
  if (birth === 'OTHER' || birth === 'YEAR' || sex === 'OTHER' || number === 'OTHER') return false;
  return (
    name === 'SAME' ||
    name === 'VARIANT' ||
    (name === 'CLOSE' && number === 'SAME' && birth === 'SAME' && birthDelivered)
  );
}

function compareNumbers({ idKey, hasNumber, unchecked, variants }: Subject, { numbers }: Candidate): NumberAgreement {
  if (!hasNumber || numbers.length === 0) return 'UNKNOWN';
  if (idKey !== null && numbers.includes(idKey)) return 'SAME';
  if (numbers.some((number) => variants.has(number))) return 'SLIP';
  if (idKey === null) return 'UNREADABLE';
  return unchecked && numbers.some((number) => differsInOnePlace(number, idKey)) ? 'SLIP' : 'OTHER';
}

/** Apart from the check digit, which a number of 15 digits got from us. */
function differsInOnePlace(a: string, b: string): boolean {
  let differing = 0;
  for (let i = 0; i < 17; i++) if (a.charAt(i) !== b.charAt(i)) differing += 1;
  return differing === 1;
}

const FIELDS = ['number', 'name', 'birth', 'sex', 'home'] as const;
type Field = (typeof FIELDS)[number];

function worthOf(subject: Subject, agreements: Agreements): Readonly<Record<Field, number>> {
  const { number, name, birth, sex, home } = agreements;
  // What stands in an equal number says nothing new when it is read from there; a delivered birth date does.
  const told = number === 'SAME' && !subject.birthDelivered && birth === 'SAME';
  return {
    number: WEIGHTS.number[number],
    name: WEIGHTS.name[name] + (name === 'SAME' || name === 'VARIANT' ? nameLengthWorth(subject.nameKey) : 0),
    birth: told ? 0 : number === 'SAME' && birth === 'SAME' ? 2 : WEIGHTS.birth[birth],
    sex: WEIGHTS.sex[sex],
    home: WEIGHTS.home[home],
  };
}

function nameLengthWorth(name: string): number {
  const length = [...name].length;
  return length <= 2 ? NAME_LENGTH_WORTH.short : length >= 4 ? NAME_LENGTH_WORTH.long : 0;
}

const TITLES: Readonly<Record<Field, string>> = {
  number: '证件号码',
  name: '姓名',
  birth: '出生日期',
  sex: '性别',
  home: '居住地',
};

const WORDS: Readonly<Record<string, string>> = {
  SAME: '一致',
  SLIP: '仅一处笔误之差',
  VARIANT: '同名异写',
  CLOSE: '相近',
  SURNAME: '仅姓氏一致',
  YEAR: '仅年份一致',
  OTHER: '不一致',
  UNREADABLE: '号码有误且不相近',
  UNKNOWN: '未提供',
  TOWNSHIP: '同一乡镇（街道）',
  COUNTY: '同一县区',
  PREFECTURE: '同一市州',
  PROVINCE: '同一省',
};

const signed = (worth: number): string => `${worth >= 0 ? '+' : ''}${worth.toFixed(1)}`;
