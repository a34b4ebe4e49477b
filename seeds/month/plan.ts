/** Which files a month has: by whom, of which county, in which form, and whose rows. In the order of delivery. */
import { ENROLMENT, PERSON, householdOf, isRaised } from './civil-affairs.ts';
import { EMPLOYMENT, STUDENT, TRAINING } from './education-and-labour.ts';
import { DEATH, INSURED, MEDICAL_SETTLEMENT } from './health.ts';
import { HOUSING, PUBLIC_RENTAL, RENT_SUBSIDY } from './housing.ts';
import type { MonthKind } from './kind.ts';
import { COUNTIES, startOf } from './people.ts';
import type { Draw } from './people.ts';
import type { Encoding } from './sheet-file.ts';

/** A file to be written. */
export interface PlannedFile {
  readonly name: string;
  readonly kind: MonthKind;
  /** 0: the first list, 1: the one after it. */
  readonly round: 0 | 1;
  readonly mode: 'snapshot' | 'delta';
  readonly asOf: string;
  readonly county: number | undefined;
  /** Persons from here, to before there. */
  readonly from: number;
  readonly to: number;
  readonly encoding: Encoding;
  readonly delimiter: ',' | ';' | '\t';
  /** Which of two headers each column has. */
  readonly style: 0 | 1;
  /** Version of somebody's row in this file; undefined where it has none. */
  readonly version: (index: number) => number | undefined;
}

const ENCODINGS: readonly Encoding[] = ['GB 18030', 'UTF-8 with mark', 'UTF-8', 'UTF-16'];
const DELIMITERS = [',', ',', ';', '\t'] as const;
const SEPTEMBER = '2026-09-30T18:00:00+08:00';
const OCTOBER = '2026-10-31T18:00:00+08:00';
const NOVEMBER = '2026-11-05T09:00:00+08:00';

/** Whether a household is on the second list no more. */
export const isDropped = (household: number, draw: Draw): boolean => draw('dropped', household) < 0.01;

/** The plan of a month with so many people. */
export function planOf(people: number, draw: Draw): readonly PlannedFile[] {
  const files: PlannedFile[] = [];
  const add = (
    kind: MonthKind,
    round: 0 | 1,
    how: Pick<PlannedFile, 'mode' | 'asOf' | 'version'> & { readonly county?: number; readonly encoding?: Encoding },
  ): void => {
    const at = files.length;
    const { county } = how;
    const encoding = how.encoding ?? ENCODINGS[at % ENCODINGS.length] ?? 'UTF-8';
    const place = county === undefined ? 'all' : (COUNTIES[county]?.code ?? '');
    files.push({
      name: `${String(at + 1).padStart(2, '0')}-${kind.record}-${place}-${String(round + 1)}.${encoding === 'XLSX' ? 'xlsx' : 'csv'}`,
      kind,
      round,
      county,
      from: county === undefined ? 0 : startOf(county, people),
      to: county === undefined ? people : startOf(county + 1, people),
      encoding,
      delimiter: DELIMITERS[(at >> 2) % DELIMITERS.length] ?? ',',
      style: at % 2 === 0 ? 0 : 1,
      ...how,
    });
  };
  const all = (kind: MonthKind) => (index: number) => (kind.has(index) ? 0 : undefined);
  const eachCounty = (work: (county: number) => void): void => {
    COUNTIES.forEach((_, county) => {
      work(county);
    });
  };

  add(PERSON, 0, { mode: 'delta', asOf: OCTOBER, version: all(PERSON) });
  eachCounty((county) => {
    add(INSURED, 0, { mode: 'snapshot', asOf: OCTOBER, county, version: all(INSURED) });
  });
  for (const round of [0, 1] as const) {
    const asOf = round === 0 ? SEPTEMBER : OCTOBER;
    eachCounty((county) => {
      add(STUDENT, round, { mode: 'snapshot', asOf, county, version: listed(STUDENT, round, draw) });
    });
    eachCounty((county) => {
      add(ENROLMENT, round, { mode: 'snapshot', asOf, county, version: enrolled(round, draw) });
    });
    eachCounty((county) => {
      // The second file of the first county was cut short.
      const end = startOf(0, people) + 0.7 * (startOf(1, people) - startOf(0, people));
      const version = listed(HOUSING, round, draw);
      const cut = (index: number): number | undefined => (index < end ? version(index) : undefined);
      add(HOUSING, round, { mode: 'snapshot', asOf, county, version: round === 1 && county === 0 ? cut : version });
    });
  }
  add(MEDICAL_SETTLEMENT, 0, { mode: 'delta', asOf: OCTOBER, version: all(MEDICAL_SETTLEMENT) });
  add(PUBLIC_RENTAL, 0, { mode: 'delta', asOf: OCTOBER, version: all(PUBLIC_RENTAL), encoding: 'XLSX' });
  add(RENT_SUBSIDY, 0, { mode: 'delta', asOf: OCTOBER, version: all(RENT_SUBSIDY) });
  add(EMPLOYMENT, 0, { mode: 'delta', asOf: OCTOBER, version: all(EMPLOYMENT) });
  add(EMPLOYMENT, 1, {
    mode: 'delta',
    asOf: NOVEMBER,
    version: (index) => (EMPLOYMENT.has(index) && draw('employed', index) < 0.1 ? 1 : undefined),
  });
  add(TRAINING, 0, { mode: 'delta', asOf: OCTOBER, version: all(TRAINING) });
  add(DEATH, 0, { mode: 'delta', asOf: NOVEMBER, version: all(DEATH), encoding: 'XLSX' });
  add(PERSON, 1, {
    mode: 'delta',
    asOf: NOVEMBER,
    version: (index) => (index % 50 === 10 || (PERSON.has(index) && draw('telephone', index) < 0.02) ? 1 : undefined),
  });
  return files;
}

/** A list in which some come late, some change, and some are missing the second time. */
function listed(kind: MonthKind, round: 0 | 1, draw: Draw): PlannedFile['version'] {
  const { record } = kind;
  return (index) => {
    if (!kind.has(index)) return undefined;
    if (round === 0) return draw(`late ${record}`, index) < 0.04 ? undefined : 0;
    if (draw(`gone ${record}`, index) < 0.01) return undefined;
    return draw(`other ${record}`, index) < 0.05 ? 1 : 0;
  };
}

/** The certificates: some go, some members leave, some amounts go up. */
function enrolled(round: 0 | 1, draw: Draw): PlannedFile['version'] {
  return (index) => {
    const home = householdOf(index);
    if (home === undefined) return undefined;
    if (round === 0) return 0;
    if (isDropped(home.number, draw) || (!home.head && draw('left', index) < 0.01)) return undefined;
    return isRaised(home.number, draw) ? 1 : 0;
  };
}
