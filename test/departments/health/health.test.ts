/** Health: emergencies of unknown patients, and deaths. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDelivering, recorded, rejected } from '../delivering.ts';
import type { Delivering, Item } from '../delivering.ts';

let hospital: Delivering;
beforeAll(async () => {
  hospital = await openDelivering();
});
afterAll(() => hospital.close());

const treated: Item = {
  hospital: '某县人民医院',
  arrivedOn: '2026-03-01',
  total: '12000',
  insurance: '0',
  aid: '0',
  self: '0',
  fund: '10000',
  unpaid: '2000',
  region: '620402',
};
const unknown: Item = { ...treated, identityKnown: '否', foundAt: '县汽车站', description: '男，约60岁，灰色外套' };

const patientsOf = async (sourceKey: string): Promise<readonly Record<string, unknown>[]> =>
  (
    await hospital.database.owner.query<Record<string, unknown>>(
      `select patient.id, patient.name, identifier.type from emergency_case treated
       join person patient on patient.id = treated.person_id
       join person_identifier identifier on identifier.person_id = patient.id
       where treated.source_key = $1`,
      [sourceKey],
    )
  ).rows;

test('a patient without name and number is stored under a temporary key, and each is somebody else', async () => {
  expect(
    await hospital.submit('HEALTH', 'EMERGENCY_CASE', [
      { ...unknown, sourceKey: 'E1' },
      { ...unknown, sourceKey: 'E2' },
    ]),
  ).toEqual([recorded, recorded]);
  const [[first], [second]] = [await patientsOf('E1'), await patientsOf('E2')];
  expect(first).toMatchObject({ type: 'TEMPORARY' });
  expect(second).toMatchObject({ type: 'TEMPORARY' });
  expect(first?.['id']).not.toBe(second?.['id']);
});

test('the same case again is the same patient, and nothing is written', async () => {
  const before = await patientsOf('E1');
  expect(await hospital.submit('HEALTH', 'EMERGENCY_CASE', [{ ...unknown, sourceKey: 'E1' }])).toEqual([
    { outcome: 'UNCHANGED', code: null, field: null },
  ]);
  expect(await patientsOf('E1')).toEqual(before);
});

test('once the hospital knows who it was, the case is theirs', async () => {
  const { personId, who } = await hospital.somebody('赵大山', '1966-06-06', 31);
  expect(
    await hospital.submit('HEALTH', 'EMERGENCY_CASE', [{ ...treated, ...who, identityKnown: '是', sourceKey: 'E1' }]),
  ).toEqual([{ outcome: 'CHANGED', code: null, field: null }]);
  expect(await patientsOf('E1')).toMatchObject([{ id: personId, type: 'RESIDENT_ID' }]);
});

test('civil affairs merges an unknown patient with who it was, and takes it back exactly', async () => {
  const { personId } = await hospital.somebody('孙大娘', '1950-07-07', 32);
  const [before] = await patientsOf('E2');
  const act = async (mutation: string): Promise<Record<string, unknown>> => {
    const { data, denied } = await hospital.ask(
      `mutation { ${mutation} }`,
      'CIVIL_AFFAIRS',
      'REGISTRAR',
      'DATA_QUALITY',
    );
    expect(denied).toEqual([]);
    return Object.values(data as object)[0] as Record<string, unknown>;
  };
  const reason = 'reason: "家属认领"';
  const { id } = await act(
    `mergePersons(input: { keptId: "${personId}", absorbedId: "${String(before?.['id'])}", ${reason} }) { id }`,
  );
  expect((await patientsOf('E2')).map((patient) => patient['id'])).toEqual([personId, personId]);
  // The hospital does not know of it yet: its next delivery of the case finds the same person.
  expect(
    await hospital.submit('HEALTH', 'EMERGENCY_CASE', [{ ...unknown, sourceKey: 'E2', unpaid: '1000', self: '1000' }]),
  ).toEqual([{ outcome: 'CHANGED', code: null, field: null }]);
  expect((await patientsOf('E2')).map((patient) => patient['id'])).toEqual([personId, personId]);
  await act(`undoMerge(input: { id: "${String(id)}", reason: "不是同一人" }) { id }`);
  expect(await patientsOf('E2')).toEqual([before]);
});

test('an unknown patient without a place and a description is refused by name, and so is a split that is off', async () => {
  const { foundAt: _, ...nowhere } = unknown;
  expect(
    await hospital.submit('HEALTH', 'EMERGENCY_CASE', [
      { ...nowhere, sourceKey: 'E4' },
      { ...unknown, sourceKey: 'E5', unpaid: '2000.01' },
      { ...unknown, sourceKey: 'E6', identityKnown: '是' },
    ]),
  ).toEqual([
    rejected('foundAt', 'MISSING_FIELD'),
    rejected('total', 'SPLIT_DIFFERS'),
    rejected('name', 'MISSING_FIELD'),
  ]);
});

const died = (who: Item, change: Item): Item => ({
  ...who,
  diedOn: '2026-03-01',
  certifiedBy: '医院',
  institution: '某县人民医院',
  ...change,
});

const diedOn = async (personId: string): Promise<unknown> =>
  (
    await hospital.database.owner.query<{ died_on: string | null }>('select died_on from person where id = $1', [
      personId,
    ])
  ).rows[0]?.died_on;

const conflictsOf = async (personId: string): Promise<readonly unknown[]> =>
  (
    await hospital.database.owner.query(
      `select kind, registered, delivered, state from registry_conflict where person_id = $1`,
      [personId],
    )
  ).rows;

test('a certified death is the person’s for everybody; another day is a conflict to decide and no overwrite', async () => {
  const { personId, who } = await hospital.somebody('孙福', '1940-01-01', 41);
  expect(await hospital.submit('HEALTH', 'DEATH', [died(who, { sourceKey: 'D1' })])).toEqual([recorded]);
  expect(await diedOn(personId)).toBe('2026-03-01');
  expect(await conflictsOf(personId)).toEqual([]);
  const buried = died(who, { sourceKey: 'D2', diedOn: '2026-03-03', certifiedBy: '殡仪馆', institution: '某县殡仪馆' });
  expect(await hospital.submit('HEALTH', 'DEATH', [buried])).toEqual([recorded]);
  expect(await diedOn(personId)).toBe('2026-03-01');
  expect(await conflictsOf(personId)).toEqual([
    { kind: 'DEATH_DATE', registered: '2026-03-01', delivered: '2026-03-03', state: 'OPEN' },
  ]);
});

test('a death in the future is refused, and nobody dies of it', async () => {
  const { personId, who } = await hospital.somebody('周平', '1940-01-02', 42);
  expect(await hospital.submit('HEALTH', 'DEATH', [died(who, { sourceKey: 'D3', diedOn: '2026-11-23' })])).toEqual([
    rejected('diedOn', 'FUTURE_DATE'),
  ]);
  expect(await diedOn(personId)).toBeNull();
});

test('the parts of a medical bill add up to its total to the fen', async () => {
  const { rows } = hospital;
  const bill = { person_id: await rows.person(), total_fen: 3800001, self_fen: 3800000 };
  await rows.settlement({ ...bill, basic_fen: 1 });
  await expect(rows.settlement(bill)).rejects.toThrow('ck_medical_settlement__split');
});
