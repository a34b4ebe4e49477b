import { addToCase, caseNumber, openCase } from './caseload.ts';
import { recordCivilAffairs } from './civil-affairs-records.ts';
import { aidHome, aidJobless, aidPatient, aidRecipients, aidStudent } from './aid.ts';
import type { Household } from './enrolments.ts';
import { BIG_BILL, IN_RECIPIENT_HOUSEHOLDS } from './figures.ts';
import { insure, treatAtOnce } from './health-records.ts';
import { bornFor, compose, drawSize } from './households.ts';
import { houseTenant } from './housing-records.ts';
import { makePerson, type Person } from './people.ts';
import { addressIn } from './places.ts';
import { weighted } from './random.ts';
import { makeRecipients, writeHousehold } from './recipients.ts';
import { enrolStudent, registerHome, registerWorker, settleBill } from './records.ts';
import { FEEDS, SOURCE_SYSTEMS } from './feeds.ts';
import type { World } from './world.ts';

/** The county that the demo's window works for, and that the demo's audit is about (Longxi, Gansu). */
export const DEMO_COUNTY = '621122000000';

/** Why a person who is no recipient is in the graph. */
const outsider = weighted({ STUDENT: 38, WORKER: 27, PATIENT: 22, TENANT: 13 });

/**
 * Makes the population, unit by unit (a household, or one person whom only a department knows), until it has so many
 * persons. Yields after each unit, so that the caller can send what is there and let the process breathe.
 */
export function* populate(world: World, persons: number): Generator<void> {
  for (const system of SOURCE_SYSTEMS) {
    for (const name of FEEDS[system].records) {
      const { department, rhythmHours } = FEEDS[system];
      // Grants are reported by a client, and bear its name.
      const source = name === 'AID_GRANT' ? `${system}.demo` : system;
      world.sheets.add('feed', [world.id('feed'), source, department, name, world.asOf(system), rhythmHours]);
    }
  }
  const audit = { caseNo: caseNumber(world, 'AUDIT'), seen: 0 };
  let recipients = 0;
  let guest: Person | undefined;
  while (world.persons < persons) {
    const room = persons - world.persons;
    if (recipients < IN_RECIPIENT_HOUSEHOLDS * (world.persons + 1)) {
      const household = makeRecipients(world, room, guest);
      recipients += household.members.length;
      guest = household.members.at(-1);
      serveRecipients(world, household);
      auditHousehold(world, audit, household);
    } else makeOutsider(world, room);
    yield;
  }
}

/** The departments' records, cases and grants of a household that is enrolled. */
function serveRecipients(world: World, household: Household): void {
  const { members, id, urban, life } = household;
  const { caseload, medical, housing, labour, education } = world.dice;
  if (life !== null && caseload.chance(life.from > world.today - 365 ? 0.6 : 0.15))
    openCase(world, 'CIVIL_AFFAIRS', members, id);

  for (const member of members) {
    const studies = member.age >= 3 && (member.age < 18 || (member.age < 23 && education.chance(0.4)));
    if (!studies) continue;
    const student = enrolStudent(world, member);
    if (caseload.chance(0.7)) openCase(world, 'EDUCATION', [member], id);
    if (world.dice.grant.chance(0.8)) aidStudent(world, member, student, id);
  }

  const enrolled = life !== null && life.status === 'ACTIVE' ? household.programme : null;
  for (const member of members) insure(world, member, enrolled);

  const big = medical.chance(BIG_BILL);
  const patients = members.filter((_member, index) => (big && index === 0) || medical.chance(0.3));
  for (const patient of patients) {
    const bill = settleBill(world, patient, { big: big && patient === patients[0], recipient: true });
    if (bill.inpatient || caseload.chance(0.3)) openCase(world, 'MEDICAL_SECURITY', [patient], id);
    if (bill.inpatient && caseload.chance(0.35)) openCase(world, 'HEALTH', [patient], id);
    aidPatient(world, patient, bill, id);
    treatAtOnce(world, patient, bill);
  }

  const head = members[0];
  if (head !== undefined && housing.chance(urban ? 0.6 : 0.45)) {
    const home = registerHome(world, head, id, urban);
    houseTenant(world, head, home, id);
    const inNeed = home.tenure !== 'OWNED' || home.danger === 'C' || home.danger === 'D';
    if (inNeed && housing.chance(0.8)) {
      openCase(world, 'HOUSING', members, id);
      if (housing.chance(0.8)) aidHome(world, head, home, id);
    }
  }

  for (const member of members) {
    if (member.labour !== 'ABLE' && member.labour !== 'PARTIAL') continue;
    if (member.age < 18 || member.age >= 60 || !labour.chance(0.7)) continue;
    const { jobless } = registerWorker(world, member, 0.35);
    openCase(world, 'LABOUR', [member], id);
    if (jobless && labour.chance(0.6)) aidJobless(world, member, id);
  }
  aidRecipients(world, household);
  recordCivilAffairs(world, household);
}

