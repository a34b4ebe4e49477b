import { stringify } from 'csv-stringify/sync';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../../src/platform/database.ts';
import { checkRequest, householdsRequest } from './demo-requests.ts';
import { dateOf, dayOf, monthOf, monthStart } from './calendar.ts';
import { makeResidentId, UNASSIGNED_COUNTIES } from './resident-id.ts';

/** A student who applied for aid, as the education department knows them. */
interface Applicant {
  readonly personId: string;
  readonly householdId: string | null;
  readonly name: string;
  readonly number: string;
  readonly caseNo: string;
  readonly stage: string;
}

/** The files of the walk through the demo, and whom they are about. */
export interface DemoFiles {
  /** Ten numbers for a status check: recipients, others, nobody, a malformed one. */
  readonly ten: string;
  /** The status check of the ten as the body of a request. */
  readonly checkTen: string;
  /** Three grants of education, with the headers that departments use. */
  readonly grants: string;
  /** The households on which civil affairs sees the three grants. */
  readonly households: string;
  /** Their aid, as the body of a request. */
  readonly threeHouseholds: string;
  /** The persons who got the grants. */
  readonly granted: readonly { personId: string; householdId: string; name: string; caseNo: string }[];
}

/** Fewer persons than this may lack one of the kinds that the files show. */
const ENOUGH = 1_000;

/**
 * Writes the files of the walk into a folder: real rows of the database, the same for the same data. Dates are relative to
 * the day of the data (when civil affairs last delivered), so that a grant is never decided in the future.
 */
export async function writeDemoFiles({ pool, dir }: { pool: Pool; dir: string }): Promise<DemoFiles> {
  const today = await dayOfData(pool);
  const recipients = await findApplicants(pool, dateOf(today), 'now');
  const former = await findApplicants(pool, dateOf(today), 'once');
  const never = await findApplicants(pool, dateOf(today), 'never');
  const taken = new Set<string>();
  const take = (from: readonly Applicant[], wanted: (applicant: Applicant) => boolean = () => true): Applicant => {
    // One of each household: the grants are to be seen on three households.
    const found = from.find(
      (one) => wanted(one) && !taken.has(one.personId) && !taken.has(one.householdId ?? one.personId),
    );
    if (found === undefined) throw new Error(`Too few persons for the demo files: load at least ${ENOUGH}.`);
    taken.add(found.personId).add(found.householdId ?? found.personId);
    return found;
  };
  const pupil = take(recipients, ({ stage }) => stage === 'PRIMARY' || stage === 'JUNIOR');
  const senior = take(recipients, ({ stage }) => stage === 'SENIOR' || stage === 'VOCATIONAL');
  const student = take(recipients, ({ stage }) => stage === 'UNDERGRADUATE');
  const granted = [pupil, senior, student];

  const ten = tenRows({
    recipients: [...granted, take(recipients), take(recipients)],
    others: [take(former), take(never), take(never)],
    today,
  });
  const files = {
    ten: join(dir, 'education-ten.csv'),
    checkTen: join(dir, 'check-ten.json'),
    grants: join(dir, 'education-grants.csv'),
    households: join(dir, 'education-households.csv'),
    threeHouseholds: join(dir, 'three-households.json'),
  };
  await mkdir(dir, { recursive: true });
  await writeFile(files.ten, table(['姓名', '身份证号', '个案编号'], ten));
  await writeFile(files.checkTen, checkRequest(ten));
  await writeFile(files.grants, table(GRANT_HEADERS, grantRows(pupil, senior, student, today)));
  const households = granted.map(({ name, personId, householdId, caseNo }) => ({
    name,
    personId,
    householdId: householdId ?? '',
    caseNo,
  }));
  await writeFile(
    files.households,
    table(
      ['姓名', 'personId', 'householdId', '个案编号'],
      households.map(({ name, personId, householdId, caseNo }) => [name, personId, householdId, caseNo]),
    ),
  );
  await writeFile(files.threeHouseholds, householdsRequest(households.map(({ householdId }) => householdId)));
  return { ...files, granted: households };
}

