/** What education and labour deliver in a month. */
import { SUBJECT, every, uscc } from './kind.ts';
import type { MonthKind } from './kind.ts';

/** 学籍记录. */
export const STUDENT: MonthKind = {
  record: 'STUDENT',
  department: 'EDUCATION',
  table: 'student_record',
  key: 'XJ',
  headers: {
    sourceKey: ['学籍记录号', '记录编号'],
    ...SUBJECT,
    stage: ['学段', '办学类型'],
    schoolCode: ['学校标识码', '学校代码'],
    schoolName: ['学校名称', '就读学校'],
    grade: ['年级', '就读年级'],
    boarding: ['是否寄宿', '是否住校'],
    term: ['学期', '学年学期'],
  },
  has: every(5, 2),
  cells: ({ index, county }, version) => ({
    stage: '小学',
    schoolCode: `${county.code}0001`,
    schoolName: '中心小学，东校区',
    grade: version === 1 ? '四年级' : '三年级',
    boarding: index % 2 === 0 ? '是' : 'N',
    term: '2026-2027学年第一学期',
  }),
  spoils: [
    { cells: { grade: '九年级' }, codes: ['BAD_COMBINATION'] },
    { cells: { stage: '小班' }, codes: ['BAD_CODE'] },
    { cells: { schoolName: ' ' }, codes: ['MISSING_FIELD'] },
    { cells: { term: '今年' }, codes: ['BAD_TERM'] },
  ],
};

const isWrongUscc = every(100, 5, 45);

/** 就业失业登记. */
export const EMPLOYMENT: MonthKind = {
  record: 'EMPLOYMENT',
  department: 'LABOUR',
  table: 'employment_record',
  key: 'JY',
  headers: {
    sourceKey: ['登记编号', '就业创业证编号'],
    ...SUBJECT,
    status: ['就业状态', '登记类别'],
    employerUscc: ['用人单位统一社会信用代码', '单位信用代码'],
    registeredOn: ['登记日期', '就业登记日期'],
  },
  has: every(5, 1, 4),
  cells: ({ index }, version) => ({
    status: version === 1 ? '失业' : '灵活就业',
    employerUscc: index % 3 === 0 ? uscc(index, false).toLowerCase() : '',
    registeredOn: '2026-09-15',
  }),
  spoils: [
    { cells: { registeredOn: '2099-01-01' }, codes: ['FUTURE_DATE'] },
    { cells: { status: '' }, codes: ['MISSING_FIELD'] },
  ],
};

/** 职业技能培训, by providers whose code may fail its check. */
export const TRAINING: MonthKind = {
  record: 'TRAINING',
  department: 'LABOUR',
  table: 'training_record',
  key: 'PX',
  headers: {
    sourceKey: ['培训编号', '培训记录号'],
    ...SUBJECT,
    course: ['培训项目', '培训工种'],
    fromOn: ['开始日期', '开班日期'],
    toOn: ['结束日期', '结业日期'],
    providerUscc: ['培训机构统一社会信用代码', '培训机构代码'],
    subsidyClaimed: ['是否申领补贴', '补贴申领'],
  },
  has: every(10, 5),
  cells: ({ index }) => ({
    course: '家政服务',
    fromOn: '20260901',
    toOn: '2026.9.20',
    providerUscc: uscc(index % 50, isWrongUscc(index)),
    subsidyClaimed: '√',
  }),
  spoils: [
    { cells: { subsidyClaimed: '也许' }, codes: ['BAD_YES_NO'] },
    { cells: { toOn: '2026-08-20' }, codes: ['BAD_ORDER'] },
  ],
  warns: (index) => (isWrongUscc(index) ? 'BAD_USCC' : undefined),
};
