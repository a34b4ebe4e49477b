/** Files that a department delivers, of a kind that is installed: pupils, or else registrations for work. */
import type { Bound } from '../../src/access/index.ts';
import { callerOf } from '../harness/engine.ts';
import { exampleOf } from '../harness/installed.ts';

/** What the cells of a row may say instead. */
export interface Cells {
  /** The text that the kind asks for, up to 200 characters. */
  readonly text?: string;
  /** The word of a closed list. */
  readonly word?: string;
}

const EXAMPLES = [
  {
    ...{
      type: 'StudentRecord',
      record: 'STUDENT',
      department: 'EDUCATION' as const,
      name: '学籍',
      keyHeader: '学籍记录号',
    },
    /** The headers of the columns after key, number, name and place. */
    headers: '学段,学校标识码,学校名称,年级,是否寄宿,学期',
    cells: ({ text = '某某中心小学', word = '小学' }: Cells) => `${word},6211220001,${text},三年级,否,2026-2`,
    wordHeader: '学段',
  },
  {
    ...{
      type: 'EmploymentRecord',
      record: 'EMPLOYMENT',
      department: 'LABOUR' as const,
      name: '就业',
      keyHeader: '登记编号',
    },
    headers: '就业状态,登记日期,培训情况',
    cells: ({ text = '焊工', word = '在业' }: Cells) => `${word},2026-03-02,${text}`,
    wordHeader: '就业状态',
  },
];

/** The kind, and how its files look. */
export const EXAMPLE = exampleOf(EXAMPLES);

/** The first line of a file. */
export const HEADER = `业务编号,身份证号,姓名,户籍地区划代码,${EXAMPLE.headers}`;

/** A line with the key, an identity number or none, and a name. */
export const lineOf = (key: string, idNumber: string, name: string, cells: Cells = {}): string =>
  `${key},${idNumber},${name},621122,${EXAMPLE.cells(cells)}`;

const SUPPLY = { purpose: 'DATA_SUPPLY', purposes: ['DATA_SUPPLY'], caseNo: 'ED-DATA-1' } as const;

/** The system that delivers them; others of any department. */
export const supplier = (department: Bound['department'] = EXAMPLE.department): Bound =>
  callerOf(department, 'SYSTEM', SUPPLY);