/** The demo's audit looks at about one household in a hundred of one county, and at three of them at least. */
function auditHousehold(world: World, audit: { caseNo: string; seen: number }, household: Household): void {
  if (household.place.countyCode !== DEMO_COUNTY) return;
  audit.seen++;
  if (audit.seen > 3 && audit.seen % 100 !== 0) return;
  for (const member of household.members) {
    addToCase(world, 'AUDIT', audit.caseNo, member, household.id, world.today - 20, null);
  }
}

/** Somebody who is known to a department and no recipient. */
function makeOutsider(world: World, room: number): void {
  const { household: random, caseload, medical, labour } = world.dice;
  const kind = outsider(random);
  if (kind === 'TENANT') {
    makeTenants(world, room);
    return;
  }
  const age = kind === 'STUDENT' ? random.whole(4, 24) : kind === 'WORKER' ? random.whole(18, 59) : random.whole(1, 90);
  const person = makeSingle(world, age);
  if (kind === 'STUDENT') {
    const student = enrolStudent(world, person);
    if (caseload.chance(0.1)) openCase(world, 'EDUCATION', [person], null);
    if (student.stage === 'UNDERGRADUATE' && world.dice.grant.chance(0.12)) aidStudent(world, person, student, null);
  }
  if (kind === 'WORKER' || (age >= 20 && age < 60 && labour.chance(0.15))) {
    const { jobless } = registerWorker(world, person, 0.8);
    if (jobless || labour.chance(0.05)) openCase(world, 'LABOUR', [person], null);
    if (jobless && labour.chance(0.25)) aidJobless(world, person, null);
  }
  if (kind === 'PATIENT' || medical.chance(0.1)) {
    insure(world, person, null);
    const bill = settleBill(world, person, { big: medical.chance(0.04), recipient: false });
    if (bill.inpatient) openCase(world, 'MEDICAL_SECURITY', [person], null);
    if (bill.inpatient && caseload.chance(0.3)) openCase(world, 'HEALTH', [person], null);
  }
}

function makeSingle(world: World, age: number): Person {
  const random = world.dice.household;
  const place = world.place(1);
  return makePerson(world, {
    sex: random.chance(0.49) ? '2' : '1',
    born: bornFor(random, age, world.today),
    place,
    address: addressIn(place, random.chance(0.55), world.dice.place),
    disabled: random.chance(0.03),
  });
}

/** A household that applied for housing aid and is in no programme of civil affairs. */
function makeTenants(world: World, room: number): void {
  const random = world.dice.household;
  const urban = random.chance(0.8);
  const size = Math.min(room, drawSize(random, null, urban));
  const sketches = compose(random, size, null, urban);
  const place = world.place(size);
  const address = addressIn(place, urban, world.dice.place);
  const members = sketches.map(({ sex, age }) =>
    makePerson(world, { sex, born: bornFor(random, age, world.today), place, address, disabled: random.chance(0.03) }),
  );
  const from = world.today - random.whole(30, 700);
  const id = writeHousehold(world, { place, urban, address, members, sketches, from });
  const head = members[0];
  if (head === undefined) return;
  const home = registerHome(world, head, id, urban);
  houseTenant(world, head, home, id);
  openCase(world, 'HOUSING', members, id);
  if (home.tenure !== 'OWNED' && random.chance(0.3)) aidHome(world, head, home, id);
  for (const member of members) {
    if (member.age >= 3 && member.age < 18) enrolStudent(world, member);
  }
}
