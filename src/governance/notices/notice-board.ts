/** Acknowledging notices: that somebody of the department has seen them. */
import { byPolicy, recordedAct } from '../../access/index.ts';
import type { ActContext, ActParts, Bound } from '../../access/index.ts';
import { badUserInput } from '../../platform/errors.ts';
import { isId } from '../../platform/id.ts';

/** Who acknowledged a notice, and when. */
export interface NoticeReceipt {
  readonly id: string;
  readonly acknowledgedBy: string;
  readonly acknowledgedAt: Date;
  /** Whether it was acknowledged before. */
  readonly unchanged: boolean;
}

/** The service behind the mutation `acknowledgeNotice`. */
export interface NoticeBoard {
  /** Acknowledges a notice to the caller's department; the first acknowledgement stands. Throws BAD_USER_INPUT. */
  acknowledge(caller: Bound, id: string, context: ActContext): Promise<NoticeReceipt>;
}

/** Builds the service. Who may is the policy's affair: whoever of the department may read its notices. */
export function createNoticeBoard(parts: ActParts): NoticeBoard {
  return {
    acknowledge: (caller, id, context) =>
      recordedAct(parts, { name: 'acknowledgeNotice', caller, context, admit: byPolicy }, async ({ tx, at }) => {
        const { rows } = await tx.query<Omit<NoticeReceipt, 'id'>>(
          // The row as it was stands beside the row as it is, so that a second acknowledgement is told from the first.
          `update notice n
           set acknowledged_by = coalesce(n.acknowledged_by, $3), acknowledged_at = coalesce(n.acknowledged_at, $4)
           from (select id, acknowledged_by from notice where id = $1 and department = $2 for no key update) before
           where n.id = before.id
           returning n.acknowledged_by as "acknowledgedBy", n.acknowledged_at as "acknowledgedAt",
             before.acknowledged_by is not null as unchanged`,
          [isId(id) ? id : null, caller.department, caller.client, at],
        );
        const [row] = rows;
        if (row === undefined) throw badUserInput('id: there is no notice with this identifier to your department');
        return { id, ...row };
      }),
  };
}
