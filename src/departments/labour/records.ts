/** What labour delivers. */
import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault } from '../../intake/index.ts';
import { EmploymentStatus, OWNER } from './employment-record.ts';

const labourKind = (kind: Omit<RecordKind, 'department' | 'subject'>): RecordKind => ({
  ...kind,
  department: OWNER,
  subject: 'person',
});

/** The first must not be after the second; what is empty is in order. */
const inOrder = ({ content }: ParsedRow, first: string, second: string): readonly RowFault[] => {
  const [from, to] = [content[first], content[second]];
  return from !== undefined && to !== undefined && from > to ? [{ field: second, code: 'BAD_ORDER' }] : [];
};

const notInFuture = ({ content, today }: ParsedRow, name: string): readonly RowFault[] =>
  (content[name] ?? '') > today ? [{ field: name, code: 'FUTURE_DATE' }] : [];

/** 就业失业登记: one row for a registration. */
export const EMPLOYMENT: RecordKind = labourKind({
  name: 'EMPLOYMENT',
  title: '就业失业登记 · Registration with the employment service',
  fields: [
    field.oneOf('status', EmploymentStatus, {
      title: '就业状态 · State',
      required: true,
      column: 'status',
      aliases: {
        就业: 'EMPLOYED',
        已就业: 'EMPLOYED',
        在职: 'EMPLOYED',
        灵活就业: 'EMPLOYED',
        失业: 'REGISTERED_JOBLESS',
        登记失业人员: 'REGISTERED_JOBLESS',
        就业困难: 'HARD_TO_EMPLOY',
        未就业: 'REGISTERED_JOBLESS',
        退出劳动力市场: 'NOT_IN_LABOUR_FORCE',
      },
    }),
    field.uscc('employerUscc', { title: '用人单位统一社会信用代码 · Code of the employer', column: 'employer_uscc' }),
    field.date('registeredOn', { title: '登记日期 · Registered on', required: true, column: 'registered_on' }),
    field.text('training', { title: '培训情况 · Training', column: 'training' }),
    field.whole('refusals', { title: '无正当理由拒绝次数 · Unjustified refusals', column: 'refusals', most: 999 }),
  ],
  check: (row) => notInFuture(row, 'registeredOn'),
  writer: tableWriter({ table: 'employment_record' }),
});

/** 职业技能培训: one row for a person in a course. */
export const TRAINING: RecordKind = labourKind({
  name: 'TRAINING',
  title: '职业技能培训 · Training',
  fields: [
    field.text('course', { title: '培训项目 · Course', required: true, column: 'course' }),
    field.date('fromOn', { title: '开始日期 · First day', required: true, column: 'from_on' }),
    field.date('toOn', { title: '结束日期 · Last day', column: 'to_on' }),
    field.uscc('providerUscc', {
      title: '培训机构统一社会信用代码 · Code of the provider',
      required: true,
      column: 'provider_uscc',
    }),
    field.text('certificateNo', { title: '证书编号 · Certificate', column: 'certificate_no', most: 60 }),
    field.yesNo('subsidyClaimed', {
      title: '是否申领补贴 · Subsidy claimed',
      required: true,
      column: 'subsidy_claimed',
    }),
  ],
  check: (row) => inOrder(row, 'fromOn', 'toOn'),
  writer: tableWriter({ table: 'training_record' }),
});

/** 公益性岗位: one row for a person in a post. */
export const PUBLIC_POST: RecordKind = labourKind({
  name: 'PUBLIC_POST',
  title: '公益性岗位 · Public-interest post',
  fields: [
    field.text('post', { title: '岗位名称 · Post', required: true, column: 'post' }),
    field.uscc('employerUscc', {
      title: '用人单位统一社会信用代码 · Code of the employer',
      required: true,
      column: 'employer_uscc',
    }),
    field.date('validFrom', { title: '上岗日期 · First day', required: true, column: 'valid_from' }),
    field.date('validTo', { title: '离岗日期 · Last day', column: 'valid_to' }),
  ],
  check: (row) => inOrder(row, 'validFrom', 'validTo'),
  writer: tableWriter({ table: 'public_post' }),
});

/** 公益性社区服务劳动: one row for a person and a day. */
export const COMMUNITY_SERVICE: RecordKind = labourKind({
  name: 'COMMUNITY_SERVICE',
  title: '公益性社区服务劳动 · Community service',
  fields: [
    field.date('servedOn', { title: '劳动日期 · Day', required: true, column: 'served_on' }),
    field.text('organiser', { title: '组织单位 · Who organised it', required: true, column: 'organiser' }),
    field.yesNo('attended', { title: '是否参加 · Whether the person came', required: true, column: 'attended' }),
    field.decimal('hours', { title: '时长（小时） · Hours', column: 'hours', digits: 4, places: 1 }),
  ],
  check: (row) => [
    ...notInFuture(row, 'servedOn'),
    ...(Number(row.content['hours'] ?? 0) <= 24 ? [] : [{ field: 'hours', code: 'BAD_NUMBER' } as const]),
  ],
  writer: tableWriter({ table: 'community_service' }),
});

/** 拒绝就业: one row for an offer that was turned down. */
export const WORK_REFUSAL: RecordKind = labourKind({
  name: 'WORK_REFUSAL',
  title: '拒绝就业记录 · Refusal of work',
  fields: [
    field.text('offer', { title: '介绍的岗位 · Work that was offered', required: true, column: 'offer' }),
    field.uscc('employerUscc', { title: '用人单位统一社会信用代码 · Code of the employer', column: 'employer_uscc' }),
    field.date('refusedOn', { title: '拒绝日期 · Refused on', required: true, column: 'refused_on' }),
    field.yesNo('justified', { title: '是否有正当理由 · With good reason', required: true, column: 'justified' }),
    field.text('reason', { title: '理由 · Reason', column: 'reason' }),
  ],
  check: (row) => [
    ...notInFuture(row, 'refusedOn'),
    ...(row.content['justified'] === 'true' && row.content['reason'] === undefined
      ? [{ field: 'reason', code: 'MISSING_FIELD' } as const]
      : []),
  ],
  writer: tableWriter({ table: 'work_refusal' }),
});
