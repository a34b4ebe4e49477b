import { field } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault } from '../../intake/index.ts';
import { toldApart } from './months-apart.ts';

/** The months are in order. */
export function checkSubsidy({ content }: ParsedRow): readonly RowFault[] {
  const { monthFrom = '', monthTo } = content;
  return monthTo !== undefined && monthTo < monthFrom ? [{ field: 'monthTo', code: 'BAD_ORDER' }] : [];
}

/** 住房租赁补贴 · Rent subsidies by the month. */
export const rentSubsidy: RecordKind = {
  name: 'RENT_SUBSIDY',
  title: '住房租赁补贴 · Rent subsidy',
  department: 'HOUSING',
  subject: 'person',
  fields: [
    field.yuan('amount', {
      title: '月补贴金额 · Amount a month',
      required: true,
      column: 'amount_fen',
      positive: true,
    }),
    field.month('monthFrom', { title: '补贴起始月份 · First month', required: true, column: 'month_from' }),
    field.month('monthTo', { title: '补贴终止月份 · Last month', column: 'month_to' }),
  ],
  check: checkSubsidy,
  writer: toldApart({
    table: 'rent_subsidy',
    field: 'monthFrom',
    from: `i.content->>'monthFrom'`,
    to: `i.content->>'monthTo'`,
    other: {
      table: 'public_rental',
      from: `to_char(held.valid_from, 'YYYY-MM')`,
      to: `to_char(held.valid_to, 'YYYY-MM')`,
    },
  }),
};
