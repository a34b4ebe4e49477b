import { aidRules } from './aid-rules.ts';
import { EducationVoucher } from './education-voucher.ts';
import { FeeDeferral } from './fee-deferral.ts';
import { PersonEducation } from './person-education.ts';
import { EDUCATION_VOUCHER, FEE_DEFERRAL, STUDENT } from './records.ts';
import { StudentRecord } from './student-record.ts';

/** 教育 · Education: students, vouchers, fees that are put off. */
export const education = {
  entities: [StudentRecord, EducationVoucher, FeeDeferral],
  resolvers: [PersonEducation],
  records: [STUDENT, EDUCATION_VOUCHER, FEE_DEFERRAL],
  aidRules,
} as const;
