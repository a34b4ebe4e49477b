import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault, Step } from '../../intake/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { Reconstruction } from './dilapidated-house.ts';
import { HOUSEHOLD } from './household-column.ts';
import { DangerGrade } from './housing-record.ts';

/** Grades C and D are in danger; a reconstruction has its way and its day, and follows the survey. */
export function checkHouse({ content, today }: ParsedRow): readonly RowFault[] {
  const { grade, surveyedOn = '', reconstruction, reconstructedOn } = content;
  const faults: RowFault[] = [];
  if (grade !== 'C' && grade !== 'D') faults.push({ field: 'grade', code: 'BAD_CODE' });
  if (surveyedOn > today) faults.push({ field: 'surveyedOn', code: 'FUTURE_DATE' });
  if (reconstruction !== undefined && reconstructedOn === undefined)
    faults.push({ field: 'reconstructedOn', code: 'MISSING_FIELD' });
  if (reconstruction === undefined && reconstructedOn !== undefined)
    faults.push({ field: 'reconstruction', code: 'MISSING_FIELD' });
  if (reconstructedOn !== undefined && reconstructedOn < surveyedOn)
    faults.push({ field: 'reconstructedOn', code: 'BAD_ORDER' });
  else if (reconstructedOn !== undefined && reconstructedOn > today)
    faults.push({ field: 'reconstructedOn', code: 'FUTURE_DATE' });
  return faults;
}

const table = tableWriter({
  table: 'dilapidated_house',
  columns: { household_id: HOUSEHOLD },
  onceKey: { columns: ['house_code'], where: 'reconstruction is not null', field: 'reconstruction' },
});

/** 农村危房 · Houses in danger, and their one reconstruction. */
export const dilapidatedHouse: RecordKind = {
  name: 'DILAPIDATED_HOUSE',
  title: '农村危房 · Dilapidated rural house',
  department: 'HOUSING',
  subject: 'person',
  fields: [
    field.text('houseCode', { title: '房屋编码 · Code of the house', required: true, column: 'house_code', most: 50 }),
    field.text('address', { title: '房屋坐落 · Address of the house', column: 'address' }),
    field.oneOf('grade', DangerGrade, {
      title: '危险等级（C级或D级） · Grade of danger, C or D',
      required: true,
      column: 'grade',
      aliases: { C级: 'C', D级: 'D', C级危房: 'C', D级危房: 'D' },
    }),
    field.date('surveyedOn', { title: '鉴定日期 · Surveyed on', required: true, column: 'surveyed_on' }),
    field.oneOf('reconstruction', Reconstruction, {
      title: '改造方式 · How it was made safe',
      column: 'reconstruction',
      aliases: {
        维修加固: 'REPAIRED',
        加固改造: 'REPAIRED',
        新建: 'REBUILT',
        原址重建: 'REBUILT',
        异地重建: 'REBUILT',
      },
    }),
    field.date('reconstructedOn', { title: '竣工验收日期 · When the work was accepted', column: 'reconstructed_on' }),
  ],
  check: checkHouse,
  writer: {
    ...table,
    async judge(tx: PoolClient, step: Step): Promise<void> {
      await table.judge(tx, step);
      // The same record may correct what it says of its own reconstruction; another one's is refused as what it is.
      await tx.query(`update intake_row set code = 'HOUSE_RECONSTRUCTED' where code = 'ALREADY_HELD'`);
    },
  },
};
