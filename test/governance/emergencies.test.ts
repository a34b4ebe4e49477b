/** What emergency access opens, to whom, and until when. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { exampleOf } from '../harness/installed.ts';
import { PLACE } from '../registry/rows.ts';
import { CLOSE, MORNING, OPEN, REASON, WHO, openBy, openEmergenciesWorld } from './emergencies-world.ts';
import type { EmergenciesWorld, Hub } from './emergencies-world.ts';

let world: EmergenciesWorld;
beforeAll(async () => {
  world = await openEmergenciesWorld();
});
afterAll(() => world.close());

let count = 1;
let hospital: Bound & { readonly caseNo: string };
beforeEach(() => {
  // A case and a client of each test's own; the clock starts anew.
  count += 1;
  hospital = { ...WHO.hospital, client: `health-${String(count)}.test`, caseNo: `JZ-2026-${String(count)}` };
  world.clock.set(MORNING);
});

/** What an emergency opens beside name and telephone. */
const MORE = exampleOf([
  {
    type: 'MedicalSettlement',
    fields: 'medicalSettlements { diagnosis }',
    told: { medicalSettlements: [{ diagnosis: '肺炎' }] },
  },
  { type: 'Person', fields: 'countyCode', told: { countyCode: String(PLACE['county_code']) } },
]);
const PATIENT = `query Patient($id: ID!) { person(id: $id) { name phone ${MORE.fields} } }`;
const NAME = 'query Name($id: ID!) { person(id: $id) { name } }';
const look = (hub: Hub, asker: Bound) => hub(PATIENT, asker, { id: world.patient });
const SEEN = { person: { name: '张三', phone: '13900000001', ...MORE.told } };
const REFUSED = { code: 'EMERGENCY_REQUIRED' };

describe('without an emergency', () => {
  test('the agreement for emergencies opens nothing, and the refusal says how to open one', async () => {
    const told = await look(world.hub, hospital);
    expect(told).toMatchObject(REFUSED);
    expect(told.data).toBeUndefined();
    expect(told.message).toContain('openEmergency');
  });

  test('the same person is out of sight for everyday purposes, as nobody is', async () => {
    const everyday: Bound = { ...hospital, purpose: 'CASE_HANDLING' };
    await world.db.owner.query(
      `insert into caseload (id, department, person_id, case_no, opened_on)
       select gen_random_uuid(), 'HEALTH', id, $1, '2026-01-01' from person where id = $2`,
      [everyday.caseNo, world.stranger],
    );
    expect(await world.hub(NAME, everyday, { id: world.patient })).toEqual({ data: { person: null } });
  });

  test('the refusal is on record with purpose and case', async () => {
    await look(world.hub, hospital);
    const { rows } = await world.db.owner.query(
      'select decision, reason, purpose, case_no from access_log where client = $1',
      [hospital.client],
    );
    expect(rows).toEqual([
      { decision: 'REFUSED', reason: 'EMERGENCY_REQUIRED', purpose: 'EMERGENCY', case_no: hospital.caseNo },
    ]);
  });
});

