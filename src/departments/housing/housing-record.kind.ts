import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault } from '../../intake/index.ts';
import { HOUSEHOLD } from './household-column.ts';
import { DangerGrade, Tenure } from './housing-record.ts';

/** The grades as reports of surveys write them. */
const GRADES = { A级: 'A', B级: 'B', C级: 'C', D级: 'D' } as const;

/** Who has no home has no floor area, and nothing to be graded. */
export function checkHousing({ content }: ParsedRow): readonly RowFault[] {
  if (content['tenure'] !== 'NONE') return [];
  const faults: RowFault[] = [];
  if (Number(content['areaM2']) > 0) faults.push({ field: 'areaM2', code: 'BAD_COMBINATION' });
  if (content['dangerGrade'] !== undefined) faults.push({ field: 'dangerGrade', code: 'BAD_COMBINATION' });
  return faults;
}

/** 住房记录 · How people are housed. */
export const housingRecord: RecordKind = {
  name: 'HOUSING',
  title: '住房记录 · Housing record',
  department: 'HOUSING',
  subject: 'person',
  fields: [
    field.oneOf('tenure', Tenure, {
      title: '住房来源 · Tenure',
      required: true,
      column: 'tenure',
      aliases: {
        自有: 'OWNED',
        自建房: 'OWNED',
        公租房: 'PUBLIC_RENTAL',
        廉租房: 'PUBLIC_RENTAL',
        租房: 'PRIVATE_RENTAL',
        市场租赁: 'PRIVATE_RENTAL',
      },
    }),
    field.decimal('areaM2', {
      title: '建筑面积（平方米） · Floor area in square metres',
      required: true,
      column: 'area_m2',
      digits: 8,
      places: 2,
    }),
    field.oneOf('dangerGrade', DangerGrade, {
      title: '房屋安全等级 · Safety grade',
      column: 'danger_grade',
      aliases: GRADES,
    }),
    field.text('address', { title: '房屋坐落 · Address of the dwelling', column: 'address' }),
  ],
  check: checkHousing,
  writer: tableWriter({ table: 'housing_record', columns: { household_id: HOUSEHOLD } }),
};
