/** What labour delivers and reports, as its offices do: files of its templates, and aid over the report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

const work = async (): Promise<unknown> => {
  const { data } = await office.ask(`{ household(id: "${householdId}") { work } }`, 'CIVIL_AFFAIRS', 'SYSTEM');
  return (data as { readonly household: { readonly work: unknown } }).household.work;
};
const deliver = (record: string, items: readonly Item[]) =>
  office.deliverFile(
    'LABOUR',
    record,
    items.map((item) => ({ ...worker.who, ...item })),
  );

test('registrations come in the words of the service; then a household without any worker is told, until one has a post', async () => {
  expect(await work()).toBe('UNKNOWN');
  const { counts, findings } = await deliver('EMPLOYMENT', [
    { sourceKey: 'J1', status: '就业困难人员', registeredOn: '2025年3月1日', refusals: 1 },
    { sourceKey: 'J2', status: '登记失业', registeredOn: '2026-05-06' },
    { sourceKey: 'J3', status: '赋闲', registeredOn: '2026-05-06' },
    { sourceKey: 'J4', status: '在业', registeredOn: '2026-11-23' },
  ]);
  expect(counts).toMatchObject({ recorded: 2, faulty: 2 });
  expect(findings).toEqual([
    [4, '就业状态', 'BAD_CODE'],
    [5, '登记日期', 'FUTURE_DATE'],
  ]);
  expect(await office.read(worker.personId, 'employmentRecords { status registeredOn refusals }', 'LABOUR')).toEqual({
    employmentRecords: [
      { status: 'REGISTERED_JOBLESS', registeredOn: '2026-05-06', refusals: null },
      { status: 'HARD_TO_EMPLOY', registeredOn: '2025-03-01', refusals: 1 },
    ],
  });
  expect(await work()).toBe('ZERO_EMPLOYMENT');
  const posts = await deliver('PUBLIC_POST', [
    { sourceKey: 'G1', post: '乡村保洁员', employerUscc: '91620199MA00000000', validFrom: '2026-06-01' },
    { sourceKey: 'G2', post: '护林员', employerUscc: '12345', validFrom: '2026-06-01' },
  ]);
  expect(posts.counts).toMatchObject({ recorded: 1, faulty: 1 });
  // A check character that differs is told, and costs nothing.
  expect(posts.findings).toEqual([
    [2, '用人单位统一社会信用代码', 'BAD_USCC'],
    [3, '用人单位统一社会信用代码', 'BAD_TEXT'],
  ]);
  expect(await office.read(worker.personId, 'publicPosts { post validFrom validTo }', 'LABOUR')).toEqual({
    publicPosts: [{ post: '乡村保洁员', validFrom: '2026-06-01', validTo: null }],
  });
  expect(await work()).toBe('HAS_WORKER');
});

test('courses, refusals of work and days of service are read back, each rule by its field', async () => {
  const course = { course: '养老护理', fromOn: '2026-04-01', providerUscc: '91620199MA00000000', subsidyClaimed: '是' };
  expect(
    (
      await deliver('TRAINING', [
        { ...course, sourceKey: 'P1', toOn: '2026-04-20', certificateNo: 'ZS-1' },
        { ...course, sourceKey: 'P2', toOn: '2026-03-20' },
      ])
    ).findings.filter(([, , code]) => code !== 'BAD_USCC'),
  ).toEqual([[3, '结束日期', 'BAD_ORDER']]);
  const refusal = { offer: '超市理货员', justified: '否' };
  expect(
    (
      await deliver('WORK_REFUSAL', [
        { ...refusal, sourceKey: 'W1', refusedOn: '2026-07-01' },
        { ...refusal, sourceKey: 'W2', refusedOn: '2026-08-01' },
        { ...refusal, sourceKey: 'W3', refusedOn: '2026-09-01', justified: '是' },
        { ...refusal, sourceKey: 'W4', refusedOn: '2026-09-02' },
      ])
    ).findings,
  ).toEqual([[4, '理由', 'MISSING_FIELD']]);
  const service = { organiser: '某某社区居委会', attended: '是', servedOn: '2026-06-12' };
  expect(
    (
      await deliver('COMMUNITY_SERVICE', [
        { ...service, sourceKey: 'C1', hours: '4' },
        { ...service, sourceKey: 'C2', hours: '24.5' },
      ])
    ).findings,
  ).toEqual([[3, '时长（小时）', 'BAD_NUMBER']]);
  const fields = `trainings { course toOn certificateNo subsidyClaimed } communityService { servedOn hours }
    workRefusals { refusedOn justified unjustifiedInARow ownShareAtRisk }`;
  expect(await office.read(worker.personId, fields, 'LABOUR')).toEqual({
    trainings: [{ course: '养老护理', toOn: '2026-04-20', certificateNo: 'ZS-1', subsidyClaimed: true }],
    communityService: [{ servedOn: '2026-06-12', hours: '4.0' }],
    workRefusals: [
      { refusedOn: '2026-09-02', justified: false, unjustifiedInARow: 3, ownShareAtRisk: true },
      { refusedOn: '2026-08-01', justified: false, unjustifiedInARow: 2, ownShareAtRisk: false },
      { refusedOn: '2026-07-01', justified: false, unjustifiedInARow: 1, ownShareAtRisk: false },
    ],
  });
});

test('the appraisal subsidy is granted once, also in a later call; post and insurance subsidies may come again', async () => {
  const aid = (sourceKey: string, change: Item): Item => ({
    ...worker.who,
    sourceKey,
    mode: 'CASH',
    amountYuan: '180.00',
    decidedOn: '2026-04-01',
    ...change,
  });
  const appraisal = { programme: 'SKILL_APPRAISAL', item: '职业技能鉴定补贴' };
  const post = { programme: 'POST_SUBSIDY', item: '岗位补贴' };
  expect(await office.reportAid('LABOUR', [aid('A1', appraisal), aid('B1', post), aid('B2', post)])).toEqual([
    recorded,
    recorded,
    recorded,
  ]);
  const second = aid('A2', { ...appraisal, item: '一次性职业技能鉴定补贴', decidedOn: '2026-10-01' });
  expect(await office.reportAid('LABOUR', [second, aid('B3', { ...post, item: '社保补贴' })])).toEqual([
    rejected('item', 'ALREADY_GRANTED'),
    recorded,
  ]);
  const { aidGrants } = (await office.read(worker.personId, 'aidGrants { nodes { item } }', 'LABOUR')) as {
    aidGrants: { readonly nodes: readonly Item[] };
  };
  expect(aidGrants.nodes.map(({ item }) => item).sort()).toEqual([
    'PUBLIC_POST_SUBSIDY',
    'PUBLIC_POST_SUBSIDY',
    'SKILL_APPRAISAL',
    'SOCIAL_INSURANCE_SUBSIDY',
  ]);
});
