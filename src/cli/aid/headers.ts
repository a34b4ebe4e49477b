/** Columns of a file of grants: the headers that departments write, and the field of `ReportAidItemInput` each means. */

import { describeColumns as describe, readHeaders as readNamed } from '../../platform/csv/headers.ts';
import type { HeaderColumn } from '../../platform/csv/headers.ts';

export { HeaderError } from '../../platform/csv/headers.ts';

/** A field of an item, as the mutation names it. */
export type Field = (typeof COLUMNS)[number]['field'];

/** All columns, in the order in which a file usually has them. */
export const COLUMNS = [
  { field: 'sourceKey', required: true, headers: ['业务编号', '业务流水号', '业务号', '发放编号', '资助编号'] },
  { field: 'version', required: false, headers: ['版本号', '版本'] },
  { field: 'reversalOf', required: false, headers: ['冲销原业务编号', '冲销业务编号', '冲销编号', '原业务编号'] },
  {
    field: 'idNumber',
    required: true,
    headers: ['身份证号', '身份证号码', '公民身份号码', '证件号码', '证件号', '身份证件号码'],
  },
  { field: 'name', required: true, headers: ['姓名', '救助对象姓名', '学生姓名', '对象姓名'] },
  { field: 'programme', required: true, headers: ['救助项目', '项目名称', '资助项目', '项目', '补贴项目'] },
  { field: 'mode', required: true, headers: ['救助方式', '发放方式', '资助方式', '补贴方式'] },
  {
    field: 'amountYuan',
    required: false,
    headers: ['金额', '金额(元)', '救助金额', '发放金额', '资助金额', '救助金额(元)'],
  },
  { field: 'kindDescription', required: false, headers: ['实物或服务说明', '实物说明', '物资名称', '服务内容'] },
  { field: 'periodFrom', required: false, headers: ['所属期起', '救助月份起', '起始月份', '开始月份'] },
  { field: 'periodTo', required: false, headers: ['所属期止', '救助月份止', '终止月份', '结束月份'] },
  { field: 'decidedOn', required: true, headers: ['审批日期', '决定日期', '批准日期', '认定日期', '审核日期'] },
  { field: 'paidOn', required: false, headers: ['发放日期', '支付日期', '到账日期'] },
  { field: 'fundSource', required: false, headers: ['资金来源', '资金渠道'] },
  { field: 'officeRegion', required: false, headers: ['办理机构区划', '办理机构区划代码', '经办机构区划'] },
  { field: 'item', required: false, headers: ['救助细项', '细项', '资助细项', '补贴细项'] },
  { field: 'reference', required: false, headers: ['凭据编号', '凭证编号', '房屋编码', '教育券编号', '培训班编号'] },
] as const satisfies readonly HeaderColumn[];

/** The official header of a field. */
export function headerOf(field: string): string {
  return COLUMNS.find((column) => column.field === field)?.headers[0] ?? field;
}

/** What the help and the errors say of the columns. */
export const describeColumns = (): string => describe(COLUMNS);

/**
 * The field of each column, undefined for columns that only readers need. Throws HeaderError that names every unknown,
 * doubled and missing header.
 */
export function readHeaders(cells: readonly string[]): readonly (Field | undefined)[] {
  return readNamed(cells, COLUMNS).map((found) => COLUMNS.find(({ field }) => field === found)?.field);
}
