/** The rules of labour once more, by loops: refusals in a row (R649 art. 45) and households of whom nobody works (REF 11). */
import type { Row, World } from './nouns.ts';

const of = ({ tables }: World, table: string, column: string, id: unknown): readonly Row[] =>
  (tables[table] ?? []).filter((row) => row[column] === id);

const validOn = (row: Row, day: string): boolean =>
  String(row['valid_from']) <= day && (row['valid_to'] === null || String(row['valid_to']) >= day);

/** The value of a rule where a person lives: of the finest division that has one on the day. */
function ruleOf(rule: string, day: string, person: Row, { tables }: World): number {
  const places = ['000000000000', person['province_code'], person['prefecture_code'], person['county_code']];
  const [found] = places
    .reverse()
    .flatMap((code) =>
      (tables['labour_rule'] ?? []).filter(
        (row) => row['rule'] === rule && row['region_code'] === code && validOn(row, day),
      ),
    );
  return Number(found?.['value'] ?? NaN);
}

/** Which unjustified refusal in a row a refusal is: taking up work ends the row. */
export function unjustifiedInARow(row: Row, at: World): number | null {
  if (row['justified'] === true || row['ended_on'] !== null) return null;
  const day = String(row['refused_on']);
  const taken = [
    ...of(at, 'employment_record', 'person_id', row['person_id'])
      .filter(({ status }) => status === 'EMPLOYED')
      .map((record) => String(record['registered_on'])),
    ...of(at, 'public_post', 'person_id', row['person_id']).map((post) => String(post['valid_from'])),
  ]
    .filter((one) => one < day)
    .sort()
    .at(-1);
  return of(at, 'work_refusal', 'person_id', row['person_id']).filter(
    (one) =>
      one['justified'] === false &&
      one['ended_on'] === null &&
      (taken === undefined || String(one['refused_on']) > taken) &&
      [String(one['refused_on']), String(one['id'])].join() <= [day, String(row['id'])].join(),
  ).length;
}

/** Whether with this refusal the number is reached. */
export function ownShareAtRisk(row: Row, at: World): boolean {
  const [person] = of(at, 'person', 'id', row['person_id']);
  if (person === undefined) return false;
  return unjustifiedInARow(row, at) === ruleOf('REFUSALS_IN_A_ROW', String(row['refused_on']), person, at);
}

/** Memberships of today of those who could work. */
export const workersOf = (household: Row, at: World): readonly Row[] =>
  of(at, 'membership', 'household_id', household['id']).filter((row) => {
    const [person] = of(at, 'person', 'id', row['person_id']);
    return person !== undefined && validOn(row, at.today) && couldWork(person, at);
  });

function couldWork(person: Row, at: World): boolean {
  const { died_on: died, labour_ability: ability, birth_date: born } = person;
  if (died !== null || born === null || !['ABLE', 'PARTIAL', null].includes(ability as string | null)) return false;
  const [year = 0, month = 0, day = 0] = String(born).split('-').map(Number);
  const [thisYear = 0, thisMonth = 0, today = 0] = at.today.split('-').map(Number);
  const months = (thisYear - year) * 12 + thisMonth - month - (today < day ? 1 : 0);
  const last = person['sex'] === '2' ? 'WORKING_AGE_TO_WOMEN' : 'WORKING_AGE_TO_MEN';
  return months >= ruleOf('WORKING_AGE_FROM', at.today, person, at) && months < ruleOf(last, at.today, person, at);
}

/** Whether a member works, and since when. */
export function workerState(membership: Row, at: World): { readonly state: string; readonly since: unknown } {
  const id = membership['person_id'];
  const [post] = of(at, 'public_post', 'person_id', id)
    .filter((row) => row['ended_on'] === null && validOn(row, at.today))
    .map((row) => String(row['valid_from']))
    .sort()
    .reverse();
  const [registered] = of(at, 'employment_record', 'person_id', id)
    .filter((row) => row['ended_on'] === null)
    .sort((a, b) => (key(a) < key(b) ? 1 : -1));
  const since = post ?? registered?.['registered_on'] ?? null;
  if (post !== undefined || registered?.['status'] === 'EMPLOYED') return { state: 'WORKING', since };
  if (registered?.['status'] === 'NOT_IN_LABOUR_FORCE') return { state: 'NOT_SEEKING', since };
  const [person] = of(at, 'person', 'id', id);
  const known = registered !== undefined && person?.['labour_ability'] !== null;
  return { state: known ? 'JOBLESS' : 'UNKNOWN', since };
}

const key = (row: Row): string => [String(row['registered_on']), String(row['id'])].join();

/** What a household is in sum. */
export function householdWork(household: Row, at: World): string {
  const states = workersOf(household, at).map((row) => workerState(row, at).state);
  if (states.length === 0) return 'NOBODY_AVAILABLE';
  const feeds = (at.tables['feed'] ?? []).filter(({ record }) => record === 'EMPLOYMENT');
  const isOverdue = (row: Row): boolean =>
    (row['as_of'] as Date).getTime() + Number(row['rhythm_hours']) * 3_600_000 < at.now.getTime();
  if (feeds.length === 0 || feeds.some(isOverdue)) return 'UNKNOWN';
  if (states.includes('WORKING')) return 'HAS_WORKER';
  if (states.includes('UNKNOWN')) return 'UNKNOWN';
  return states.includes('JOBLESS') ? 'ZERO_EMPLOYMENT' : 'NOBODY_AVAILABLE';
}
