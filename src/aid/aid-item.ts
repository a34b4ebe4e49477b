/** What a department sends, and what it gets back for each item. */
import { closedList } from '../graph/index.ts';

type Text = string | null | undefined;

/**
 * One grant as a department wrote it. Everything is text and is read leniently by the service, so that one bad date
 * costs one item and not the call. No value of an item is ever logged or put in an error message.
 */
export interface AidItem {
  readonly sourceKey?: Text;
  readonly version?: string | number | null | undefined;
  readonly reversalOf?: Text;
  readonly idNumber?: Text;
  readonly name?: Text;
  readonly programme?: Text;
  readonly mode?: Text;
  readonly amountYuan?: Text;
  readonly kindDescription?: Text;
  readonly periodFrom?: Text;
  readonly periodTo?: Text;
  readonly decidedOn?: Text;
  readonly paidOn?: Text;
  readonly fundSource?: Text;
  readonly officeRegion?: Text;
  readonly item?: Text;
  readonly reference?: Text;
}

/** Fields of an item by the names of the schema. */
export type AidField = keyof AidItem;

export const AidOutcome = closedList('AidOutcome', '单笔处理结果 · What became of one item', {
  RECORDED: '已记录 · Recorded',
  UNCHANGED: '与已存内容一致，未重复记录 · Same content as held: nothing is written twice',
  SUPERSEDED: '已有更高版本，本版本留作历史 · A newer version is held; this one is kept as history',
  PENDING: '冲销先于原记录到达，待原记录 · A reversal before its original',
  REJECTED: '未接收，见代码和处理办法 · Rejected: see code and remedy',
});
export type AidOutcome = keyof typeof AidOutcome;

/** Each code has one remedy for all items that it befalls, so that no remedy can depend on a value that was sent. */
export const REMEDIES = {
  MISSING_FIELD: '请补填该字段后重报 · Fill in the field',
  BAD_TEXT: '文本过长或含无法保存的字符，请更正后重报 · Too long, or with characters that cannot be stored',
  BAD_VERSION: '版本号应为 1 至 999999999 的整数 · A version is a whole number from 1',
  BAD_REVERSAL: '冲销记录须有自己的业务编号，不能冲销自己 · A reversal needs a key of its own',
  BAD_ID_NUMBER: '身份证号格式或校验码有误，请核对原件 · Check the number against the card',
  UNKNOWN_PROGRAMME: '救助项目不在目录中，请使用目录中的名称或代码 · Use a name or code of the catalogue',
  NOT_YOUR_PROGRAMME: '该救助项目不属于本部门，请由主管部门上报 · Another department reports this programme',
  BAD_MODE: '救助方式不在目录中，请使用目录中的名称或代码 · Use a name or code of the catalogue',
  BAD_AMOUNT:
    '金额应为大于零的元数，最多两位小数；撤销请用冲销 · Yuan above zero, two decimals at most; to undo, reverse',
  BAD_PERIOD: '所属期应为 YYYY-MM，起月不晚于止月 · Months as YYYY-MM, the first not after the last',
  BAD_DATE: '日期应为 YYYY-MM-DD，且不晚于今天 · A date as YYYY-MM-DD, not in the future',
  OUT_OF_REGION: '办理机构区划不在本客户端的辖区内 · The office is in no region of this client',
  NO_MATCH:
    '未匹配到救助对象：请核对身份证号和姓名；对象户籍不在本辖区的，请填写办理机构区划 · ' +
    'Nobody matched: check number and name; for somebody at home elsewhere send officeRegion',
  KEY_REUSED: '同一业务编号和版本号已报过不同内容，更正请提高版本号 · To correct a grant, raise the version',
  ORIGINAL_NOT_HELD:
    '尚未收到同一对象的被冲销原记录，收到后自动冲销 · The original for this person is not held; it is reversed on arrival',
  UNKNOWN_ITEM:
    '救助细项不在该项目当时当地的目录中，请使用目录中的名称或代码 · Not in the catalogue of this programme on that day in that division',
  NOT_A_BOARDER:
    '学籍记录显示该学期不寄宿，请先更正学籍 · The student record of that term says that the student does not board',
  ABOVE_STANDARD: '超过该细项当时当地的最高金额 · More than the most of this item on that day in that division',
  ALREADY_GRANTED:
    '该细项只发一次且已有一笔有效，请先冲销或更正原记录 · Granted once only, and one is in force: reverse or correct it first',
  ALREADY_REVERSED: '原记录已由另一笔冲销，本笔留存备查 · Another reversal stands already; this one is kept beside it',
} as const;

export const AidCode = closedList('AidCode', '原因代码 · Why an item was rejected or waits', REMEDIES);
export type AidCode = keyof typeof AidCode;

/** One result per item, in the order in which the items were sent. */
export interface AidReceipt {
  /** Position of the item in the call, from 0. */
  readonly index: number;
  /** The department's own key, so that a result finds its row again; null when it was missing or not storable. */
  readonly sourceKey: string | null;
  readonly version: number | null;
  readonly outcome: AidOutcome;
  readonly code: AidCode | null;
  readonly field: AidField | null;
  readonly remedy: string | null;
  /** Id of the recorded grant; null when nothing was written (rejected, or a dry run). */
  readonly grantId: string | null;
}
