import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HOUSEHOLD_SIZES, PERSONS_BY_PROGRAMME } from '../../seeds/synthetic/figures.ts';
import { grantDigest } from '../../src/aid/grant-digest.ts';
import { nameKey, normaliseResidentId } from '../../src/registry/identity/index.ts';
import { testDatabase, type TestDatabase } from '../harness/database.ts';
import { figures, load, shares, TODAY } from './population.ts';

const PERSONS = 20_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await load(database.owner, PERSONS);
});
afterAll(() => database.drop());

const one = (sql: string) => figures(database.owner, sql);
const none = async (sql: string): Promise<void> => {
  const { rows } = await database.owner.query(`${sql} limit 3`);
  expect(rows).toEqual([]);
};

describe('the distributions', () => {
  test.each(['RURAL', 'URBAN'] as const)('households of Dibao have the sizes of the figures (%s)', async (kind) => {
    const found = await shares(
      database.owner,
      `select n as word, count(*) * 100.0 / sum(count(*)) over () as share
       from (select count(distinct person_id) as n from recipient
             where programme = 'DIBAO' and urban_rural = '${kind}' group by enrolment_id) size
       group by n`,
    );
    for (const [size, share] of Object.entries(HOUSEHOLD_SIZES[kind])) {
      expect(Math.abs((found[size] ?? 0) - share)).toBeLessThan(kind === 'RURAL' ? 4 : 6);
    }
  });

  test('two persons in five live in households that are or were enrolled', async () => {
    const { share = 0 } = await one(`select count(distinct person_id)::float8 / ${PERSONS} as share from recipient`);
    expect(share).toBeCloseTo(0.4, 2);
  });

  test('the programmes have the shares of the 66 million', async () => {
    const found = await shares(
      database.owner,
      // Temporary aid beside Dibao comes on top and is no programme of its own.
      `select programme as word, count(distinct person_id) as share from recipient r
       where programme <> 'TEMPORARY_AID' or not exists
         (select from recipient d where d.person_id = r.person_id and d.programme = 'DIBAO') group by 1`,
    );
    const persons = Object.values(found).reduce((sum, count) => sum + count, 0);
    const parts = Object.values(PERSONS_BY_PROGRAMME).reduce((sum, part) => sum + part, 0);
    for (const [programme, part] of Object.entries(PERSONS_BY_PROGRAMME)) {
      expect(Math.abs((found[programme] ?? 0) / persons - part / parts)).toBeLessThan(0.025);
    }
  });

  test('rural Dibao has the causes, ages, women, disabled and able of the county tables', async () => {
    const causes = await shares(
      database.owner,
      `select causes[1] as word, count(*) * 100.0 / sum(count(*)) over () as share from enrolment
       where programme = 'DIBAO' and urban_rural = 'RURAL' group by 1`,
    );
    expect(Math.abs((causes['ILLNESS'] ?? 0) - 28.5)).toBeLessThan(4);
    expect(Math.abs((causes['DISABILITY'] ?? 0) - 30.4)).toBeLessThan(4);
    expect(Math.abs((causes['NO_LABOUR'] ?? 0) - 28.4)).toBeLessThan(4);
    const mix = await one(
      `select avg((sex = '2')::int) * 100 as women, avg((disability_type is not null)::int) * 100 as disabled,
         avg((age(date '${TODAY}', birth_date) >= interval '60 years')::int) * 100 as aged,
         avg((age(date '${TODAY}', birth_date) < interval '18 years')::int) * 100 as minors,
         avg((labour_ability = 'ABLE')::int) * 100 as able, avg((labour_ability = 'TOTAL_LOSS')::int) * 100 as lost
       from person where id in
         (select person_id from recipient where programme = 'DIBAO' and urban_rural = 'RURAL')`,
    );
    const expected = { women: 43, disabled: 20, aged: 25, minors: 19, able: 11, lost: 29 };
    for (const [name, share] of Object.entries(expected)) expect(Math.abs((mix[name] ?? 0) - share)).toBeLessThan(3.5);
  });

  test('one household in five has a large bill', async () => {
    const { share = 0 } = await one(
      `select count(distinct household_id)::float8 / (select count(distinct household_id) from recipient) as share
       from recipient join medical_settlement using (person_id) where serious_illness`,
    );
    expect(Math.abs(share - 0.2)).toBeLessThan(0.025);
  });

  test('there are about three grants for each household of recipients, some of them corrected, reversed or waiting', async () => {
    const { each = 0 } = await one(
      `select count(*)::float8 / (select count(distinct household_id) from recipient) as each from aid_grant
       where household_id in (select household_id from recipient)`,
    );
    expect(Math.abs(each - 3)).toBeLessThan(0.3);
    const states = await shares(database.owner, 'select state as word, count(*) as share from aid_grant group by 1');
    expect(Object.keys(states).sort()).toEqual(['CURRENT', 'PENDING', 'REVERSAL', 'REVERSED', 'SUPERSEDED']);
    expect(states['REVERSED']).toBe(states['REVERSAL']);
  });

  test('some enrolments ended, some are suspended, most are open', async () => {
    const found = await shares(database.owner, 'select status as word, count(*) as share from enrolment group by 1');
    expect(found['ACTIVE']).toBeGreaterThan(10 * (found['SUSPENDED'] ?? 0));
    expect(found['STOPPED']).toBeGreaterThan(100);
    expect(found['SUSPENDED']).toBeGreaterThan(10);
    await none(`select id from enrolment where status = 'SUSPENDED' and exists (select from recipient r
      where r.enrolment_id = enrolment.id and daterange(r.valid_from, r.valid_to, '[]') @> date '${TODAY}')`);
  });
});