describe('an open emergency', () => {
  test('opens the person, and each answer names purpose and case', async () => {
    await openBy(world.hub, hospital);
    expect(await look(world.hub, hospital)).toEqual({ data: SEEN });
    const { rows } = await world.db.owner.query(
      `select kind, decision, purpose, case_no, persons from access_log where client = $1 order by at, kind desc, id`,
      [hospital.client],
    );
    const under = { decision: 'ALLOWED', purpose: 'EMERGENCY', case_no: hospital.caseNo };
    expect(rows).toEqual([
      { ...under, kind: 'WRITE', persons: null },
      { ...under, kind: 'READ', persons: [world.patient] },
    ]);
  });

  test('answers the ready-made document of emergencies whole', async () => {
    const window = { ...WHO.window, client: `window-${String(count)}.test`, caseNo: `YJ-2026-${String(count)}` };
    const document = readFileSync('schema/operations/emergency.graphql', 'utf8');
    expect(await world.hub(document, window, { id: world.patient })).toMatchObject(REFUSED);
    await openBy(world.hub, window);
    const told = await world.hub(document, window, { id: world.patient });
    expect(told.code).toBeUndefined();
    expect(told.data).toMatchObject({ person: { id: world.patient, name: '张三', phone: '13900000001' } });
  });

  test('ends after two hours to the millisecond, in every process and for plans that are kept', async () => {
    await openBy(world.hub, hospital);
    for (const hub of [world.hub, world.other]) expect(await look(hub, hospital)).toEqual({ data: SEEN });
    world.clock.set('2026-11-23T10:59:59.999+08:00');
    for (const hub of [world.hub, world.other]) expect(await look(hub, hospital)).toEqual({ data: SEEN });
    world.clock.set('2026-11-23T11:00:00.000+08:00');
    for (const hub of [world.other, world.hub]) expect(await look(hub, hospital)).toMatchObject(REFUSED);
  });

  test('ends with the next request when it is closed, in a process that has its plan already', async () => {
    await openBy(world.hub, hospital);
    expect(await look(world.other, hospital)).toEqual({ data: SEEN });
    world.clock.set('2026-11-23T09:10:00+08:00');
    const closed = await world.hub(CLOSE, hospital);
    expect(closed.data?.['closeEmergency']).toMatchObject({ closedAt: '2026-11-23T01:10:00.000Z', unchanged: false });
    for (const hub of [world.other, world.hub]) expect(await look(hub, hospital)).toMatchObject(REFUSED);
    expect((await world.hub(CLOSE, hospital)).data?.['closeEmergency']).toMatchObject({ unchanged: true });
  });

  test('is nobody else’s: not for another case, client or department, and not for those who see it', async () => {
    await openBy(world.hub, hospital);
    expect(await look(world.hub, hospital)).toEqual({ data: SEEN });
    for (const asker of [
      { ...hospital, caseNo: 'JZ-2026-999999' },
      { ...hospital, client: 'health-other.test' },
      { ...WHO.window, client: hospital.client, caseNo: hospital.caseNo },
    ])
      expect(await world.hub(NAME, asker, { id: world.patient })).toMatchObject(REFUSED);
    const steward = await world.hub(NAME, { ...WHO.healthSteward, purpose: 'EMERGENCY' }, { id: world.patient });
    expect(steward.code).toBe('OPERATION_DENIED');
  });

  test('opens what its agreement names and no more', async () => {
    await openBy(world.hub, hospital);
    const ask = (field: string) =>
      world.hub(`query P($id: ID!) { person(id: $id) { ${field} } }`, hospital, { id: world.patient });
    for (const field of ['address', 'ethnicity', 'disabilityCertificateNo'])
      expect(await ask(field)).toMatchObject({ code: 'FIELD_DENIED' });
    expect((await world.hub('{ node(id: "x") { id } }', hospital)).code).toBe('OPERATION_DENIED');
  });

  test('leads a window to somebody who is at home elsewhere, by id; its everyday agreement does not', async () => {
    const window: Bound = { ...WHO.window, caseNo: `YJ-${String(count)}` };
    const ask = 'query P($id: ID!) { person(id: $id) { name address } }';
    expect(await world.hub(ask, window, { id: world.stranger })).toMatchObject(REFUSED);
    await openBy(world.hub, window);
    expect((await world.hub(ask, window, { id: world.stranger })).data).toMatchObject({ person: { name: '李四' } });
    const everyday: Bound = { ...window, purpose: 'CASE_HANDLING' };
    expect((await world.hub(ask, everyday, { id: world.stranger })).data).toEqual({ person: null });
  });

  test('ends with its agreement: a suspension does not wait for two hours', async () => {
    await openBy(world.hub, hospital);
    expect(await look(world.other, hospital)).toEqual({ data: SEEN });
    const suspend = (state: string, reason: string | null) =>
      world.db.owner.query(
        `with head as (update policy_head set stamp = stamp + 1 returning version)
         update policy_agreement a set state = $1, state_reason = $2 from head
         where a.version = head.version and a.number = 'emergency-health'`,
        [state, reason],
      );
    await suspend('SUSPENDED', '滥用');
    const told = await look(world.other, hospital);
    await suspend('ACTIVE', null);
    expect(told.data).toBeUndefined();
    expect(told.code).toBe('PURPOSE_NOT_ALLOWED');
  });
});

describe('opening', () => {
  test.each([
    ['too short', '紧急'],
    ['blanks', '          '],
    ['too long', '急'.repeat(501)],
    ['an identity number', `病人证件号码为 ${'1'.repeat(18)}，需要核对`],
  ])('a reason that is %s is refused', async (_what, reason) => {
    const told = await world.hub(OPEN, hospital, { reason });
    expect(told.code).toBe('BAD_USER_INPUT');
    expect(told.message).toContain('reason');
    expect(told.message).not.toContain('1111');
  });

  test('twice is once: the first stands, with its end', async () => {
    const id = await openBy(world.hub, hospital);
    world.clock.set('2026-11-23T10:00:00+08:00');
    const again = await world.other(OPEN, hospital, { reason: '另一个理由，仍在抢救之中' });
    expect(again.data?.['openEmergency']).toMatchObject({ id, until: '2026-11-23T03:00:00.000Z', unchanged: true });
  });

  test('at the same moment in two processes opens one', async () => {
    // Several pairs, so that some do meet.
    const pairs = Array.from({ length: 8 }, (_, n): Bound => ({ ...hospital, client: `race-${String(n)}.test` }));
    const opened = await Promise.all(
      pairs.flatMap((asker) => [openBy(world.hub, asker), openBy(world.other, asker), openBy(world.hub, asker)]),
    );
    expect(new Set(opened).size).toBe(pairs.length);
  });

  test('five times a day, in China’s day, and then an agreement is needed', async () => {
    for (let n = 1; n <= 5; n += 1) await openBy(world.hub, { ...hospital, caseNo: `LIMIT-${String(n)}` });
    const sixth = await world.hub(OPEN, { ...hospital, caseNo: 'LIMIT-6' }, { reason: REASON });
    expect(sixth).toMatchObject({ code: 'OPERATION_DENIED' });
    expect(sixth.message).toContain('requestAccess');
    world.clock.set('2026-11-24T00:00:00+08:00');
    await openBy(world.hub, { ...hospital, caseNo: 'LIMIT-6' });
  });

  test('is for nobody without an emergency agreement, and never for an everyday purpose', async () => {
    const housing: Bound = { ...hospital, client: 'housing.test', department: 'HOUSING' };
    expect((await world.hub(OPEN, housing, { reason: REASON })).code).toBe('OPERATION_DENIED');
    const everyday: Bound = { ...hospital, purpose: 'CASE_HANDLING' };
    expect((await world.hub(OPEN, everyday, { reason: REASON })).code).toBe('OPERATION_DENIED');
    const { caseNo: _, ...caseless } = hospital;
    expect((await world.hub(OPEN, caseless, { reason: REASON })).code).toBe('CASE_REQUIRED');
  });

  test('closing what was never opened says how to open one', async () => {
    expect(await world.hub(CLOSE, hospital)).toMatchObject(REFUSED);
  });
});
