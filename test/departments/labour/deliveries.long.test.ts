/** Labour: registrations, courses, posts, refusals and service as they are delivered, and what follows from them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callerOf } from '../../harness/engine.ts';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let office: Delivering;
let worker: Awaited<ReturnType<Delivering['somebody']>>;
let householdId: string;
beforeAll(async () => {
  office = await openDelivering();
  worker = await office.somebody('马建国', '1985-02-02', 81);
  householdId = await office.rows.household({ member_count: 1 });
  await office.rows.membership({ household_id: householdId, person_id: worker.personId });
  await office.database.owner.query(`update person set sex = '1', labour_ability = 'ABLE' where id = $1`, [
    worker.personId,
  ]);
});
afterAll(() => office.close());

const submit = (record: string, items: readonly Item[]) =>
  office.submit(
    'LABOUR',
    record,
    items.map((item) => ({ ...worker.who, ...item })),
  );
/** What civil affairs reads of the person; `fields` is a selection. */
async function read(fields: string): Promise<unknown> {
  const { data, denied } = await office.ask(
    `{ person(id: "${worker.personId}") { ${fields} } }`,
    'CIVIL_AFFAIRS',
    'SYSTEM',
  );
  expect(denied).toEqual([]);
  return (data as { person: unknown }).person;
}
async function work(): Promise<unknown> {
  const { data } = await office.ask(`{ household(id: "${householdId}") { work } }`, 'CIVIL_AFFAIRS', 'SYSTEM');
  return (data as { household: { work: unknown } }).household.work;
}
const USCC = '91620199MA00000000';
const doubted = { outcome: 'RECORDED', code: 'BAD_USCC', field: 'employerUscc' };

test('a registration is read in the words of its office, the latest first; one of tomorrow is refused', async () => {
  expect(await work()).toBe('UNKNOWN');
  expect(
    await submit('EMPLOYMENT', [
      { sourceKey: 'J1', status: '就业困难', registeredOn: '2025-03-01', refusals: 2, training: '家政服务' },
      { sourceKey: 'J2', status: '失业', registeredOn: '2026-05-06' },
      { sourceKey: 'J3', status: '失业', registeredOn: '2026-11-23' },
      { sourceKey: 'J4', status: '待定', registeredOn: '2026-05-06' },
      { sourceKey: 'J5', status: '失业', registeredOn: '2026-05-06', refusals: -1 },
      { sourceKey: 'J6', status: '失业' },
    ]),
  ).toEqual([
    recorded,
    recorded,
    rejected('registeredOn', 'FUTURE_DATE'),
    rejected('status', 'BAD_CODE'),
    rejected('refusals', 'BAD_NUMBER'),
    rejected('registeredOn', 'MISSING_FIELD'),
  ]);
  expect(await read('employmentRecords { status registeredOn refusals training sourceSystem }')).toEqual({
    employmentRecords: [
      {
        status: 'REGISTERED_JOBLESS',
        registeredOn: '2026-05-06',
        refusals: null,
        training: null,
        sourceSystem: 'labour',
      },
      {
        status: 'HARD_TO_EMPLOY',
        registeredOn: '2025-03-01',
        refusals: 2,
        training: '家政服务',
        sourceSystem: 'labour',
      },
    ],
  });
});

test('with registrations delivered a household of whom nobody works is told, until one holds a public post', async () => {
  expect(await work()).toBe('ZERO_EMPLOYMENT');
  expect(
    await submit('PUBLIC_POST', [
      { sourceKey: 'G1', post: '保洁员', employerUscc: USCC, validFrom: '2025-01-01', validTo: '2025-12-31' },
      { sourceKey: 'G2', post: '护林员', employerUscc: USCC, validFrom: '2026-06-01', validTo: '2026-05-31' },
      { sourceKey: 'G3', post: '护林员', validFrom: '2026-06-01' },
    ]),
  ).toEqual([doubted, rejected('validTo', 'BAD_ORDER'), rejected('employerUscc', 'MISSING_FIELD')]);
  expect(await work()).toBe('ZERO_EMPLOYMENT');
  expect(
    await submit('PUBLIC_POST', [{ sourceKey: 'G4', post: '护林员', employerUscc: USCC, validFrom: '2026-06-01' }]),
  ).toEqual([doubted]);
  expect(await work()).toBe('HAS_WORKER');
  expect(await read('publicPosts { post employerUscc validFrom validTo }')).toEqual({
    publicPosts: [
      { post: '护林员', employerUscc: USCC, validFrom: '2026-06-01', validTo: null },
      { post: '保洁员', employerUscc: USCC, validFrom: '2025-01-01', validTo: '2025-12-31' },
    ],
  });
});

test('a feed that was agreed and never delivered makes the work of a household unknown, beside one that was', async () => {
  const { rows } = office;
  const source = { source_system: 'labour-county', department: 'LABOUR', record: 'EMPLOYMENT', rhythm_hours: 168 };
  const id = await rows.insert('feed', source);
  expect(await work()).toBe('UNKNOWN');
  await office.database.owner.query('delete from feed where id = $1', [id]);
  expect(await work()).toBe('HAS_WORKER');
});

