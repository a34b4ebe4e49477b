/** Housing: how people live, a flat or the money for one, and one reconstruction per house. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item, Receipt } from '../delivering.ts';

let office: Delivering;
let tenant: Awaited<ReturnType<Delivering['somebody']>>;
let partner: Awaited<ReturnType<Delivering['somebody']>>;
beforeAll(async () => {
  office = await openDelivering();
  tenant = await office.somebody('陈平', '1980-02-02', 51);
  partner = await office.somebody('刘芳', '1981-02-02', 52);
  const householdId = await office.rows.household({ member_count: 2 });
  for (const { personId } of [tenant, partner])
    await office.rows.membership({ household_id: householdId, person_id: personId });
});
afterAll(() => office.close());

const flat = (change: Item): Item => ({
  ...tenant.who,
  unitCode: 'F-01-0203',
  areaM2: '48.60',
  rent: '300',
  relief: '120',
  validFrom: '2026-01-15',
  ...change,
});
const subsidy = (change: Item): Item => ({ ...tenant.who, amount: '240', monthFrom: '2026-01', ...change });
const taken = (field: string): Receipt => rejected(field, 'MONTHS_TAKEN');

test('a flat and a rent subsidy in the same month are refused, and what is held stays', async () => {
  expect(
    await office.submit('HOUSING', 'RENT_SUBSIDY', [
      subsidy({ sourceKey: 'S1', monthFrom: '2025-01', monthTo: '2026-01' }),
    ]),
  ).toEqual([recorded]);
  expect(
    await office.submit('HOUSING', 'PUBLIC_RENTAL', [
      flat({ sourceKey: 'R1' }),
      flat({ sourceKey: 'R2', validFrom: '2024-06-01', validTo: '2024-12-31' }),
      flat({ sourceKey: 'R3', validFrom: '2026-02-01' }),
    ]),
  ).toEqual([taken('validFrom'), recorded, recorded]);
  const { rows } = await office.database.owner.query(
    `select source_key as key from public_rental union all select source_key from rent_subsidy order by 1`,
  );
  expect(rows).toEqual([{ key: 'R2' }, { key: 'R3' }, { key: 'S1' }]);
});

test('once the other one is corrected, the row that was refused is taken; nothing waits for anybody', async () => {
  const corrected = subsidy({ sourceKey: 'S1', monthFrom: '2025-01', monthTo: '2025-12' });
  expect(await office.submit('HOUSING', 'RENT_SUBSIDY', [corrected])).toEqual([
    { outcome: 'CHANGED', code: null, field: null },
  ]);
  expect(await office.submit('HOUSING', 'PUBLIC_RENTAL', [flat({ sourceKey: 'R1', validTo: '2026-01-31' })])).toEqual([
    recorded,
  ]);
  const { rowCount } = await office.database.owner.query(`select from delivery_row where state = 'HELD'`);
  expect(rowCount).toBe(0);
});

test('it is the household that has one or the other, whoever of it signed', async () => {
  expect(
    await office.submit('HOUSING', 'RENT_SUBSIDY', [
      subsidy({ ...partner.who, sourceKey: 'S2', monthFrom: '2026-05' }),
      subsidy({ ...partner.who, sourceKey: 'S3', monthFrom: '2024-01', monthTo: '2024-05' }),
      subsidy({ ...partner.who, sourceKey: 'S4', monthFrom: '2024-12', monthTo: '2024-12' }),
    ]),
  ).toEqual([taken('monthFrom'), recorded, taken('monthFrom')]);
});

test('a strangers’ flat is nobody’s conflict', async () => {
  const { who } = await office.somebody('吴刚', '1982-03-03', 53);
  expect(await office.submit('HOUSING', 'RENT_SUBSIDY', [subsidy({ ...who, sourceKey: 'S5' })])).toEqual([recorded]);
});

test('no more is taken off the rent than it is', async () => {
  expect(await office.submit('HOUSING', 'PUBLIC_RENTAL', [flat({ sourceKey: 'R9', relief: '300.01' })])).toEqual([
    rejected('relief', 'BAD_COMBINATION'),
  ]);
});

const house = (change: Item): Item => ({
  ...tenant.who,
  houseCode: 'NF-0001',
  grade: 'D级',
  surveyedOn: '2024-09-10',
  ...change,
});
const rebuilt: Item = { reconstruction: '拆除重建', reconstructedOn: '2025-05-20' };

test('one house is made safe once, ever; a second time is refused with its own code, under whatever key', async () => {
  expect(
    await office.submit('HOUSING', 'DILAPIDATED_HOUSE', [
      house({ sourceKey: 'W1' }),
      house({ sourceKey: 'W2', ...rebuilt }),
      house({ sourceKey: 'W3', ...rebuilt, reconstructedOn: '2026-05-20' }),
      house({
        sourceKey: 'W4',
        houseCode: 'NF-0002',
        grade: 'C',
        reconstruction: '修缮加固',
        reconstructedOn: '2026-05-20',
      }),
    ]),
  ).toEqual([recorded, recorded, rejected('reconstruction', 'HOUSE_RECONSTRUCTED'), recorded]);
  expect(
    await office.submit('HOUSING', 'DILAPIDATED_HOUSE', [
      house({ ...partner.who, sourceKey: 'W5', ...rebuilt }),
      house({ sourceKey: 'W1', ...rebuilt }),
    ]),
  ).toEqual([rejected('reconstruction', 'HOUSE_RECONSTRUCTED'), rejected('reconstruction', 'HOUSE_RECONSTRUCTED')]);
});

test('a record may correct its own reconstruction, and a house may be surveyed again', async () => {
  expect(
    await office.submit('HOUSING', 'DILAPIDATED_HOUSE', [
      house({ sourceKey: 'W2', ...rebuilt, reconstructedOn: '2025-05-21' }),
      house({ sourceKey: 'W6', surveyedOn: '2026-09-10' }),
    ]),
  ).toEqual([{ outcome: 'CHANGED', code: null, field: null }, recorded]);
});

test('two deliveries at a time bring one reconstruction', async () => {
  const code = { houseCode: 'NF-0003' };
  const receipts = await Promise.all(
    ['W7', 'W8', 'W9'].map((sourceKey) =>
      office.submit('HOUSING', 'DILAPIDATED_HOUSE', [house({ sourceKey, ...code, ...rebuilt })]),
    ),
  );
  expect(
    receipts
      .flat()
      .map(({ outcome }) => outcome)
      .sort(),
  ).toEqual(['RECORDED', 'REJECTED', 'REJECTED']);
});

test('a house of grade B is in no danger', async () => {
  expect(await office.submit('HOUSING', 'DILAPIDATED_HOUSE', [house({ sourceKey: 'W10', grade: 'B' })])).toEqual([
    rejected('grade', 'BAD_CODE'),
  ]);
});

test('floor area is shared by those who live together today', async () => {
  const home = { ...tenant.who, tenure: '自有', areaM2: '86.51', sourceKey: 'U1' };
  expect(await office.submit('HOUSING', 'HOUSING', [home])).toEqual([recorded]);
  const { data } = await office.ask(
    `{ person(id: "${tenant.personId}") { housingRecords { areaM2 perCapitaAreaM2 } } }`,
    'CIVIL_AFFAIRS',
    'SYSTEM',
  );
  expect(data).toEqual({ person: { housingRecords: [{ areaM2: '86.51', perCapitaAreaM2: '43.26' }] } });
});
