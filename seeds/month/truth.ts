/** What the registry and the tables hold after each file, by the generator's own reckoning: one byte for a person and record. */
import type { FileAccount, FileCounts, Findings, MonthAccount } from './account.ts';
import { addFindings, noCounts } from './account.ts';
import type { Flaw } from './flaws.ts';
import { HOUSEHOLDS, isRaised, membersOf } from './civil-affairs.ts';
import type { MonthKind } from './kind.ts';
import { BLOCK, COUNTIES } from './people.ts';
import type { Draw, MonthPerson } from './people.ts';
import type { PlannedFile } from './plan.ts';

const ENDED = 128;
/** Largest share that a snapshot ends unasked: a tenth of what is held. */
const SHARE = 0.1;
const NOBODY = 0;
const OF_CIVIL_AFFAIRS = 1;
const OF_OTHERS = 2;
/** Content of a row: its version, and what stands in the place of the number. */
const FORMS: Readonly<Partial<Record<Flaw['kind'], number>>> = { NO_NUMBER: 1, BAD_CHECK_DIGIT: 2 };

interface Noted {
  readonly file: PlannedFile;
  readonly counts: FileCounts;
  readonly findings: Findings;
  /** Content of each person's row that was taken. */
  readonly contents: Uint8Array;
  refused: boolean;
}

/** The reckoning. Rows are told in the order in which they are written. */
export interface Truth {
  readonly people: number;
  known(index: number): boolean;
  /** Known from the list of civil affairs, so from a file before this one. */
  knownBefore(index: number): boolean;
  /** Whether the record of somebody stands. */
  stands(kind: MonthKind, index: number): boolean;
  begin(file: PlannedFile): void;
  /** The row of somebody of whom the record tells. */
  row(person: MonthPerson, version: number, flaw: Flaw): void;
  /** A row without number of somebody whom nobody knows. */
  stranger(): void;
  /** A row that is refused when it is applied, under a key of its own. */
  refused(code: string): void;
  /** A row that is in conflict, under a key of its own; `matter` is to be decided. */
  conflict(code: string, matter: string): void;
  end(): void;
  account(seed: number): MonthAccount;
}