test('a course has its days in order and says whether its subsidy was claimed', async () => {
  const course = { course: '中式烹调（初级）', fromOn: '2026-03-01', toOn: '2026-03-20', providerUscc: USCC };
  expect(
    await submit('TRAINING', [
      { sourceKey: 'P1', ...course, subsidyClaimed: '是', certificateNo: 'ZS-1' },
      { sourceKey: 'P2', ...course, toOn: '2026-02-20', subsidyClaimed: '否' },
      { sourceKey: 'P3', ...course },
    ]),
  ).toEqual([
    { outcome: 'RECORDED', code: 'BAD_USCC', field: 'providerUscc' },
    rejected('toOn', 'BAD_ORDER'),
    rejected('subsidyClaimed', 'MISSING_FIELD'),
  ]);
  expect(await read('trainings { course fromOn toOn certificateNo subsidyClaimed }')).toEqual({
    trainings: [
      {
        course: '中式烹调（初级）',
        fromOn: '2026-03-01',
        toOn: '2026-03-20',
        certificateNo: 'ZS-1',
        subsidyClaimed: true,
      },
    ],
  });
});

test('of refusals that are delivered the third unjustified one in a row is what civil affairs is told of', async () => {
  const refusal = (sourceKey: string, refusedOn: string, change: Item = {}) => ({
    sourceKey,
    offer: '理货员',
    refusedOn,
    justified: '否',
    ...change,
  });
  expect(
    await submit('WORK_REFUSAL', [
      refusal('W1', '2026-07-01'),
      refusal('W2', '2026-08-01'),
      refusal('W3', '2026-08-15', { justified: '是', reason: '患病住院' }),
      refusal('W4', '2026-08-16', { justified: '是' }),
      refusal('W5', '2026-11-23'),
    ]),
  ).toEqual([recorded, recorded, recorded, rejected('reason', 'MISSING_FIELD'), rejected('refusedOn', 'FUTURE_DATE')]);
  const told = async () =>
    (await office.ask('{ refusalsToActOn { refusedOn ownShareAtRisk } }', 'CIVIL_AFFAIRS', 'SYSTEM')).data;
  expect(await told()).toEqual({ refusalsToActOn: [] });
  expect(await submit('WORK_REFUSAL', [refusal('W6', '2026-09-01')])).toEqual([recorded]);
  expect(await told()).toEqual({ refusalsToActOn: [{ refusedOn: '2026-09-01', ownShareAtRisk: true }] });
});

test('a day of service has at most its hours', async () => {
  const service = { organiser: '某社区', attended: '是', servedOn: '2026-10-08' };
  expect(
    await submit('COMMUNITY_SERVICE', [
      { sourceKey: 'S1', ...service, hours: '2.5' },
      { sourceKey: 'S2', ...service, hours: '25' },
      { sourceKey: 'S3', ...service, servedOn: '2026-11-23' },
    ]),
  ).toEqual([recorded, rejected('hours', 'BAD_NUMBER'), rejected('servedOn', 'FUTURE_DATE')]);
  expect(await read('communityService { servedOn hours attended }')).toEqual({
    communityService: [{ servedOn: '2026-10-08', hours: '2.5', attended: true }],
  });
});

test('the one-off appraisal subsidy is refused the second time, and a course is subsidised once', async () => {
  const caller = callerOf('LABOUR', 'SYSTEM', {
    purpose: 'AID_REPORTING',
    purposes: ['AID_REPORTING'],
    caseNo: 'LA-1',
  });
  const text = 'mutation R($input: ReportAidInput!) { reportAid(input: $input) { results { outcome code } } }';
  const report = async (sourceKey: string, change: Item) => {
    const item = {
      ...worker.who,
      sourceKey,
      version: 1,
      mode: 'CASH',
      amountYuan: '180.00',
      decidedOn: '2026-04-01',
      ...change,
    };
    const { json, text: said } = await office.hub.ask(text, caller, { variables: { input: { items: [item] } } });
    if (json.errors !== undefined) throw new Error(said);
    return (json.data?.['reportAid'] as { results: readonly unknown[] }).results[0];
  };
  const appraisal = { programme: 'SKILL_APPRAISAL', item: '一次性职业技能鉴定补贴' };
  const granted = { outcome: 'RECORDED', code: null };
  expect(await report('A1', appraisal)).toEqual(granted);
  expect(await report('A2', appraisal)).toEqual({ outcome: 'REJECTED', code: 'ALREADY_GRANTED' });
  const course = { programme: 'TRAINING_SUBSIDY', item: '职业培训补贴' };
  expect(await report('C1', { ...course, reference: 'KC-1' })).toEqual(granted);
  expect(await report('C2', { ...course, reference: 'KC-1' })).toEqual({
    outcome: 'REJECTED',
    code: 'ALREADY_GRANTED',
  });
  expect(await report('C3', { ...course, reference: 'KC-2' })).toEqual(granted);
});
