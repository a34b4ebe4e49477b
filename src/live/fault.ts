import { closedList } from '../graph/index.ts';

/** Why there is no answer about a person. */
export const UnavailableReason = closedList('UnavailableReason', '未答复原因 · Why a department did not answer', {
  TIMEOUT: '超时：对方系统未在期限内答复 · No answer within the deadline',
  REFUSED: '拒绝：对方系统不可达或拒绝 · The source cannot be reached or refuses',
  BREAKER_OPEN: '暂停：对方系统连续失败，暂不询问 · The source failed repeatedly and is left alone for a while',
  BAD_ANSWER: '答复无效：对方答复不合约定 · The answer is not what was agreed upon',
  NOT_ANSWERED: '未答复：对方未就此人作答 · The source answered, and not about this person',
  NOT_CONFIGURED: '未接入：该数源未接入本枢纽 · No such source is connected to this hub',
  NOT_AGREED: '无协议：对方无有效的数据报送协议 · The department has no agreement in force to supply data',
  NO_NUMBER: '无号码：此人无公民身份号码 · The person has no number that could be asked about',
  BUSY: '繁忙：询问过多，未发出 · Too many questions are waiting; this one was not put',
});
export type UnavailableReason = keyof typeof UnavailableReason;

/** A request to a source that brought no answer. Holds nothing of what the source sent. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
  readonly reason: UnavailableReason;
  /** What was wrong, for the log of the hub: in words of the hub's own. */
  constructor(reason: UnavailableReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Nobody waits for the answer any more. */
export class AskerGone extends Error {
  override readonly name = 'AskerGone';
}
