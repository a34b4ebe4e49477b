/** What housing delivers and reports, as its offices do: files of its templates, and aid over the report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let office: Delivering;
let tenant: Awaited<ReturnType<Delivering['somebody']>>;
let farmer: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  office = await openDelivering();
  tenant = await office.somebody('陈平', '1980-02-02', 51);
  farmer = await office.somebody('刘芳', '1981-02-02', 52);
});
afterAll(() => office.close());

test('a flat of public rental housing comes with its rent and the relief of it; more than the rent is refused by name', async () => {
  const flat = { ...tenant.who, unitCode: 'F-01-0203', areaM2: '48.60', rent: '300', validFrom: '2026-01-15' };
  const { counts, findings } = await office.deliverFile('HOUSING', 'PUBLIC_RENTAL', [
    { ...flat, sourceKey: 'R1', relief: '120.50' },
    { ...flat, sourceKey: 'R2', relief: '300.01' },
  ]);
  expect(counts).toMatchObject({ recorded: 1, faulty: 1 });
  expect(findings).toEqual([[3, '月租金核减', 'BAD_COMBINATION']]);
  expect(
    await office.read(tenant.personId, 'publicRentals { unitCode areaM2 rent relief validFrom validTo }', 'HOUSING'),
  ).toEqual({
    publicRentals: [
      {
        unitCode: 'F-01-0203',
        areaM2: '48.60',
        rent: '300.00',
        relief: '120.50',
        validFrom: '2026-01-15',
        validTo: null,
      },
    ],
  });
});

test('a rent subsidy of the months of the flat is refused, one of other months is kept', async () => {
  const subsidy = { ...tenant.who, amount: '240' };
  const { counts, findings } = await office.deliverFile('HOUSING', 'RENT_SUBSIDY', [
    { ...subsidy, sourceKey: 'S1', monthFrom: '2025年1月', monthTo: '2025-12' },
    { ...subsidy, sourceKey: 'S2', monthFrom: '2026-01' },
  ]);
  expect(counts).toMatchObject({ recorded: 1, rejected: 1 });
  expect(findings).toEqual([[3, '补贴起始月份', 'MONTHS_TAKEN']]);
  expect(await office.read(tenant.personId, 'rentSubsidies { amount monthFrom monthTo }', 'HOUSING')).toEqual({
    rentSubsidies: [{ amount: '240.00', monthFrom: '2025-01', monthTo: '2025-12' }],
  });
});

test('a house in danger comes with its grade, and its reconstruction once', async () => {
  const house = { ...farmer.who, houseCode: 'NF-0001', surveyedOn: '2025-09-10', region: '621122' };
  const first = await office.deliverFile('HOUSING', 'DILAPIDATED_HOUSE', [
    { ...house, sourceKey: 'W1', grade: 'D级', reconstruction: '拆除重建', reconstructedOn: '2026-05-20' },
    { ...house, sourceKey: 'W2', houseCode: 'NF-0002', grade: 'C级' },
    { ...house, sourceKey: 'W3', houseCode: 'NF-0003', grade: 'A级' },
  ]);
  expect(first.findings).toEqual([[4, '危险等级', 'BAD_CODE']]);
  const second = await office.deliverFile('HOUSING', 'DILAPIDATED_HOUSE', [
    { ...house, ...tenant.who, sourceKey: 'W4', grade: 'C', reconstruction: '修缮加固', reconstructedOn: '2026-10-01' },
  ]);
  expect(second).toMatchObject({ counts: { recorded: 0, rejected: 1 } });
  expect(second.findings).toEqual([[2, '改造方式', 'HOUSE_RECONSTRUCTED']]);
  const told = 'dilapidatedHouses { houseCode grade reconstruction reconstructedOn }';
  const { dilapidatedHouses } = (await office.read(farmer.personId, told, 'HOUSING')) as { dilapidatedHouses: Item[] };
  expect(dilapidatedHouses.sort((a, b) => (String(a['houseCode']) < String(b['houseCode']) ? -1 : 1))).toEqual([
    { houseCode: 'NF-0001', grade: 'D', reconstruction: 'REBUILT', reconstructedOn: '2026-05-20' },
    { houseCode: 'NF-0002', grade: 'C', reconstruction: null, reconstructedOn: null },
  ]);
});

test('how people are housed is read by every word of tenure', async () => {
  const home = { ...farmer.who, areaM2: '86.50', dangerGrade: 'B级' };
  const { findings } = await office.deliverFile('HOUSING', 'HOUSING', [
    { ...home, sourceKey: 'Z1', tenure: '自建房' },
    { ...home, sourceKey: 'Z2', tenure: '市场租赁' },
    { ...farmer.who, sourceKey: 'Z3', tenure: '无房', areaM2: '0' },
    { ...farmer.who, sourceKey: 'Z4', tenure: '无房', areaM2: '12' },
    { ...home, sourceKey: 'Z5', tenure: '公租房' },
  ]);
  expect(findings).toEqual([[5, '建筑面积', 'BAD_COMBINATION']]);
  const { housingRecords } = (await office.read(
    farmer.personId,
    'housingRecords { tenure areaM2 dangerGrade }',
    'HOUSING',
  )) as {
    housingRecords: readonly Item[];
  };
  expect(housingRecords.map(({ tenure, areaM2, dangerGrade }) => [tenure, areaM2, dangerGrade]).sort()).toEqual([
    ['NONE', '0.00', null],
    ['OWNED', '86.50', 'B'],
    ['PRIVATE_RENTAL', '86.50', 'B'],
    ['PUBLIC_RENTAL', '86.50', 'B'],
  ]);
});

test('租金减免, 住房租赁补贴, 实物配租 and 危房改造 are reported as aid of their own; a house is aided once', async () => {
  const aid = (sourceKey: string, change: Item): Item => ({
    ...tenant.who,
    sourceKey,
    amountYuan: '120.00',
    decidedOn: '2026-06-01',
    ...change,
  });
  const house = { programme: '农村危房改造', mode: 'CASH', reference: 'NF-0001', amountYuan: '20000' };
  expect(
    await office.reportAid('HOUSING', [
      aid('A1', { programme: '公租房', item: '租金核减', mode: 'WAIVER', periodFrom: '2026-06' }),
      aid('A2', { programme: '住房租赁补贴', item: '住房租赁补贴', mode: 'CASH', periodFrom: '2025-06' }),
      aid('A3', { programme: '公租房', item: '实物配租', mode: 'KIND', kindDescription: '公租房一套' }),
      aid('A4', { ...house, item: 'D级危房重建', ...farmer.who }),
      aid('A5', { ...house, item: 'C级危房维修加固' }),
    ]),
  ).toEqual([recorded, recorded, recorded, recorded, rejected('item', 'ALREADY_GRANTED')]);
  const { aidGrants } = (await office.read(
    tenant.personId,
    'aidGrants { nodes { programme item mode amount } }',
    'HOUSING',
  )) as {
    aidGrants: { nodes: readonly Item[] };
  };
  expect(aidGrants.nodes.map(({ programme, item, mode, amount }) => [programme, item, mode, amount]).sort()).toEqual([
    ['PUBLIC_RENTAL', 'ALLOCATION_IN_KIND', 'KIND', '120.00'],
    ['PUBLIC_RENTAL', 'RENT_RELIEF', 'WAIVER', '120.00'],
    ['RENT_SUBSIDY', 'RENT_SUBSIDY', 'CASH', '120.00'],
  ]);
});
