import { Person, recordLists } from '../../registry/index.ts';
import { EducationVoucher } from './education-voucher.ts';
import { FeeDeferral } from './fee-deferral.ts';
import { OWNER, StudentRecord } from './student-record.ts';

const FEES = { group: 'education-fees', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** What education knows of a person. */
export const PersonEducation = recordLists(Person, 'personId', {
  studentRecords: {
    of: StudentRecord,
    description: '学籍记录 · Terms at school, latest first',
    rule: { group: 'education-record', owner: OWNER, sensitivity: 'PERSONAL' },
    order: '-term',
  },
  educationVouchers: {
    of: EducationVoucher,
    description: '教育券 · Vouchers, latest term first',
    rule: FEES,
    order: '-term',
  },
  feeDeferrals: {
    of: FeeDeferral,
    description: '学费缓缴（含绿色通道） · Fees put off, latest term first',
    rule: FEES,
    order: '-term',
  },
});
