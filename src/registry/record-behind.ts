/** Which kind of record the rows of a type come from, in the word of its feeds. */
import type { Noun } from '../graph/index.ts';

/** Tables of the shared spine: several of them are delivered together. */
const TOGETHER: Readonly<Record<string, string>> = {
  household: 'ENROLMENT',
  membership: 'ENROLMENT',
  recipient: 'ENROLMENT',
  enrolment_event: 'ENROLMENT',
};

/** What the hub itself notes about delivered records; nobody delivers it. */
const OWN: ReadonlySet<string> = new Set(['match_review', 'registry_conflict']);

/** Answers without a table of their own, by what they are made from. */
const ANSWERS: Readonly<Record<string, string>> = {
  StatusCheck: 'ENROLMENT',
  DepartmentAid: 'AID_GRANT',
};

/**
 * The kind of record behind a type; undefined where nobody delivers it (divisions, the ledger, agreements). A department's own
 * table bears the name of its kind, with `_record` or `_report` or without: `student_record` is STUDENT.
 */
export function recordBehind(noun: Pick<Noun, 'name' | 'table' | 'groups'>): string | undefined {
  const table = noun.groups?.of.table ?? noun.table;
  if (table === undefined) return ANSWERS[noun.name];
  if (OWN.has(table.name) || !table.columns.has('sourceSystem') || !table.columns.has('sourceKey')) return undefined;
  return TOGETHER[table.name] ?? table.name.replace(/_(record|report)$/, '').toUpperCase();
}
