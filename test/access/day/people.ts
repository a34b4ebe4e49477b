/** Whom the callers of a day can ask about: read from the database that the hubs work on. */
import type { Pool } from '../../../src/platform/database.ts';

/** Somebody with a number. */
export interface Somebody {
  readonly id: string;
  readonly householdId: string;
  readonly number: string;
  readonly name: string;
}

/** The people of a day, and the cases that housing has open. */
export interface People {
  readonly all: readonly Somebody[];
  readonly byNumber: ReadonlyMap<string, string>;
  readonly housingCases: readonly string[];
}

/** Reads them as the owner of the tables. */
export async function readPeople(owner: Pool): Promise<People> {
  const { rows } = await owner.query<Somebody>(
    `select p.id, m.household_id as "householdId", i.value as number, p.name
     from person p
     join lateral (select value from person_identifier i
       where i.person_id = p.id and i.type = 'RESIDENT_ID' and i.match_key is not null and i.superseded_by_id is null
       order by i.id limit 1) i on length(i.value) = 18
     join lateral (select household_id from membership m where m.person_id = p.id order by m.id limit 1) m on true
     order by p.id`,
  );
  const { rows: cases } = await owner.query<{ caseNo: string }>(
    `select distinct case_no as "caseNo" from caseload where department = 'HOUSING' and closed_on is null order by 1`,
  );
  return {
    all: rows,
    byNumber: new Map(rows.map(({ number, id }) => [number, id])),
    housingCases: cases.map(({ caseNo }) => caseNo),
  };
}
