/** The common case: a decision, or a number that is known and a name that agrees. One statement for all rows of a step. */
import type { PoolClient } from '../platform/database.ts';
import type { MatchStep } from './step.ts';
import { subjectKey } from './subject-key.ts';

/** A row whose number and name are known, and whose sex or birth date is another than the registry's. */
export interface Differing {
  readonly rowNo: number;
  readonly personId: string;
}

// Each lateral with its limit is an index lookup for a row, whatever the planner thinks of the size of a temporary table:
// a join would be free to read all persons once per step. The name is compared outside, or the planner might look for all
// bearers of a name before it asks which of them has the number.
const bearer = (row: string, when: string): string => `
    select i.person_id, p.name_key,
      coalesce((${row}.sex in ('1', '2') and p.sex in ('1', '2') and ${row}.sex <> p.sex) or ${row}.birth_date <> p.birth_date, false) as differs
    from (
      select i.person_id from person_identifier i
      where ${when} and i.match_key = ${row}.id_key and i.type = coalesce(${row}.id_type, 'RESIDENT_ID')
        and ${row}.id_type is distinct from 'TEMPORARY' and i.superseded_by_id is null
      limit 1
    ) i
    cross join lateral (
      select p.name_key, p.sex, p.birth_date from person p where p.id = i.person_id limit 1
    ) p`;

/** SQL of the person whose number and name the row has and of whom it says nothing else than the registry: nobody need look again. */
const agreeing = (row: string, when: string): string =>
  `select b.person_id from (${bearer(row, when)}) b where b.name_key = ${row}.name_key and not b.differs`;

/** What can be asked while rows are written; undefined for a source of which something was decided by hand, which comes first. */
export async function beforehand(tx: PoolClient, sourceSystem: string): Promise<typeof agreeing | undefined> {
  return (await isDecided(tx, sourceSystem)) ? undefined : agreeing;
}

const BY_NUMBER = `
  with found as (
    select r.row_no, b.person_id, b.differs
    from intake_row r
    cross join lateral (${bearer('r', 'r.match is null and r.verdict is null')}) b
    where b.name_key = r.name_key and r.match is null and r.verdict is null
  ), written as (
    update intake_row r set person_id = found.person_id, match = 'CERTAIN'
    from found where found.row_no = r.row_no
  )
  select row_no as "rowNo", person_id as "personId" from found where differs order by row_no`;

/** Rows whose number is known and whose name agrees are CERTAIN. @returns those that contradict the registry otherwise */
export async function matchByNumber(tx: PoolClient): Promise<readonly Differing[]> {
  const { rows } = await tx.query<Differing>(BY_NUMBER);
  return rows;
}

const BY_TEMPORARY_KEY = `
  update intake_row r set person_id = found.person_id, match = 'CERTAIN'
  from (
    select t.row_no, i.person_id
    from intake_row t
    cross join lateral (
      select i.person_id from person_identifier i
      where i.match_key = $1 || ':' || coalesce(t.id_value, t.source_key) and i.type = 'TEMPORARY' and i.superseded_by_id is null
      limit 1
    ) i
    where t.match is null and t.verdict is null and t.id_type = 'TEMPORARY'
  ) found
  where found.row_no = r.row_no`;

/** Rows under a temporary key that this source gave before are CERTAIN: nobody else has a key of the same source. */
export async function matchByTemporaryKey(tx: PoolClient, { sourceSystem }: MatchStep): Promise<void> {
  await tx.query(BY_TEMPORARY_KEY, [sourceSystem]);
}

const DECIDED = `
  update intake_row r
  set person_id = found.person_id, match = case when found.person_id is null then 'NONE' else 'CERTAIN' end
  from (
    select t.row_no, d.person_id
    from intake_row t
    cross join lateral (
      select d.person_id from match_decision d
      where d.source_system = $1 and d.subject_key = ${subjectKey('t')} and d.superseded_at is null
      limit 1
    ) d
    where t.match is null and t.verdict is null
  ) found
  where found.row_no = r.row_no`;

/** What somebody decided stands before every rule. */
export async function matchByDecision(tx: PoolClient, { sourceSystem }: MatchStep): Promise<void> {
  if (!(await isDecided(tx, sourceSystem))) return;
  await tx.query(DECIDED, [sourceSystem]);
}

async function isDecided(tx: PoolClient, sourceSystem: string): Promise<boolean> {
  const { rowCount } = await tx.query('select from match_decision where source_system = $1 limit 1', [sourceSystem]);
  return rowCount !== 0;
}
