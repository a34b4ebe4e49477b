import { field, tableWriter } from '../../intake/index.ts';
import type { ParsedRow, RecordKind, RowFault, Step } from '../../intake/index.ts';
import { recordDeaths } from '../../matching/index.ts';
import type { ReportedDeath } from '../../matching/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { DeathCertifier } from './death-report.ts';

/** Nobody dies in the future or before being born. */
export function checkDeath({ content, subject, today }: ParsedRow): readonly RowFault[] {
  const { diedOn = '' } = content;
  if (diedOn > today) return [{ field: 'diedOn', code: 'FUTURE_DATE' }];
  const bornOn = subject?.birthDate ?? '';
  return diedOn < bornOn ? [{ field: 'diedOn', code: 'BAD_ORDER' }] : [];
}

const table = tableWriter({ table: 'death_report' });

/** 死亡登记 · Certified deaths. The person is dead from then on for every department. */
export const deathReport: RecordKind = {
  name: 'DEATH',
  title: '死亡登记 · Death',
  department: 'HEALTH',
  subject: 'person',
  fields: [
    field.date('diedOn', { title: '死亡日期 · Day of death', required: true, column: 'died_on' }),
    field.oneOf('certifiedBy', DeathCertifier, {
      title: '出具方 · Who certified it',
      required: true,
      column: 'certified_by',
      aliases: { 医院: 'HOSPITAL', 医疗卫生机构: 'HOSPITAL', 殡仪馆: 'FUNERAL_HOME', 火化机构: 'FUNERAL_HOME' },
    }),
    field.text('institution', { title: '出具机构 · Hospital or funeral home', required: true, column: 'institution' }),
    field.text('certificateNo', {
      title: '死亡证明编号 · Number of the certificate',
      column: 'certificate_no',
      most: 50,
    }),
  ],
  check: checkDeath,
  writer: {
    ...table,
    async write(tx: PoolClient, step: Step): Promise<void> {
      await table.write(tx, step);
      const { rows } = await tx.query<ReportedDeath>(
        `select person_id as "personId", content->>'diedOn' as "diedOn", source_key as "sourceKey", row_no as "rowNo"
         from intake_row where verdict in ('NEW', 'CHANGED') order by person_id, row_no`,
      );
      const { id: deliveryId, department, sourceSystem, asOf } = step.delivery;
      await recordDeaths(tx, { at: step.at, asOf, department, sourceSystem, deliveryId }, rows);
    },
  },
};
