/** Writes a month: the files that five departments deliver, and beside them what becomes of each row (`account.json`). */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MonthAccount } from './account.ts';
import { dotsOf, flawOf, subjectCells, withFlaw } from './flaws.ts';
import type { Flaw } from './flaws.ts';
import { ENROLMENT, enrolmentCells, householdOf } from './civil-affairs.ts';
import { PUBLIC_RENTAL, wantsBoth } from './housing.ts';
import type { Cells } from './kind.ts';
import { BLOCK, drawsOf, peopleOf, startOf } from './people.ts';
import type { Draw, MonthPerson } from './people.ts';
import { isDropped, planOf } from './plan.ts';
import type { PlannedFile } from './plan.ts';
import { openSheetFile } from './sheet-file.ts';
import { openTruth } from './truth.ts';
import type { Truth } from './truth.ts';

/** What a month is made of. */
export interface MonthOptions {
  /** About so many rows, and no fewer. */
  readonly rows: number;
  readonly seed: number;
  /** Folder of the files; made where it is missing. */
  readonly dir: string;
}

/** Rows for a person, on the safe side. */
const ROWS_A_PERSON = 4.5;
/** The account's name in the folder. */
export const ACCOUNT_FILE = 'account.json';

/** Writes the files and their account. The same rows and seed give the same bytes of CSV. */
export async function writeMonth({ rows, seed, dir }: MonthOptions): Promise<MonthAccount> {
  await mkdir(dir, { recursive: true });
  const draw = drawsOf(seed);
  const people = Math.ceil(rows / ROWS_A_PERSON);
  const month: Month = { draw, truth: openTruth(people, draw), person: peopleOf(draw, people) };
  for (const file of planOf(people, draw)) await writeOne(month, file, dir);
  const account = month.truth.account(seed);
  await writeFile(join(dir, ACCOUNT_FILE), `${JSON.stringify(account, null, 1)}\n`);
  return account;
}

interface Month {
  readonly draw: Draw;
  readonly truth: Truth;
  readonly person: (index: number) => MonthPerson;
}

async function writeOne({ draw, truth, person }: Month, file: PlannedFile, dir: string): Promise<void> {
  const { kind, from, to, style, encoding } = file;
  const dots = dotsOf(encoding);
  const sheet = openSheetFile(join(dir, file.name), encoding, file.delimiter);
  const columns = Object.keys(kind.headers);
  let line = 0;
  const write = (cells: Cells): Promise<void> => {
    const row = columns.map((column) => cells[column] ?? '');
    return sheet.row(style === 1 ? [String((line += 1)), ...row] : row);
  };
  const heads = columns.map((column) => kind.headers[column]?.[style] ?? column);
  await sheet.row(style === 1 ? ['序号', ...heads] : heads);
  truth.begin(file);
  for (let index = from; index < to; index += 1) {
    const version = file.version(index);
    if (version === undefined) continue;
    const somebody = person(index);
    const sound: Cells = {
      sourceKey: `${kind.key}-${String(index)}`,
      ...subjectCells(somebody, kind.record, draw, dots),
      ...kind.cells(somebody, version, draw),
    };
    if (kind.record === 'RENT_SUBSIDY' && wantsBoth(index)) {
      await write(sound);
      if (truth.stands(PUBLIC_RENTAL, index)) truth.refused('MONTHS_TAKEN');
      else truth.row(somebody, version, { kind: 'NONE' });
      continue;
    }
    const another = index > 0 ? person(index - 1) : undefined;
    const flaw: Flaw = flawOf(draw, kind, file.name, index, {
      known: truth.known(index),
      neighbourKnown: index > 0 && truth.knownBefore(index - 1),
    });
    const cells = withFlaw(sound, flaw, somebody, another);
    await write(cells);
    if (flaw.kind === 'TWICE') await write(cells);
    if (flaw.kind === 'TWICE_OTHERWISE') await write({ ...cells, birthDate: '1939-12-31' });
    truth.row(somebody, version, flaw);
    if (kind.record === 'PERSON' && file.round === 0 && draw('stranger', index) < 0.003) {
      const { county, region } = somebody;
      const stranger = { ...person(truth.people + index), county, region };
      await write({
        ...subjectCells(stranger, 'stranger', draw, dots),
        sourceKey: `${kind.key}-0-${String(index)}`,
        idNumber: '',
        region,
      });
      truth.stranger();
    }
    const twin = kind === ENROLMENT ? doubleOf({ draw, truth, person }, file, index) : undefined;
    if (twin === undefined) continue;
    const household = householdOf(index)?.number ?? 0;
    await write({
      ...subjectCells(twin, kind.record, draw, dots),
      ...enrolmentCells(household, false, version, draw),
      sourceKey: `${kind.key}-2-${String(twin.index)}`,
    });
    truth.conflict('CONFLICT', `${String(twin.index)} ${String(household)}`);
  }
  truth.end();
  await sheet.close();
}

/** Somebody who benefits in the county before, and is on a certificate of this one as well. */
function doubleOf(
  { draw, truth, person }: Month,
  { county, from }: PlannedFile,
  index: number,
): MonthPerson | undefined {
  if (county === undefined || county === 0 || index % BLOCK !== 0 || draw('double', index) >= 0.03) return undefined;
  const other = index - from + startOf(county - 1, truth.people);
  if (other >= from || !truth.stands(ENROLMENT, other)) return undefined;
  return isDropped(householdOf(other)?.number ?? 0, draw) ? undefined : person(other);
}
