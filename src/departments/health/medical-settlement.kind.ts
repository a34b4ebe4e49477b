import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault, Step } from '../../intake/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { insuredType } from './insured-type.field.ts';
import { VisitKind } from './medical-settlement.ts';

/** Who pays a bill, in the order in which they do. */
const PARTS = ['basic', 'major', 'aid', 'other', 'self'] as const;

/**
 * The parts add up to the bill to the fen (S3 二(四): 一站式即时结算), the part within the policy is no more than the bill, and
 * nobody leaves before arriving or in the future. Parts that are left out are zero.
 */
export function checkSettlement({ content, today }: ParsedRow): readonly RowFault[] {
  const fen = (name: string): bigint => BigInt(content[name] ?? '0');
  const { admittedOn = '', dischargedOn } = content;
  const faults: RowFault[] = [];
  if (PARTS.reduce((sum, part) => sum + fen(part), 0n) !== fen('total'))
    faults.push({ field: 'total', code: 'SPLIT_DIFFERS' });
  if (fen('inPolicy') > fen('total')) faults.push({ field: 'inPolicy', code: 'BAD_COMBINATION' });
  if (admittedOn > today) faults.push({ field: 'admittedOn', code: 'FUTURE_DATE' });
  if (dischargedOn !== undefined && dischargedOn < admittedOn)
    faults.push({ field: 'dischargedOn', code: 'BAD_ORDER' });
  else if (dischargedOn !== undefined && dischargedOn > today)
    faults.push({ field: 'dischargedOn', code: 'FUTURE_DATE' });
  return faults;
}

// The flag is not delivered: judge() puts it into the row.
const table = tableWriter({
  table: 'medical_settlement',
  columns: { serious_illness: `(i.content->>'seriousIllness')::boolean` },
});

/** What the hub adds to a bill: parts that were left out, and the flag. */
async function complete(tx: PoolClient): Promise<void> {
  await tx.query(COMPLETE);
}

// The list in force on the day of discharge decides, and on the day of admission as long as there is none; by the code
// where the hospital gave one, otherwise by the name. Few diagnoses make many bills, so each is looked up once.
const COMPLETE = `
  with diagnosis as (
    select distinct upper(content->>'diagnosisCode') as code, content->>'diagnosis' as name
    from intake_row where verdict is null
  ), listed as materialized (
    select diagnosis.code, diagnosis.name, illness.region_code, illness.valid_from, illness.valid_to
    from diagnosis join serious_illness illness
      on case when diagnosis.code is not null
           then exists (select from unnest(illness.codes) as prefix where diagnosis.code like prefix || '%')
           else position(illness.disease in diagnosis.name) > 0 end
  )
  update intake_row row set content = '{"major": "0", "aid": "0", "other": "0"}'::jsonb || row.content
    || jsonb_build_object('seriousIllness', exists (
      select from listed
      where listed.code is not distinct from upper(row.content->>'diagnosisCode')
        and listed.name is not distinct from row.content->>'diagnosis'
        and listed.region_code in ('000000000000', place.province_code, place.prefecture_code, place.county_code)
        and listed.valid_from <= place.on_day and (listed.valid_to is null or listed.valid_to >= place.on_day))::text)
  from (select bill.row_no, person.province_code, person.prefecture_code, person.county_code,
      coalesce(bill.content->>'dischargedOn', bill.content->>'admittedOn')::date as on_day
    from intake_row bill left join person on person.id = bill.person_id) place
  where place.row_no = row.row_no and row.verdict is null`;

/** 医疗费用结算 · Settled bills. */
export const medicalSettlement: RecordKind = {
  name: 'MEDICAL_SETTLEMENT',
  title: '医疗费用结算 · Medical settlement',
  department: 'MEDICAL_SECURITY',
  subject: 'person',
  fields: [
    insuredType,
    field.oneOf('visit', VisitKind, {
      title: '就诊类型 · Kind of visit',
      required: true,
      column: 'visit',
      aliases: { 普通住院: 'INPATIENT', 普通门诊: 'OUTPATIENT', 门诊慢特病: 'OUTPATIENT', 门诊统筹: 'OUTPATIENT' },
    }),
    field.date('admittedOn', { title: '入院（就诊）日期 · Admitted on', required: true, column: 'admitted_on' }),
    field.date('dischargedOn', { title: '出院日期 · Discharged on', column: 'discharged_on' }),
    field.text('diagnosis', { title: '诊断 · Diagnosis', column: 'diagnosis' }),
    field.text('diagnosisCode', {
      title: '诊断编码（ICD-10） · Code of the diagnosis',
      column: 'diagnosis_code',
      most: 20,
    }),
    field.yuan('total', { title: '费用总额 · Total', required: true, column: 'total_fen', positive: true }),
    field.yuan('inPolicy', {
      title: '政策范围内费用 · Part within the policy',
      required: true,
      column: 'in_policy_fen',
    }),
    field.yuan('basic', { title: '基本医保支付 · Paid by basic insurance', required: true, column: 'basic_fen' }),
    field.yuan('major', { title: '大病保险支付 · Paid by major-illness insurance', column: 'major_fen' }),
    field.yuan('aid', { title: '医疗救助支付 · Paid by medical aid', column: 'aid_fen' }),
    field.yuan('other', { title: '其他支付 · Paid by others', column: 'other_fen' }),
    field.yuan('self', { title: '个人自付 · Paid by the patient', required: true, column: 'self_fen' }),
  ],
  check: checkSettlement,
  writer: {
    ...table,
    async judge(tx: PoolClient, step: Step): Promise<void> {
      await complete(tx);
      await table.judge(tx, step);
    },
  },
};
