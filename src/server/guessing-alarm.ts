/** Tells people that a client seems to be guessing numbers: the log, the metrics, and a notice to those who must look. */
import type { GuessingAlert } from '../access/index.ts';
import { notify } from '../governance/index.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';

/** What an alarm works with. */
export interface GuessingAlarmParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  /** Counts the alert. */
  readonly count: () => void;
}

const KIND = 'GUESSING_SUSPECTED';

/** An alarm; it never rejects, and no answer waits for it. */
export const openGuessingAlarm =
  ({ pool, clock, log, count }: GuessingAlarmParts) =>
  (alert: GuessingAlert): void => {
    count();
    log.warn({ ...alert }, 'a client seems to be guessing identity numbers');
    writeNotice(pool, alert, clock.now()).catch((err: unknown) => {
      log.error({ err, client: alert.client }, 'the notice of suspected guessing was not written');
    });
  };

/** One for each client and hour, however many processes notice. */
const writeNotice = (pool: Pool, alert: GuessingAlert, at: Date): Promise<void> =>
  inTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`guessing ${alert.client}`]);
    const { rowCount } = await tx.query(
      `select from notice where department = 'CIVIL_AFFAIRS' and kind = $1 and reference = $2
         and created_at > $3::timestamptz - interval '1 hour'`,
      [KIND, alert.client, at],
    );
    if (rowCount !== 0) return;
    await notify(tx, {
      departments: ['CIVIL_AFFAIRS', 'AUDIT'],
      kind: KIND,
      reference: alert.client,
      text: told(alert),
      at,
    });
  });

const told = ({ client, asked, fruitless, nobody }: GuessingAlert): string =>
  `调用方 ${client} 疑似猜测证件号码：十分钟内核验 ${asked} 次，${fruitless} 次未查到救助待遇，其中 ${nobody} 个号码查无此人。` +
  `已放慢应答；请核查用途，必要时撤销其令牌。 ${client} may be guessing identity numbers: of ${asked} checks in ten minutes ` +
  `${fruitless} found no recipient, ${nobody} of them nobody. It is answered more slowly; look into it, and revoke its tokens if need be.`;
