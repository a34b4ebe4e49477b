import { closedList } from '../../graph/index.ts';

/** What schools charge, as 《浙江省义务教育收费管理办法》 names it in S1 一(四), and textbooks (S0 二(六), S2 二(九)). */
export const SchoolFee = closedList('SchoolFee', '收费项目 · A fee that a school charges', {
  TUITION: '学费 · Tuition',
  SUNDRY: '杂费 · Sundry fees',
  AGENCY: '代管费 · Fees collected for others',
  TEXTBOOK: '教科书费 · Textbooks',
  BOARDING: '住宿费 · Boarding',
  CARE: '保育费 · Care',
  OUT_OF_DISTRICT: '借读费 · Schooling out of the district',
});
export type SchoolFee = keyof typeof SchoolFee;

/** The CHECK on a list of fees. */
export const FEES_CHECK = `fees <@ array[${Object.keys(SchoolFee)
  .map((fee) => `'${fee}'`)
  .join(', ')}]`;
