/** Whether the caller's own agreement opens a group of fields, where the group stands in the row: in SQL over the policy in force. */
import { callerSlot, join, raw, sql } from '../graph/index.ts';
import type { PlanAt, Row, Sql } from '../graph/index.ts';

const IN_FULL = raw(`opened.access = 'full'`);

/**
 * The agreement that the request stands on opens the group in full, or as `access` says, on all rows in scope. The statement
 * answers nothing when the policy has moved, so what it reads is what the plan rests on.
 */
export const seesGroup = (group: Sql, access: Sql = IN_FULL): Sql =>
  sql`exists (select from policy_head head
    join policy_agreement standing on standing.version = head.version
      and standing.department = ${callerSlot('department', 'text')} and standing.role = ${callerSlot('role', 'text')}
      and ${callerSlot('purpose', 'text')} = any(standing.purposes) and standing.state = 'ACTIVE'
      and standing.valid_from <= ${callerSlot('today', 'date')}
      and (standing.valid_until is null or standing.valid_until >= ${callerSlot('today', 'date')})
    join policy_field opened on opened.agreement_id = standing.id and opened.group_name = ${group} and opened.scope is null
      and ${access})`;

/** The same of the very field that the row is about: behind a mask as well, where it has one. Without one it is denied. */
export function seesField(row: Row, at: PlanAt): Sql {
  const maskable = at.disclosable().flatMap((one) => (one.maskable ? [raw(`'${one.coordinate}'`)] : []));
  const isMaskable = sql`${row.column('coordinate')} = any(array[${join(maskable, ', ')}]::varchar[])`;
  return seesGroup(row.column('fieldGroup'), sql`(${IN_FULL} or ${isMaskable})`);
}
