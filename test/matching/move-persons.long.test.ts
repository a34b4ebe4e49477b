import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mergeInto, splitFrom, undoAct } from '../../src/matching/move-persons.ts';
import type { PersonAct } from '../../src/matching/move-persons.ts';
import type { Pool, PoolClient } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/database.ts';
import { HubError } from '../../src/platform/errors.ts';
import { newId } from '../../src/platform/id.ts';
import { Random } from '../../seeds/synthetic/random.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { AT, identify, knownPerson, match, numberOf } from './rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  // As a department that comes later would bring it: nothing in the hub knows of it.
  await database.owner.query(`create table later_visit (
    station varchar not null, day date not null, person_id uuid not null references person (id),
    source_system varchar not null, source_key varchar not null, primary key (station, day, source_key))`);
});
afterAll(() => database.drop());

const acting = { by: 'civil-affairs.registrar.test', regions: ['620000000000'], at: AT, reason: '同一人重复建档' };
const doing = <T>(work: (tx: PoolClient) => Promise<T>): Promise<T> => inTransaction(database.server, work);

let sequence = 1;
/** Somebody with a number, a membership, a benefit from one day to another, and two visits. */
async function somebody(name: string, from: string, to: string): Promise<string> {
  const number = numberOf('1971-04-08', (sequence += 2));
  const id = await knownPerson(database.owner, { name, born: '1971-04-08', number });
  const household = await householdOf(id);
  const [enrolment, key] = [newId(), newId()];
  const place = `'620402001000', '620402001000', '620402000000', '620400000000', '620000000000', 'civil-affairs', $1::text, now()`;
  const { owner } = database;
  await owner.query(
    `insert into membership (id, household_id, person_id, relation, role, valid_from, source_system, source_key, as_of)
     values ($1, $2, $3, '02', 'BENEFICIARY', $4, 'civil-affairs', 'M', now())`,
    [newId(), household, id, from],
  );
  await owner.query(
    `insert into enrolment (id, household_id, applicant_id, programme, urban_rural, amount_fen, top_up_fen, causes, status, valid_from,
       region_code, township_code, county_code, prefecture_code, province_code, source_system, source_key, as_of)
     values ($2, $3, $4, 'DIBAO', 'RURAL', 0, 0, '{}', 'ACTIVE', $5, ${place})`,
    [key, enrolment, household, id, from],
  );
  await owner.query(
    `insert into recipient (id, enrolment_id, person_id, household_id, programme, urban_rural, valid_from, valid_to,
       region_code, township_code, county_code, prefecture_code, province_code, source_system, source_key, as_of)
     values ($2, $3, $4, $5, 'DIBAO', 'RURAL', $6, $7, ${place})`,
    [key, newId(), enrolment, id, household, from, to],
  );
  for (const source of ['health', 'station'])
    await owner.query(`insert into later_visit values ('兰州', $1, $2, $3, $4)`, [from, id, source, newId()]);
  return id;
}

async function householdOf(head: string): Promise<string> {
  const id = newId();
  await database.owner.query(
    `insert into household (id, head_person_id, urban_rural, member_count, region_code, township_code, county_code, prefecture_code,
       province_code, source_system, source_key, as_of)
     values ($1, $2, 'RURAL', 1, '620402001000', '620402001000', '620402000000', '620400000000', '620000000000', 'civil-affairs', 'H', now())`,
    [id, head],
  );
  return id;
}

/** Every row of every table that refers to a person, and those persons themselves; made by a split are left out. */
async function dump(pool: Pool, persons: readonly string[]): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select distinct conrelid::regclass::text as name from pg_constraint where contype = 'f' and confrelid = 'person'::regclass order by 1`,
  );
  const lines: string[] = [];
  for (const { name } of [...tables, { name: 'person' }]) {
    const { rows } = await pool.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`,
    );
    for (const { row } of rows) {
      if (name === 'person' && !persons.includes(String(row['id']))) continue;
      if (name === 'person_alias' && !persons.includes(String(row['alias_id']))) continue;
      lines.push(`${name} ${JSON.stringify(row)}`);
    }
  }
  return lines.join('\n');
}

test('after a merge everything is the kept person’s, also in tables that came later, and undoing restores each row', async () => {
  const [kept, absorbed] = [
    await somebody('丁一', '2020-01-01', '2020-12-31'),
    await somebody('丁乙', '2021-01-01', '2021-12-31'),
  ];
  const before = await dump(database.owner, [kept, absorbed]);
  const act = await doing((tx) => mergeInto(tx, kept, absorbed, acting));
  const { rows } = await database.owner.query<{ person_id: string; n: string }>(
    `select person_id, count(*) as n from later_visit where person_id = any($1) group by 1`,
    [[kept, absorbed]],
  );
  expect(rows).toEqual([{ person_id: kept, n: '4' }]);
  expect(act.moved).toBeGreaterThanOrEqual(7);
  await doing((tx) => undoAct(tx, 'MERGE', act.id, acting));
  expect(await dump(database.owner, [kept, absorbed])).toBe(before);
});

