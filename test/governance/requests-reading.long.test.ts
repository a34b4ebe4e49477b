/** Requests and answers as the departments concerned read them, on the compiled road. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEPARTMENTS } from '../../src/access/index.ts';
import { newId } from '../../src/platform/id.ts';
import { asking, openRequestsWorld, steward } from './requests-world.ts';
import type { RequestsWorld } from './requests-world.ts';
import { WORKED_DAYS, workedFrom } from './worked-days.ts';

const TODAY = '2026-11-20';
const LATER = '2026-12-07';

let world: RequestsWorld;
/** Housing asks civil affairs; labour asks medical security, of two; education asks and withdraws. */
let numbers: { housing: string; labour: string; education: string };

beforeAll(async () => {
  world = await openRequestsWorld();
  const ask = (of: Parameters<typeof steward>[0], groups: readonly string[]) =>
    world.act('ask', TODAY, steward(of), asking({ groups: groups.map((name) => ({ name, access: 'FULL' as const })) }));
  const [housing, labour, education] = [
    await ask('HOUSING', ['death']),
    await ask('LABOUR', ['serious-illness', 'self-care']),
    await ask('EDUCATION', ['phone']),
  ];
  await world.act('withdraw', TODAY, steward('EDUCATION'), { request: education.number });
  numbers = { housing: housing.number, labour: labour.number, education: education.number };
  await world.act('answer', TODAY, steward('CIVIL_AFFAIRS'), { request: labour.number, verdict: 'GRANT' });
});
afterAll(() => world.close());

const LIST = `query ($list: AccessRequestList) { accessRequests(list: $list, first: 50) { nodes { number } } }`;
const listed = async (of: Parameters<typeof steward>[0], list?: string, on = TODAY) => {
  const data = (await world.read(LIST, on, steward(of), list === undefined ? {} : { list })) as {
    accessRequests: { nodes: { number: string }[] };
  };
  return data.accessRequests.nodes.map(({ number }) => number);
};

describe('a department sees', () => {
  test('the requests that it made or answers, and no others; civil affairs sees all', async () => {
    const { housing, labour, education } = numbers;
    expect(await listed('HOUSING')).toEqual([housing]);
    expect(await listed('LABOUR')).toEqual([labour]);
    expect(await listed('MEDICAL_SECURITY')).toEqual([labour]);
    expect(await listed('EDUCATION')).toEqual([education]);
    expect(await listed('HEALTH')).toEqual([]);
    expect(await listed('AUDIT')).toEqual([]);
    expect(await listed('CIVIL_AFFAIRS')).toEqual([housing, labour, education]);
  });

  test('those that await its answer, its own, the open ones', async () => {
    const { housing, labour, education } = numbers;
    expect(await listed('CIVIL_AFFAIRS', 'AWAITING_US')).toEqual([housing]);
    expect(await listed('MEDICAL_SECURITY', 'AWAITING_US')).toEqual([labour]);
    expect(await listed('LABOUR', 'AWAITING_US')).toEqual([]);
    expect(await listed('CIVIL_AFFAIRS', 'OURS')).toEqual([]);
    expect(await listed('EDUCATION', 'OURS')).toEqual([education]);
    expect(await listed('CIVIL_AFFAIRS', 'OPEN')).toEqual([housing, labour]);
  });

  test('which are late, on the day after the last one', async () => {
    const { housing, labour } = numbers;
    expect(await listed('CIVIL_AFFAIRS', 'OVERDUE', '2026-12-04')).toEqual([]);
    expect(await listed('CIVIL_AFFAIRS', 'OVERDUE', '2026-12-05')).toEqual([housing, labour]);
    expect(await listed('HOUSING', 'OVERDUE', LATER)).toEqual([housing]);
    expect(await listed('HEALTH', 'OVERDUE', LATER)).toEqual([]);
  });

  test('no request of others by its number or its identifier: it is as if it were not there', async () => {
    const { rows } = await world.db.owner.query<{ id: string }>('select id from access_request where number = $1', [
      numbers.housing,
    ]);
    const one = (of: Parameters<typeof steward>[0], variables: Readonly<Record<string, unknown>>) =>
      world.read(
        `query ($id: ID, $number: String) { accessRequest(id: $id, number: $number) { number } }`,
        TODAY,
        steward(of),
        variables,
      );
    const number = numbers.housing;
    for (const key of [{ number }, { id: rows[0]?.id }]) {
      expect(await one('HOUSING', key)).toEqual({ accessRequest: { number } });
      expect(await one('CIVIL_AFFAIRS', key)).toEqual({ accessRequest: { number } });
      expect(await one('EDUCATION', key)).toEqual({ accessRequest: null });
    }
    expect(await one('HOUSING', { id: newId() })).toEqual({ accessRequest: null });
    expect(await one('HOUSING', {})).toEqual({ accessRequest: null });
  });

  test('what was asked beside what was granted, and who is late', async () => {
    const query = `query ($number: String) { accessRequest(number: $number) {
      department role purposes operations rowScopes mode validFrom validUntil requestedBy state closedAt
      groups { name owner attribute access scope grantedAccess grantedScope }
      answers { owner state dueOn overdue workingDaysLeft receivedOn termDays extendedDays answeredBy deliverBy } } }`;
    expect(await world.read(query, LATER, steward('LABOUR'), { number: numbers.labour })).toEqual({
      accessRequest: {
        department: 'LABOUR',
        role: 'SYSTEM',
        purposes: ['AID_ELIGIBILITY', 'AID_REPORTING', 'CASE_HANDLING'],
        operations: ['person'],
        rowScopes: ['Person:CASELOAD'],
        mode: 'SERVICE_INTERFACE',
        validFrom: '2026-12-01',
        validUntil: '2027-06-30',
        requestedBy: 'labour.steward-a.test',
        state: 'OVERDUE',
        closedAt: null,
        groups: [
          { name: 'self-care', owner: 'CIVIL_AFFAIRS', grantedAccess: 'FULL' },
          { name: 'serious-illness', owner: 'MEDICAL_SECURITY', grantedAccess: null },
        ].map((group) => ({ attribute: 'CONDITIONAL', access: 'FULL', scope: null, grantedScope: null, ...group })),
        answers: [
          {
            owner: 'CIVIL_AFFAIRS',
            state: 'GRANTED',
            overdue: false,
            workingDaysLeft: null,
            answeredBy: 'civil-affairs.steward-a.test',
            // 20 working days after Friday 20 November.
            deliverBy: '2026-12-18',
          },
          {
            owner: 'MEDICAL_SECURITY',
            state: 'OVERDUE',
            overdue: true,
            workingDaysLeft: -1,
            answeredBy: null,
            deliverBy: null,
          },
        ].map((answer) => ({
          dueOn: '2026-12-04',
          receivedOn: TODAY,
          termDays: 10,
          extendedDays: 0,
          ...answer,
        })),
      },
    });
  });
});

