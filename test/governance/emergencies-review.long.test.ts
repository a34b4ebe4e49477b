/** Who is told of an emergency, who sees what was done under it, and who reviews it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import { rowsIn } from '../registry/rows.ts';
import { CLOSE, MORNING, OPEN, REASON, REVIEW, WHO, openBy, openEmergenciesWorld } from './emergencies-world.ts';
import type { EmergenciesWorld } from './emergencies-world.ts';

let world: EmergenciesWorld;
beforeAll(async () => {
  world = await openEmergenciesWorld();
});
afterAll(() => world.close());

let count = 1;
let hospital: Bound & { readonly caseNo: string };
beforeEach(() => {
  count += 1;
  hospital = { ...WHO.hospital, client: `health-${String(count)}.test`, caseNo: `JZ-2026-${String(count)}` };
  world.clock.set(MORNING);
});

const noticesAbout = async (reference: string) => {
  const { rows } = await world.db.owner.query<{ department: string; kind: string; text: string }>(
    'select department, kind, text from notice where reference = $1 order by created_at, id',
    [reference],
  );
  return rows;
};

const review = (asker: Bound, id: string, change: Readonly<Record<string, unknown>> = {}) =>
  world.hub(REVIEW, asker, { input: { id, verdict: 'JUSTIFIED', note: '病情属实，仅查阅该病人', ...change } });

/** Opened at nine, closed at a quarter past. */
async function closedEmergency(): Promise<string> {
  const id = await openBy(world.hub, hospital);
  world.clock.set('2026-11-23T09:15:00+08:00');
  await world.hub(CLOSE, hospital);
  world.clock.set('2026-11-23T14:00:00+08:00');
  return id;
}

describe('those responsible', () => {
  test('are told at once: the owners of what is opened, the own department, civil affairs and audit', async () => {
    const id = await openBy(world.hub, hospital);
    const notices = await noticesAbout(id);
    expect(notices.map(({ department }) => department)).toEqual([
      'AUDIT',
      'CIVIL_AFFAIRS',
      'HEALTH',
      'MEDICAL_SECURITY',
    ]);
    expect(notices.every(({ kind, text }) => kind === 'EMERGENCY_OPENED' && text.includes(hospital.caseNo))).toBe(true);
  });

  test('are told no reason and no person, only client and case', async () => {
    const id = await openBy(world.hub, hospital);
    for (const { text } of await noticesAbout(id)) {
      expect(text).not.toContain(REASON);
      expect(text).not.toContain('张三');
    }
  });

  test('are told nothing of what did not happen: emergency, notices and entry are one transaction', async () => {
    world.failNextWrite();
    const told = await world.hub(OPEN, hospital, { reason: REASON });
    expect(told.code).toBe('INTERNAL');
    const { rows } = await world.db.owner.query(
      `select (select count(*)::int from emergency_access where client = $1) as emergencies,
         (select count(*)::int from notice where text like '%' || $1 || '%') as notices,
         (select count(*)::int from access_log where client = $1 and decision = 'ALLOWED') as entries`,
      [hospital.client],
    );
    expect(rows).toEqual([{ emergencies: 0, notices: 0, entries: 0 }]);
  });

  test('are told once, however often the opening is repeated', async () => {
    const id = await openBy(world.hub, hospital);
    await openBy(world.other, hospital);
    expect(await noticesAbout(id)).toHaveLength(4);
  });
});

