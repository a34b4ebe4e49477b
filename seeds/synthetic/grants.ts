import { grantDigest } from '../../src/aid/grant-digest.ts';
import { dateOf, midnight } from './calendar.ts';
import { CHAINS } from './figures.ts';
import type { SourceSystem } from './feeds.ts';
import type { Person } from './people.ts';
import { cells } from './sheets.ts';
import type { World } from './world.ts';

/** Which department reports a programme, in what form it is mostly given, and from what money. */
const PROGRAMMES = {
  EDUCATION_AID: { system: 'education', mode: 'CASH', fund: '中央财政学生资助补助经费' },
  TWO_EXEMPT_ONE_SUBSIDY: { system: 'education', mode: 'CASH', fund: '城乡义务教育补助经费' },
  STUDENT_LOAN: { system: 'education', mode: 'LOAN', fund: '国家开发银行' },
  MEDICAL_AID: { system: 'medical-security', mode: 'CASH', fund: '城乡医疗救助基金' },
  PREMIUM_AID: { system: 'medical-security', mode: 'PREMIUM', fund: '城乡医疗救助基金' },
  DISEASE_EMERGENCY_AID: { system: 'health', mode: 'SERVICE', fund: '疾病应急救助基金' },
  RENT_SUBSIDY: { system: 'housing', mode: 'CASH', fund: '中央财政城镇保障性安居工程补助资金' },
  PUBLIC_RENTAL: { system: 'housing', mode: 'KIND', fund: null },
  DILAPIDATED_HOUSE: { system: 'housing', mode: 'CASH', fund: '中央财政农村危房改造补助资金' },
  TRAINING_SUBSIDY: { system: 'labour', mode: 'CASH', fund: '就业补助资金' },
  POST_SUBSIDY: { system: 'labour', mode: 'JOB', fund: '就业补助资金' },
  SKILL_APPRAISAL: { system: 'labour', mode: 'CASH', fund: '就业补助资金' },
  TEMPORARY_AID: { system: 'civil-affairs', mode: 'CASH', fund: '中央财政困难群众救助补助资金' },
  PRICE_SUBSIDY: { system: 'civil-affairs', mode: 'CASH', fund: '价格调节基金' },
} as const satisfies Record<string, { system: SourceSystem; mode: string; fund: string | null }>;
/** A programme that a department reports. */
export type AidProgramme = keyof typeof PROGRAMMES;

/** What one grant says. Days; fen. */
export interface GrantSketch {
  readonly programme: AidProgramme;
  readonly person: Person;
  readonly householdId: string | null;
  readonly amountFen: number | null;
  readonly kind?: string | null;
  readonly mode?: string;
  /** 'YYYY-MM' */
  readonly from?: string;
  readonly to?: string;
  readonly decided: number;
}

/** Content that does not change from version to version, and what does. */
interface Version {
  readonly key: string;
  readonly version: number;
  readonly amountFen: number | null;
  readonly state: 'CURRENT' | 'SUPERSEDED' | 'REVERSED' | 'REVERSAL' | 'PENDING';
  readonly supersededBy?: number;
  readonly reversalOf?: string;
  readonly reversedBy?: string;
  readonly decided: number;
}

/** Writes a grant as its department reported it: mostly one version, now and then corrected or reversed. */
export function reportGrant(world: World, sketch: GrantSketch): void {
  const random = world.dice.grant;
  const { amountFen } = sketch;
  const key = keyFor(world, sketch.programme);
  const decided = Math.min(sketch.decided, world.today);
  const fate = random.fraction();
  const first = { key, version: 1, amountFen, decided } as const;
  if (fate < CHAINS.superseded && amountFen !== null) {
    const wrong = Math.max(100, Math.round((amountFen * (0.5 + random.fraction())) / 100) * 100);
    write(world, sketch, { ...first, amountFen: wrong, state: 'SUPERSEDED', supersededBy: 2 });
    write(world, sketch, { ...first, version: 2, state: 'CURRENT' });
    return;
  }
  if (fate < CHAINS.superseded + CHAINS.reversed) {
    const reversal = keyFor(world, sketch.programme);
    write(world, sketch, { ...first, state: 'REVERSED', reversedBy: reversal });
    const later = Math.min(world.today, decided + random.whole(5, 40));
    write(world, sketch, {
      key: reversal,
      version: 1,
      amountFen: null,
      state: 'REVERSAL',
      reversalOf: key,
      decided: later,
    });
    return;
  }
  write(world, sketch, { ...first, state: 'CURRENT' });
  if (fate > 1 - CHAINS.pending) {
    // A reversal of a grant that never arrived: it waits.
    const waiting = keyFor(world, sketch.programme);
    write(world, sketch, {
      key: waiting,
      version: 1,
      amountFen: null,
      state: 'PENDING',
      reversalOf: `${waiting}-0`,
      decided: world.today,
    });
  }
}

function keyFor(world: World, programme: AidProgramme): string {
  const { system } = PROGRAMMES[programme];
  return `${KEY_LETTERS[system]}${dateOf(world.today).slice(0, 4)}${String(world.number(`grant/${system}`)).padStart(8, '0')}`;
}

const KEY_LETTERS: Readonly<Record<SourceSystem, string>> = {
  'civil-affairs': 'MZ',
  education: 'JY',
  'medical-security': 'YB',
  health: 'WJ',
  housing: 'ZJ',
  labour: 'RS',
};

function write(world: World, sketch: GrantSketch, version: Version): void {
  const { programme, person, householdId, kind = null, from = null, to = null } = sketch;
  const { system, fund, mode } = PROGRAMMES[programme];
  const form = sketch.mode ?? mode;
  const { key, state, decided, reversalOf = null } = version;
  const undone = state === 'REVERSAL' || state === 'PENDING';
  const paid = undone || form === 'KIND' || decided > world.today - 10 ? null : Math.min(world.today, decided + 9);
  const content = {
    personId: person.id,
    programme,
    mode: form,
    amountFen: version.amountFen === null ? null : BigInt(version.amountFen),
    kindDescription: kind,
    periodFrom: from,
    periodTo: to,
    decidedOn: dateOf(decided),
    paidOn: world.date(paid),
    fundSource: undone ? null : fund,
    reversalOf,
  };
  const reportedAt = new Date(midnight(Math.min(world.today, decided + version.version)) + 36_000_000).toISOString();
  world.sheets.add('aid_grant', [
    world.id('aid_grant'),
    system.toUpperCase().replace('-', '_'),
    key,
    version.version,
    `\\\\x${grantDigest(content).toString('hex')}`,
    programme,
    form,
    person.id,
    householdId,
    version.amountFen,
    cells(content.kindDescription, content.periodFrom, content.periodTo, content.decidedOn, content.paidOn),
    cells(content.fundSource, content.reversalOf, state, version.supersededBy ?? null, version.reversedBy ?? null),
    `${system}.demo`,
    reportedAt,
    person.place.columns,
    `${system}.demo`,
    reportedAt,
    reportedAt,
  ]);
}