test('civil affairs has a list of all answers that are late; others have their own', async () => {
  const query = '{ overdueAnswers { owner dueOn request { number department } } }';
  const { housing, labour } = numbers;
  const late = (owner: string, number: string, department: string) => ({
    owner,
    dueOn: '2026-12-04',
    request: { number, department },
  });
  expect(await world.read(query, LATER, steward('CIVIL_AFFAIRS'))).toEqual({
    overdueAnswers: [late('CIVIL_AFFAIRS', housing, 'HOUSING'), late('MEDICAL_SECURITY', labour, 'LABOUR')],
  });
  expect(await world.read(query, LATER, steward('MEDICAL_SECURITY'))).toEqual({
    overdueAnswers: [late('MEDICAL_SECURITY', labour, 'LABOUR')],
  });
  expect(await world.read(query, TODAY, steward('CIVIL_AFFAIRS'))).toEqual({ overdueAnswers: [] });
});

test.each(
  DEPARTMENTS.flatMap((department) =>
    (['SYSTEM', 'ANALYST', 'WINDOW', 'AUDITOR'] as const).map((role) => [department, role] as const),
  ),
)('%s/%s reads no requests: they are for stewards', async (department, role) => {
  const caller = { ...steward(department), role };
  await expect(world.read('{ accessRequests { nodes { number } } }', TODAY, caller)).rejects.toThrow(
    /OPERATION_DENIED|FIELD_DENIED/,
  );
});

describe('the clock in the database', () => {
  test('holds every day of the known years, with the document that says so', async () => {
    const { rows } = await world.db.owner.query<{ day: string }>(
      'select day from calendar_day where working order by day',
    );
    expect(rows.map(({ day }) => day)).toEqual(WORKED_DAYS);
    const documents = await world.db.owner.query('select distinct document from calendar_day order by document');
    expect(documents.rows.map(({ document }: { document?: unknown }) => document)).toHaveLength(3);
    const { rows: festival } = await world.db.owner.query(
      `select working, festival from calendar_day where day in ('2026-02-14', '2026-02-15') order by day`,
    );
    expect(festival).toEqual([
      { working: true, festival: '春节' },
      { working: false, festival: '春节' },
    ]);
  });

  test('counts every term as the oracle does, on any day, in any state of extension', async () => {
    const { rows } = await world.db.owner.query<{ id: string }>('select id from access_request where number = $1', [
      numbers.housing,
    ]);
    const [first, last] = [Date.parse('2024-01-01'), Date.parse('2026-12-31')];
    const day = fc.integer({ min: first, max: last }).map((at) => new Date(at).toISOString().slice(0, 10));
    const query = `query ($number: String) { accessRequest(number: $number) { answers { dueOn overdue workingDaysLeft } } }`;
    const todays = ['2026-07-01', '2026-09-25', TODAY];
    await fc.assert(
      fc.asyncProperty(day, fc.constantFrom(1, 10, 20), fc.constantFrom(...todays), async (received, term, today) => {
        await world.db.owner.query(
          `update access_request_answer set received_on = $2, term_days = $3, extended_days = $4,
             extension_reason = $5, extended_by = $5, extended_at = case when $4 = 10 then now() end where request_id = $1`,
          [rows[0]?.id, received, Math.min(term, 10), term === 20 ? 10 : 0, term === 20 ? 'x' : null],
        );
        const due = workedFrom(received, term) ?? null;
        const before = WORKED_DAYS.filter((worked) => worked <= received).length + term;
        const answer = {
          dueOn: due,
          overdue: due === null ? null : due < today,
          workingDaysLeft: before - WORKED_DAYS.filter((worked) => worked <= today).length,
        };
        expect(await world.read(query, today, steward('HOUSING'), { number: numbers.housing })).toEqual({
          accessRequest: { answers: [answer] },
        });
      }),
      { numRuns: 150 },
    );
  });
});