describe('the dirt', () => {
  const persons = `(select count(*) from person)`;
  const recipients = `(select count(distinct person_id) from recipient)`;
  test.each([
    [
      'no ID number',
      0.003,
      `select count(*)::float8 / ${persons} as share from person p where not exists
      (select from person_identifier i where i.person_id = p.id and i.type <> 'TEMPORARY')`,
    ],
    [
      '15 digits',
      0.002,
      `select count(*)::float8 / ${persons} as share from person_identifier where length(value) = 15`,
    ],
    [
      'a lower-case x, of numbers with X',
      0.1,
      `select avg((value like '%x')::int) as share from person_identifier
      where match_key like '%X' and superseded_by_id is null`,
    ],
    ['a dot in the name', 0.01, `select count(*)::float8 / ${persons} as share from person where name_key like '%·%'`],
    [
      'a character beyond the BMP',
      0.001,
      `select count(*)::float8 / ${persons} as share from person
      where octet_length(name) > 3 * length(name)`,
    ],
    [
      'a stale region code',
      0.01,
      `select count(*)::float8 / ${persons} as share from person
      join region on code = region_code where valid_to is not null`,
    ],
    [
      'a second household',
      0.005,
      `select count(*)::float8 / ${recipients} as share from membership
      where role = 'COUNTED_NOT_BENEFICIARY'`,
    ],
    [
      'dead and still enrolled',
      0.003,
      `select count(*)::float8 / ${recipients} as share from person p
      where died_on is not null and exists (select from recipient r where r.person_id = p.id
        and coalesce(r.valid_to, 'infinity') > p.died_on)`,
    ],
  ])('%s: %d', async (_what, expected, sql) => {
    const { share = 0 } = await one(sql);
    expect(Math.abs(share - expected)).toBeLessThan(Math.max(expected * 0.1, 0.0002));
  });

  test('several signs serve as the dot, one key has them all', async () => {
    const dots = await shares(
      database.owner,
      `select translate(name, translate(name, '·•・．.', ''), '') as word, count(*) as share from person
       where name_key like '%·%' group by 1`,
    );
    expect(Object.keys(dots).length).toBeGreaterThanOrEqual(3);
  });

  test('whoever is in two households benefits in one', async () => {
    await none(`select m.id from membership m where role = 'COUNTED_NOT_BENEFICIARY' and not exists
      (select from membership o where o.person_id = m.person_id and o.household_id <> m.household_id)`);
    await none(`select m.id from membership m join recipient r using (household_id, person_id)
      where role = 'COUNTED_NOT_BENEFICIARY'`);
  });

  test('civil affairs delivered in time, medical security did not', async () => {
    const late = await shares(
      database.owner,
      `select department || '/' || record as word,
         (as_of + make_interval(hours => rhythm_hours) < timestamptz '${TODAY} 12:00+08')::int as share from feed`,
    );
    expect(late).toMatchObject({
      'CIVIL_AFFAIRS/ENROLMENT': 0,
      'MEDICAL_SECURITY/MEDICAL_SETTLEMENT': 1,
      'EDUCATION/STUDENT': 0,
    });
  });
});

