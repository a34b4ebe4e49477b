/** A delivery as the hub tells it, and as a terminal shows it. */
import { z } from 'zod';
import { inChina } from '../governing.ts';

const count = z.coerce.number().int();

/** Counts of rows. */
const countsForm = z.object({
  rows: count,
  faulty: count,
  repeated: count,
  recorded: count,
  changed: count,
  unchanged: count,
  rejected: count,
  held: count,
  conflicts: count,
  missing: count,
  ended: count,
});

/** What the hub says of a delivery. */
export const deliveryForm = z.object({
  id: z.string(),
  record: z.string(),
  mode: z.string(),
  state: z.string(),
  asOf: z.string(),
  openedAt: z.string(),
  fileName: z.string().nullable(),
  appliedThrough: count,
  code: z.string().nullable(),
  counts: countsForm,
});

/** A delivery. */
export type Delivery = z.infer<typeof deliveryForm>;

const STATES: Readonly<Record<string, string>> = {
  STAGING: '正在读入 being read',
  STAGED: '已读入，待应用 read, not yet applied',
  PREVIEWING: '正在预览 being previewed',
  PREVIEWED: '已预览，未应用：以下为应用后的结果 previewed, not applied: this is what applying would do',
  APPLYING: '正在应用 being applied',
  APPLIED: '已应用 applied',
  WITHDRAWN: '已撤回 withdrawn',
  FAILED: '失败 failed',
  ABANDONED: '已中断 abandoned',
};

/** Whether all of it is there and nothing was applied. */
export const isWaiting = ({ state }: Delivery): boolean => ['STAGED', 'PREVIEWING', 'PREVIEWED'].includes(state);

/** A state in words. */
export const stateOf = ({ state }: Delivery): string => STATES[state] ?? state;

/** Rows that need somebody: refused, not readable, in conflict. Those that wait for a review need nothing. */
export const refusedRows = ({ counts: { faulty, rejected } }: Delivery): number => faulty + rejected;

/** All of a delivery, some lines; `applied` in the past or as it would be. */
export function showDelivery(delivery: Delivery): string {
  const { id, record, mode, counts, code, openedAt, fileName } = delivery;
  const lines: readonly (readonly [string, number])[] = [
    ['行数 rows', counts.rows],
    ['新记录 recorded', counts.recorded],
    ['更新 changed', counts.changed],
    ['未变 unchanged', counts.unchanged],
    ['重复 repeated', counts.repeated],
    ['有误 faulty', counts.faulty],
    ['拒收 rejected', counts.rejected],
    ['待身份核实 held for identity review', counts.held],
    ['冲突待裁定 conflicts to be decided', counts.conflicts],
    ...(mode === 'SNAPSHOT'
      ? ([
          ['全量中缺少 missing from the snapshot', counts.missing],
          ['已停报 ended', counts.ended],
        ] as const)
      : []),
  ];
  return [
    `${id}  ${record}  ${mode}  ${inChina(openedAt)}  ${fileName ?? ''}`,
    `状态 state: ${stateOf(delivery)}${code === null ? '' : ` (${code})`}`,
    ...lines.map(([title, value]) => `  ${title}: ${String(value)}`),
    '',
  ].join('\n');
}
