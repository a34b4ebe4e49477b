/** Columns of a file of grants: the headers that departments write, and the field of `ReportAidItemInput` each means. */

/** A field of an item, as the mutation names it. */
export type Field = (typeof COLUMNS)[number]['field'];

interface Column {
  readonly field: string;
  readonly required: boolean;
  /** The first is the one that the hub itself writes; spaces, width and case make no difference. */
  readonly headers: readonly [string, ...string[]];
}

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
] as const satisfies readonly Column[];

/** Columns that files have for their readers; nothing of them is sent. */
const FOR_READERS = ['序号', '备注', 'no', 'remark', 'remarks'];

/** Why a header row cannot be used: every fault at once. */
export class HeaderError extends Error {}

/** The official header of a field. */
export function headerOf(field: string): string {
  return COLUMNS.find((column) => column.field === field)?.headers[0] ?? field;
}

/** What the help and the errors say of the columns. */
export function describeColumns(): string {
  return COLUMNS.map(({ field, required, headers }) => {
    return `  ${required ? '*' : ' '} ${headers.join(' / ')} / ${field}`;
  }).join('\n');
}

/**
 * The field of each column, undefined for columns that only readers need. Throws HeaderError that names every unknown,
 * doubled and missing header.
 */
export function readHeaders(cells: readonly string[]): readonly (Field | undefined)[] {
  const known = new Map<string, Field | undefined>(FOR_READERS.map((header) => [plain(header), undefined]));
  for (const { field, headers } of COLUMNS) for (const header of [field, ...headers]) known.set(plain(header), field);
  const faults: string[] = [];
  const fields = cells.map((cell) => {
    if (!known.has(plain(cell))) faults.push(`未知列 unknown column: ${shown(cell)}`);
    return known.get(plain(cell));
  });
  for (const { field, required, headers } of COLUMNS) {
    const count = fields.filter((found) => found === field).length;
    if (count > 1) faults.push(`重复列 column given twice: ${headers[0]} (${field})`);
    if (count === 0 && required) faults.push(`缺少列 column missing: ${headers[0]} (${field})`);
  }
  if (faults.length === 0) return fields;
  throw new HeaderError(`${faults.join('\n')}\n可用列 Columns (* 必填 required):\n${describeColumns()}`);
}

/** A file without a header row has somebody's data in the first one. */
function shown(cell: string): string {
  const text = cell.trim();
  if (text === '') return '(空 empty)';
  return /\d{6}/.test(text) || text.length > 30 ? '(首行不是表头? is the first row a header?)' : `“${text}”`;
}

function plain(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\s_-]+/gu, '')
    .toLowerCase();
}