describe('the identity', () => {
  test('every number is valid, has the key of its person, and belongs to a county that is not assigned', async () => {
    const { rows } = await database.owner.query<{ value: string; key: string }>(
      `select value, match_key as key from person_identifier where type <> 'TEMPORARY'`,
    );
    expect(rows.length).toBeGreaterThan(PERSONS * 0.99);
    for (const { value, key } of rows) expect(normaliseResidentId(value)).toEqual({ ok: true, key });
    await none(`select type from person_identifier where type <> 'TEMPORARY'
      and left(match_key, 6) not in ('620199', '360199', '810099', '820099', '830099', '962199')`);
    await none(`select code from region where left(code, 6) in ('620199', '360199')`);
  });

  test('birth date and sex are those of the number', async () => {
    await none(`select i.type from person p join person_identifier i on i.person_id = p.id and i.type <> 'TEMPORARY'
      where to_char(birth_date, 'YYYYMMDD') <> substr(match_key, 7, 8)
        or (substr(match_key, 17, 1)::int % 2 = 1) <> (sex = '1')`);
  });

  test('every name has the key that the rule gives it', async () => {
    const { rows } = await database.owner.query<{ name: string; key: string }>(
      'select name, name_key as key from person',
    );
    expect(rows.filter(({ name, key }) => nameKey(name) !== key)).toEqual([]);
  });

  test('a number that was corrected points to the one that holds', async () => {
    const { n = 0 } = await one(
      `select count(*) as n from person_identifier o join person_identifier i on i.id = o.superseded_by_id
       where i.person_id = o.person_id and i.superseded_by_id is null`,
    );
    expect(n).toBeGreaterThan(0);
  });
});

