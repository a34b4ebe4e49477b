import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault } from '../../intake/index.ts';

const PARTS = ['insurance', 'aid', 'self', 'fund', 'unpaid'] as const;

/**
 * The parts add up to the cost to the fen. Somebody unknown comes with the division, the place and a description, by which they
 * may be known later (S3 二(五): 身份不明); the fund pays after the arrival, and only where it pays something.
 */
export function checkEmergency({ content, subject, today }: ParsedRow): readonly RowFault[] {
  const fen = (name: string): bigint => BigInt(content[name] ?? '0');
  const { arrivedOn = '', identityKnown, foundAt, description, fundPaidOn } = content;
  const faults: RowFault[] = [];
  const nobody = subject?.idType === 'TEMPORARY' && subject.idValue === null;
  if (identityKnown === 'true' && nobody) faults.push({ field: 'name', code: 'MISSING_FIELD' });
  if (nobody && subject.region === null) faults.push({ field: 'region', code: 'MISSING_FIELD' });
  if (arrivedOn > today) faults.push({ field: 'arrivedOn', code: 'FUTURE_DATE' });
  if (PARTS.reduce((sum, part) => sum + fen(part), 0n) !== fen('total'))
    faults.push({ field: 'total', code: 'SPLIT_DIFFERS' });
  if (identityKnown === 'false' && foundAt === undefined) faults.push({ field: 'foundAt', code: 'MISSING_FIELD' });
  if (identityKnown === 'false' && description === undefined)
    faults.push({ field: 'description', code: 'MISSING_FIELD' });
  if (fundPaidOn !== undefined && fen('fund') === 0n) faults.push({ field: 'fundPaidOn', code: 'BAD_COMBINATION' });
  if (fundPaidOn !== undefined && fundPaidOn < arrivedOn) faults.push({ field: 'fundPaidOn', code: 'BAD_ORDER' });
  else if (fundPaidOn !== undefined && fundPaidOn > today) faults.push({ field: 'fundPaidOn', code: 'FUTURE_DATE' });
  return faults;
}

/** 疾病应急救助 · Emergencies of somebody unknown or unable to pay. Every part of the cost is said, zero included. */
export const emergencyCase: RecordKind = {
  name: 'EMERGENCY_CASE',
  title: '疾病应急救助 · Disease emergency',
  department: 'HEALTH',
  subject: 'person',
  mayBeUnknown: true,
  fields: [
    field.text('hospital', { title: '救治医院 · Hospital', required: true, column: 'hospital' }),
    field.date('arrivedOn', { title: '送诊日期 · Day of arrival', required: true, column: 'arrived_on' }),
    field.yesNo('identityKnown', { title: '身份是否明确 · Identity known', required: true, column: 'identity_known' }),
    field.text('foundAt', { title: '发现地点 · Where the patient was found', column: 'found_at' }),
    field.text('description', { title: '体貌特征 · What the patient looked like', column: 'description', most: 500 }),
    field.yuan('total', { title: '费用总额 · Total', required: true, column: 'total_fen', positive: true }),
    field.yuan('insurance', { title: '医疗保险支付 · Paid by insurances', required: true, column: 'insurance_fen' }),
    field.yuan('aid', { title: '医疗救助支付 · Paid by medical aid', required: true, column: 'aid_fen' }),
    field.yuan('self', { title: '个人支付 · Paid by the patient', required: true, column: 'self_fen' }),
    field.yuan('fund', { title: '应急救助基金支付 · Paid by the fund', required: true, column: 'fund_fen' }),
    field.yuan('unpaid', { title: '尚欠费用 · Still owed', required: true, column: 'unpaid_fen' }),
    field.date('fundPaidOn', { title: '基金拨付日期 · When the fund paid', column: 'fund_paid_on' }),
  ],
  check: checkEmergency,
  writer: tableWriter({ table: 'emergency_case' }),
};
