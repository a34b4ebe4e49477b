import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault, Step } from '../../intake/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { insuredType } from './insured-type.field.ts';
import { PremiumAidCategory } from './premium-aid-rate.ts';

/** An insurance ends no earlier than it begins; only residents are helped with their premium, and as somebody. */
export function checkInsured({ content }: ParsedRow): readonly RowFault[] {
  const { insuredType, validFrom = '', validTo, premium, aidedAs, premiumAid } = content;
  const faults: RowFault[] = [];
  if (validTo !== undefined && validTo < validFrom) faults.push({ field: 'validTo', code: 'BAD_ORDER' });
  if (aidedAs !== undefined && insuredType === 'EMPLOYEE') faults.push({ field: 'aidedAs', code: 'BAD_COMBINATION' });
  if (aidedAs === undefined && BigInt(premiumAid ?? '0') > 0n) faults.push({ field: 'aidedAs', code: 'MISSING_FIELD' });
  if (aidedAs !== undefined && premium === undefined) faults.push({ field: 'premium', code: 'MISSING_FIELD' });
  if (premium !== undefined && BigInt(premiumAid ?? '0') > BigInt(premium))
    faults.push({ field: 'premiumAid', code: 'BAD_COMBINATION' });
  return faults;
}

// The mode is not delivered: judge() puts it into the row.
const table = tableWriter({ table: 'insured_record', columns: { premium_aid_mode: `i.content->>'premiumAidMode'` } });

/**
 * What the rates in force on the first day say of each row's premium aid: the amount where none was sent, and a refusal
 * where another was. Where no rate is known for somebody like that there, what was sent stands.
 */
async function rate(tx: PoolClient): Promise<void> {
  await tx.query(RATE);
}

// In full is the premium; a fixed amount is never more than it. The codes of the divisions around a place sort from the
// whole country (zeros) to the county, so the greatest is the finest.
const RATE = `
  with due as (
    select row.row_no, rate.mode,
      case rate.mode when 'FULL' then (row.content->>'premium')::bigint
        else least(rate.amount_fen, (row.content->>'premium')::bigint) end as fen
    from intake_row row left join person on person.id = row.person_id
    cross join lateral (
      select mode, amount_fen from premium_aid_rate
      where category = row.content->>'aidedAs'
        and region_code in ('000000000000', person.province_code, person.prefecture_code, person.county_code)
        and valid_from <= (row.content->>'validFrom')::date
        and (valid_to is null or valid_to >= (row.content->>'validFrom')::date)
      order by region_code desc, valid_from desc limit 1) rate
    where row.verdict is null
  )
  update intake_row row set
    content = row.content || jsonb_build_object('premiumAidMode', due.mode, 'premiumAid', due.fen::text),
    verdict = case when differs then 'REJECTED' end,
    code = case when differs then 'RATE_DIFFERS' else row.code end,
    field = case when differs then 'premiumAid' else row.field end
  from due
  cross join lateral (select (sent.content->>'premiumAid')::bigint <> due.fen as differs
    from intake_row sent where sent.row_no = due.row_no) judged
  where row.row_no = due.row_no`;

/** 参保记录 · Who is insured, and who is helped with the premium. */
export const insuredRecord: RecordKind = {
  name: 'INSURED',
  title: '参保记录 · Basic medical insurance',
  department: 'MEDICAL_SECURITY',
  subject: 'person',
  fields: [
    insuredType,
    field.date('validFrom', { title: '参保起始日期 · Insured from', required: true, column: 'valid_from' }),
    field.date('validTo', { title: '参保终止日期 · Insured to', column: 'valid_to' }),
    field.yuan('premium', { title: '个人应缴保费 · Premium for the year', column: 'premium_fen' }),
    field.oneOf('aidedAs', PremiumAidCategory, {
      title: '资助参保身份 · As what helped with the premium',
      column: 'aided_as',
      aliases: {
        特困: 'TEKUN',
        特困供养: 'TEKUN',
        低保: 'DIBAO',
        低保边缘: 'DIBAO_EDGE',
        监测对象: 'RELAPSE_MONITORED',
        其他: 'OTHER',
      },
    }),
    field.yuan('premiumAid', { title: '资助金额 · Paid of the premium', column: 'premium_aid_fen' }),
  ],
  check: checkInsured,
  writer: {
    ...table,
    async judge(tx: PoolClient, step: Step): Promise<void> {
      await rate(tx);
      await table.judge(tx, step);
    },
  },
};
