/** What can be wrong with a row, in one closed list: each code has one remedy, so that no remedy depends on a value. */
import { closedList } from '../graph/index.ts';

/** Code and remedy, for officials: Chinese first. The wording is shown as it stands, in result files too. */
export const REMEDIES = {
  UNREADABLE_ROW:
    '该行无法读取（列数不符或引号、编码有误），请更正后重报 · The row cannot be read: columns, quotes or encoding',
  SPOILED_NUMBER:
    '表格软件改动了该数字（末位变0、丢失前导0或成为 6.2E+17），请将该列设为文本格式，重新填写后重报 · ' +
    'A spreadsheet changed the number: format the column as text and enter it again',
  MISSING_FIELD: '必填项为空，请补填后重报 · Fill in the field',
  BAD_KEY: '业务编号应为不超过200字的文字，不含控制字符 · A key of at most 200 characters without control characters',
  BAD_TEXT: '文本过长或含无法保存的字符，请更正后重报 · Too long, or with characters that cannot be stored',
  BAD_DATE: '日期应为 YYYY-MM-DD（年在前），且在日历上存在 · A date as YYYY-MM-DD, year first, that exists',
  FUTURE_DATE: '日期晚于今天，请核对 · The date lies in the future',
  BAD_MONTH: '月份应为 YYYY-MM · A month as YYYY-MM',
  BAD_AMOUNT: '金额应为元数，最多两位小数 · Yuan with two decimals at most',
  BAD_NUMBER: '数字超出允许范围或格式有误 · A number within the range of the field',
  BAD_YES_NO: '应填“是”或“否” · Yes or no (是, 否, 1, 0, Y, N)',
  BAD_CODE: '该值不在代码表中，请使用代码表中的代码或名称 · Use a code or name of the list',
  BAD_DIVISION: '区划代码应为6、9或12位数字 · A division code of 6, 9 or 12 digits',
  UNKNOWN_DIVISION: '区划代码不在现行或历史区划中，已按原码记录，请核对 · No division had this code; recorded as sent',
  BAD_SEX: '性别应为男、女或国标代码 0、1、2、9 · A sex by name or national code',
  BAD_ID_TYPE: '证件类型不在目录中 · A kind of document of the list',
  BAD_ID_NUMBER:
    '证件号码格式或校验码有误，按姓名等信息核对，请更正 · The number is not valid; matched by name instead, correct it',
  BAD_USCC: '统一社会信用代码校验未通过，已按原样记录，请核对 · The check character differs; recorded as sent',
  BAD_ORDER: '起始不得晚于终止 · The first must not be after the last',
  BAD_COMBINATION: '该字段与同行其他字段不符，请核对 · The field does not agree with others of its row',
  DUPLICATE_KEY:
    '同一业务编号在本批中出现多次且内容不同，均未接收，请保留一条 · One key, several contents: none was taken',
  BAD_TERM: '学期应为 2026-1（春）或 2026-2（秋）的形式 · A term such as 2026-1 (spring) or 2026-2 (autumn)',
  VOUCHER_REDEEMED:
    '该教育券已兑付，只能兑付一次 · The voucher is redeemed already, at another school or on another day',
  SPLIT_DIFFERS:
    '各支付项之和与费用总额不一致（精确到分），请更正后重报 · The parts do not add up to the total to the fen',
  RATE_DIFFERS:
    '资助金额与当时当地的资助标准不一致；请更正，或留空由系统按标准计算 · Not what the rate in force says; correct it or leave it out',
  MONTHS_TAKEN:
    '同月已有租赁补贴或公租房配租记录，二者不可兼得，未作覆盖；请核实并更正期间 · A flat or a rent subsidy is held for the same months',
  HOUSE_RECONSTRUCTED:
    '该房屋已有改造记录，一户一房只改造一次 · This house was reconstructed already; it is done once only',
  ALREADY_HELD: '该事项只能享受一次，已有记录 · It is given once only, and is recorded already',
  NOT_IDENTIFIED: '无法确认本人，请补填有效证件号码，或出生日期和性别 · Send a valid number, or birth date and sex',
  OLDER_THAN_HELD:
    '已存有数据时点更晚的版本，本条未采用 · A version with a later as-of is held; this one was not taken',
  NOT_RECORDABLE: '与表的约束不符，未记录，请核对各字段 · Some value does not fit the record; check the fields',
  UNKNOWN_FIELD: '没有该字段，请按模板填写 · There is no such field; use those of the template',
  HELD_FOR_REVIEW: '身份待人工核实，核实后自动入库，无需重报 · Held for identity review; nothing to send again',
  CONFLICT: '与其他部门的记录冲突，已转人工裁定，无需重报 · In conflict with another record; being decided',
  UNKNOWN_REFERENCE: '所引用的记录尚未收到，请先报送该记录 · The record that is referred to is not held; send it first',
  TOO_MANY_MISSING:
    '全量数据缺少的记录超过设定比例，未作停报处理；核实后请用 applyDelivery(endAll: true) 确认 · ' +
    'More records are missing than the set share; none was ended. Confirm with applyDelivery(endAll: true)',
} as const;

/** A code of a finding. */
export type FaultCode = keyof typeof REMEDIES;

/** The codes as the schema shows them. */
export const FindingCode = closedList('FindingCode', '问题代码 · What was found in a row', REMEDIES);

/** Findings that lose no row: it is recorded, or will be, and the deliverer may want to look. */
export const WARNINGS: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'BAD_ID_NUMBER',
  'BAD_USCC',
  'UNKNOWN_DIVISION',
  'HELD_FOR_REVIEW',
  'CONFLICT',
  'TOO_MANY_MISSING',
]);