describe('the records hang together', () => {
  test('nobody benefits twice from one programme on one day', async () => {
    await none(`select a.id from recipient a join recipient b using (person_id, programme)
      where a.id < b.id and daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')`);
  });

  test('nothing happens to anybody before their birth', async () => {
    await none(`select r.id from recipient r join person p on p.id = r.person_id where r.valid_from < p.birth_date`);
    await none(`select m.id from membership m join person p on p.id = m.person_id
      where m.valid_from < p.birth_date and m.role <> 'COUNTED_NOT_BENEFICIARY'`);
    await none(`select g.id from aid_grant g join person p on p.id = g.person_id where g.decided_on < p.birth_date`);
    await none(`select s.id from medical_settlement s join person p on p.id = s.person_id
      where s.admitted_on < p.birth_date`);
  });

  test('nothing is decided, paid or settled after today', async () => {
    await none(`select id from aid_grant where greatest(decided_on, paid_on) > '${TODAY}'`);
    await none(`select id from medical_settlement where greatest(admitted_on, discharged_on) > '${TODAY}'`);
    await none(`select id from person where greatest(birth_date, died_on) > '${TODAY}'`);
    await none(`select id from enrolment_event where effective_on > '${TODAY}'`);
  });

  test('the member count is the number of members, and the head is one of them', async () => {
    await none(`select h.id from household h where member_count <>
      (select count(*) from membership m where m.household_id = h.id)`);
    await none(`select h.id from household h where not exists (select from membership m
      where m.household_id = h.id and m.person_id = h.head_person_id and m.role = 'APPLICANT' and m.relation = '02')`);
  });

  test('an enrolment begins with NEW and ends with STOP exactly when it is stopped', async () => {
    await none(`select e.id from enrolment e where not exists (select from enrolment_event v
      where v.enrolment_id = e.id and v.kind = 'NEW' and v.effective_on = e.valid_from)`);
    await none(`select e.id from enrolment e where (e.status = 'STOPPED') <> exists
      (select from enrolment_event v where v.enrolment_id = e.id and v.kind = 'STOP' and v.effective_on = e.valid_to)`);
  });

  test('the parts of every bill add up to its total', async () => {
    const { n = 0 } = await one('select count(*) as n from medical_settlement');
    expect(n).toBeGreaterThan(1_000);
    await none(`select id from medical_settlement
      where total_fen <> basic_fen + major_fen + aid_fen + other_fen + self_fen
        or least(basic_fen, major_fen, aid_fen, other_fen, self_fen) < 0`);
  });

  test('every grant has the digest that a report of it would have', async () => {
    const { rows } = await database.owner.query<Record<string, string | null> & { digest: Buffer }>(
      `select digest, person_id, programme, mode, amount_fen, kind_description, period_from, period_to, decided_on, paid_on,
         fund_source, reversal_of from aid_grant`,
    );
    for (const row of rows) {
      const digest = grantDigest({
        personId: row['person_id'] ?? '',
        programme: row['programme'] ?? '',
        mode: row['mode'] ?? '',
        amountFen: row['amount_fen'] == null ? null : BigInt(row['amount_fen']),
        kindDescription: row['kind_description'] ?? null,
        periodFrom: row['period_from'] ?? null,
        periodTo: row['period_to'] ?? null,
        decidedOn: row['decided_on'] ?? '',
        paidOn: row['paid_on'] ?? null,
        fundSource: row['fund_source'] ?? null,
        reversalOf: row['reversal_of'] ?? null,
      });
      expect(digest.equals(row.digest)).toBe(true);
    }
  });

  test('chains of grants are closed: versions follow each other, reversals find their original', async () => {
    await none(`select o.id from aid_grant o where o.state = 'SUPERSEDED' and not exists (select from aid_grant n
      where n.department = o.department and n.source_key = o.source_key and n.version = o.superseded_by_version)`);
    await none(`select r.id from aid_grant r where r.state = 'REVERSAL' and not exists (select from aid_grant o
      where o.department = r.department and o.source_key = r.reversal_of and o.state = 'REVERSED'
        and o.reversed_by_key = r.source_key and o.person_id = r.person_id)`);
    await none(`select p.id from aid_grant p where p.state = 'PENDING' and exists (select from aid_grant o
      where o.department = p.department and o.source_key = p.reversal_of)`);
  });

  test('places are divisions of the reference data, each below the next', async () => {
    for (const table of ['person', 'household', 'enrolment', 'recipient', 'aid_grant']) {
      await none(`select t.id from ${table} t left join region r on r.code = t.region_code where r.code is null`);
      await none(`select t.id from ${table} t where left(t.prefecture_code, 4) <> left(t.county_code, 4)
        or left(t.province_code, 2) <> left(t.county_code, 2)
        or left(t.township_code, 6) <> left(t.county_code, 6)`);
    }
  });

  test('each department has its cases: students, patients, the able, whole households', async () => {
    await none(`select c.id from caseload c where department = 'EDUCATION'
      and not exists (select from student_record s where s.person_id = c.person_id)`);
    await none(`select c.id from caseload c where department in ('HEALTH', 'MEDICAL_SECURITY')
      and not exists (select from medical_settlement s where s.person_id = c.person_id)`);
    await none(`select c.id from caseload c join person p on p.id = c.person_id where department = 'LABOUR'
      and labour_ability not in ('ABLE', 'PARTIAL')`);
    await none(`select c.id from caseload c join membership m on m.household_id = c.household_id
      and m.role <> 'COUNTED_NOT_BENEFICIARY' where department = 'HOUSING' and not exists (select from caseload o
        where o.department = 'HOUSING' and o.case_no = c.case_no and o.person_id = m.person_id)`);
    const departments = await shares(
      database.owner,
      'select department as word, count(distinct case_no) as share from caseload group by 1',
    );
    expect(Object.keys(departments).length).toBe(7);
    expect(departments['AUDIT']).toBe(1);
    await none(`select id from caseload where case_no !~ '^(CA|ED|HE|MS|HO|LA|AU)-2026-[0-9]{6}$'`);
  });
});
