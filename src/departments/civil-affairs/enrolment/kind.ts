import { field } from '../../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault } from '../../../intake/index.ts';
import {
  EnrolmentStatus,
  MemberRole,
  PovertyCause,
  SelfCareGrade,
  SupportMode,
  UrbanRural,
} from '../../../registry/index.ts';
import { categoryField, EnrolmentScheme, relationField, SCHEME_WORDS } from './schemes.ts';
import { enrolmentWriter } from './writer.ts';

const fields = [
  field.text('certificateNo', { title: '证号 · Certificate', required: true, most: 60 }),
  field.text('householdNo', { title: '家庭编号 · Household', most: 60 }),
  field.text('headName', { title: '户主姓名 · Head of the household', most: 100 }),
  relationField,
  field.oneOf('scheme', EnrolmentScheme, { title: '类别 · Scheme', required: true, aliases: SCHEME_WORDS }),
  field.oneOf('urbanRural', UrbanRural, {
    title: '城乡类别 · Urban or rural',
    aliases: { 城镇: 'URBAN', 非农业: 'URBAN', 乡村: 'RURAL', 农业: 'RURAL' },
  }),
  field.oneOf('role', MemberRole, {
    title: '成员身份 · Role',
    aliases: {
      享受: 'BENEFICIARY',
      保障: 'BENEFICIARY',
      享受对象: 'BENEFICIARY',
      不享受: 'COUNTED_NOT_BENEFICIARY',
      是: 'BENEFICIARY',
      否: 'COUNTED_NOT_BENEFICIARY',
    },
  }),
  categoryField,
  field.yuan('amount', { title: '户月保障金额 · Amount of the household a month' }),
  field.yuan('personAmount', { title: '个人月保障金额 · Amount of the person a month' }),
  field.yuan('topUp', { title: '户月增发金额 · Top-up of the household a month' }),
  field.yuan('personTopUp', { title: '个人月增发金额 · Top-up of the person a month' }),
  field.list('causes', PovertyCause, {
    title: '致困原因 · Causes',
    aliases: {
      疾病: 'ILLNESS',
      残疾: 'DISABILITY',
      上学: 'SCHOOLING',
      灾害: 'DISASTER',
      缺乏劳动力: 'NO_LABOUR',
      缺劳动力: 'NO_LABOUR',
    },
  }),
  field.oneOf('supportMode', SupportMode, {
    title: '供养方式 · Support',
    aliases: { 集中: 'CENTRALISED', 分散: 'SCATTERED' },
  }),
  field.oneOf('selfCare', SelfCareGrade, {
    title: '自理能力 · Self-care',
    aliases: {
      全自理: 'ABLE',
      具备: 'ABLE',
      半护理: 'PARTIAL_LOSS',
      部分丧失: 'PARTIAL_LOSS',
      全护理: 'FULL_LOSS',
      完全丧失: 'FULL_LOSS',
    },
  }),
  field.whole('failedIndicators', { title: '自理能力未达标项数 · Failed indicators of six', most: 6 }),
  field.text('address', { title: '居住地址 · Address', most: 300 }),
  field.text('phone', { title: '联系电话 · Telephone', most: 40 }),
  field.text('account', { title: '发放账号 · Account', most: 60 }),
  field.month('startMonth', { title: '起始月份 · From' }),
  field.month('endMonth', { title: '终止月份 · To' }),
  field.oneOf('status', EnrolmentStatus, {
    title: '待遇状态 · State',
    aliases: {
      正常: 'ACTIVE',
      享受中: 'ACTIVE',
      停保: 'STOPPED',
      退出: 'STOPPED',
      注销: 'STOPPED',
      停发待核: 'SUSPENDED',
    },
  }),
  field.text('reason', { title: '变动原因 · Reason of a change', most: 300 }),
];

/** Between the fields of one line. */
function check({ content }: ParsedRow): RowFault[] {
  const { scheme = '', startMonth, endMonth, supportMode, selfCare, failedIndicators } = content;
  const faults: RowFault[] = [];
  // 660 其他: no status that others may rely on. It is a related status, and delivered as one.
  if (scheme === 'OTHER') faults.push({ field: 'scheme', code: 'BAD_COMBINATION' });
  if (startMonth !== undefined && endMonth !== undefined && endMonth < startMonth)
    faults.push({ field: 'endMonth', code: 'BAD_ORDER' });
  const tekun = scheme.includes('TEKUN');
  if (!tekun && supportMode !== undefined) faults.push({ field: 'supportMode', code: 'BAD_COMBINATION' });
  if (!tekun && (selfCare ?? failedIndicators) !== undefined)
    faults.push({ field: selfCare === undefined ? 'failedIndicators' : 'selfCare', code: 'BAD_COMBINATION' });
  return faults;
}

/** 低保、特困等名册 · The lists of enrolled households, a line a person. */
export const enrolments: RecordKind = {
  name: 'ENROLMENT',
  title: '救助对象名册 · Enrolled households',
  department: 'CIVIL_AFFAIRS',
  subject: 'person',
  fields,
  check,
  writer: enrolmentWriter,
};
