/** Closed lists of corrections and recalls. */
import { closedList } from '../graph/index.ts';

export const CorrectionState = closedList('CorrectionState', '校核状态 · Where a correction stands', {
  OPEN: '待答复 · Awaits the answer of the department that answers for the field',
  UPHELD: '核实无误 · The value stands',
  CORRECTED: '已更正 · The value was corrected',
  WITHDRAWN: '已撤回 · Withdrawn by who opened it',
});
export type CorrectionState = keyof typeof CorrectionState;

export const CorrectionVerdict = closedList('CorrectionVerdict', '校核意见 · Answer to a correction', {
  UPHELD: '核实无误 · The value stands; give the reason',
  CORRECTED: '已更正 · The value was corrected; name the record or the delivery that holds it',
});
export type CorrectionVerdict = keyof typeof CorrectionVerdict;

export const CorrectionList = closedList('CorrectionList', '校核列表 · Which corrections', {
  OURS: '本部门提出 · Opened by the own department',
  AWAITING_US: '待本部门答复 · Awaiting the own department’s answer',
  OPEN: '未办结 · Not answered yet',
  OVERDUE: '逾期未答复 · Not answered in time',
});
export type CorrectionList = keyof typeof CorrectionList;

export const RecallOutcome = closedList('RecallOutcome', '处置结果 · What a department did about a recall', {
  NONE_NEEDED: '无需处置 · Nothing rests on the value',
  REVIEWED: '已复核，维持 · Reviewed; the decision stands',
  ADJUSTED: '已复核，调整 · Reviewed; the decision was changed',
});
export type RecallOutcome = keyof typeof RecallOutcome;
