/** What education delivers. */
import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordField, RecordKind, RecordWriter, RowFault } from '../../intake/index.ts';
import { DeferralKind } from './fee-deferral.ts';
import { SchoolFee } from './fees.ts';
import { toGrade } from './grade.ts';
import { OWNER, SchoolStage } from './student-record.ts';
import { termField } from './term.ts';

const STAGES = {
  幼儿园: 'PRESCHOOL',
  学前: 'PRESCHOOL',
  初级中学: 'JUNIOR',
  高中: 'SENIOR',
  高级中学: 'SENIOR',
  中职: 'VOCATIONAL',
  中专: 'VOCATIONAL',
  职高: 'VOCATIONAL',
  技工学校: 'VOCATIONAL',
  专科: 'UNDERGRADUATE',
  高职: 'UNDERGRADUATE',
  本科: 'UNDERGRADUATE',
  大学: 'UNDERGRADUATE',
  硕士: 'POSTGRADUATE',
  博士: 'POSTGRADUATE',
  硕士研究生: 'POSTGRADUATE',
  博士研究生: 'POSTGRADUATE',
} as const;

/** Highest grade of a stage; junior schools count on from primary in some places (七年级). */
const GRADES: Readonly<Record<string, number>> = {
  PRESCHOOL: 4,
  PRIMARY: 6,
  JUNIOR: 9,
  SENIOR: 12,
  VOCATIONAL: 5,
  UNDERGRADUATE: 6,
  POSTGRADUATE: 6,
};

const gradeField: RecordField = {
  name: 'grade',
  title: '年级 · Grade within the stage',
  required: true,
  column: 'grade',
  sqlType: 'smallint',
  fault: 'BAD_NUMBER',
  read: (text) => toGrade(text.replace(/\s+/gu, '')),
};

/** 学籍: one row for a person at a school in a term. */
export const STUDENT: RecordKind = {
  name: 'STUDENT',
  title: '学籍记录 · Student record',
  department: OWNER,
  subject: 'person',
  fields: [
    field.oneOf('stage', SchoolStage, { title: '学段 · Stage', required: true, column: 'stage', aliases: STAGES }),
    field.text('schoolCode', {
      title: '学校标识码 · Code of the school',
      required: true,
      column: 'school_code',
      most: 40,
    }),
    field.text('schoolName', { title: '学校名称 · Name of the school', required: true, column: 'school_name' }),
    gradeField,
    field.yesNo('boarding', { title: '是否寄宿 · Boards', required: true, column: 'boarding' }),
    termField('term', { title: '学期 · Term', required: true, column: 'term' }),
  ],
  check: ({ content: { stage = '', grade = '' } }) =>
    Number(grade) <= (GRADES[stage] ?? 0) ? [] : [{ field: 'grade', code: 'BAD_COMBINATION' }],
  writer: tableWriter({ table: 'student_record' }),
};

/** The first must not be after the second; what is empty is in order. */
const inOrder = ({ content }: ParsedRow, first: string, second: string): readonly RowFault[] => {
  const [from, to] = [content[first], content[second]];
  return from !== undefined && to !== undefined && from > to ? [{ field: second, code: 'BAD_ORDER' }] : [];
};

const notInFuture = ({ content, today }: ParsedRow, ...fields: readonly string[]): readonly RowFault[] =>
  fields.filter((name) => (content[name] ?? '') > today).map((name) => ({ field: name, code: 'FUTURE_DATE' }));

const vouchers = tableWriter({ table: 'education_voucher' });

/**
 * A voucher that was redeemed stays redeemed where and when it was (S1 一(四)): another school or day is refused. One that
 * was redeemed by mistake is first delivered without redemption; the mistake stays in the history.
 */
const redeemedOnce: RecordWriter = {
  ...vouchers,
  async judge(tx, step) {
    await vouchers.judge(tx, step);
    await tx.query(
      `update intake_row r set verdict = 'REJECTED', code = 'VOUCHER_REDEEMED', field = 'redeemedOn'
         from education_voucher v
        where v.source_system = $1 and v.source_key = r.source_key and r.verdict = 'CHANGED'
          and v.redeemed_on is not null and r.content ? 'redeemedOn'
          and (v.redeemed_on, v.redeemed_school)
            is distinct from ((r.content->>'redeemedOn')::date, r.content->>'redeemedSchool')`,
      [step.delivery.sourceSystem],
    );
  },
};

/** 教育券: one row for a voucher; the key of the record is the number on it. */
export const EDUCATION_VOUCHER: RecordKind = {
  name: 'EDUCATION_VOUCHER',
  title: '教育券 · Education voucher',
  department: OWNER,
  subject: 'person',
  fields: [
    termField('term', { title: '学期 · Term', required: true, column: 'term' }),
    field.yuan('faceValue', {
      title: '面值（元） · Face value',
      required: true,
      column: 'face_value_fen',
      positive: true,
    }),
    field.list('fees', SchoolFee, { title: '可抵收费项目 · Fees that it pays', column: 'fees' }),
    field.date('issuedOn', { title: '发放日期 · Issued on', required: true, column: 'issued_on' }),
    field.date('redeemedOn', { title: '兑付日期 · Redeemed on', column: 'redeemed_on' }),
    field.text('redeemedSchool', { title: '兑付学校 · School that redeemed it', column: 'redeemed_school' }),
  ],
  check: (row) => {
    const { redeemedOn, redeemedSchool } = row.content;
    const half: RowFault[] =
      (redeemedOn === undefined) === (redeemedSchool === undefined)
        ? []
        : [{ field: redeemedOn === undefined ? 'redeemedOn' : 'redeemedSchool', code: 'BAD_COMBINATION' }];
    return [...half, ...inOrder(row, 'issuedOn', 'redeemedOn'), ...notInFuture(row, 'issuedOn', 'redeemedOn')];
  },
  writer: redeemedOnce,
};

/** 缓交与绿色通道: one row for fees that were put off. */
export const FEE_DEFERRAL: RecordKind = {
  name: 'FEE_DEFERRAL',
  title: '学费缓缴（含绿色通道） · Fees put off',
  department: OWNER,
  subject: 'person',
  fields: [
    field.oneOf('kind', DeferralKind, {
      title: '缓缴方式 · How',
      required: true,
      column: 'kind',
      aliases: { 绿色通道: 'GREEN_CHANNEL', 缓缴: 'DEFERRED' },
    }),
    field.text('schoolName', { title: '学校名称 · Name of the school', required: true, column: 'school_name' }),
    termField('term', { title: '学期 · Term', required: true, column: 'term' }),
    field.list('fees', SchoolFee, { title: '缓缴项目 · Fees that are put off', column: 'fees' }),
    field.yuan('amount', { title: '缓缴金额（元） · Sum', required: true, column: 'amount_fen', positive: true }),
    field.date('grantedOn', { title: '批准日期 · Granted on', required: true, column: 'granted_on' }),
    field.date('dueOn', { title: '应缴日期 · Due on', column: 'due_on' }),
    field.date('settledOn', { title: '结清日期 · Settled on', column: 'settled_on' }),
  ],
  check: (row) => [
    ...inOrder(row, 'grantedOn', 'dueOn'),
    ...inOrder(row, 'grantedOn', 'settledOn'),
    ...notInFuture(row, 'grantedOn', 'settledOn'),
  ],
  writer: tableWriter({ table: 'fee_deferral' }),
};
