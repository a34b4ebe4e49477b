/** What can be wrong with a row, in one closed list: each code has one reason and one remedy, so that neither depends on a value. */
import { closedList } from '../graph/index.ts';

/** By code what is wrong and what to do, for officials: 'Chinese · English', shown as they stand, in result files too. */
export const FAULTS = {
  UNREADABLE_ROW: {
    reason: '该行无法读取：列数不符，或引号、编码有误 · The row cannot be read: columns, quotes or encoding',
    remedy: '请更正后重报 · Correct the row and send it again',
  },
  SPOILED_NUMBER: {
    reason: '表格软件改动了该数字（末位变0、丢失前导0或成为 6.2E+17） · A spreadsheet changed the number',
    remedy: '请将该列设为文本格式，重新填写后重报 · Format the column as text and enter it again',
  },
  MISSING_FIELD: {
    reason: '必填项为空 · A required field is empty',
    remedy: '请补填后重报 · Fill in the field',
  },
  BAD_KEY: {
    reason: '业务编号超过200字或含控制字符 · The key is longer than 200 characters or has control characters',
    remedy: '请更正业务编号后重报 · Correct the key and send the row again',
  },
  BAD_TEXT: {
    reason: '文本过长或含无法保存的字符 · Too long, or with characters that cannot be stored',
    remedy: '请更正后重报 · Correct the text and send the row again',
  },
  BAD_DATE: {
    reason: '日期格式有误，或日历上无此日 · Not a date, or not one of the calendar',
    remedy: '请按 YYYY-MM-DD（年在前）填写 · Write it as YYYY-MM-DD, year first',
  },
  FUTURE_DATE: {
    reason: '日期晚于今天 · The date lies in the future',
    remedy: '请核对并更正日期 · Check and correct the date',
  },
  BAD_MONTH: {
    reason: '月份格式有误 · Not a month',
    remedy: '请按 YYYY-MM 填写 · Write it as YYYY-MM',
  },
  BAD_AMOUNT: {
    reason: '金额无法读取或超出范围 · Not an amount, or out of its range',
    remedy: '请填元数，最多两位小数 · Write yuan with two decimals at most',
  },
  BAD_NUMBER: {
    reason: '数字格式有误或超出允许范围 · Not a number, or out of the range of the field',
    remedy: '请核对并更正 · Check and correct the number',
  },
  BAD_YES_NO: {
    reason: '既不是“是”也不是“否” · Neither yes nor no',
    remedy: '请填“是”或“否” · Write 是, 否, 1, 0, Y or N',
  },
  BAD_CODE: {
    reason: '该值不在代码表中 · The value is not on the list',
    remedy: '请使用代码表中的代码或名称 · Use a code or name of the list',
  },
  BAD_DIVISION: {
    reason: '区划代码位数有误 · Not a division code',
    remedy: '请填6、9或12位数字 · Write 6, 9 or 12 digits',
  },
  UNKNOWN_DIVISION: {
    reason: '区划代码不在现行或历史区划中，已按原码记录 · No division has or had this code; recorded as sent',
    remedy: '请核对区划代码 · Check the code',
  },
  BAD_SEX: {
    reason: '性别无法识别 · Not a sex',
    remedy: '请填男、女或国标代码 0、1、2、9 · Write it by name or national code',
  },
  BAD_ID_TYPE: {
    reason: '证件类型不在目录中 · Not a kind of document of the list',
    remedy: '请使用目录中的证件类型 · Use a kind of the list',
  },
  BAD_ID_NUMBER: {
    reason: '证件号码格式或校验码有误，已按姓名等信息核对 · The number is not valid; matched by name instead',
    remedy: '请更正号码 · Correct the number',
  },
  BAD_USCC: {
    reason: '统一社会信用代码校验未通过，已按原样记录 · The check character differs; recorded as sent',
    remedy: '请核对该代码 · Check the code',
  },
  BAD_ORDER: {
    reason: '起始晚于终止 · The first is after the last',
    remedy: '请核对并更正先后 · Check and correct their order',
  },
  BAD_COMBINATION: {
    reason: '该字段与同行其他字段不符 · The field does not agree with others of its row',
    remedy: '请核对并更正 · Check and correct them',
  },
  DUPLICATE_KEY: {
    reason: '同一业务编号在本批中出现多次且内容不同，均未接收 · One key with several contents: none was taken',
    remedy: '请保留正确的一条后重报 · Keep the right one and send it again',
  },
  BAD_TERM: {
    reason: '学期格式有误 · Not a term',
    remedy: '请按 2026-1（春）或 2026-2（秋）的形式填写 · Write it as 2026-1 (spring) or 2026-2 (autumn)',
  },
  VOUCHER_REDEEMED: {
    reason:
      '该教育券已在他校或他日兑付，只能兑付一次 · The voucher is redeemed already, at another school or on another day',
    remedy:
      '请核对；如系误报，先重报未兑付的该券，再报正确的兑付 · Check it; after a mistake send the voucher unredeemed first',
  },
  SPLIT_DIFFERS: {
    reason: '各支付项之和与费用总额不一致（精确到分） · The parts do not add up to the total to the fen',
    remedy: '请更正金额后重报 · Correct the amounts and send the row again',
  },
  RATE_DIFFERS: {
    reason: '资助金额与当时当地的资助标准不一致 · Not what the rate in force says',
    remedy: '请更正，或留空由系统按标准计算 · Correct it or leave it out',
  },
  MONTHS_TAKEN: {
    reason:
      '同月已有租赁补贴或公租房配租记录，二者不可兼得 · A flat or a rent subsidy is held for the same months; nobody has both',
    remedy: '请更正有误一方的期间或停报该记录，再重报本条 · Correct or end the wrong one, then send this row again',
  },
  HOUSE_RECONSTRUCTED: {
    reason: '该房屋已有改造记录，一户一房只改造一次 · This house was reconstructed already; it is done once only',
    remedy: '请核对房屋编号；更正已有记录请用其原业务编号 · Check the house; correct the held record under its own key',
  },
  ALREADY_HELD: {
    reason: '该事项只能享受一次，已有记录 · It is given once only, and is recorded already',
    remedy: '请核对；更正已有记录请用其原业务编号 · Check it; correct the held record under its own key',
  },
  NOT_IDENTIFIED: {
    reason: '无法确认本人 · Nobody could be identified',
    remedy: '请补填有效证件号码，或出生日期和性别 · Send a valid number, or birth date and sex',
  },
  OLDER_THAN_HELD: {
    reason: '已存有数据时点更晚的版本，本条未采用 · A version with a later as-of is held; this one was not taken',
    remedy:
      '无需处理；如本条才是最新，请以正确的数据时点重报 · Nothing to do; if this is the newest, send it with its right as-of',
  },
  NOT_RECORDABLE: {
    reason: '有字段与记录的约束不符，未记录 · Some value does not fit the record',
    remedy: '请核对各字段后重报 · Check the fields and send the row again',
  },
  UNKNOWN_FIELD: {
    reason: '没有该字段 · There is no such field',
    remedy: '请按模板填写 · Use the fields of the template',
  },
  HELD_FOR_REVIEW: {
    reason: '身份待人工核实 · Held for identity review',
    remedy: '核实后自动入库，无需重报 · Recorded once reviewed; nothing to send again',
  },
  CONFLICT: {
    reason: '与其他部门的记录冲突，已转人工裁定 · In conflict with another record; being decided',
    remedy: '裁定后自动处理，无需重报 · Applied once decided; nothing to send again',
  },
  TOO_MANY_MISSING: {
    reason:
      '全量数据缺少的记录超过设定比例，未作停报处理 · More records are missing than the set share; none was ended',
    remedy: '核实后请用 applyDelivery(endAll: true) 确认 · Check it and confirm with applyDelivery(endAll: true)',
  },
} as const satisfies Readonly<Record<string, { readonly reason: string; readonly remedy: string }>>;

/** A code of a finding. */
export type FaultCode = keyof typeof FAULTS;

/** Both halves of a code, the Chinese ones first. */
function meaningOf({ reason, remedy }: (typeof FAULTS)[FaultCode]): string {
  const [said = '', english = ''] = reason.split(' · ');
  const [todo = '', doThis = ''] = remedy.split(' · ');
  return `${said}。${todo} · ${english}. ${doThis}`;
}

const MEANINGS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(FAULTS).map(([code, fault]) => [code, meaningOf(fault)]),
);

/** The codes as the schema shows them: the reason, then the remedy. */
export const FindingCode = closedList('FindingCode', '问题代码 · What was found in a row', MEANINGS);

/** Findings that lose no row: it is recorded, or will be, and the deliverer may want to look. */
export const WARNINGS: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'BAD_ID_NUMBER',
  'BAD_USCC',
  'UNKNOWN_DIVISION',
  'HELD_FOR_REVIEW',
  'CONFLICT',
  'TOO_MANY_MISSING',
]);
