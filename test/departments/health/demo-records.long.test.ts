/** What the demo population holds of health, medical security and housing keeps the rules that deliveries must keep. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { figures } from '../../seeds/population.ts';
import { testDatabase } from '../../harness/database.ts';
import type { TestDatabase } from '../../harness/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ seeded: true });
});
afterAll(() => database.drop());

test.each([
  ['insured_record', 5_000],
  ['emergency_case', 10],
  ['death_report', 10],
  ['public_rental', 100],
  ['rent_subsidy', 100],
  ['dilapidated_house', 100],
])('there are enough rows in %s to look at', async (table, least) => {
  expect((await figures(database.owner, `select count(*) as n from ${table}`))['n']).toBeGreaterThanOrEqual(least);
});

test('what is paid of a premium is what the rate of the day says', async () => {
  const { rows } = await database.owner.query(
    `select aided_as as category, premium_aid_mode = rate.mode
       and premium_aid_fen = coalesce(rate.amount_fen, premium_fen) as agrees, count(*)::int > 0 as some
     from insured_record join premium_aid_rate rate on rate.category = aided_as
       and insured_record.valid_from between rate.valid_from and coalesce(rate.valid_to, 'infinity')
     group by 1, 2 order by 1`,
  );
  expect(rows).toEqual(
    ['DIBAO', 'RELAPSE_MONITORED', 'TEKUN'].map((category) => ({ category, agrees: true, some: true })),
  );
});

test('nobody has a flat and the money for one in the same month', async () => {
  const { n } = await figures(
    database.owner,
    `select count(*) as n from public_rental flat join rent_subsidy money on money.person_id = flat.person_id
       or money.household_id = flat.household_id
     where to_char(flat.valid_from, 'YYYY-MM') <= coalesce(money.month_to, '9999-12')
       and money.month_from <= coalesce(to_char(flat.valid_to, 'YYYY-MM'), '9999-12')`,
  );
  expect(n).toBe(0);
});

test('whoever died has a certificate of that day', async () => {
  const { n } = await figures(
    database.owner,
    `select count(*) as n from person full join death_report report on report.person_id = person.id
     where (person.died_on is not null or report.id is not null) and person.died_on is distinct from report.died_on`,
  );
  expect(n).toBe(0);
});
