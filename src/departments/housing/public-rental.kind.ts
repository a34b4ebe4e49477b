import { field } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault } from '../../intake/index.ts';
import { toldApart } from './months-apart.ts';

/** No more is taken off the rent than it is; a letting ends no earlier than it begins. */
export function checkRental({ content }: ParsedRow): readonly RowFault[] {
  const { rent = '0', relief, validFrom = '', validTo } = content;
  const faults: RowFault[] = [];
  if (BigInt(relief ?? '0') > BigInt(rent)) faults.push({ field: 'relief', code: 'BAD_COMBINATION' });
  if (validTo !== undefined && validTo < validFrom) faults.push({ field: 'validTo', code: 'BAD_ORDER' });
  return faults;
}

/** 公租房配租 · Flats let to households. */
export const publicRental: RecordKind = {
  name: 'PUBLIC_RENTAL',
  title: '公租房配租 · Public rental',
  department: 'HOUSING',
  subject: 'person',
  fields: [
    field.text('unitCode', { title: '房源编号 · Number of the flat', required: true, column: 'unit_code', most: 50 }),
    field.text('address', { title: '房屋坐落 · Address of the flat', column: 'address' }),
    field.decimal('areaM2', {
      title: '建筑面积（平方米） · Floor area in square metres',
      required: true,
      column: 'area_m2',
      digits: 8,
      places: 2,
      least: 0.01,
    }),
    field.yuan('rent', { title: '月租金 · Rent a month', required: true, column: 'rent_fen' }),
    field.yuan('relief', { title: '月租金核减 · Taken off a month', required: true, column: 'relief_fen' }),
    field.date('validFrom', { title: '配租起始日期 · Let from', required: true, column: 'valid_from' }),
    field.date('validTo', { title: '配租终止日期 · Let to', column: 'valid_to' }),
  ],
  check: checkRental,
  writer: toldApart({
    table: 'public_rental',
    field: 'validFrom',
    from: `left(i.content->>'validFrom', 7)`,
    to: `left(i.content->>'validTo', 7)`,
    other: { table: 'rent_subsidy', from: 'held.month_from', to: 'held.month_to' },
  }),
};