describe('a review', () => {
  test.each([
    ['a steward of the department', WHO.healthSteward],
    ['a steward of civil affairs', WHO.civilSteward],
    ['an auditor', WHO.auditor],
  ])('by %s stands, and everyone who was told of the opening is told of it', async (_who, reviewer) => {
    const id = await closedEmergency();
    const { data } = await review(reviewer, id, { verdict: 'UNJUSTIFIED' });
    expect(data?.['reviewEmergency']).toMatchObject({ id, verdict: 'UNJUSTIFIED', unchanged: false });
    expect((await review(reviewer, id, { verdict: 'UNJUSTIFIED' })).data?.['reviewEmergency']).toMatchObject({
      unchanged: true,
    });
    expect((await review(reviewer, id)).code).toBe('BAD_USER_INPUT');
    const told = (await noticesAbout(id)).filter(({ kind }) => kind === 'EMERGENCY_REVIEWED');
    expect(told.map(({ department }) => department)).toEqual(['AUDIT', 'CIVIL_AFFAIRS', 'HEALTH', 'MEDICAL_SECURITY']);
  });

  test('by the client that opened it is refused, whatever role it comes in', async () => {
    const id = await closedEmergency();
    const self: Bound = { ...WHO.healthSteward, client: hospital.client };
    expect((await review(self, id)).code).toBe('OPERATION_DENIED');
    const auditing: Bound = { ...WHO.auditor, client: hospital.client };
    expect((await review(auditing, id)).code).toBe('OPERATION_DENIED');
  });

  test('by another department looks as if there were none', async () => {
    const id = await closedEmergency();
    const foreign = await review(WHO.educationSteward, id);
    const nobodys = await review(WHO.educationSteward, '01920000-0000-7000-8000-000000000000');
    expect(foreign.code).toBe('BAD_USER_INPUT');
    expect(foreign).toEqual(nobodys);
  });

  test('waits until it is over', async () => {
    const id = await openBy(world.hub, hospital);
    expect((await review(WHO.healthSteward, id)).code).toBe('BAD_USER_INPUT');
    world.clock.set('2026-11-23T11:00:00+08:00');
    expect((await review(WHO.healthSteward, id)).data?.['reviewEmergency']).toMatchObject({ verdict: 'JUSTIFIED' });
  });

  test.each([
    ['nothing', ' '],
    ['an identity number', `证件 ${'1'.repeat(18)}`],
  ])('with a note that is %s is refused', async (_what, note) => {
    const id = await closedEmergency();
    expect((await review(WHO.healthSteward, id, { note })).code).toBe('BAD_USER_INPUT');
  });

  test('is no act of the systems', async () => {
    const id = await closedEmergency();
    expect((await review(hospital, id)).code).toBe('OPERATION_DENIED');
  });

  test('and every other act is on record, with purpose and case', async () => {
    const id = await closedEmergency();
    const reviewer: Bound = { ...WHO.auditor, client: `audit-${String(count)}.test` };
    await review(reviewer, id);
    const { rows } = await world.db.owner.query(
      `select client, purpose, case_no, kind, coordinates from access_log where client in ($1, $2) order by at, id`,
      [hospital.client, reviewer.client],
    );
    const opener = { client: hospital.client, purpose: 'EMERGENCY', case_no: hospital.caseNo, kind: 'WRITE' };
    expect(rows).toEqual([
      { ...opener, coordinates: [['Mutation.openEmergency']] },
      { ...opener, coordinates: [['Mutation.closeEmergency']] },
      {
        client: reviewer.client,
        purpose: 'AUDIT',
        case_no: 'AU-1',
        kind: 'WRITE',
        coordinates: [['Mutation.reviewEmergency']],
      },
    ]);
  });
});

const LIST = `query List($case: String!, $overdue: Boolean) {
  emergencies(filter: { caseNo: $case, overdue: $overdue }) { totalCount nodes {
    client department agreement reason open reviewDueOn reviewOverdue verdict note told
    disclosed { answers persons households coordinates } } } }`;

interface Listed {
  readonly totalCount: number;
  readonly nodes: readonly Record<string, unknown>[];
}

async function list(asker: Bound, variables: Readonly<Record<string, unknown>> = {}): Promise<Listed> {
  const { data, message } = await world.hub(LIST, asker, { case: hospital.caseNo, ...variables });
  if (data === undefined) throw new Error(message);
  return data?.['emergencies'] as Listed;
}

