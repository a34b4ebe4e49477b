import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { identify, knownPerson, match, numberOf } from './rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

let day = 0;
/** A day of birth that no other test uses. */
const aBirth = (): string => new Date(Date.UTC(1960, 0, 1 + (day += 1) * 3)).toISOString().slice(0, 10);

const count = async (table: string, where = 'true', values: unknown[] = []): Promise<number> =>
  Number(
    (await database.owner.query<{ n: string }>(`select count(*) as n from ${table} where ${where}`, values)).rows[0]?.n,
  );

test('a known number with an agreeing name is certain, in every form that the number has', async () => {
  const born = aBirth();
  const number = numberOf(born, 13);
  const personId = await knownPerson(database.owner, { name: '买买提·艾力', born, number });
  const wide = [...number].map((sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join('');
  const rows = [
    number,
    number.toLowerCase(),
    wide,
    `${number.slice(0, 6)} ${number.slice(6)}`,
    number.slice(0, 6) + number.slice(8, 17),
  ];
  const found = await match(database.server, [
    ...rows.map((form) => ({ name: '买买提•艾力', number: form })),
    { name: '买买提.艾力', number, place: 'far' },
  ]);
  expect(found).toEqual(Array.from({ length: 6 }, () => ({ match: 'CERTAIN', personId })));
});

test('a number that was superseded leads to the person who had it', async () => {
  const born = aBirth();
  const [old, now] = [numberOf(born, 21), numberOf(born, 23)];
  const personId = await knownPerson(database.owner, { name: '陈建国', born });
  await identify(database.owner, personId, old, { supersededBy: await identify(database.owner, personId, now) });
  expect(await match(database.server, [{ name: '陈建国', number: old, born }])).toEqual([
    { match: 'CERTAIN', personId },
  ]);
});

test('an unknown number makes a person with the provenance of the source, and several rows make one', async () => {
  const born = aBirth();
  const number = numberOf(born, 14);
  const [first, second] = await match(database.server, [
    { name: '王秀英', number, sourceKey: 'XS-1' },
    { name: '王秀英', number: number.toLowerCase(), sourceKey: 'XS-2' },
  ]);
  expect(first?.match).toBe('CREATED');
  expect(second).toEqual({ match: 'CERTAIN', personId: first?.personId });
  const { rows } = await database.owner.query(
    `select p.name, p.sex, p.birth_date, p.county_code, p.source_system, p.source_key, i.match_key, i.type, i.verified
     from person p join person_identifier i on i.person_id = p.id where p.id = $1`,
    [first?.personId],
  );
  expect(rows).toEqual([
    {
      name: '王秀英',
      sex: '2',
      birth_date: born,
      county_code: '620402000000',
      source_system: 'education',
      source_key: 'XS-1',
      match_key: number,
      type: 'RESIDENT_ID',
      verified: false,
    },
  ]);
  expect(await match(database.server, [{ name: '王秀英', number }])).toEqual([
    { match: 'CERTAIN', personId: first?.personId },
  ]);
});

test('a new person whose row names no home lives where the delivery is about; without one nobody is made', async () => {
  const [one, two] = [numberOf(aBirth(), 15), numberOf(aBirth(), 15)];
  const [made] = await match(database.server, [{ name: '刘洋', number: one, place: null }], {
    regionCode: '620402000000',
  });
  expect(made?.match).toBe('CREATED');
  expect(
    await count('person', `id = $1 and county_code = '620402000000' and province_code = '620000000000'`, [
      made?.personId,
    ]),
  ).toBe(1);
  expect(await match(database.server, [{ name: '刘洋', number: two, place: null }])).toEqual([
    { match: 'NONE', personId: null },
  ]);
});

test('a preview says the same and writes nothing', async () => {
  const number = numberOf(aBirth(), 16);
  const rows = [
    { name: '赵云', number },
    { name: '赵云', number },
  ];
  const before = await count('person');
  const [first, second] = await match(database.server, rows, { preview: true });
  expect([first?.match, second?.match]).toEqual(['CREATED', 'CERTAIN']);
  expect(second?.personId).toBe(first?.personId);
  expect(await count('person')).toBe(before);
});

test.each([
  ['a digit mistyped', (n: string) => n.slice(0, 9) + String((Number(n.charAt(9)) + 1) % 10) + n.slice(10)],
  ['two digits swapped', (n: string) => n.slice(0, 14) + n.charAt(15) + n.charAt(14) + n.slice(16)],
  ['a digit missing', (n: string) => n.slice(0, 8) + n.slice(9)],
  ['a digit too many', (n: string) => `${n.slice(0, 8)}${n.charAt(7)}${n.slice(8)}`],
  ['a letter for a digit', (n: string) => n.replace('0', 'O')],
])('with %s in the number, name and birth date still find the person', async (_, slip) => {
  const born = aBirth();
  const number = numberOf(born, 127);
  const personId = await knownPerson(database.owner, { name: '李桂兰', born, number });
  await knownPerson(database.owner, { name: '李桂芳', born, number: numberOf(born, 129) });
  expect(await match(database.server, [{ name: '李桂兰', number: slip(number), born, sex: '1' }])).toEqual([
    { match: 'CERTAIN', personId },
  ]);
});

test('without a number, a full name, birth date, sex and township are certain, and a county alone is not', async () => {
  const born = aBirth();
  const personId = await knownPerson(database.owner, { name: '欧阳秀莲', sex: '2', born, number: numberOf(born, 18) });
  const row = { name: '欧阳秀莲', sex: '2', born };
  expect(await match(database.server, [row])).toEqual([{ match: 'CERTAIN', personId }]);
  expect(await match(database.server, [{ ...row, place: 'near' }])).toEqual([{ match: 'REVIEW', personId: null }]);
});

test('two who agree in all that was delivered are for a person to tell apart', async () => {
  const born = aBirth();
  for (const sequence of [31, 33])
    await knownPerson(database.owner, { name: '张志明', born, number: numberOf(born, sequence) });
  expect(await match(database.server, [{ name: '张志明', sex: '1', born }])).toEqual([
    { match: 'REVIEW', personId: null },
  ]);
});

test('the number of one with the name of another is reviewed, with both beside it', async () => {
  const born = aBirth();
  const number = numberOf(born, 35);
  const holder = await knownPerson(database.owner, { name: '马国强', born, number });
  const named = await knownPerson(database.owner, {
    name: '沙丽',
    sex: '2',
    born: '1991-01-02',
    number: numberOf('1991-01-02', 36),
  });
  const deliveryId = '01900000-0000-7000-8000-0000000000aa';
  expect(
    await match(database.server, [{ name: '沙丽', number, sex: '2', born: '1991-01-02' }], { deliveryId }),
  ).toEqual([{ match: 'REVIEW', personId: null }]);
  const { rows } = await database.owner.query<{ person_id: string; evidence: string[] }>(
    `select c.person_id, c.evidence from match_candidate c join match_review r on r.id = c.review_id
     where r.delivery_id = $1 order by c.place`,
    [deliveryId],
  );
  expect(rows.map(({ person_id }) => person_id).sort()).toEqual([holder, named].sort());
  expect(rows[0]?.evidence).toHaveLength(5);
  expect(JSON.stringify(rows)).not.toContain(number);
});

test('twins are two: a number one digit away with a name one character away is somebody new', async () => {
  const born = aBirth();
  await knownPerson(database.owner, { name: '周小龙', born, number: numberOf(born, 41) });
  const [found] = await match(database.server, [{ name: '周小虎', number: numberOf(born, 43), born, sex: '1' }]);
  expect(found?.match).toBe('CREATED');
});

test('a name one character away under the very number is certain and becomes a conflict to decide', async () => {
  const born = aBirth();
  const number = numberOf(born, 45);
  const personId = await knownPerson(database.owner, { name: '曹雪琴', born, number });
  expect(await match(database.server, [{ name: '曹雪芹', number, born }])).toEqual([{ match: 'CERTAIN', personId }]);
  await match(database.server, [{ name: '曹雪芹', number, born }]);
  const { rows } = await database.owner.query(
    'select kind, registered, delivered, state from registry_conflict where person_id = $1',
    [personId],
  );
  expect(rows).toEqual([{ kind: 'NAME_DIFFERS', registered: '曹雪琴', delivered: '曹雪芹', state: 'OPEN' }]);
});

test('another sex or birth date under an agreeing number and name is certain and becomes a conflict', async () => {
  const born = aBirth();
  const number = numberOf(born, 47);
  const personId = await knownPerson(database.owner, { name: '汪涵', born, number });
  expect(await match(database.server, [{ name: '汪涵', number, sex: '2', born: '1950-05-05' }])).toEqual([
    { match: 'CERTAIN', personId },
  ]);
  expect(
    await count('registry_conflict', `person_id = $1 and kind = 'SEX_OR_BIRTH' and delivered = '2 1950-05-05'`, [
      personId,
    ]),
  ).toBe(1);
});

test('one number with two names in one delivery makes one person, and the other row is reviewed', async () => {
  const number = numberOf(aBirth(), 51);
  const found = await match(database.server, [
    { name: '罗大佑', number },
    { name: '林青霞', number },
  ]);
  expect(found.map((one) => one.match)).toEqual(['CREATED', 'REVIEW']);
});

test('somebody without a number is known by a key of the source, and not by the same key of another', async () => {
  const row = { name: '无名氏', type: 'TEMPORARY', number: 'BED-7', sex: '1' };
  const [first] = await match(database.server, [row]);
  expect(first?.match).toBe('CREATED');
  expect(await match(database.server, [row])).toEqual([{ match: 'CERTAIN', personId: first?.personId }]);
  const [other] = await match(database.server, [row], { sourceSystem: 'health' });
  expect(other?.match).toBe('CREATED');
});

test('neither a number nor anybody like it: the row is nobody', async () => {
  expect(await match(database.server, [{ name: '诸葛无名', born: '1901-02-03' }])).toEqual([
    { match: 'NONE', personId: null },
  ]);
});

test('the same subject waits once, however often it is delivered', async () => {
  const born = aBirth();
  await knownPerson(database.owner, { name: '温明', sex: '1', born, number: numberOf(born, 53) });
  const row = { name: '温明', sex: '1', born };
  const before = await count('match_review');
  await match(database.server, [row, row]);
  await match(database.server, [row]);
  expect(await count('match_review')).toBe(before + 1);
  expect(await count('match_review_row', `review_id = (select id from match_review where name = '温明')`)).toBe(3);
});