test('a number of the absorbed person leads to the kept one, and a name alone no longer finds the absorbed', async () => {
  const born = '1982-02-03';
  const number = numberOf(born, 61);
  const kept = await knownPerson(database.owner, { name: '欧阳海棠', sex: '2', born, number: numberOf(born, 62) });
  const absorbed = await knownPerson(database.owner, { name: '欧阳海棠', sex: '2', born, number });
  const row = { name: '欧阳海棠', sex: '2', born };
  expect(await match(database.server, [row])).toEqual([{ match: 'REVIEW', personId: null }]);
  await doing((tx) => mergeInto(tx, kept, absorbed, acting));
  expect(await match(database.server, [{ ...row, number }, row])).toEqual([
    { match: 'CERTAIN', personId: kept },
    { match: 'CERTAIN', personId: kept },
  ]);
});

test('two who benefit at the same time cannot be merged: the error names the kind, and nothing is moved', async () => {
  const people = [
    await somebody('戊一', '2022-01-01', '2022-12-31'),
    await somebody('戊二', '2022-06-01', '2022-12-31'),
  ] as const;
  const before = await dump(database.owner, people);
  await expect(doing((tx) => mergeInto(tx, people[0], people[1], acting))).rejects.toThrow(
    'the same programme at the same time',
  );
  expect(await dump(database.owner, people)).toBe(before);
});

test('who was merged is no longer merged, and the latest act is undone first', async () => {
  const [a, b, c] = [
    await somebody('己一', '2010-01-01', '2010-12-31'),
    await somebody('己二', '2011-01-01', '2011-12-31'),
    await somebody('己三', '2012-01-01', '2012-12-31'),
  ];
  const first = await doing((tx) => mergeInto(tx, b, a, acting));
  await expect(doing((tx) => mergeInto(tx, c, a, acting))).rejects.toThrow('was merged into another person');
  const second = await doing((tx) => mergeInto(tx, c, b, acting));
  const ids = await database.owner.query<{ ids: string[] }>('select person_ids($1) as ids', [a]);
  expect(ids.rows[0]?.ids.sort()).toEqual([a, b, c].sort());
  await expect(doing((tx) => undoAct(tx, 'MERGE', first.id, acting))).rejects.toThrow('undo the latest');
  await doing((tx) => undoAct(tx, 'MERGE', second.id, acting));
  await doing((tx) => undoAct(tx, 'MERGE', first.id, acting));
  await expect(doing((tx) => undoAct(tx, 'MERGE', first.id, acting))).rejects.toThrow('undone before');
});

test('a split gives the named number and the rows of the named source to somebody new, and undoing takes them back', async () => {
  const person = await somebody('庚一', '2015-01-01', '2015-12-31');
  const born = '1990-09-09';
  const second = await identify(database.owner, person, numberOf(born, 64));
  const before = await dump(database.owner, [person]);
  const part = { identifierIds: [second], rows: [{ sourceSystem: 'station' }], name: '庚双' };
  const act = await doing((tx) => splitFrom(tx, person, part, acting));
  const { rows } = await database.owner.query(
    `select p.name, p.sex, p.birth_date, (select count(*)::int from later_visit v where v.person_id = p.id) as visits,
       (select count(*)::int from membership m where m.person_id = p.id) as memberships from person p where id = $1`,
    [act.otherId],
  );
  expect(rows).toEqual([{ name: '庚双', sex: '2', birth_date: born, visits: 1, memberships: 0 }]);
  await doing((tx) => undoAct(tx, 'SPLIT', act.id, acting));
  expect(await dump(database.owner, [person])).toBe(before);
});

test('whatever is merged and split in whichever order, undoing it in reverse restores every row after every step', async () => {
  for (const seed of [1]) {
    const random = new Random(seed, 'moves');
    const people: string[] = [];
    for (let i = 0; i < 5; i++)
      people.push(await somebody('辛某', `20${String(20 + (i % 4))}-01-01`, `20${String(20 + (i % 4))}-12-31`));
    const done: { act: PersonAct; before: string }[] = [];
    let refused = 0;
    for (let step = 0; step < 12; step++) {
      const before = await dump(database.owner, people);
      const everybody = [...people, ...done.filter(({ act }) => act.kind === 'SPLIT').map(({ act }) => act.otherId)];
      try {
        const act = await doing(async (tx) => {
          if (random.chance(0.6)) return mergeInto(tx, random.pick(everybody), random.pick(everybody), acting);
          const from = random.pick(everybody);
          const { rows } = await tx.query<{ id: string }>(
            'select id from person_identifier where person_id = $1 order by id',
            [from],
          );
          const identifierIds = rows.filter(() => random.chance(0.4)).map(({ id }) => id);
          const rowsOf = [{ sourceSystem: random.pick(['health', 'station', 'civil-affairs']) }];
          return splitFrom(tx, from, { identifierIds, rows: rowsOf }, acting);
        });
        done.push({ act, before });
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        refused += 1;
        expect(await dump(database.owner, people)).toBe(before);
      }
    }
    expect(done.length).toBeGreaterThan(2);
    expect(refused).toBeLessThan(12);
    for (const { act, before } of done.reverse()) {
      await doing((tx) => undoAct(tx, act.kind, act.id, acting));
      expect(await dump(database.owner, people)).toBe(before);
    }
  }
});

test('the hub’s own role moves nobody by itself', async () => {
  await expect(database.server.query('update membership set person_id = person_id')).rejects.toThrow(
    'permission denied',
  );
});
