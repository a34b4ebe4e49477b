/** Whether the caller's own agreement opens a group of fields, where the group stands in the row: in SQL over the policy in force. */
import { callerSlot, sql } from '../graph/index.ts';
import type { Sql } from '../graph/index.ts';

/**
 * The agreement that the request stands on opens the group, in full or (`partly`) masked as well, on all rows in scope. The
 * statement answers nothing when the policy has moved, so what it reads is what the plan rests on.
 */
export const seesGroup = (group: Sql, how: 'in full' | 'partly'): Sql =>
  sql`exists (select from policy_head head
    join policy_agreement standing on standing.version = head.version
      and standing.department = ${callerSlot('department', 'text')} and standing.role = ${callerSlot('role', 'text')}
      and ${callerSlot('purpose', 'text')} = any(standing.purposes) and standing.state = 'ACTIVE'
      and standing.valid_from <= ${callerSlot('today', 'date')}
      and (standing.valid_until is null or standing.valid_until >= ${callerSlot('today', 'date')})
    join policy_field opened on opened.agreement_id = standing.id and opened.group_name = ${group} and opened.scope is null
    ${how === 'in full' ? sql`and opened.access = 'full'` : sql``})`;