describe('the list', () => {
  test('says what was disclosed: how often, of how many, which fields, and nothing from before or after', async () => {
    const look = (field: string) =>
      world.hub(`query P($id: ID!) { person(id: $id) { ${field} } }`, hospital, { id: world.patient });
    await look('name');
    await openBy(world.hub, hospital);
    await look('name');
    await world.other('query H($id: ID!) { household(id: $id) { memberCount head { phone } } }', hospital, {
      id: world.household,
    });
    await look('phone medicalSettlements { diagnosis }');
    world.clock.set('2026-11-23T11:00:00+08:00');
    await look('sex');
    const { nodes } = await list(WHO.healthSteward);
    expect(nodes).toMatchObject([
      {
        client: hospital.client,
        department: 'HEALTH',
        agreement: 'emergency-health',
        reason: REASON,
        open: false,
        disclosed: {
          answers: 3,
          persons: 1,
          households: 1,
          coordinates: expect.arrayContaining(['Person.name', 'Person.phone', 'MedicalSettlement.diagnosis']),
        },
      },
    ]);
    const { coordinates } = nodes[0]?.['disclosed'] as { coordinates: string[] };
    expect(coordinates).not.toContain('Person.sex');
  });

  test('shows the second emergency of a case what was disclosed under the second alone', async () => {
    const look = () => world.hub('query P($id: ID!) { person(id: $id) { name } }', hospital, { id: world.patient });
    await openBy(world.hub, hospital);
    await look();
    world.clock.set('2026-11-23T09:15:00+08:00');
    await world.hub(CLOSE, hospital);
    await openBy(world.hub, hospital);
    await look();
    await look();
    const { nodes } = await list(WHO.auditor);
    expect(nodes.map(({ disclosed }) => (disclosed as { answers: number }).answers)).toEqual([2, 1]);
  });

  test('counts a status check that names another case number, which hides nothing', async () => {
    const number = makeResidentId('620199', '1960-01-01', count);
    const check = `query C($checks: [StatusCheckInput!]!) { checkStatus(checks: $checks) { result } }`;
    await rowsIn(world.db.owner).residentId(world.patient, '1960-01-01', count);
    await openBy(world.hub, hospital);
    await world.hub(check, hospital, { checks: [{ idNumber: number, caseNo: 'ELSEWHERE-1' }] });
    expect((await list(WHO.auditor)).nodes).toMatchObject([{ disclosed: { answers: 1, persons: 1 } }]);
  });

  test('shows a department its own and what was opened of it, civil affairs and auditors all', async () => {
    await openBy(world.hub, hospital);
    const medical: Bound = { ...WHO.healthSteward, client: 'medical.test', department: 'MEDICAL_SECURITY' };
    for (const asker of [WHO.healthSteward, WHO.civilSteward, WHO.auditor, medical])
      expect((await list(asker)).totalCount).toBe(1);
    for (const asker of [WHO.housingSteward, WHO.educationSteward]) expect((await list(asker)).totalCount).toBe(0);
  });

  test('shows when a review is overdue: after the third working day, weekends not counted', async () => {
    world.clock.set('2026-11-26T20:00:00+08:00'); // a Thursday
    await openBy(world.hub, hospital);
    expect((await list(WHO.healthSteward)).nodes).toMatchObject([{ reviewDueOn: '2026-12-01', reviewOverdue: false }]);
    world.clock.set('2026-12-01T23:59:59+08:00');
    expect(await list(WHO.healthSteward, { overdue: true })).toMatchObject({ totalCount: 0 });
    world.clock.set('2026-12-02T00:00:00+08:00');
    expect(await list(WHO.healthSteward, { overdue: true })).toMatchObject({ nodes: [{ reviewOverdue: true }] });
    const { data } = await world.hub('{ emergencies(filter: { overdue: true }) { nodes { id caseNo } } }', WHO.auditor);
    const found = (data?.['emergencies'] as { nodes: { id: string; caseNo: string }[] }).nodes;
    const id = found.find(({ caseNo }) => caseNo === hospital.caseNo)?.id ?? '';
    await review(WHO.auditor, id);
    expect(await list(WHO.healthSteward, { overdue: true })).toMatchObject({ totalCount: 0 });
  });

  test('is read for a purpose and on record like any other', async () => {
    await openBy(world.hub, hospital);
    const reader: Bound = { ...WHO.auditor, client: `reader-${String(count)}.test` };
    await list(reader);
    const { rows } = await world.db.owner.query('select purpose, decision from access_log where client = $1', [
      reader.client,
    ]);
    expect(rows).toEqual([{ purpose: 'AUDIT', decision: 'ALLOWED' }]);
  });
});
