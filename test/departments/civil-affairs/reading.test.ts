/** What civil affairs recorded, as departments read it over HTTP. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering } from '../delivering.ts';
import type { Delivering } from '../delivering.ts';

let world: Delivering;
let personId: string;
beforeAll(async () => {
  world = await openDelivering();
  const somebody = await world.somebody('李安', '1970-05-06', 7);
  personId = somebody.personId;
  const who = { ...somebody.who, region: '621122' };
  const submit = async (record: string, item: Record<string, string>): Promise<void> => {
    const receipts = await world.submit('CIVIL_AFFAIRS', record, [{ sourceKey: `${record}-1`, ...who, ...item }]);
    expect([record, ...receipts.map(({ outcome }) => outcome)]).toEqual([record, 'RECORDED']);
  };
  await submit('RELATED_STATUS', { kind: '重度残疾人护理补贴', amount: '110', validFrom: '2026-01-01' });
  await submit('CHARITY_AID', {
    donor: '县慈善协会',
    givenOn: '2026-01-15',
    kindDescription: '大米',
    kindValue: '150',
  });
  await submit('TEMPORARY_AID_CASE', { kind: '急难型', decidedOn: '2026-10-12', aidFirst: '是' });
  await submit('ENROLMENT', {
    certificateNo: 'D1',
    relation: '户主',
    scheme: '农村低保',
    amount: '800',
    startMonth: '2026-01',
  });
  await submit('PERSON', { diedOn: '2026-09-01' });
  await submit('SHELTER_STAY', {
    station: '市救助管理站',
    enteredOn: '2026-10-12',
    entryMode: '公安护送',
    stationRegion: '621122',
    originRegion: '360199',
    homeAskedOn: '2026-10-12',
  });
});
afterAll(() => world.close());

const read = (fields: string, role: 'SYSTEM' | 'WINDOW' = 'SYSTEM') =>
  world.ask(`{ person(id: "${personId}") { ${fields} } }`, 'CIVIL_AFFAIRS', role, 'CASE_HANDLING');

test('a care subsidy and what a charity gave are shown, and are no income for Dibao', async () => {
  const { data } = await read(
    'relatedStatuses { kind amount excludedFromIncome } charityAid { kindValue excludedFromIncome }',
  );
  expect(data).toEqual({
    person: {
      relatedStatuses: [{ kind: 'SEVERE_DISABLED_CARE_SUBSIDY', amount: '110.00', excludedFromIncome: true }],
      charityAid: [{ kindValue: '150.00', excludedFromIncome: true }],
    },
  });
});

test('aid that came first and whose papers never came is flagged, as is a home county that does not answer', async () => {
  const { data } = await read(
    'temporaryAidCases { papersDueOn papersOverdue } shelterStays { homeDueOn homeOverdue originKnown }',
  );
  expect(data).toEqual({
    person: {
      temporaryAidCases: [{ papersDueOn: '2026-10-26', papersOverdue: true }],
      shelterStays: [{ homeDueOn: '2026-10-26', homeOverdue: true, originKnown: true }],
    },
  });
});

test('benefits that go on after a death are shown to whoever reviews them', async () => {
  const { data } = await read('diedOn benefitsAfterDeath { programme validTo }');
  expect(data).toEqual({
    person: { diedOn: '2026-09-01', benefitsAfterDeath: [{ programme: 'DIBAO', validTo: null }] },
  });
});

test('a window learns of no stay at a shelter, and a school of statuses in its own cases alone', async () => {
  const refused = await read('shelterStays { station }', 'WINDOW');
  expect([refused.data, refused.denied.length]).toEqual([null, 1]);
  const school = () => world.ask(`{ person(id: "${personId}") { relatedStatuses { kind } } }`, 'EDUCATION', 'SYSTEM');
  expect((await school()).data).toBeNull();
  await world.database.owner.query(
    `insert into caseload (id, department, person_id, case_no, opened_on)
     values (gen_random_uuid(), 'EDUCATION', $1, 'CASE-1', '2026-11-01')`,
    [personId],
  );
  expect((await school()).data).toEqual({ person: { relatedStatuses: [{ kind: 'SEVERE_DISABLED_CARE_SUBSIDY' }] } });
});