/** Begins to reckon. */
export function openTruth(people: number, draw: Draw): Truth {
  const source = new Uint8Array(people);
  const held = new Map<string, Uint8Array>();
  const heldOf = ({ record }: MonthKind): Uint8Array => {
    const found = held.get(record) ?? new Uint8Array(people);
    held.set(record, found);
    return found;
  };
  const byCounty = new Map(COUNTIES.map(({ code }) => [code, 0]));
  const reviews = new Set<string>();
  const conflicts = new Set<string>();
  const family = { households: 0, events: 0, lines: 0 };
  const wasThere = new Uint8Array(Math.ceil(people / BLOCK) * HOUSEHOLDS);
  const noted: Noted[] = [];
  /** Persons of whom the file under way has a row, whatever became of it. */
  const delivered = new Set<number>();
  let now: Noted | undefined;
  const current = (): Noted => {
    if (now === undefined) throw new Error('No file is under way.');
    return now;
  };

  function take({ index, county }: MonthPerson, content: number): void {
    const { file, counts, contents } = current();
    const { kind } = file;
    const state = heldOf(kind);
    const first = kind.table === undefined ? source[index] !== OF_CIVIL_AFFAIRS : state[index] === 0;
    if (first) counts.recorded += 1;
    else if (state[index] === content) counts.unchanged += 1;
    else counts.changed += 1;
    meet(index, county.code);
    if (kind.table === undefined) source[index] = OF_CIVIL_AFFAIRS;
    if (kind.record === 'ENROLMENT' && state[index] === 0) family.lines += 1;
    state[index] = content;
    contents[index - file.from] = content;
  }

  function meet(index: number, county: string): void {
    if (source[index] !== NOBODY) return;
    source[index] = current().file.kind.department === 'CIVIL_AFFAIRS' ? OF_CIVIL_AFFAIRS : OF_OTHERS;
    byCounty.set(county, (byCounty.get(county) ?? 0) + 1);
  }

  /** What a list did to the certificates of its county. */
  function settleFamilies({ file, contents }: Noted): void {
    const state = heldOf(file.kind);
    for (
      let household = (file.from / BLOCK) * HOUSEHOLDS;
      household < Math.ceil(file.to / BLOCK) * HOUSEHOLDS;
      household += 1
    ) {
      const members = membersOf(household).filter((index) => index < file.to);
      const lines = members.map((index) => state[index] ?? 0).filter((content) => content !== 0);
      if (lines.length === 0) continue;
      if (wasThere[household] === 0) {
        wasThere[household] = 1;
        family.households += 1;
        family.events += 1;
        continue;
      }
      const told = members.some((index) => contents[index - file.from] !== 0);
      if (lines.every((content) => content >= ENDED)) family.events += 1;
      else if (file.round === 1 && told && isRaised(household, draw)) family.events += 1;
    }
  }

  const refuse = (code: string): void => {
    const { counts, findings } = current();
    counts.rows += 1;
    counts.rejected += 1;
    addFindings(findings, [code]);
  };
  return {
    people,
    known: (index) => source[index] !== NOBODY,
    knownBefore: (index) => source[index] === OF_CIVIL_AFFAIRS && current().file.kind.record !== 'PERSON',
    stands: (kind, index) => {
      const content = heldOf(kind)[index] ?? 0;
      return content > 0 && content < ENDED;
    },
    begin: (file) => {
      now = { file, counts: noCounts(), findings: {}, contents: new Uint8Array(file.to - file.from), refused: false };
      noted.push(now);
    },
    row: (person, version, flaw) => {
      const { file, counts, findings } = current();
      const { index } = person;
      const twice = flaw.kind === 'TWICE' || flaw.kind === 'TWICE_OTHERWISE';
      counts.rows += twice ? 2 : 1;
      const warning = file.kind.warns?.(index);
      if (warning !== undefined) addFindings(findings, [warning], twice ? 2 : 1);
      switch (flaw.kind) {
        case 'SPOILT':
          addFindings(findings, flaw.spoil.codes);
          // A row that is refused leaves nobody behind who was not there before.
          if (flaw.spoil.judged === true) counts.rejected += 1;
          else counts.faulty += 1;
          break;
        case 'TWICE_OTHERWISE':
          counts.faulty += 2;
          addFindings(findings, ['DUPLICATE_KEY'], 2);
          break;
        case 'NO_NUMBER_NO_TOWN':
        case 'NUMBER_OF_ANOTHER':
          counts.held += 1;
          addFindings(findings, ['HELD_FOR_REVIEW']);
          reviews.add(`${file.kind.department} ${String(index)} ${flaw.kind}`);
          break;
        default:
          if (flaw.kind === 'TWICE') counts.repeated += 1;
          if (flaw.kind === 'BAD_CHECK_DIGIT') addFindings(findings, ['BAD_ID_NUMBER']);
          take(person, 1 + version * 4 + (FORMS[flaw.kind] ?? 0));
      }
      delivered.add(index);
    },
    stranger: () => {
      refuse('NOT_IDENTIFIED');
    },
    refused: refuse,
    conflict: (code, matter) => {
      const { counts, findings } = current();
      counts.rows += 1;
      counts.conflicts += 1;
      addFindings(findings, [code]);
      conflicts.add(matter);
    },
    end: () => {
      const ending = current();
      const { file, counts, findings } = ending;
      const state = heldOf(file.kind);
      if (file.mode === 'snapshot') {
        const missing: number[] = [];
        for (let index = file.from; index < file.to; index += 1) {
          const content = state[index] ?? 0;
          if (content > 0 && content < ENDED && !delivered.has(index)) missing.push(index);
        }
        counts.missing = missing.length;
        ending.refused = isTooMany(counts);
        if (ending.refused) addFindings(findings, ['TOO_MANY_MISSING']);
        else {
          counts.ended = missing.length;
          for (const index of missing) state[index] = (state[index] ?? 0) + ENDED;
        }
      }
      delivered.clear();
      if (file.kind.record === 'ENROLMENT') settleFamilies(ending);
      now = undefined;
    },
    account: (seed) => {
      const persons = [...byCounty.values()].reduce((sum, count) => sum + count, 0);
      const tables: Record<string, number> = {
        person: persons,
        person_identifier: persons,
        household: family.households,
        enrolment: family.households,
        enrolment_event: family.events,
        membership: family.lines,
        recipient: family.lines,
        match_review: reviews.size,
        registry_conflict: conflicts.size,
      };
      const ended: Record<string, number> = {};
      let dead = 0;
      for (const { file } of noted) {
        const { table } = file.kind;
        if (table === undefined || table in ended) continue;
        const state = heldOf(file.kind);
        tables[table] = state.reduce((sum, content) => sum + (content > 0 ? 1 : 0), 0);
        ended[table] = state.reduce((sum, content) => sum + (content >= ENDED ? 1 : 0), 0);
        if (table === 'death_report') dead = tables[table];
      }
      return {
        seed,
        rows: noted.reduce((sum, { counts }) => sum + counts.rows, 0),
        files: noted.map((one) => accountOf(one, heldOf(one.file.kind))),
        tables,
        ended,
        personsByCounty: Object.fromEntries([...byCounty].map(([code, count]) => [`${code}000000`, count])),
        dead,
      };
    },
  };
}

const isTooMany = ({ missing, changed, unchanged }: FileCounts): boolean =>
  missing > 0 && missing > SHARE * (missing + changed + unchanged);

/** The same rows once more, after everything: what still stands is unchanged, what a later file changed or ended is older. */
function accountOf({ file, counts, findings, contents, refused }: Noted, state: Uint8Array): FileAccount {
  const again = {
    counts: { ...counts, recorded: 0, changed: 0, unchanged: 0, missing: 0, ended: 0 },
    findings: { ...findings },
  };
  delete again.findings['TOO_MANY_MISSING'];
  let older = 0;
  contents.forEach((content, at) => {
    if (content === 0) return;
    if (state[file.from + at] === content) again.counts.unchanged += 1;
    else older += 1;
  });
  again.counts.rejected += older;
  if (older > 0) addFindings(again.findings, ['OLDER_THAN_HELD'], older);
  if (refused) {
    again.counts.missing = counts.missing;
    if (!isTooMany(again.counts))
      throw new Error(`Draw another seed: ${file.name} ends its missing the second time only.`);
    addFindings(again.findings, ['TOO_MANY_MISSING']);
  }
  const { name, kind, mode, asOf, county, encoding } = file;
  const region = county === undefined ? undefined : COUNTIES[county]?.code;
  const { record, department } = kind;
  return { file: name, record, department, mode, asOf, region, encoding, first: { counts, findings }, again };
}
