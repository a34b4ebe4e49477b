/** A correction under way, as a row: for tests of its clock, which need it opened on a day of theirs. */
import { newId } from '../../src/platform/id.ts';

/** The values of a grade that civil affairs disputes and education has not answered yet. */
export const openRow = (number: string, personId: string, day: string): Readonly<Record<string, unknown>> => ({
  number,
  department: 'CIVIL_AFFAIRS',
  owner: 'EDUCATION',
  parties: ['CIVIL_AFFAIRS', 'EDUCATION'],
  client_key: number,
  digest: Buffer.alloc(32),
  person_id: personId,
  record_id: newId(),
  coordinate: 'StudentRecord.grade',
  field_group: 'education-record',
  record: 'STUDENT',
  claimed: '四年级',
  evidence: '学籍卡',
  case_no: 'CA-1',
  opened_by: 'civil-affairs.test',
  opened_at: `${day}T01:00:00Z`,
  opened_on: day,
  term_days: 10,
  state: 'OPEN',
});