const GRANT_HEADERS = [
  '业务编号',
  '版本号',
  '冲销原业务编号',
  '姓名',
  '身份证号',
  '救助项目',
  '救助方式',
  '金额(元)',
  '所属期起',
  '所属期止',
  '审批日期',
  '发放日期',
  '资金来源',
];

function grantRows(pupil: Applicant, senior: Applicant, student: Applicant, today: number): string[][] {
  const months = [monthOf(monthStart(today, -2)), monthOf(monthStart(today, 2))];
  const dates = [dateOf(today - 10), dateOf(today - 3)];
  const row = (n: number, whom: Applicant, what: string[], fund: string): string[] => {
    const key = `JYZZ-${dateOf(today).slice(0, 4)}-${String(n).padStart(4, '0')}`;
    return [key, '1', '', whom.name, whom.number, ...what, ...months, ...dates, fund];
  };
  return [
    row(1, pupil, ['两免一补', '现金', '625.00'], '城乡义务教育补助经费'),
    row(2, senior, ['教育救助', '现金', '1,150.00'], '中央财政学生资助补助经费'),
    row(3, student, ['助学贷款', '贷款', '12000.00'], '国家开发银行'),
  ];
}

/** Ten rows as an office would type them: also with full-width digits, spaces, another name, a digit lost. */
function tenRows(whom: { recipients: Applicant[]; others: Applicant[]; today: number }): string[][] {
  const { recipients, others, today } = whom;
  const [a, b, c, wide, misnamed] = recipients;
  if (a === undefined || b === undefined || c === undefined || wide === undefined || misnamed === undefined) return [];
  const plain = ({ name, number, caseNo }: Applicant): string[] => [name, number, caseNo];
  const year = dateOf(today).slice(0, 4);
  // Sequences from 996 on are never given to anybody of the population.
  const nobody = makeResidentId(UNASSIGNED_COUNTIES[0], `${Number(year) - 14}-05-17`, 997);
  return [
    plain(a),
    plain(b),
    plain(c),
    [wide.name, fullWidth(wide.number), wide.caseNo],
    [`${misnamed.name.slice(0, 1)}某某`, misnamed.number, misnamed.caseNo],
    ...others.map(plain),
    ['陈新报', nobody, `ED-${year}-900001`],
    ['张错号', a.number.slice(0, 10) + a.number.slice(11), `ED-${year}-900002`],
  ];
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}

function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify([headers, ...rows]);
}

async function dayOfData(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ day: string }>(
    `select (as_of at time zone 'Asia/Shanghai')::date as day from feed
     where department = 'CIVIL_AFFAIRS' and record = 'ENROLMENT'`,
  );
  const [feed] = rows;
  if (feed === undefined) throw new Error('The database holds no synthetic data: run hub seed first.');
  return dayOf(feed.day);
}

/**
 * Students with an open case of education who are recipients now, once were, or never: alive, with a plain name and an
 * 18-digit number, so that a reader can follow.
 */
async function findApplicants(pool: Pool, today: string, when: 'now' | 'once' | 'never'): Promise<Applicant[]> {
  const { rows } = await pool.query<Applicant>(
    `select p.id as "personId", c.household_id as "householdId", p.name, i.value as number, c.case_no as "caseNo",
       (select s.stage from student_record s where s.person_id = p.id order by s.term desc, s.id limit 1) as stage
     from caseload c
     join person p on p.id = c.person_id
     join person_identifier i on i.person_id = p.id and i.type = 'RESIDENT_ID' and i.superseded_by_id is null
     where c.department = 'EDUCATION' and c.closed_on is null and c.opened_on <= $1
       and p.died_on is null and p.name ~ '^[一-龥]{2,3}$' and i.value ~ '^[0-9]{18}$'
       and case $2
         when 'now' then exists (select from recipient r where r.person_id = p.id
           and r.programme in ('DIBAO', 'TEKUN') and daterange(r.valid_from, r.valid_to, '[]') @> $1::date)
         when 'once' then exists (select from recipient r where r.person_id = p.id)
           and not exists (select from recipient r where r.person_id = p.id and coalesce(r.valid_to, $1) >= $1)
         else not exists (select from recipient r where r.person_id = p.id) end
     order by c.case_no limit 300`,
    [today, when],
  );
  return rows;
}
