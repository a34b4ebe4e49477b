/** Which aid a household got from which department, on top of what it is enrolled in. */
import { dateOf, dayOf, monthOf, monthStart } from './calendar.ts';
import type { Household } from './enrolments.ts';
import { reportGrant } from './grants.ts';
import type { Person } from './people.ts';
import type { Home, Settlement, Student } from './records.ts';
import type { World } from './world.ts';

/** Aid for a student: fees and textbooks free and a boarding allowance up to junior school, grants above it. */
export function aidStudent(world: World, person: Person, student: Student, householdId: string | null): void {
  const random = world.dice.grant;
  const from = monthStart(world.today, -random.whole(2, 7));
  const term = { from: monthOf(from), to: monthOf(monthStart(from, 4)), decided: from + random.whole(0, 25) };
  const base = { person, householdId, ...term };
  if (student.stage === 'PRIMARY' || student.stage === 'JUNIOR') {
    const amountFen = student.stage === 'PRIMARY' ? 650_00 : 850_00;
    reportGrant(world, { ...base, programme: 'TWO_EXEMPT_ONE_SUBSIDY', mode: 'WAIVER', amountFen });
    if (!student.boarding) return;
    const boarding = student.stage === 'PRIMARY' ? 625_00 : 750_00;
    reportGrant(world, { ...base, programme: 'TWO_EXEMPT_ONE_SUBSIDY', mode: 'CASH', amountFen: boarding });
  } else if (student.stage === 'UNDERGRADUATE' && random.chance(0.5)) {
    reportGrant(world, { ...base, programme: 'STUDENT_LOAN', amountFen: random.whole(8, 20) * 1_000_00 });
  } else {
    const amountFen = student.stage === 'PRESCHOOL' ? 500_00 : random.pick([1_000_00, 1_150_00, 1_650_00]);
    reportGrant(world, { ...base, programme: 'EDUCATION_AID', amountFen });
  }
}

/** Aid with a bill: what the insurance paid as medical aid, and the emergency fund where nobody could pay. */
export function aidPatient(world: World, person: Person, bill: Settlement, householdId: string | null): void {
  const decided = bill.on;
  const months = { from: monthOf(bill.on), to: monthOf(bill.on) };
  if (bill.aidFen > 0) {
    reportGrant(world, { programme: 'MEDICAL_AID', person, householdId, amountFen: bill.aidFen, decided, ...months });
  }
  if (bill.selfFen > 10_000_00 && world.dice.grant.chance(0.05)) {
    const kind = '欠费由基金垫付';
    const amountFen = Math.round(bill.selfFen / 2);
    reportGrant(world, {
      programme: 'DISEASE_EMERGENCY_AID',
      person,
      householdId,
      amountFen,
      kind,
      decided,
      ...months,
    });
  }
}

/** Aid with housing: rent for tenants, a flat for those without a home, rebuilding of houses graded C or D. */
export function aidHome(world: World, person: Person, home: Home, householdId: string | null): void {
  const random = world.dice.grant;
  const decided = world.today - random.whole(20, 380);
  const year = { from: monthOf(decided), to: monthOf(monthStart(decided, 11)) };
  const base = { person, householdId, decided };
  if (home.tenure === 'PRIVATE_RENTAL') {
    reportGrant(world, { ...base, ...year, programme: 'RENT_SUBSIDY', amountFen: random.whole(12, 48) * 100_00 });
  } else if (home.tenure === 'PUBLIC_RENTAL' || (home.tenure === 'NONE' && random.chance(0.4))) {
    const kind = `公租房实物配租 ${random.whole(30, 60)} 平方米`;
    reportGrant(world, { ...base, ...year, programme: 'PUBLIC_RENTAL', amountFen: null, kind });
  } else if (home.danger === 'C' || home.danger === 'D') {
    const amountFen = home.danger === 'C' ? 9_000_00 : 28_000_00;
    reportGrant(world, { ...base, programme: 'DILAPIDATED_HOUSE', amountFen });
  }
}

/** Aid with work for somebody without. */
export function aidJobless(world: World, person: Person, householdId: string | null): void {
  const random = world.dice.grant;
  const decided = world.today - random.whole(15, 400);
  const base = { person, householdId, decided };
  const draw = random.fraction();
  if (draw < 0.4)
    reportGrant(world, { ...base, programme: 'TRAINING_SUBSIDY', amountFen: random.whole(6, 20) * 100_00 });
  else if (draw < 0.8) {
    const months = { from: monthOf(decided), to: monthOf(monthStart(decided, 5)) };
    reportGrant(world, {
      ...base,
      ...months,
      programme: 'POST_SUBSIDY',
      amountFen: 6 * 800_00,
      kind: '乡村公益性岗位',
    });
  } else reportGrant(world, { ...base, programme: 'SKILL_APPRAISAL', amountFen: 200_00 });
}

/** What every member of an enrolled household gets: the premium paid, and temporary aid or a price subsidy now and then. */
export function aidRecipients(world: World, household: Household): void {
  const random = world.dice.grant;
  const { programme, members, life, id: householdId } = household;
  if (life === null || life.status !== 'ACTIVE') return;
  const year = Number(dateOf(world.today).slice(0, 4));
  const premium = { DIBAO: 0.75, TEKUN: 0.95, RELAPSE_MONITORED: 0.5, DIBAO_EDGE: 0.5 } as Record<string, number>;
  for (const person of members) {
    if (!random.chance(premium[programme ?? ''] ?? 0)) continue;
    // 特困 in full, the others a fixed amount; 400 yuan is the premium of 2025.
    const amountFen = programme === 'TEKUN' ? 400_00 : 280_00;
    const base = { programme: 'PREMIUM_AID', person, householdId, amountFen } as const;
    for (const ago of [0, 1]) {
      const decided = dayOf(`${year - ago}-01-05`) + random.whole(0, 85);
      if (decided < Math.max(life.from, person.born) || decided > world.today) continue;
      reportGrant(world, { ...base, decided, from: `${year - ago}-01`, to: `${year - ago}-12` });
    }
  }
  const head = members[0];
  if (head === undefined) return;
  if (random.chance(programme === 'TEMPORARY_AID' ? 1 : 0.12)) {
    const decided =
      programme === 'TEMPORARY_AID' ? life.from : Math.max(life.from, world.today - random.whole(10, 330));
    const amountFen = random.whole(5, 60) * 100_00;
    reportGrant(world, { programme: 'TEMPORARY_AID', person: head, householdId, amountFen, decided });
  }
  if ((programme === 'DIBAO' || programme === 'TEKUN') && random.chance(0.45)) {
    const month = monthStart(world.today, -random.whole(1, 9));
    const months = { from: monthOf(month), to: monthOf(month) };
    const amountFen = members.length * 25_00;
    reportGrant(world, {
      programme: 'PRICE_SUBSIDY',
      person: head,
      householdId,
      amountFen,
      decided: month + 20,
      ...months,
    });
  }
}
